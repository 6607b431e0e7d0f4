"""Redirect, Hangup, Reject, Leave (twilio.md 3.9, 3.10): verbs that end the document."""

from __future__ import annotations

from callflow.emulator.document import Verb
from callflow.emulator.program import Body
from callflow.emulator.running import FAILED, Goto, Outcome, Run, Stop, verb


@verb("Redirect")
def redirect(run: Run, each: Verb) -> Body[Outcome]:
    """The body is a relative or absolute URL; an empty one means this document again. POST by default."""
    target = run.target(each.text, each.get("method"))
    yield from ()
    return Goto(target) if target else FAILED


@verb("Hangup")
def hangup(run: Run, each: Verb) -> Body[Outcome]:
    yield from ()
    return Stop("hangup")


@verb("Reject")
def reject(run: Run, each: Verb) -> Body[Outcome]:
    """Only an unanswered call can be rejected. Later, Reject just ends it."""
    yield from ()
    if run.leg.status != "ringing":
        return Stop("hangup")
    return Stop("busy" if each.get("reason") == "busy" else "no-answer")


@verb("Leave")
def leave(run: Run, each: Verb) -> Body[Outcome]:
    """Leave the queue. Only in the waitUrl document of an Enqueue."""
    yield from ()
    return Stop("leave")
