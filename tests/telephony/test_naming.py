"""A call is named by the provider's id of its caller, so that a document which knows nothing else finds its room."""

import re

from callflow.telephony.naming import call_id, reference

SECRET = "a secret of sixteen"
SID = "CA" + "c" * 32
UUID = "5a1b6c2e-9d3f-4b7a-8c1d-2e3f4a5b6c7d"


def test_a_call_is_named_by_the_id_of_its_caller() -> None:
    """Twilio's and SignalWire's ids."""
    for sid in (SID, UUID):
        assert call_id(SECRET, sid) == sid


def test_an_id_that_cannot_name_a_room_gives_one_that_can() -> None:
    made = {call_id(SECRET, f"v3:{number}/é") for number in range(200)}
    assert len(made) == 200, "two callers never share a room"
    assert all(re.fullmatch(r"[0-9a-f]{16}", one) for one in made)
    assert call_id(SECRET, "v3:1") != call_id("another", "v3:1")


def test_a_reference_is_six_digits_that_can_be_spoken() -> None:
    made = [reference(SECRET, f"CA{number}") for number in range(2000)]
    assert all(re.fullmatch(r"[0-9]{6}", one) for one in made)
    assert len(set(made)) > 1990
