"""On a locked call supervisors are paged, and its lead can always use the protective keys (rules 34 to 36 and 46)."""

import pytest

from callflow.core.call import Lock
from callflow.core.stages import Stage
from tests.core.test_locks import locked, supervised
from tests.playbook import Playbook, talking


def introduced() -> Playbook:
    """Safeguarding is on, and a supervisor has come into the call."""
    book = talking().agent("ana").star().presses("5").supervisor("sam").answers().presses("1")
    return book.stage(Stage.INTRODUCING)


def test_a_supervisor_who_leads_can_set_the_other_lock() -> None:
    book = supervised().star().presses("6").hears("threat_on").places(security="ringing")
    book.holds(lambda call: set(call.locks) == {Lock.SAFEGUARDING, Lock.THREAT}).noted("threat", actor="sam", key="6")


def test_the_protecting_keys_work_while_a_lock_could_be_lifted() -> None:
    book = supervised().star().presses("5").hears("unlock_menu").presses("6").holds(lambda call: len(call.locks) == 2)
    book.noted("threat", actor="sam", key="6")


@pytest.mark.parametrize("how", ["phone dies", "gives back"])
def test_an_agent_whose_supervisor_went_is_not_left_alone(how: str) -> None:
    book = introduced().wait(8)
    book = book.hangs_up() if how == "phone dies" else book.star().presses("3")
    book.stage(Stage.TALKING).wait(70).stage(Stage.RINGING).places(sky="ringing", caller="room", ana="room")


def test_an_agent_cannot_send_the_supervisor_away() -> None:
    introduced().wait(8).agent("ana").star().presses("3").stage(Stage.INTRODUCING).places(sam="room", ana="room")


def test_an_agent_who_inherits_a_locked_call_learns_of_it_and_gets_help() -> None:
    book = talking().agent("ana").star().presses("6")
    book.away = {"sam", "sky"}
    book.agent("ana").hangs_up().supervisor("sam").hangs_up().wait(40).agent("ben").answers().presses("1")
    book.stage(Stage.TALKING).hears("no_supervisor_locked")
    book.away = set()
    book.wait(70).stage(Stage.RINGING)


def test_nobody_is_paged_for_a_supervisor_who_has_the_call() -> None:
    book = locked()
    book.away = {"sky"}
    book.wait(60).supervisor("sam").answers().presses("1").wait(15).star().presses("1").stage(Stage.TALKING)
    book.away = set()
    book.wait(200).stage(Stage.TALKING).star().presses("5").hears("unlock_menu")


def test_a_security_desk_that_is_busy_is_rung_again() -> None:
    book = talking().agent("ana").star().presses("6").agent("security")
    book.hangs_up().noted("not_reached", actor="security", outcome="busy").places(security="ringing")
    last = [leg for leg in book.call.legs if leg.person == "security"]
    assert len(last) == 2
    book.agent("security").answers().hears("alert")


def test_a_security_desk_that_never_answers_is_rung_three_times() -> None:
    book = talking().agent("ana").star().presses("6")
    for rung in (2, 3):
        book.agent("security").hangs_up().places(security="ringing")
        assert sum(leg.person == "security" for leg in book.call.legs) == rung
    book.agent("security").hangs_up().places(security="gone").wait(60)
    assert sum(leg.person == "security" for leg in book.call.legs) == 3


@pytest.mark.parametrize(("key", "phones"), [("5", 12), ("6", 13)])
def test_supervisors_are_paged_until_the_call_has_twelve_legs(key: str, phones: int) -> None:
    """Two are rung each time: again at ten and at eleven legs (with the security desk), but not at twelve."""
    book = talking().agent("ana").star().presses(key)
    if key == "6":
        book.agent("security").answers().stays_silent()
    book.wait(1800).stage(Stage.TALKING).places(caller="room", ana="room")
    assert len(book.call.legs) == phones
    book.agent("ana").star().presses("2").hears("locked_ringing").stage(Stage.RINGING).places(sam="ringing")
