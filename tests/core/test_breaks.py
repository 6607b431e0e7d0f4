"""The break after an abusive call is the agent's own: longer, shorter or none, in nobody's figures (rule 38)."""

from callflow.core.breaks import minutes
from callflow.core.stages import Stage
from callflow.runtime.metrics import COUNTERS, HISTOGRAMS
from tests.core.test_draw_the_line import playing, warned
from tests.core.test_locks import supervised
from tests.playbook import Playbook, talking


def abused() -> Playbook:
    """The call was closed, and Ana hears that a break of ten minutes has begun."""
    book = playing().caller().stays_silent().stage(Stage.AFTERCARE).agent("ana").hears("cooldown")
    return book.noted("cool_down", actor="ana", outcome="begun", minutes=10)


def lasts(book: Playbook) -> int:
    return minutes(book.call, book.leg, book.configuration.policy.aftercare)


def test_i_need_longer_and_nobody_asks_why() -> None:
    book = (
        abused().presses("9").hears("cooldown").noted("cool_down", actor="ana", key="9", outcome="longer", minutes=20)
    )
    book.presses("9", "9", "9", "9", "9")
    assert lasts(book) == 60


def test_i_am_ready_sooner_but_five_minutes_are_the_least() -> None:
    book = abused().presses("8").hears("cooldown").noted("cool_down", actor="ana", outcome="shorter", minutes=5)
    assert lasts(book) == 5


def test_i_take_no_break_and_it_is_on_record_as_skipped() -> None:
    book = abused().presses("8", "8").hears("cooldown_skipped").noted("cool_down", outcome="skipped", minutes=0)
    assert lasts(book) == 0
    book.presses("9").hears("cooldown")
    assert lasts(book) == 10


def test_up_and_down_again() -> None:
    book = abused().presses("9", "8")
    assert lasts(book) == 10


def test_my_break_is_not_that_of_the_one_who_handed_over() -> None:
    """Ana had relief from the call, and Ben closed it: what Ben does is Ben's."""
    book = warned().star().presses("7").hears("relief_done").noted("cool_down", actor="ana", outcome="begun")
    first = book.leg.id
    book.presses("9").supervisor("sam").answers().presses("1").wait(3).caller().hangs_up()
    assert minutes(book.call, book.call.leg(first), book.configuration.policy.aftercare) == 20
    assert book.call.leg("s2").break_steps == 0


def test_after_an_ordinary_call_there_is_no_break_to_shorten() -> None:
    book = talking().caller().hangs_up().agent("ana").presses("8").hears("unknown_key").not_noted("cool_down")
    assert lasts(book) == 0


def test_a_supervisor_has_no_break_that_was_not_asked_for() -> None:
    book = supervised().caller().hangs_up().supervisor("sam")
    assert lasts(book) == 0
    book.presses("9")
    assert lasts(book) == 10


def test_no_figure_knows_a_person_or_the_length_of_a_break() -> None:
    assert COUNTERS["breaks"].labels == ("team", "outcome")
    assert not any("break" in name or "cool" in name for name in HISTOGRAMS)
    assert not any({"person", "agent"} & {*one.labels} for one in COUNTERS.values())
