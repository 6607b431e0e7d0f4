"""What staff can do on the staff line, and what nobody else learns there."""

import logging

import pytest

from callflow.core.staff_line.pins import MOST_WRONG
from callflow.core.stages import Stage
from callflow.emulator import Chaos
from tests.e2e.conversation import LINE, PHONES, Conversation
from tests.e2e.scenes import talking
from tests.e2e.staff_lines import HOME, PIN, StaffCall, pin_of, with_pins, with_staff_line
from tests.e2e.test_promises import run_jobs

WRONG = "112358"


def is_away(call: StaffCall, person: str = "ana") -> bool:
    return any(one.away for one in call.store.people(call.talk.clock.now()) if one.person == person)


def test_ana_calls_takes_a_break_and_comes_back() -> None:
    call = StaffCall().logs_in()
    call.presses("1").hears("staff_away").hears("staff_menu_away")
    assert is_away(call)
    call.presses("1").hears("staff_back")
    assert not is_away(call)
    call.presses("#").hears("staff_goodbye").over()


def test_a_break_keeps_calls_from_her_telephone() -> None:
    call = StaffCall().logs_in().presses("1").hears("staff_away").presses("#").over()
    talk = call.talk
    talk.caller.phone.call(LINE)
    talk.caller.hears("reason_menu").presses("1")
    talk.ben.heard("offer")
    assert not any("energy desk" in one for one in call.said)


def test_she_logs_in_from_any_telephone_with_her_number() -> None:
    StaffCall(HOME).hears("staff_number").presses("204#").logs_in().presses("#").over()


def test_nobody_learns_who_works_here() -> None:
    """A number of somebody and one of nobody, a PIN that is wrong and a person without one: all the same words."""
    heard = []
    for number, pin in (("204", WRONG), ("999", PIN), ("204", "1"), ("0", "0")):
        call = StaffCall(HOME).hears("staff_number")
        begun = len(call.phone.heard)
        call.presses(f"{number}#").hears("staff_pin").presses(f"{pin}#").hears("staff_wrong").hears("staff_number")
        heard.append([one.text_or_url for one in call.phone.heard[begun:]])
        call.phone.hang_up()
    assert all(one == heard[0] for one in heard)


def test_after_wrong_tries_the_pin_is_locked_for_a_while_and_ops_are_told(caplog: pytest.LogCaptureFixture) -> None:
    talk = Conversation(with_staff_line(), store=with_pins())
    with caplog.at_level(logging.INFO):
        for _ in range(MOST_WRONG):
            call = StaffCall(HOME, talk).hears("staff_number").presses("204#").hears("staff_pin")
            call.presses(f"{WRONG}#").hears("staff_wrong").phone.hang_up()
            talk.wait(2)
        call = StaffCall(HOME, talk).hears("staff_number").presses("204#").hears("staff_pin")
        call.presses(f"{PIN}#").hears("staff_wrong").phone.hang_up()
    assert [one.getMessage() for one in caplog.records if "PIN" in one.getMessage()] == [
        "the PIN of ana is locked for a while after wrong tries: `callflow people pin ana --unlock` unlocks it"
    ]
    assert not any(digits in caplog.text for digits in (WRONG, PIN, HOME))
    talk.wait(15 * 60)
    StaffCall(HOME, talk).hears("staff_number").presses("204#").logs_in().presses("#").over()


def test_unlocked_by_ops_it_counts_at_once() -> None:
    talk = Conversation(with_staff_line(), store=with_pins())
    for _ in range(MOST_WRONG):
        StaffCall(talk=talk).hears("staff_pin").presses(f"{WRONG}#").hears("staff_wrong").phone.hang_up()
        talk.wait(2)
    talk.callflow.store.put_staff_pin(pin_of("ana"))
    StaffCall(talk=talk).logs_in().presses("#").over()


def test_three_wrong_pins_end_the_call() -> None:
    call = StaffCall(HOME)
    for _ in range(3):
        call.hears("staff_number").presses("204#").hears("staff_pin").presses(f"{WRONG}#").hears("staff_wrong")
    call.over()


def test_whoever_says_nothing_is_let_go() -> None:
    StaffCall(HOME).hears("staff_number").hears("staff_goodbye").over()


def test_a_caller_is_never_answered_by_the_staff_line() -> None:
    talk = Conversation(with_staff_line())
    talk.caller.phone.call(LINE)
    talk.caller.hears("greeting")
    talk.ana.phone.call(LINE)
    talk.ana.hears("greeting")


def test_the_staff_line_begins_no_call_and_rings_nobody() -> None:
    call = StaffCall().logs_in().presses("#").over()
    assert call.store.calls(live=False) == []
    assert call.talk.sam.phone.legs == []


def test_an_answer_that_arrives_twice_counts_once() -> None:
    talk = Conversation(with_staff_line(), store=with_pins(), chaos=Chaos(duplicate=1.0))
    call = StaffCall(talk=talk).logs_in().presses("1").hears("staff_away").hears("staff_menu_away")
    assert is_away(call)


def with_a_promise() -> Conversation:
    """Ana has promised the caller a call back."""
    talk = talking(with_staff_line())
    talk.callflow.store.put_staff_pin(pin_of("ana"))
    talk.caller.phone.hang_up()
    talk.ana.hears("wrap_up").presses("2").hears("wrap_up_saved").presses("#")
    return talk.stage(Stage.ENDED)


def test_a_call_back_that_she_promised_is_read_out() -> None:
    talk = with_a_promise()
    call = StaffCall(talk=talk).logs_in().presses("2").hears("staff_promise").hears("staff_promise_keys")
    call.presses("2").hears("staff_no_more_promises").hears("staff_menu").presses("#").over()
    heard = next(one.text_or_url for one in talk.ana.phone.heard if "Your next call back" in one.text_or_url)
    assert " ".join(PHONES["caller"]) in heard
    assert " ".join(talk.call.reference) in heard


def test_one_key_calls_the_caller_back_once_she_has_hung_up() -> None:
    talk = with_a_promise()
    StaffCall(talk=talk).logs_in().presses("2").hears("staff_promise_keys").presses("1").hears("call_begins").over()
    talk.wait(1)
    run_jobs(talk)
    talk.ana.hears("outgoing_offer").presses("1")
    talk.caller.hears("invitation").presses("1")
    talk.together("caller", "ana")
    run_jobs(talk)
    assert talk.call_backs() == []


def test_star_goes_back_to_the_menu_and_a_late_one_is_said_to_be_late() -> None:
    talk = with_a_promise().wait(3 * 3600)
    call = StaffCall(talk=talk).logs_in().presses("2").hears("staff_promise_late").hears("staff_promise_keys")
    call.presses("*").hears("staff_menu").presses("#").over()


def test_without_a_promise_nothing_waits() -> None:
    StaffCall().logs_in().presses("2").hears("staff_no_promise").presses("#").over()


def test_an_address_of_a_session_is_nothing_for_another_call() -> None:
    """Whoever has the address of Ana's menu cannot use it from a call of their own."""
    call = StaffCall().logs_in()
    reply = call.talk.callflow.app.test_client()
    assert reply.post(f"/voice/{call.leg.sid}/staff_line?token=2", data={"Digits": "1"}).status_code == 403
    assert not is_away(call)


def test_while_the_database_is_away_the_line_says_so_and_hangs_up() -> None:
    talk = Conversation(with_staff_line(), store=with_pins())
    talk.callflow.store.close()
    StaffCall(talk=talk).hears("failure_again").over()
