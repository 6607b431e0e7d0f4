"""Safeguarding is one key, without a question, wherever staff are asked for a key (policy rules 34 and 36)."""

from collections.abc import Callable

import pytest

from callflow.core.call import Lock, Role
from callflow.core.places import CATALOGUE, Asks
from callflow.core.policy import DelegateUpwards, Policy
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from tests.core.example import configuration
from tests.core.test_adjustments import TICS
from tests.core.test_adjustments import talking as known_talking
from tests.core.test_draw_the_line import closing, gate_open, warning
from tests.core.test_listening import listening, rung
from tests.core.test_locks import supervised
from tests.core.test_no_answer import three_times
from tests.core.test_offers import at_offers
from tests.core.test_supervision import asked_to_co_sign, told
from tests.core.test_time_out import asked, held
from tests.playbook import Playbook, talking


def offered() -> Playbook:
    return Playbook().calls().wait(10).caller().presses("1").agent("ana").answers().hears("offer")


def briefed() -> Playbook:
    book = talking().agent("ana").star().presses("2").caller().presses("1")
    return book.supervisor("sam").answers().hears("whisper")


def consulted() -> Playbook:
    return briefed().presses("1").stage(Stage.CONSULTING)


def introduced() -> Playbook:
    return consulted().star().presses("1").stage(Stage.INTRODUCING)


def speaking() -> Playbook:
    book = talking(configuration(Policy(delegate_upwards=DelegateUpwards(spoken_briefing=True))))
    return book.agent("ana").star().presses("2").agent("ana").presses("1")


def wrapping_up() -> Playbook:
    return talking().caller().hangs_up().agent("ana").hears("wrap_up")


def handed_over() -> Playbook:
    """Ana is in wrap-up, and Sam has the caller."""
    return introduced().wait(15).supervisor("sam").star().presses("1").stage(Stage.TALKING).agent("ana")


MOMENTS: dict[P, Callable[[], Playbook]] = {
    P.MENU: lambda: talking().agent("ana").star(),
    P.CONDUCT_MENU: lambda: talking().agent("ana").star().presses("3"),
    P.SKIP_MENU: lambda: talking().agent("ana").star().presses("9"),
    P.OFFERS_MENU: at_offers,
    P.END_CONDUCT: lambda: gate_open().presses("4"),
    P.END_CONFIRM: lambda: gate_open().presses("4", "3"),
    P.END_SILENT: lambda: three_times().star().presses("#"),
    P.UNLOCK_MENU: lambda: supervised().star().presses("5"),
    P.BUSY_MENU: lambda: talking().agent("ana").star().presses("2").caller().presses("1").agent("ana").wait(8).star(),
    P.ATTEST_MENU: lambda: known_talking(known=TICS).agent("ana").star().presses("1"),
    P.STANDBY: lambda: asked().agent("ana"),
    P.HOLD_DESK: lambda: held().agent("ana"),
    P.WARNING_ECHO: warning,
    P.CLOSING_WATCH: closing,
    P.CONSULT_MENU: lambda: consulted().star(),
    P.INTRODUCTION_MENU: lambda: introduced().star(),
    P.OFFER: offered,
    P.BRIEFING: briefed,
    P.DECLINE_MENU: lambda: briefed().presses("2"),
    P.WRAP_UP: wrapping_up,
    P.TOLD: lambda: told().answers(),
    P.CO_SIGN: lambda: asked_to_co_sign().supervisor("sam").answers(),
    P.LISTEN_OFFER: lambda: rung().answers(),
    P.LISTEN_MENU: lambda: listening().star(),
}
"""How somebody comes to each place at which staff are asked for a key, and is chosen."""


def test_no_place_is_forgotten() -> None:
    keyed = {name for name, spec in CATALOGUE.items() if spec.staff and not spec.caller_in and spec.asks is Asks.KEY}
    assert keyed == MOMENTS.keys()


@pytest.mark.parametrize("place", MOMENTS)
@pytest.mark.parametrize(("key", "kind"), [("5", Lock.SAFEGUARDING), ("6", Lock.THREAT)])
def test_one_key_locks_the_call_wherever_a_key_is_asked_for(place: P, key: str, kind: Lock) -> None:
    book = MOMENTS[place]()
    presses = book.leg
    assert presses.at(place)
    book.presses(key).holds(lambda call: call.locks)
    if book.leg.at(P.UNLOCK_MENU):
        return  # the supervisor has the locked call, and is only asked for the reason again
    book.noted(kind.value, actor=presses.person, key=key, outcome="on")
    book.holds(lambda call: kind in call.locks and call.closing is None and call.cool_down)
    book.holds(lambda call: call.caller.place.name not in (P.HOLD, P.WARNING, P.CLOSING, P.HOLD_QUESTION))
    book.wait(120).holds(lambda call: call.caller.live or place is P.WRAP_UP)


def test_a_warning_stops_the_held_caller_comes_back_and_a_supervisor_is_rung() -> None:
    warning().agent("ana").presses("5").places(caller="room", ana="room", sam="ringing").hears("safeguarding_on")
    held().agent("ana").presses("5").places(caller="room", ana="room", sam="ringing").caller().hears("hold_return")


def test_who_hears_danger_in_an_offer_says_so_and_whoever_accepts_knows() -> None:
    """Nobody is with the caller yet. The offer is spoken again, and the call is locked from its first word on."""
    book = offered().presses("5").stage(Stage.WAITING).hears("offer_flags", "offer").presses("1").stage(Stage.TALKING)
    book.agent("ana").wait(3).star().presses("3").hears("refuse_locked")
    book.wait(90).holds(lambda call: any(leg.person == "sam" for leg in call.legs), "no supervisor was paged")


def test_a_supervisor_who_hears_danger_in_the_briefing_joins_at_once() -> None:
    book = briefed().presses("5").hears("whisper").places(caller="room", ana="room", sam="briefing")
    book.presses("1").stage(Stage.INTRODUCING).places(caller="room", sam="room")


def test_an_agent_remembers_danger_when_the_supervisor_has_the_caller() -> None:
    book = handed_over().presses("5").hears("wrap_up_saved").supervisor("sam").hears("safeguarding_on")
    book.places(caller="room", sam="room").holds(lambda call: call.locks and call.lead_leg.person == "sam")


def test_an_agent_remembers_danger_after_the_call() -> None:
    book = wrapping_up().presses("5").stage(Stage.AFTERCARE).hears("wrap_up_saved", "wrap_up")
    book.noted("safeguarding", actor="ana", key="5").wait(200).stage(Stage.ENDED)


def test_a_briefing_that_is_being_spoken_ends_with_the_key() -> None:
    book = speaking()
    assert book.leg.at(P.SPOKEN_BRIEFING)
    assert P.SPOKEN_BRIEFING in CATALOGUE
    book.presses("5").noted("safeguarding", actor="ana").places(caller="room", ana="room")


def test_the_security_desk_is_asked_for_nothing() -> None:
    """It hears a message and has no key, so it cannot press the wrong one."""
    book = talking().agent("ana").star().presses("6").agent("security").answers()
    assert book.leg.role is Role.ALERTED
    assert CATALOGUE[P.ALERT].asks is Asks.NOTHING
