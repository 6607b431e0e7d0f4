"""Which numbers can be dialled, and which ids are well-formed."""

import pytest

from callflow.telephony.numbers import WITHHELD, dialable, valid_sid


@pytest.mark.parametrize("number", ["+15550100199", "+4930123456", "+290" + "1" * 4, "+49" + "1" * 13])
def test_a_number_in_full_can_be_rung_back(number: str) -> None:
    assert dialable(number) == number


@pytest.mark.parametrize(
    "number",
    [*sorted(WITHHELD), "", "anonymous", "Anonymous", "unknown", "15550100199", "+1 555 010 0199", "+0123456789",
     "+" + "9" * 16, "sip:me@example.com",
     "client:me", "+" + "9" * 15, "+1555010019", "+19005550199", "+449098790000", "+1555010019x",
     "+15550100199\n", "+１５５５０１００１９９", "911"],
)  # fmt: skip
def test_anything_else_cannot(number: str) -> None:
    assert dialable(number) == ""


@pytest.mark.parametrize("text", ["CA" + "0" * 32, "v3:abc-1_2@host"])
def test_ids_of_compatible_providers_are_ids(text: str) -> None:
    assert valid_sid(text) == text


@pytest.mark.parametrize("text", ["", "CA 1", "CA\x00", "CAü", "x" * 65, "CA1\n"])
def test_nothing_odd_is_an_id(text: str) -> None:
    assert valid_sid(text) == ""
