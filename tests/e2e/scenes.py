"""Beginnings of conversations, up to the situation that a test is about."""

from typing import Any

from callflow.core.configuration import Configuration
from callflow.emulator import Chaos, Switches
from tests.e2e.conversation import Conversation


def talking(configuration: Configuration | None = None, *, switches: Switches | None = None, chaos: Chaos | None = None,
            caller_id: str | None = None, **how: Any) -> Conversation:  # fmt: skip
    """Caller and Ana in conversation, about a bill."""
    talk = Conversation(configuration, switches=switches, chaos=chaos, **how)
    talk.caller.dials(caller_id).hears("greeting").hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    return talk.together("caller", "ana").wait(1)


def holding(talk: Conversation) -> Conversation:
    """The caller has said yes to a hold, which is running."""
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_request").presses("1").hears("hold_start")
    talk.ana.hears("hold_answer_yes")
    return talk


def consulting(talk: Conversation) -> Conversation:
    """The caller waits by consent; Sam has pressed 1 and is with Ana."""
    talk.ana.presses("*").hears("menu").presses("2").hears("supervisor_asked")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    talk.sam.hears("whisper").presses("1")
    talk.caller.hears("consult_wait")
    return talk.together("ana", "sam")


def introducing(talk: Conversation) -> Conversation:
    """Caller, Ana and Sam are together."""
    consulting(talk).ana.presses("*").hears("whisper_ready").presses("1")
    talk.caller.hears("introduction")
    return talk.together("caller", "ana", "sam")


def steps_tried(talk: Conversation) -> Conversation:
    """The caller has declined a time out and a supervisor, so step 3 is open."""
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request").presses("2")
    talk.ana.heard("hold_answer_no").presses("*", after=4).hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("2")
    talk.ana.heard("supervisor_answer_no")
    return talk.together("caller", "ana").wait(2)


def names_conduct(talk: Conversation, key: str) -> Conversation:
    """The lead goes to the conduct menu and names one."""
    talk.ana.presses("*").hears("menu").presses("3").hears("warn_menu").presses(key)
    return talk


def warned(talk: Conversation, key: str = "3") -> Conversation:
    """The caller has heard the final warning in full (at once for severe conduct); both are together again."""
    names_conduct(talk, key).caller.heard("warning_final")
    talk.ana.heard("warn_done")
    return talk.together("caller", "ana")
