"""Our reading and writing of a form and the standard library's are the same, whatever is sent."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callflow.fast_path.forms import encoded, pairs

PIECES = st.sampled_from([
    b"&", b"=", b"+", b"%", b"%2", b"%2B", b"%C3%A9", b"%ff", b"%zz", b";", b"\xff", b"\xc3", b"a", "é".encode(), b" ",
    b"\r\n", b"\0",
])  # fmt: skip


def standard(body: bytes) -> list[tuple[str, str]]:
    return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace")


@given(st.lists(PIECES, max_size=12).map(b"".join))
@example(b"")
def test_read_as_the_standard_library_reads_it(body: bytes) -> None:
    assert pairs(body) == standard(body)


@given(st.binary(max_size=40))
def test_any_bytes_at_all(body: bytes) -> None:
    assert pairs(body) == standard(body)


@pytest.mark.parametrize("body", [b"Digits=&CallSid=CA1&&x", b"From=%2B15550100199&To=&SpeechResult=yes+please"])
def test_forms_of_the_provider(body: bytes) -> None:
    assert pairs(body) == standard(body)


@given(st.dictionaries(st.text(), st.text()))
@example({"Url": "https://a.example/voice/c7/s2/1/enter#rc=2&rp=ct,5xx", "To": "+15550100100", "a b~": "ä/%\x00\x7f"})
def test_a_form_is_written_as_by_urlencode(fields: dict[str, str]) -> None:
    def written(write: Any) -> object:
        try:
            return write(fields)
        except UnicodeEncodeError:
            return UnicodeEncodeError

    assert written(encoded) == written(urlencode)
