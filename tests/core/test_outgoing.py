"""A call to a customer: who is rung when, what a machine learns, and that nobody is connected without a key."""

from dataclasses import replace
from typing import Any

import pytest

from callflow.core import prompts
from callflow.core.call import Prompt, Role
from callflow.core.commands import ReleaseLeg, RingLeg
from callflow.core.configuration import Configuration, Recording, RecordingRules
from callflow.core.events import (
    LegAnswered,
    LegNotReached,
    NothingPressed,
    OutgoingStarted,
    PlaceEnded,
    RequestRefused,
)
from callflow.core.evidence import Recorded
from callflow.core.notes import NoteKind
from callflow.core.outgoing import new_outgoing
from callflow.core.stages import Stage
from tests.core.example import CONFIGURATION
from tests.playbook import START, Playbook

NUMBER = "+15550190042"
TOLD = ("one_warning", "closed", "promised:2026-03-02T11:00:00+00:00")
HISTORY: dict[str, Any] = {"about": "267400", "reason": "a bill", "told": TOLD}


def recorded(mode: Recording) -> Configuration:
    return replace(CONFIGURATION, recording=RecordingRules(mode=mode))


def begun(configuration: Configuration = CONFIGURATION, person: str = "ana", **earlier: Any) -> Playbook:
    """Somebody has decided to call a customer."""
    book = Playbook(configuration)
    started = OutgoingStarted(at=START, agent=person, number=NUMBER, called=configuration.caller_id,
                              team="energy_desk", **earlier)  # fmt: skip
    book.call = new_outgoing("c1", started, configuration, reference="R1234", language="en", flow="front_desk",
                             step="desk")  # fmt: skip
    return book.take(started)


def ringing(configuration: Configuration = CONFIGURATION) -> Playbook:
    """The agent has pressed 1, and the customer's telephone rings."""
    return begun(configuration).agent("ana").answers().presses("1").stage(Stage.DIALLING)


def invited(configuration: Configuration = CONFIGURATION) -> Playbook:
    return ringing(configuration).caller().answers().hears("invitation")


def together(configuration: Configuration = CONFIGURATION) -> Playbook:
    return invited(configuration).presses("1").wait(2).stage(Stage.TALKING).places(caller="room", ana="room")


def over(book: Playbook) -> Playbook:
    """The customer was not reached: nobody is left on the line, and the agent is free."""
    return book.wait(120).stage(Stage.ENDED).not_noted("reached", outcome="reached").noted("call_ended")


def test_the_customer_is_rung_only_after_the_agents_key() -> None:
    book = begun().ordered(RingLeg).stage(Stage.PREPARING).places(caller="not_called", ana="ringing")
    book.agent("ana").answers().hears("outgoing_offer").ordered().presses("1").ordered(RingLeg)
    book.places(caller="ringing", ana="room").hears("outgoing_dialling")
    assert [(leg.role, leg.accepted) for leg in book.call.legs] == [(Role.CALLER, False), (Role.LEAD, True)]


def test_together_after_the_customers_key_and_from_then_on_a_call_like_any_other() -> None:
    book = together().noted("reached", actor="caller", key="1", outcome="reached")
    book.agent("ana").star().presses("1").stage(Stage.ASKING_HOLD).caller().wait(8).presses("1").stage(Stage.HOLDING)


def test_the_agent_hears_whom_and_why_before_any_key() -> None:
    book = begun(**HISTORY)
    (said,) = (leg.place.prompts[0] for leg in book.call.legs if leg.person == "ana")
    assert prompts.words(CONFIGURATION, "en", said)["last3"] == "0 4 2"
    facts = prompts.words(CONFIGURATION, "en", said)["facts"]
    assert facts == (
        "outgoing_about 2 6 7 4 0 0, briefing_reason a bill, flag_one_warning, outgoing_closed, outgoing_promised 11 AM"
    )
    book.agent("ana").answers()
    assert book.leg.place.prompts[0] == said


def test_whoever_answers_hears_neither_why_nor_what_happened() -> None:
    book = begun(**HISTORY).agent("ana").answers().presses("1").caller().answers()
    spoken = [prompts.text(CONFIGURATION, "en", one) for one in book.leg.place.prompts]
    assert [one.script for one in book.leg.place.prompts] == ["invitation", "invitation_over"]
    assert {name for one in book.leg.place.prompts for name in one.values} == {"agent", "org"}
    assert not any(word in text for text in spoken for word in ("bill", "267400", "warning"))


def test_a_machine_is_never_connected() -> None:
    book = over(invited().stays_silent().noted("reached", outcome="no key pressed"))
    assert "room" not in {leg.place.name for leg in book.call.legs if leg.role is Role.CALLER}
    book.agent("ana").hears("outgoing_no_key").not_noted("message_left").not_noted("recording")


def test_a_customer_who_hangs_up_at_the_invitation_is_not_taken_for_one_who_refused() -> None:
    over(invited().hangs_up().noted("reached", outcome="no key pressed").not_noted("reached", outcome="not now"))


def test_not_now_is_taken_for_an_answer() -> None:
    book = invited().presses("2").hears("invitation_over").noted("reached", actor="caller", key="2", outcome="not now")
    over(book.agent("ana").hears("outgoing_not_now"))


def test_another_key_repeats_the_invitation_and_not_for_ever() -> None:
    book = invited().presses("7").hears("invitation").stage(Stage.DIALLING)
    for _ in range(9):
        book.presses("9").wait(9)
    over(book.stage(Stage.DIALLING).wait(20).noted("reached", outcome="no key pressed"))


@pytest.mark.parametrize(("status", "outcome", "script"), [
    ("busy", "busy", "outgoing_busy"), ("no-answer", "no answer", "outgoing_no_answer"),
    ("failed", "not reached", "outgoing_failed"), ("canceled", "no answer", "outgoing_no_answer"),
])  # fmt: skip
def test_the_agent_hears_why_nobody_came(status: str, outcome: str, script: str) -> None:
    book = ringing()
    book.take(LegNotReached(at=book.at, leg="caller", status=status)).noted("reached", outcome=outcome)
    over(book.agent("ana").hears(script))


def test_a_number_that_the_provider_refuses_is_told() -> None:
    book = ringing()
    refused = RequestRefused(at=book.at, leg="caller", request="ring", code="21211", lasting=True)
    over(book.take(refused).noted("request_refused", outcome="21211").agent("ana").hears("outgoing_failed"))


@pytest.mark.parametrize("does", ["declines", "does not answer", "is a machine", "hangs up"])
def test_without_the_agent_no_customer_is_rung(does: str) -> None:
    book = begun().agent("ana")
    match does:
        case "declines":
            book.answers().presses("2").hears("outgoing_stopped").noted("declined", actor="ana", key="2")
        case "does not answer":
            book.stays_silent()
        case "is a machine":
            book.answers().stays_silent()
        case _:
            book.answers().hangs_up()
    over(book).not_noted("reached")
    assert not any(note.kind is NoteKind.OUTGOING and note.outcome == "ringing" for note in book.notes)


def test_star_stops_the_call() -> None:
    book = ringing().agent("ana").star().ordered(ReleaseLeg)
    over(book.noted("reached", actor="ana", key="*", outcome="cancelled"))


def test_the_keys_of_protection_wait_until_somebody_is_there() -> None:
    """Safeguarding with nobody on the line would page supervisors for nothing."""
    book = ringing().agent("ana").presses("5").stage(Stage.DIALLING)
    assert not book.call.locks
    together().agent("ana").star().presses("5").noted("safeguarding")


def test_the_agents_telephone_goes_down_before_anybody_is_there_and_the_customer_is_left_in_peace() -> None:
    over(ringing().agent("ana").hangs_up().ordered(ReleaseLeg).noted("lead_lost"))
    over(invited().agent("ana").hangs_up().noted("lead_lost").caller().hears("invitation_over"))


def test_the_agents_telephone_goes_down_and_the_customer_is_kept() -> None:
    """Rule 4: from the key on the customer is a caller like any other."""
    book = together().agent("ana").hangs_up().stage(Stage.LEFT_ALONE).caller().hears("agent_left")
    book.wait(12).agent("ben").answers().presses("1").wait(2).stage(Stage.TALKING).places(caller="room", ben="room")


def test_a_fallback_document_does_not_stand_for_the_key() -> None:
    """The stateless document brought whoever answered into the room: they are asked as if they had just answered."""
    invited().falls_back().stage(Stage.DIALLING).places(caller="invitation").presses("1").stage(Stage.TALKING)
    ringing().caller().falls_back().places(caller="invitation").presses("1").stage(Stage.TALKING)


def test_a_fallback_document_without_a_key_ends_the_call_and_the_agent_hears_why() -> None:
    for event in (NothingPressed, PlaceEnded):
        book = ringing()
        book.take(event(at=book.at, leg="caller")).stage(Stage.AFTERCARE).noted("reached", outcome="no key pressed")
        over(book.agent("ana").hears("outgoing_no_key"))


def test_an_answer_that_comes_after_the_call_was_stopped_changes_nothing() -> None:
    book = ringing().agent("ana").star()
    over(book.take(LegAnswered(at=book.at, leg="caller", sid="CA-caller")))


def test_without_any_report_our_own_deadlines_end_it() -> None:
    for book in (begun(), ringing(), invited()):
        book.reports = False
        over(book.wait(400))


def test_a_notice_is_heard_in_full_before_anything_is_recorded() -> None:
    book = invited(recorded(Recording.NOTICE)).presses("1").hears("recording_notice").stage(Stage.DIALLING)
    book.holds(lambda call: call.recording is Recorded.OFF)
    book.stays_silent().stage(Stage.TALKING).noted("recording", script="recording_notice", outcome="given")
    book.holds(lambda call: call.recording is Recorded.ON)


def test_a_notice_of_which_the_end_is_not_reported_allows_no_recording() -> None:
    book = invited(recorded(Recording.NOTICE)).presses("1")
    book.reports = False
    book.wait(60).stage(Stage.TALKING).noted("recording", outcome="not played")
    assert book.call.recording is Recorded.REFUSED


@pytest.mark.parametrize(("key", "recording"), [("1", Recorded.ON), ("2", Recorded.REFUSED), ("7", Recorded.REFUSED),
                                                ("", Recorded.REFUSED)])  # fmt: skip
def test_a_customer_is_asked_before_a_recording_and_joined_whatever_they_say(key: str, recording: Recorded) -> None:
    book = invited(recorded(Recording.ASK)).presses("1").hears("recording_question").stage(Stage.DIALLING)
    book = book.presses("0", key) if key else book.stays_silent()
    book.wait(2).stage(Stage.TALKING).places(caller="room", ana="room")
    assert book.call.recording is recording


def test_the_agent_who_is_lost_while_the_customer_hears_the_notice_leaves_a_caller_who_is_kept() -> None:
    book = invited(recorded(Recording.NOTICE)).presses("1").agent("ana").hangs_up()
    book.stage(Stage.LEFT_ALONE).caller().hears("agent_left")


def test_star_while_the_customer_comes_does_not_send_them_away() -> None:
    book = invited(recorded(Recording.NOTICE)).presses("1").agent("ana").star().stage(Stage.DIALLING)
    book.caller().stays_silent().stage(Stage.TALKING)


def test_a_supervisor_calls_as_well_and_may_lift_locks() -> None:
    book = begun(person="sam").supervisor("sam").answers().presses("1").caller().answers().presses("1").wait(2)
    assert book.call.lead.startswith("s")


def test_nothing_in_the_journal_has_the_number() -> None:
    book = together()
    assert not any(NUMBER.strip("+")[-7:] in str(note) for note in book.notes)
    assert Prompt("invitation_over") not in book.call.caller.place.prompts
