"""Which numbers can be dialled, and which ids are well-formed."""

import pytest

from callflow.configuration.dialling import WITHHELD
from callflow.telephony.numbers import as_configured, dialable, typed_number, valid_sid


@pytest.mark.parametrize(
    "number", ["+15550100199", "+4930123456", "+290" + "1" * 4, "+49" + "1213" * 3, "+33666666666"]
)
def test_a_number_in_full_can_be_rung_back(number: str) -> None:
    assert dialable(number) == number


@pytest.mark.parametrize(
    "number",
    [*(f"+{one}" for one in sorted(WITHHELD)), *(f"+1{one}" for one in sorted(WITHHELD)), *sorted(WITHHELD),
     "+10000000000", "+11111111111", "+19999999999", "+11234567890", "+10123456789", "+491234567890", "+440000000000",
     "+1000000000", "", "anonymous", "Anonymous", "unknown", "15550100199", "+1 555 010 0199", "+0123456789",
     "+" + "9" * 16, "sip:me@example.com",
     "client:me", "+" + "9" * 15, "+1555010019", "+19005550199", "+449098790000", "+1555010019x",
     "+15550100199\n", "+１５５５０１００１９９", "911"],
)  # fmt: skip
def test_anything_else_cannot(number: str) -> None:
    assert dialable(number) == ""


def test_nobody_is_called_back_on_our_own_number() -> None:
    """A telephone system in front of us shows its own number for all its callers."""
    ours = {"+15550100100"}
    assert (dialable("+15550100100"), dialable("+15550100100", ours)) == ("+15550100100", "")
    assert typed_number("5550100100", "+15550100100", ours) == ""


def test_a_number_with_its_national_zero_is_rung_without() -> None:
    assert dialable("+49030123456") == "+4930123456"
    assert dialable("+390612345678") == "+390612345678"


@pytest.mark.parametrize(
    "received", ["+49030123456", "49030123456", "0049030123456", "tel:+49-(0)30-123456", "030123456"]
)
def test_our_number_with_its_national_zero_is_ours(received: str) -> None:
    assert as_configured(received, {"+4930123456": "front_desk"}) == ["+4930123456"]


@pytest.mark.parametrize("text", ["CA" + "0" * 32, "v3:abc-1_2@host"])
def test_ids_of_compatible_providers_are_ids(text: str) -> None:
    assert valid_sid(text) == text


@pytest.mark.parametrize("text", ["", "CA 1", "CA\x00", "CAü", "x" * 65, "CA1\n"])
def test_nothing_odd_is_an_id(text: str) -> None:
    assert valid_sid(text) == ""
