"""The practice line: one telephone, the real menus, a caller and a supervisor played from a scenario."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from xml.etree import ElementTree

import pytest

from callflow.core import practice
from callflow.core.staff_line.session import Session, StaffPlace
from callflow.emulator import Chaos
from callflow.service.staff_line import BUSY_FOR, StaffReply
from callflow.telephony import staff_line_documents
from callflow.telephony.callbacks import Asked
from callflow.telephony.practice import PracticeCall
from callflow.telephony.urls import Urls
from tests.e2e.conversation import Conversation
from tests.e2e.staff_lines import StaffCall, with_pins, with_staff_line

BILL, INSULTS = "2", "1"


def test_the_caller_escalates_while_nothing_is_pressed() -> None:
    call = StaffCall().practises(BILL, "wrong_bill")
    for number in (1, 2, 3, 3):
        call.hears_line("wrong_bill", "talking", number)


def test_a_time_out_calms_the_caller_of_the_bill() -> None:
    """Star and 1, the caller says yes, and is back after the promised time with other words."""
    call = StaffCall().practises(BILL, "wrong_bill").presses("*").hears("menu").presses("1")
    call.hears("hold_asked").hears("hold_answer_yes")
    begun = call.talk.clock.monotonic()
    call.hears("heads_up").hears_line("wrong_bill", "after_hold")
    assert 25 <= call.talk.clock.monotonic() - begun <= 45
    assert call.store.calls(live=False) == []


def test_a_supervisor_is_rung_consulted_and_takes_over() -> None:
    call = StaffCall().practises(BILL, "wrong_bill").presses("*").hears("menu").presses("2")
    call.hears("supervisor_asked").hears("supervisor_answer_yes").hears_line("wrong_bill", "supervisor")
    call.presses("*").hears("whisper_ready").presses("1").hears_line("wrong_bill", "with_supervisor")
    call.hears("practice_over")
    debrief = call.talk.until(lambda: len(call.said) > 4, "the debrief") and call.said[:4]
    assert debrief[0] == "From second 0 on you could have pressed star, 1 time out."
    assert re.fullmatch(r"After \d+ seconds you pressed star, 2 supervisor\.", debrief[1])
    assert debrief[3] == "This was not open on the call: star, 4 end the call."
    assert call.talk.sam.phone.legs == []


def test_the_line_is_drawn_with_a_caller_who_insults() -> None:
    """Hold and supervisor are refused, the warnings are heard in full, the closing waits for its grace."""
    call = StaffCall().practises(INSULTS, "insults").presses("*").hears("menu").presses("1").hears("hold_answer_no")
    call.presses("*").hears("menu").presses("2").hears("supervisor_answer_no").talk.wait(3)
    call.presses("*").hears("menu").presses("3").hears("warn_menu").presses("2").hears("warn_first_done").talk.wait(3)
    call.presses("*").hears("menu").presses("3").hears("warn_menu").presses("2").hears("warn_done").talk.wait(3)
    call.presses("*").hears("menu").presses("4").hears("refuse_grace").talk.wait(30)
    call.presses("*").hears("menu").presses("4").hears("end_conduct").presses("2").hears("end_confirm").presses(
        "1"
    ).hears("closing_watch")
    call.hears("practice_over")
    call.talk.until(lambda: len(call.said) > 4, "the debrief")
    assert [one.partition("you pressed star, ")[2] for one in call.said[:4]] == [
        "1 time out.", "2 supervisor.", "3 warning.", "4 end the call.",
    ]  # fmt: skip
    call.hears("staff_menu").presses("#").over()


def test_a_practice_call_goes_on_when_every_webhook_comes_twice() -> None:
    talk = Conversation(with_staff_line(), store=with_pins(), chaos=Chaos(duplicate=1.0))
    call = StaffCall(talk=talk).practises(BILL, "wrong_bill").presses("*").hears("menu").presses("1")
    call.hears("hold_asked").hears("hold_answer_yes").hears_line("wrong_bill", "after_hold")


def test_nothing_of_a_practice_call_is_kept() -> None:
    call = StaffCall().practises(BILL, "wrong_bill").presses("*").hears("menu").presses("7")
    assert call.store.staff_session(call.leg.sid)
    call.phone.hang_up()
    call.over().talk.wait(2)
    assert call.store.staff_session(call.leg.sid) is None
    assert call.store.calls(live=False) == []
    assert [one for one in call.store.people(call.talk.clock.now()) if one.call] == []


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_pressed_when_the_call_goes_on_or_is_over(seed: int) -> None:
    """Any keys at any times: every document asks for the next one, and the call comes to its end."""
    chance, at, urls = Random(seed), datetime(2026, 1, 5, 9, tzinfo=UTC), Urls("https://a.test", "https://a.test", "s")
    session, configuration = Session(id="CA1", place=StaffPlace.PRACTICE, person="ana"), with_staff_line()
    scenario = chance.choice(list(configuration.practice))
    state = PracticeCall(Asked(token=0, place="", form={}), urls).begin(session, scenario, configuration, at)
    for token in range(2, 400):
        session = Session(id="CA1", place=StaffPlace.PRACTICE, person="ana", token=token, practice=state)
        document = ElementTree.fromstring(
            staff_line_documents.render(StaffReply(session=session, at=at), configuration, urls)
        )
        target = next(one.get("action") for one in document.iter("Gather"))
        place, leg = re.findall(r"place=(\w+)", target)[-1], int(re.findall(r"leg=(\d+)", target)[-1])
        redirect = document.findtext("Redirect")
        at += timedelta(seconds=chance.choice((0.2, 2, 9, 35)))
        if redirect and chance.random() < 0.4:
            place, form = re.findall(r"place=(\w+)", redirect)[-1], {}
        else:
            form = {"Digits": chance.choice("*****1234567890#")}
        asked = Asked(token=leg, place=place, form={"CallSid": "CA1", **form})
        state, over = PracticeCall(asked, urls).go_on(session, configuration, at)
        if over:
            break
    assert over
    assert practice.from_json(state).call.at <= at


def rings_for_a_caller(call: StaffCall) -> set[str]:
    """Whose telephones ring when somebody calls now."""
    talk, begun = call.talk, {one: len(getattr(call.talk, one).phone.legs) for one in ("ana", "ben")}
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.wait(6)
    rung = {one for one, legs in begun.items() if len(getattr(talk, one).phone.legs) > legs}
    talk.caller.hangs_up()
    talk.wait(10)
    return rung


def test_whoever_practises_is_not_rung_until_the_call_is_over() -> None:
    call = StaffCall().practises("1", "insults")
    assert call.store.people(call.talk.clock.now())[0].presence == "staff_line"
    assert rings_for_a_caller(call) == {"ben"}
    call.phone.hang_up()
    call.over().talk.wait(1)
    assert rings_for_a_caller(call) == {"ana"}


def test_whoever_records_a_line_is_not_rung_until_back_in_the_menu() -> None:
    line = replace(with_staff_line().staff_line, recorders=frozenset({"ana"}))
    call = StaffCall(talk=Conversation(replace(with_staff_line(), staff_line=line), store=with_pins()))
    call.logs_in().presses("4").hears("record_number")
    assert rings_for_a_caller(call) == {"ben"}
    call.phone.hang_up()
    call.over().talk.wait(1)
    call = StaffCall(talk=call.talk).logs_in().presses("4").hears("record_number").presses("0#").hears("staff_menu")
    assert [one.presence for one in call.store.people(call.talk.clock.now()) if one.person == "ana"] == ["free"]


def test_whose_practice_call_is_lost_is_free_again_by_the_clock() -> None:
    call = StaffCall().practises("1", "insults")
    call.talk.world.disconnect()  # nothing of it is ever reported
    call.phone.hang_up()
    later = call.talk.clock.now() + BUSY_FOR
    assert call.store.people(later)[0].presence == "free"
