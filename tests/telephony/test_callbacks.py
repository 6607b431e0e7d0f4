"""From a leg's request to events: which document it answers, and what was pressed, said or recorded."""

from dataclasses import replace

import pytest

from callflow.core import events as e
from callflow.core.call import ROOM, Call, Leg, LegStatus, Place, Role
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.telephony.callbacks import Asked, pressed
from tests.core.example import CONFIGURATION
from tests.web.edge import START

OVER = {"CallStatus": "completed"}


def facts(leg: Leg, form: dict[str, str], token: int = 7, place: str = "") -> list[e.Event]:
    caller = Leg(id="caller", role=Role.CALLER, place=ROOM, status=LegStatus.UP, since=START)
    call = Call(
        id="c1",
        reference="1",
        digest=CONFIGURATION.digest,
        language="en",
        flow="front_desk",
        number="",
        called="",
        started_at=START,
        at=START,
        stage=Stage.TALKING,
        legs=(caller, leg),
    )
    return list(Asked(token, place or leg.place.name, form)(call, leg, CONFIGURATION, START))


def leg(place: P = P.MENU, **what: object) -> Leg:
    known = Leg(
        id="a1", role=Role.LEAD, place=Place(place), sid="CA1", status=LegStatus.UP, token=7, seen=7, since=START
    )
    return replace(known, **what)  # type: ignore[arg-type]


def of(kind: type[e.Event], **what: object) -> list[e.Event]:
    return [kind(at=START, leg="a1", **what)]


@pytest.mark.parametrize("status", [LegStatus.WANTED, LegStatus.RINGING])
def test_the_first_request_of_a_phone_says_that_it_was_answered(status: LegStatus) -> None:
    assert facts(leg(P.RINGING, status=status), {"CallSid": "CA9"}) == of(e.LegAnswered, sid="CA9")
    assert facts(leg(P.RINGING, status=status), {}) == of(e.LegAnswered, sid="CA1")
    lost = facts(leg(P.RINGING, status=status), {"CallSid": "CA9", **OVER})
    assert lost == [*of(e.LegAnswered, sid="CA9"), *of(e.LegLost, status="completed")]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"Digits": "1"}, of(e.DigitPressed, key="1")),
        ({"Digits": "*"}, of(e.DigitPressed, key="*")),
        ({"Digits": ""}, of(e.NothingPressed)),
        ({}, of(e.NothingPressed)),
        ({"SpeechResult": "one"}, of(e.NothingPressed)),
        ({"Digits": "hangup"}, of(e.NothingPressed)),
        ({"Digits": "1", **OVER}, of(e.LegLost, status="completed")),
    ],
)
def test_at_a_menu_only_keys_count(form: dict[str, str], expected: list[e.Event]) -> None:
    assert facts(leg(), form) == expected


@pytest.mark.parametrize(
    ("token", "place"), [(6, "menu"), (99, "menu"), (7, "enter"), (7, "hold"), (7, "nowhere"), (-1, "menu")]
)
def test_an_answer_to_another_document_is_none(token: int, place: str) -> None:
    assert facts(leg(), {"Digits": "1"}, token, place) == []
    assert facts(leg(), {"Digits": "1", **OVER}, token, place) == of(e.LegLost, status="completed")


def test_a_document_that_the_database_has_lost_leads_into_the_room() -> None:
    """Its number is higher than any known: whatever it asked is forgotten. Star in the room opens the menu."""
    arrived = of(e.LegJoined, token=None, lost_token=9)
    assert facts(leg(), {"Digits": "1"}, 9, "conduct_menu") == arrived
    assert facts(leg(P.ROOM), {}, 9, "room") == [*arrived, *of(e.StarPressed)]
    assert facts(leg(P.STEP, role=Role.CALLER), {"Digits": "1"}, 9, "hold_question") == arrived
    assert facts(leg(), {"Digits": "1", **OVER}, 9, "menu") == of(e.LegLost, status="completed")


def test_leaving_the_room_is_the_star_key_of_staff_and_nothing_of_the_caller() -> None:
    assert facts(leg(P.ROOM), {}) == of(e.StarPressed)
    assert facts(leg(P.ROOM, role=Role.CALLER), {}) == []
    assert facts(leg(P.ROOM), OVER) == of(e.LegLost, status="completed")


def test_leaving_the_room_at_a_document_s_end_tells_that_it_had_brought_the_leg_there() -> None:
    assert facts(leg(P.HOLD_DESK), {}, place="room") == [*of(e.LegJoined, token=7), *of(e.StarPressed)]
    assert facts(leg(P.HOLD_DESK), {}, token=6, place="room") == []


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"Digits": "1"}, of(e.ConsentGiven, how="key")),
        ({"Digits": "2"}, of(e.ConsentRefused, how="key")),
        ({"Digits": "3"}, of(e.DigitPressed, key="3")),
        ({"Digits": "2", "SpeechResult": "yes"}, of(e.ConsentRefused, how="key")),
        ({"SpeechResult": "No, thank you."}, of(e.ConsentRefused, how="speech")),
        ({"SpeechResult": "yes ... no"}, of(e.ConsentRefused, how="speech")),
        ({"SpeechResult": "yesterday"}, of(e.ConsentNotHeard)),
        ({"SpeechResult": ""}, of(e.ConsentNotHeard)),
        ({}, of(e.ConsentNotHeard)),
    ],
)
def test_only_a_clear_yes_is_consent(form: dict[str, str], expected: list[e.Event]) -> None:
    assert facts(leg(P.HOLD_QUESTION, role=Role.CALLER), form)[-1:] == expected


def test_a_key_at_the_check_in_may_be_the_third_way() -> None:
    assert facts(leg(P.CHECK_IN, role=Role.CALLER), {"Digits": "3"}) == of(e.DigitPressed, key="3")


def test_a_message_counts_even_if_the_caller_hung_up_while_speaking() -> None:
    form = {"RecordingSid": "RE1", "RecordingDuration": "12", "Digits": "hangup", **OVER}
    assert facts(leg(P.MESSAGE), form) == [
        *of(e.MessageRecorded, recording="RE1", seconds=12),
        *of(e.LegLost, status="completed"),
    ]


@pytest.mark.parametrize("length", ["0", "", "x", "-3"])
def test_an_empty_recording_is_no_message(length: str) -> None:
    assert facts(leg(P.MESSAGE), {"RecordingSid": "RE1", "RecordingDuration": length}) == of(e.PlaceEnded)
    assert facts(leg(P.NOTE), {"RecordingDuration": "5"}) == of(e.PlaceEnded)


def test_a_step_that_ran_out_asks_what_comes_next() -> None:
    assert facts(leg(P.STEP), {}) == of(e.PlaceEnded)


def test_more_keys_than_a_number_has_are_cut_off() -> None:
    assert pressed({"Digits": "1" * 500}) == "1" * 20
    assert pressed({"Digits": "12a"}) == ""
    assert pressed({"Digits": "1#*D"}) == "1#*D"
    assert pressed({}) == ""
