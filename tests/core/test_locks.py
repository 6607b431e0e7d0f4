"""Safeguarding and threat: set by one key at any time, lifted only by supervisors (policy rules 34 to 37)."""

from collections.abc import Callable

import pytest

from callflow.core.call import Lock, Outcome
from callflow.core.stages import Stage
from tests.core.test_draw_the_line import closing, gate_open, playing, warned, warning
from tests.core.test_time_out import asked, held
from tests.playbook import Playbook, talking

MOMENTS: dict[str, Callable[[], Playbook]] = {
    "menu": lambda: talking().agent("ana").star(),
    "conduct menu": lambda: talking().agent("ana").star().presses("3"),
    "skip menu": lambda: talking().agent("ana").star().presses("9"),
    "end confirm": lambda: gate_open().presses("4", "3"),
    "question": asked,
    "hold": held,
    "warning": warning,
    "countdown": closing,
    "closing": playing,
}


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize(("key", "kind"), [("5", Lock.SAFEGUARDING), ("6", Lock.THREAT)])
def test_one_press_at_any_moment(moment: str, key: str, kind: Lock) -> None:
    book = MOMENTS[moment]().agent("ana").presses(key).places(caller="room", ana="room", sam="ringing")
    book.hears(f"{kind}_on").noted(kind.value, actor="ana", key=key).stage(Stage.RINGING)
    book.holds(lambda call: call.locks == (kind,) and call.closing is None and call.consent is None)
    book.wait(900).holds(lambda call: call.caller.live and call.stage is Stage.TALKING)


def test_a_warning_that_was_stopped_does_not_count() -> None:
    warning().agent("ana").presses("5").noted("warning", outcome="cut short")


def test_a_held_caller_is_thanked() -> None:
    held().agent("ana").presses("5").caller().hears("hold_return")


def locked() -> Playbook:
    """Locked, and no supervisor can be reached."""
    book = warned().wait(16)
    book.away = {"sam", "sky"}
    return book.star().presses("5").stage(Stage.TALKING).hears("no_supervisor_locked").wait(8)


@pytest.mark.parametrize("key", ["1", "3", "4"])
def test_hold_warning_and_closing_are_refused(key: str) -> None:
    book = locked().star().presses(key).stage(Stage.TALKING).hears("refuse_locked")
    book.noted("refused", actor="ana", key=key, outcome="refuse_locked")


def test_a_supervisor_is_paged_again_without_asking() -> None:
    book = locked()
    book.away = set()
    book.star().presses("2").stage(Stage.RINGING).hears("locked_ringing").places(caller="room", sam="ringing")


def test_supervisors_are_paged_every_minute_until_one_comes() -> None:
    book = locked().wait(40).stage(Stage.TALKING)
    book.away = {"sam"}
    book.wait(15).stage(Stage.RINGING).places(sky="ringing", caller="room", ana="room")
    book.noted("delegate_upwards", outcome="paged again")


def test_nobody_is_paged_without_a_lock_or_once_a_supervisor_leads() -> None:
    talking().holds(lambda call: "page" not in call.deadlines)
    supervised().holds(lambda call: call.locks and "page" not in call.deadlines)


def test_a_search_under_a_lock_cannot_be_cancelled() -> None:
    book = talking().agent("ana").star().presses("5").star().presses("*").stage(Stage.RINGING).places(sam="ringing")
    book.supervisor("sam").answers().presses("1").stage(Stage.INTRODUCING)


def test_a_supervisor_who_is_being_rung_goes_on_being_rung() -> None:
    book = talking().agent("ana").star().presses("2").caller().presses("1").wait(15).supervisor("sam").answers()
    book.agent("ana").star().presses("5").places(sam="briefing", caller="room", ana="room").caller()
    book.supervisor("sam").presses("1").stage(Stage.INTRODUCING)


def test_a_helper_who_is_here_stays() -> None:
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers().presses("1")
    book.agent("ana").star().presses("6").stage(Stage.INTRODUCING).places(caller="room", sam="room", ana="room")
    book.caller().hears("introduction")


def supervised() -> Playbook:
    """A supervisor has taken over the locked call."""
    book = warned().agent("ana").star().presses("5").supervisor("sam").answers().presses("1").wait(15)
    return book.star().presses("1").stage(Stage.TALKING).wait(8)


def test_only_a_supervisor_unlocks_and_the_ladder_restarts() -> None:
    book = supervised().star().presses("5").hears("unlock_menu").presses("2").stage(Stage.TALKING).hears("unlocked")
    book.noted("unlocked", actor="sam", key="2", outcome="misunderstanding").holds(lambda call: not call.locks)
    book.holds(lambda call: not call.warnings and call.time_out is call.delegate_upwards is Outcome.UNTRIED)
    book.wait(20).star().presses("4").hears("refuse_no_warning")


def test_without_a_reason_it_stays_locked() -> None:
    supervised().star().presses("5", "9").stage(Stage.TALKING).holds(lambda call: call.locks)
    supervised().star().presses("5").stays_silent().stage(Stage.TALKING).holds(lambda call: call.locks)


def test_an_agent_cannot_unlock() -> None:
    locked().star().presses("5").holds(lambda call: call.locks == (Lock.SAFEGUARDING,)).hears("no_supervisor_locked")


def test_a_threat_alerts_security_once_who_never_joins() -> None:
    book = talking().agent("ana").star().presses("6").places(security="ringing").star().presses("6")
    assert sum(leg.person == "security" for leg in book.call.legs) == 1
    book.agent("security").answers().hears("alert").places(security="alert").presses("1").places(security="alert")
    book.falls_back().places(security="alert").stays_silent()
    book.holds(lambda call: not next(leg for leg in call.legs if leg.person == "security").live)


def test_security_is_rung_three_times_and_no_fourth() -> None:
    book = talking().agent("ana").star().presses("6")
    for _ in range(3):
        book.agent("security").places(security="ringing").hangs_up()
    assert sum(leg.person == "security" for leg in book.call.legs) == 3
    book.holds(lambda call: not any(leg.live for leg in call.legs if leg.person == "security"))


def test_supervisors_are_paged_until_twelve_phones_were_rung() -> None:
    """Of a minute's paging each supervisor's phone rings unheard; the call must not grow without a bound."""
    book = talking().agent("ana").star().presses("5").wait(3600)
    assert len(book.call.legs) == 12
    book.stage(Stage.TALKING).holds(lambda call: "page" not in call.deadlines)
    book.agent("ana").star().presses("2").stage(Stage.RINGING).places(sam="ringing")


def test_a_second_press_rings_security_again_once_the_first_call_is_over() -> None:
    """The prompt says that security is being called, so it must be."""
    book = talking().agent("ana").star().presses("6").agent("security").answers().stays_silent()
    book.agent("ana").star().presses("6").hears("threat_on").places(security="ringing")
    assert sum(leg.person == "security" for leg in book.call.legs) == 2


def test_a_safeguarding_call_rings_no_security() -> None:
    book = talking().agent("ana").star().presses("5")
    assert all(leg.person != "security" for leg in book.call.legs)


def test_both_locks() -> None:
    talking().agent("ana").star().presses("5").star().presses("6").holds(lambda call: len(call.locks) == 2)


def test_relief_after_a_threat_goes_to_the_supervisor_who_is_rung() -> None:
    book = talking().agent("ana").star().presses("6").star().presses("7").stage(Stage.LEFT_ALONE).hears("relief_done")
    book.caller().hears("agent_relief").places(sam="ringing", ana="wrap_up").noted("relief", actor="ana", key="7")
    book.supervisor("sam").answers().presses("1").stage(Stage.TALKING).places(caller="room", sam="room")


def test_relief_after_severe_conduct() -> None:
    book = warned().star().presses("7").stage(Stage.LEFT_ALONE).places(sam="ringing", ana="wrap_up")
    book.holds(lambda call: call.cool_down)


def test_relief_needs_a_reason() -> None:
    talking().agent("ana").star().presses("7").stage(Stage.TALKING).hears("refuse_relief").places(ana="room")
    book = talking().agent("ana").star().presses("5").star().presses("7").places(ana="room").stage(Stage.RINGING)
    book.hears("refuse_relief_helped")


def test_relief_with_nobody_to_take_the_caller() -> None:
    book = warned()
    book.away = {"sam", "sky", "ben"}
    book.star().presses("7").stage(Stage.LEFT_ALONE).wait(30).stage(Stage.WAITING).places(caller="queue")
    book.away = {"sam", "sky"}
    book.wait(15).places(ben="ringing")


def test_relief_once_a_supervisor_is_there() -> None:
    book = talking().agent("ana").star().presses("6").supervisor("sam").answers().presses("1").agent("ana")
    book.star().presses("7").stage(Stage.TALKING).places(ana="wrap_up", sam="room", caller="room").hears("relief_done")
    book.caller().hears("lead_lost").supervisor("sam").hears("lead_lost_staff").noted("relief", actor="ana", key="7")


def test_relief_is_the_leads() -> None:
    book = talking().agent("ana").star().presses("6").supervisor("sam").answers().presses("1")
    book.star().presses("7").stage(Stage.INTRODUCING).places(sam="room", ana="room")
