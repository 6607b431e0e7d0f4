"""People hang up at any moment: a lead never ends the call by it, a caller always does (rules 2, 4, F6)."""

from collections.abc import Callable

import pytest

from callflow.core.stages import Stage
from callflow.emulator import NoAnswer
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import consulting, holding, introducing, names_conduct, talking, warned


def choosing() -> Conversation:
    talk = talking()
    talk.ana.presses("*").hears("menu")
    return talk


def asking_hold() -> Conversation:
    talk = choosing()
    talk.ana.presses("1")
    talk.caller.hears("hold_request")
    return talk


def offering() -> Conversation:
    talk = choosing()
    talk.ana.presses("2")
    talk.caller.hears("supervisor_offer")
    return talk


def ringing() -> Conversation:
    talk = offering()
    talk.sam.behaves(NoAnswer())
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.rings()
    return talk


def offering_call_back() -> Conversation:
    talk = ringing()
    talk.sky.behaves(NoAnswer())
    talk.caller.hears("no_supervisor", within=90)
    return talk


def warning() -> Conversation:
    talk = names_conduct(talking(), "3")
    talk.caller.hears("warning_final")
    return talk.wait(2)


def counting_down() -> Conversation:
    talk = warned(talking()).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses(
        "1"
    ).hears("closing_watch")
    return talk


def closing() -> Conversation:
    talk = counting_down()
    talk.caller.hears("disconnect")
    return talk.wait(3)


MOMENTS: list[tuple[Callable[[], Conversation], Stage]] = [
    (talking, Stage.TALKING),
    (choosing, Stage.CHOOSING),
    (asking_hold, Stage.ASKING_HOLD),
    (lambda: holding(talking()).wait(4), Stage.HOLDING),
    (offering, Stage.OFFERING_SUPERVISOR),
    (offering_call_back, Stage.OFFERING_CALL_BACK),
    (warning, Stage.WARNING),
    (counting_down, Stage.CLOSING),
    (closing, Stage.CLOSING),
]


@pytest.mark.parametrize(("moment", "stage"), MOMENTS)
def test_the_lead_is_lost(moment: Callable[[], Conversation], stage: Stage) -> None:
    """At any stage, the caller hears that the agent has left, waits, and the next agent has the call."""
    talk = moment().stage(stage)
    talk.ana.hangs_up()
    talk.caller.heard("agent_left", within=20)
    talk.noted("lead_lost", "ana", outcome="caller kept")
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben").stage(Stage.TALKING)
    talk.ben.presses("*").hears("menu")
    talk.not_noted("call_ended").over()


def test_the_lead_is_lost_while_supervisors_ring() -> None:
    """The supervisor who is being rung already becomes the lead by pressing 1."""
    talk = ringing()
    talk.ana.hangs_up()
    talk.caller.heard("agent_left", within=20)
    talk.sky.hears("whisper", within=60).presses("1")
    talk.together("caller", "sky").stage(Stage.TALKING).over()


@pytest.mark.parametrize("moment", [consulting, introducing])
def test_the_lead_is_lost_with_a_helper_there(moment: Callable[[Conversation], Conversation]) -> None:
    """The helper takes over at once, with the same star menu, and the caller is told so."""
    talk = moment(talking()).wait(2)
    talk.ana.hangs_up()
    talk.caller.hears("lead_lost")
    talk.together("caller", "sam").noted("lead_lost", "ana", outcome="helper takes over")
    talk.sam.presses("*").hears("menu")
    talk.over()


@pytest.mark.parametrize("moment", [consulting, introducing])
def test_the_helper_is_lost(moment: Callable[[Conversation], Conversation]) -> None:
    """Caller and lead are together, and the lead hears why."""
    talk = moment(talking()).wait(2)
    talk.sam.hangs_up()
    talk.ana.hears("helper_lost")
    talk.together("caller", "ana").noted("delegate_upwards", "sam", outcome="helper lost").over()


def test_a_locked_call_without_its_lead_goes_to_supervisors() -> None:
    """After a threat the next one who is rung is a supervisor."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("6").hears("threat_on")
    talk.sam.behaves(NoAnswer()).rings()
    talk.ana.hangs_up()
    talk.caller.heard("agent_left", within=20)
    talk.sky.hears("whisper", within=60).presses("1")
    talk.together("caller", "sky").over()


def test_every_agent_is_lost_one_after_the_other() -> None:
    """The caller stays on the call as long as there are agents."""
    talk = talking()
    talk.ana.hangs_up(after=1)
    talk.ben.hears("offer", within=60).presses("1")
    talk.together("caller", "ben").wait(1)
    talk.ben.hangs_up()
    talk.caller.heard("agent_left", "Ben")
    talk.ana.behaves(NoAnswer())
    talk.ben.behaves(NoAnswer())
    talk.sam.hears("whisper", within=120).presses("1")
    talk.together("caller", "sam").over()


@pytest.mark.parametrize(("moment", "stage"), MOMENTS)
def test_the_caller_goes(moment: Callable[[], Conversation], stage: Stage) -> None:
    """A hang-up at any stage: the agent is in the wrap-up within seconds, and the call ends with it."""
    talk = moment().stage(stage)
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up", within=15)
    talk.noted("call_ended", "caller").stage(Stage.AFTERCARE)
    talk.ana.presses("#").is_off()
    talk.stage(Stage.ENDED).over()


@pytest.mark.parametrize("moment", [consulting, introducing])
def test_the_caller_goes_with_a_helper_there(moment: Callable[[Conversation], Conversation]) -> None:
    """The helper is told so and hung up, the lead is in the wrap-up."""
    talk = moment(talking()).wait(2)
    talk.caller.hangs_up()
    talk.sam.hears("caller_gone").is_off()
    talk.ana.hears("wrap_up")
    talk.over()


def test_the_caller_goes_while_phones_ring() -> None:
    """No phone goes on ringing for a caller who has hung up."""
    talk = ringing()
    talk.caller.hangs_up()
    talk.sam.is_off(within=3)
    talk.sky.never_rang()
    talk.over()


def test_the_caller_goes_while_agents_ring() -> None:
    """The same in the queue: the leg of an agent who is rung or hears the offer ends."""
    talk = Conversation()
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.rings()
    talk.caller.hangs_up()
    talk.ana.is_off(within=5)
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer")
    talk.caller.hangs_up()
    talk.ana.hears("caller_gone").is_off()
    talk.over()


def test_whoever_is_offered_the_call_knows_of_the_warning_before_accepting() -> None:
    talk = warned(talking()).wait(2)
    talk.ana.hangs_up()
    talk.ben.hears("offer_flags", "one warning was heard").hears("offer").presses("1")
    talk.together("caller", "ben").over()


@pytest.mark.parametrize(("key", "said"), [("5", "someone may come to harm"), ("6", "a threat was made")])
def test_whoever_is_offered_the_call_knows_of_a_threat_or_safeguarding_before_accepting(key: str, said: str) -> None:
    """Supervisors hear it in the briefing. If none accepts, the next agent hears it before the offer."""
    talk = warned(talking()).wait(2)
    for supervisor in (talk.sam, talk.sky):
        supervisor.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses(key)
    talk.wait(1).ana.hangs_up()
    talk.ben.hears("offer_flags", f"{said}, one warning was heard", within=120).hears("offer").presses("1")
    talk.together("caller", "ben").over()


def test_the_briefing_says_the_threat_and_the_warning() -> None:
    talk = warned(talking()).wait(2)
    talk.ana.presses("*").hears("menu").presses("6")
    talk.sam.hears("whisper", "a threat was made, one warning was heard").presses("1")
    talk.together("caller", "ana", "sam").over()


def test_an_ordinary_offer_is_as_short_as_before() -> None:
    talk = talking()
    talk.ana.never_heard("offer_flags")
    talk.over()
