"""The rows of docs/promises.md: how a call comes to a stage, and what somebody does there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from callflow.core.stages import Stage as S
from callflow.emulator import Busy, Manual, NoAnswer
from tests.e2e.conversation import PHONES, Conversation
from tests.e2e.scenes import consulting, holding, introducing, names_conduct, talking, warned

ROLES = {
    "caller": "the caller",
    "ana": "the agent",
    "ben": "the agent",
    "sam": "the supervisor",
    "sky": "the supervisor",
}
CALLS = "calls"


@dataclass(frozen=True, slots=True)
class Row:
    """``begin``, with the arguments of Conversation, brings a call to the first second of ``stage``.

    When the trouble has begun, ``who`` presses ``keys`` as soon as what they hear has been spoken, or calls us (CALLS).
    """

    stage: S
    begin: Callable[..., Conversation]
    who: str = ""
    keys: str = ""
    during: str = ""

    @property
    def title(self) -> str:
        return self.stage.value.replace("_", " ") + (f", {self.during}" if self.during else "")

    @property
    def deed(self) -> str:
        if not self.who:
            return "nobody presses a key"
        does = CALLS if self.keys == CALLS else f"presses {' '.join(f'`{key}`' for key in self.keys)}"
        return f"{ROLES[self.who]} {does}"


def calling(**how: Any) -> Conversation:
    return Conversation(**how)


def arriving(**how: Any) -> Conversation:
    talk = Conversation(**how)
    talk.caller.dials().hears("reason_menu")
    return talk


def waiting(**how: Any) -> Conversation:
    talk = Conversation(**how)
    for agent in (talk.ana, talk.ben):
        agent.behaves(NoAnswer())
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.rings()
    return talk


def offered(**how: Any) -> Conversation:
    talk = Conversation(**how)
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer")
    return talk


def choosing(**how: Any) -> Conversation:
    talk = talking(**how)
    talk.ana.presses("*").hears("menu")
    return talk


def asking_hold(**how: Any) -> Conversation:
    talk = choosing(**how)
    talk.ana.presses("1").hears("hold_asked")
    talk.caller.hears("hold_request")
    return talk


def on_hold(**how: Any) -> Conversation:
    return holding(talking(**how))


def offering_supervisor(**how: Any) -> Conversation:
    talk = choosing(**how)
    talk.ana.presses("2").hears("supervisor_asked")
    talk.caller.hears("supervisor_offer")
    return talk


def ringing(**how: Any) -> Conversation:
    talk = offering_supervisor(**how)
    for supervisor in (talk.sam, talk.sky):
        supervisor.behaves(Manual())
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.rings()
    return talk


def briefed(**how: Any) -> Conversation:
    talk = ringing(**how)
    talk.sam.phone.answer()
    talk.sam.hears("whisper")
    return talk


def without_hold(**how: Any) -> Conversation:
    """The caller declined to hold, and talks with the agent while the supervisor is rung."""
    talk = talking(**how)
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").presses("2")
    talk.ana.heard("hold_answer_no").presses("*", after=4).hears("menu").presses("2")
    talk.sam.behaves(Manual())
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.rings()
    return talk.together("caller", "ana")


def consulted(**how: Any) -> Conversation:
    return consulting(talking(**how))


def introduced(**how: Any) -> Conversation:
    return introducing(talking(**how))


def offering_call_back(**how: Any) -> Conversation:
    talk = choosing(**how)
    for supervisor in (talk.sam, talk.sky):
        supervisor.behaves(Busy())
    talk.ana.presses("2").hears("supervisor_asked")
    talk.caller.heard("supervisor_offer").presses("1").hears("no_supervisor", within=90)
    return talk


def warning(**how: Any) -> Conversation:
    talk = names_conduct(talking(**how), "3")
    talk.caller.hears("warning_final")
    return talk


def countdown(**how: Any) -> Conversation:
    talk = warned(talking(**how)).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses(
        "1"
    ).hears("closing_watch")
    return talk


def closing(**how: Any) -> Conversation:
    talk = countdown(**how)
    talk.caller.hears("disconnect")
    return talk


def preparing(**how: Any) -> Conversation:
    talk = Conversation(**how)
    talk.callflow.outgoing.begin("ana", PHONES["caller"])
    talk.ana.rings()
    return talk


def chosen(**how: Any) -> Conversation:
    talk = preparing(**how)
    talk.ana.hears("outgoing_offer")
    return talk


def dialling(**how: Any) -> Conversation:
    talk = preparing(**how)
    talk.caller.behaves(Manual())
    talk.ana.heard("outgoing_offer").presses("1").hears("outgoing_dialling")
    talk.caller.rings()
    return talk


def invited(**how: Any) -> Conversation:
    talk = dialling(**how)
    talk.caller.phone.answer()
    talk.caller.hears("invitation")
    return talk


def left_alone(**how: Any) -> Conversation:
    talk = talking(**how)
    talk.ben.behaves(NoAnswer())
    talk.ana.hangs_up()
    talk.caller.hears("agent_left")
    return talk


def wrapping_up(**how: Any) -> Conversation:
    talk = talking(**how)
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up")
    return talk


ROWS = (
    Row(S.ARRIVING, calling, "caller", CALLS, "a new call"),
    Row(S.ARRIVING, arriving),
    Row(S.ARRIVING, arriving, "caller", "1"),
    Row(S.WAITING, waiting),
    Row(S.WAITING, offered, "ana", "1", "an agent hears the offer"),
    Row(S.TALKING, talking),
    Row(S.TALKING, talking, "ana", "*"),
    Row(S.CHOOSING, choosing),
    Row(S.CHOOSING, choosing, "ana", "1"),
    Row(S.CHOOSING, choosing, "ana", "*"),
    Row(S.ASKING_HOLD, asking_hold),
    Row(S.ASKING_HOLD, asking_hold, "caller", "1"),
    Row(S.ASKING_HOLD, asking_hold, "ana", "*"),
    Row(S.HOLDING, on_hold),
    Row(S.HOLDING, on_hold, "caller", "2"),
    Row(S.HOLDING, on_hold, "ana", "1"),
    Row(S.OFFERING_SUPERVISOR, offering_supervisor),
    Row(S.OFFERING_SUPERVISOR, offering_supervisor, "caller", "1"),
    Row(S.RINGING, ringing),
    Row(S.RINGING, ringing, "caller", "2"),
    Row(S.RINGING, briefed, "sam", "1", "a supervisor hears the briefing"),
    Row(S.RINGING, without_hold, during="the caller did not want to hold"),
    Row(S.CONSULTING, consulted),
    Row(S.CONSULTING, consulted, "caller", "2"),
    Row(S.CONSULTING, consulted, "ana", "*1"),
    Row(S.INTRODUCING, introduced),
    Row(S.INTRODUCING, introduced, "sam", "*1"),
    Row(S.OFFERING_CALL_BACK, offering_call_back),
    Row(S.OFFERING_CALL_BACK, offering_call_back, "caller", "2"),
    Row(S.WARNING, warning),
    Row(S.WARNING, warning, "ana", "*"),
    Row(S.CLOSING, countdown, during="before the message"),
    Row(S.CLOSING, countdown, "ana", "*", "before the message"),
    Row(S.CLOSING, closing, during="the message plays"),
    Row(S.CLOSING, closing, "ana", "*", "the message plays"),
    Row(S.LEFT_ALONE, left_alone),
    Row(S.PREPARING, preparing),
    Row(S.PREPARING, chosen, "ana", "1", "the agent hears whom to call"),
    Row(S.DIALLING, dialling),
    Row(S.DIALLING, invited, "caller", "1", "the customer hears who calls"),
    Row(S.AFTERCARE, wrapping_up, "ana", "1"),
)
