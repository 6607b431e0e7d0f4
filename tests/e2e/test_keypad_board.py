"""Sam has no screen: on the staff line, from any telephone, he hears which call needs him, and acts on it by keypad."""

import logging
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from callflow.core.act_refusals import Reason
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.staff_line.calls import AFTERWARDS, DONE, KEYS
from callflow.emulator import Answers, Chaos, NoAnswer
from callflow.service.board.needs import Need
from callflow.telephony import staff_line_calls
from tests.e2e.conversation import LINE, PHONES, Conversation
from tests.e2e.scenes import names_conduct, steps_tried, talking
from tests.e2e.staff_lines import HOME, PIN, StaffCall, with_pins, with_staff_line
from tests.e2e.test_keypad_supervisor import nobody_free

SAM = "301"


@cache
def configuration() -> Configuration:
    """Sam's staff number is 301."""
    line = with_staff_line().staff_line
    return replace(with_staff_line(), staff_line=replace(line, numbers={**line.numbers, SAM: "sam"}))


def in_conversation(chaos: Chaos | None = None) -> Conversation:
    return talking(configuration(), store=with_pins("ana", "sam"), chaos=chaos)


def sam_calls(talk: Conversation) -> StaffCall:
    """From a telephone that is nobody's, up to the menu, which names the key."""
    call = StaffCall(HOME, talk).hears("staff_number").presses(f"{SAM}#").hears("staff_pin").presses(f"{PIN}#")
    return call.hears("staff_menu").hears("staff_calls_key")


def nobody_came(talk: Conversation) -> Conversation:
    """Ana has asked for a supervisor in vain; she and the caller carry on."""
    nobody_free(talk).caller.presses("2")
    talk.sam.behaves(Answers())
    return talk.together("caller", "ana")


def closing(talk: Conversation) -> Conversation:
    """The caller hears that the call is ended."""
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.caller.hears("disconnect")
    return talk


def goodbye(call: StaffCall) -> None:
    call.presses("*").hears("staff_menu").presses("#").over()


def in_order(call: StaffCall, *words: str) -> bool:
    places = [next((n for n, one in enumerate(call.phone.heard) if word in one.text_or_url), -1) for word in words]
    return -1 not in places and all(one < other for one, other in pairwise(places))


def test_one_call_needs_you_and_you_join_it_from_any_telephone() -> None:
    talk = nobody_came(in_conversation())
    call = sam_calls(talk).presses("8").hears("staff_calls_one").hears("staff_call_need").hears("staff_call")
    ref = " ".join(talk.call.reference)
    assert in_order(call, "One call needs you.", "nobody came", f"Call {ref}, Ana, ")
    call.hears("staff_call_keys").hears("staff_call_next").presses("3").hears("staff_act_begins").over()
    talk.sam.hears("join_offer").presses("1")
    talk.caller.heard("supervisor_joins")
    talk.together("caller", "ana", "sam").noted("act", actor="sam", outcome="join").over()


def test_the_ending_is_stopped_by_8() -> None:
    talk = names_conduct(steps_tried(in_conversation()), "3")
    talk.caller.heard("warning_final")
    talk.wait(20)
    call = sam_calls(talk)
    closing(talk)
    call.presses("8").hears("staff_calls_one").hears("staff_call_keys").presses("8").hears("staff_vetoed")
    talk.caller.hears("closing_stopped")
    talk.ana.hears("vetoed", "Sam")
    goodbye(call)
    assert in_order(call, "a call is being ended", "8 to stop the ending")
    talk.together("caller", "ana").noted("closing", outcome="vetoed", actor="sam").over()


def test_a_caller_who_is_alone_is_taken_by_4() -> None:
    talk = in_conversation()
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    talk.ana.hangs_up()
    talk.until(lambda: talk.sky.phone.leg is not None, "Sam was rung in vain, and Sky is rung now")
    call = sam_calls(talk).presses("8").hears("staff_calls_one").hears("staff_call_keys")
    talk.sam.behaves(Answers())
    call.presses("4").hears("staff_act_begins").over()
    assert in_order(call, "a caller is alone", ", no agent, ", "4 to take the call")
    talk.sam.hears("offer").presses("1")
    talk.together("caller", "sam").noted("act", actor="sam", outcome="take_over").over()


def test_no_call_needs_you_and_then_the_calls_of_your_teams() -> None:
    talk = in_conversation()
    call = sam_calls(talk).presses("8").hears("staff_calls_none").hears("staff_call").hears("staff_call_next")
    call.presses("0").hears("staff_no_more_calls").hears("staff_menu").presses("#").over()
    assert not any("Help is needed" in one.text_or_url for one in call.phone.heard)
    talk.over()


def test_nothing_goes_on_and_that_is_said() -> None:
    talk = Conversation(configuration(), store=with_pins("sam"))
    sam_calls(talk).presses("8").hears("staff_no_calls").hears("staff_menu").presses("#").over()


def test_what_is_refused_is_told_with_its_reason() -> None:
    talk = in_conversation()
    call = sam_calls(talk).presses("8").hears("staff_call_next").presses("8").hears("staff_refused")
    assert in_order(call, "Nothing was done: the call is not being ended.")
    call.hears("staff_call").presses("9").hears("staff_refused").presses("7").hears("unknown_key").hears("staff_call")
    goodbye(call)
    talk.not_noted("act").noted("refused", actor="sam", outcome="nothing_to_stop").over()


def test_on_a_call_that_has_changed_nothing_is_done_and_it_is_told_anew() -> None:
    talk = in_conversation()
    call = sam_calls(talk).presses("8").hears("staff_call_next")
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    call.presses("3").hears("staff_call_changed").hears("staff_call").hears("staff_call_next")
    talk.not_noted("act").caller.heard("hold_request").presses("1").hears("hold_start")
    call.presses("5").hears("staff_call_changed").hears("staff_call").presses("5").hears("staff_locked")
    goodbye(call)
    talk.noted("safeguarding", actor="sam", outcome="on").over()


def test_two_calls_one_after_the_other() -> None:
    """The one that needs somebody comes first, though it is the later one; a telephone in use is said at once."""
    talk = in_conversation()
    other = talk.emulator.phone("+15550100177")
    other.call(LINE)
    talk.wait(5)
    other.press("1")
    talk.ben.hears("offer").presses("1")
    talk.wait(5)
    call = sam_calls(talk).presses("8").hears("staff_calls_none").hears("staff_call")
    talk.ben.presses("*").hears("menu").presses("5").hears("safeguarding_on")
    call.presses("0").hears("staff_call_need").hears("staff_call").presses("1").hears("staff_refused")
    call.presses("0").hears("staff_no_more_calls").presses("#").over()
    assert in_order(call, ", Ana, ", "someone may come to harm", ", Ben, ", "your telephone")


def test_a_repeated_webhook_does_it_once() -> None:
    talk = in_conversation(Chaos(duplicate=1.0))
    call = sam_calls(talk).presses("8").hears("staff_calls_none").hears("staff_call_next").presses("5")
    call.hears("staff_locked").hears("staff_call")
    assert [one.note.actor for one in talk.notes("act")] == ["sam"]
    assert talk.notes("refused") == []


def test_what_cannot_be_done_afterwards_is_logged_without_a_number(caplog: pytest.LogCaptureFixture) -> None:
    """The caller hangs up between the key and the end of Sam's call."""
    talk = in_conversation()
    call = sam_calls(talk).presses("8").hears("staff_call_next").presses("1").hears("staff_act_begins")
    talk.caller.hangs_up()
    with caplog.at_level(logging.WARNING):
        call.over()
        talk.wait(2)
    (said,) = [one.getMessage() for one in caplog.records if "staff line" in one.getMessage()]
    assert said == "what sam chose on the staff line (listen) was not done: stale"
    assert not any(number in caplog.text for number in PHONES.values())


def test_whoever_is_no_supervisor_hears_nothing_of_it() -> None:
    call = StaffCall(talk=Conversation(configuration(), store=with_pins("ana"))).logs_in()
    call.presses("8").hears("unknown_key").hears("staff_menu").presses("#").over()
    assert not any("calls of your teams" in one.text_or_url for one in call.phone.heard)


def test_every_act_need_and_reason_has_its_words() -> None:
    assert set(KEYS.values()) == AFTERWARDS | set(DONE) == set(staff_line_calls.ACTS)
    assert set(KEYS.values()) <= {one.value for one in Act}
    locks, follow_ups = {"safeguarding", "threat"}, {Need.CALL_BACK, Need.ALARM, Need.INCIDENT}
    follow_ups.add(Need.NOBODY)  # on screens only: the line reads calls, and a call does not know it
    of_calls = {one.word for one in Need if one is not Need.LOCK and one not in follow_ups}
    assert set(staff_line_calls.NEEDS) == locks | of_calls
    elsewhere = {Reason.NOT_LISTENING, Reason.NOT_LOCKED, Reason.NO_REASON, Reason.NO_SUCH_PERSON, Reason.NO_RELIEF}
    assert set(staff_line_calls.REFUSED) == {one.value for one in Reason} - {one.value for one in elsewhere}
