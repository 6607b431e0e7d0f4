"""The id and the reference of a call depend only on the provider's id and our secret."""

import re

from callflow.telephony.naming import derive_call_id, reference

SECRET = "a secret of sixteen"


def test_every_node_finds_the_same_names_and_nobody_without_the_secret_does() -> None:
    assert derive_call_id(SECRET, "CA1") == derive_call_id(SECRET, "CA1")
    assert len({derive_call_id(SECRET, "CA1"), derive_call_id(SECRET, "CA2"), derive_call_id("another", "CA1")}) == 3


def test_an_id_is_hex_and_a_reference_six_digits_that_can_be_spoken() -> None:
    for number in range(200):
        assert re.fullmatch(r"[0-9a-f]{16}", derive_call_id(SECRET, f"CA{number}"))
        assert re.fullmatch(r"[0-9]{6}", reference(SECRET, f"CA{number}"))


def test_a_reference_does_not_give_the_id_away() -> None:
    assert len({reference(SECRET, f"CA{number}") for number in range(2000)}) > 1990
    assert reference(SECRET, "CA1") not in derive_call_id(SECRET, "CA1")
