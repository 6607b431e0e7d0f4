"""Redirect, Hangup, Reject, Leave (twilio.md 3.9, 3.10): verbs after which nothing of the document runs."""

from __future__ import annotations

from callflow.emulator.document import Verb
from callflow.emulator.program import Body
from callflow.emulator.running import FAILED, Goto, Outcome, Run, Stop, verb


@verb("Redirect")
def redirect(run: Run, each: Verb) -> Body[Outcome]:
    """Body: URL, relative or absolute, empty = this document again; POST by default."""
    target = run.target(each.text, each.get("method"))
    yield from ()
    return Goto(target) if target else FAILED


@verb("Hangup")
def hangup(run: Run, each: Verb) -> Body[Outcome]:
    yield from ()
    return Stop("hangup")


@verb("Reject")
def reject(run: Run, each: Verb) -> Body[Outcome]:
    """Only a call that has not been answered can be rejected; later it is just the end."""
    yield from ()
    if run.leg.status != "ringing":
        return Stop("hangup")
    return Stop("busy" if each.get("reason") == "busy" else "no-answer")


@verb("Leave")
def leave(run: Run, each: Verb) -> Body[Outcome]:
    """Out of the queue; only in the waitUrl document of an Enqueue."""
    yield from ()
    return Stop("leave")
