"""How long a receipt is: as many text messages as the provider counts and charges."""

import pytest

from callflow.core.receipt_lines import as_message, segments


@pytest.mark.parametrize(("text", "count"), [
    ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 459, 3), ("a" * 460, 4),  # 3GPP TS 23.040: 153 with a header
    ("\u20ac" * 80, 1), ("\u20ac" * 81, 2),  # the extension table: two places each
    ("\u00e4\u00f6\u00fc\u00df\u00e9" * 32, 1),
    ("\u00ed" * 70, 1), ("\u00ed" * 71, 2), ("\u304b" * 201, 3), ("\u304b" * 202, 4),
    ("\U0001f600" * 35, 1), ("\U0001f600" * 36, 2),  # UTF-16: two places
])  # fmt: skip
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


def test_an_accent_does_not_make_it_twice_as_long() -> None:
    assert as_message("Energ\u00eda: a\u00f1o, Garc\u00eda, M\u00fcller") == "Energia: a\u00f1o, Garcia, M\u00fcller"


def test_other_scripts_stay_as_they_are() -> None:
    assert as_message("\u304c \u00ed") == "\u304c \u00ed"
