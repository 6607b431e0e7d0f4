"""What is known of a caller's number prepares people for the call, and decides nothing (policy rules 7 and 33)."""

from dataclasses import replace
from typing import Any

from callflow.core.call import Prompt
from callflow.core.configuration import Configuration
from callflow.core.recognised import NOTHING, Recognised
from callflow.core.stages import Stage
from tests.core.example import CONFIGURATION
from tests.core.test_adjustments import Playbook

RESTRICTED = Recognised(restriction="r2")


def facts(book: Playbook) -> Any:
    """Everything of a call but what staff hear, who hear of the restriction first."""
    call, at = book.call, book.call.started_at
    caller, *others = (leg.but(since=at) for leg in call.legs)
    return call.but(recognised="", deadlines={}, at=at, seq=0,
                    legs=(caller, *(one.but(place=caller.place) for one in others)),
                    search=replace(call.search, since=at) if call.search else None)  # fmt: skip


def test_a_restricted_caller_is_answered_as_everybody() -> None:
    """The same conversation twice: nothing that happens to the caller, the queue or the ladder differs."""

    def call(known: Recognised, configuration: Configuration = CONFIGURATION) -> list[Any]:
        book = Playbook(configuration, known=known).calls().wait(10).caller().presses("1")
        seen = [facts(book)]
        seen.append(facts(book.agent("ana").answers()))
        seen.append(facts(book.presses("1").wait(2).stage(Stage.TALKING)))
        seen.append(facts(book.agent("ana").star().presses("1").caller().presses("1").wait(40)))
        return [*seen, facts(book.agent("ana").star().presses("3").hears("warn_menu"))]

    assert call(RESTRICTED) == call(NOTHING)


def test_whoever_answers_a_restricted_caller_is_prepared() -> None:
    book = Playbook(CONFIGURATION, known=RESTRICTED).calls().wait(10).caller().presses("1").agent("ana").answers()
    assert Prompt("flag_restricted", {}) in tuple(book.hears("offer_flags").leg.place.prompts[0].values["flags"])


BACK = Recognised(back=True, reason="a bill", person="sam", not_first="ana")


def test_who_rings_back_after_a_closing_is_answered_by_somebody_prepared() -> None:
    book = Playbook(CONFIGURATION, known=BACK).calls().wait(10).caller().presses("1").supervisor("sam").answers()
    told = tuple(book.hears("offer_flags", "offer").leg.place.prompts[0].values["flags"])
    assert told == (Prompt("flag_heads_up", {"reason": "a bill", "supervisor": "Sam"}),)
    book.presses("1").wait(2).stage(Stage.TALKING).holds(lambda call: not call.warnings)


def test_whoever_was_on_that_call_comes_last() -> None:
    book = Playbook(CONFIGURATION, known=BACK)
    book.away = {"sam"}
    book.calls().wait(10).caller().presses("1").agent("ben").answers()
    book.hangs_up().agent("ana")


def test_nobody_waits_because_the_prepared_person_is_not_there() -> None:
    gone = replace(BACK, person="nobody_any_more", not_first="")
    Playbook(CONFIGURATION, known=gone).calls().wait(10).caller().presses("1").agent("ana").answers().hears("offer")
