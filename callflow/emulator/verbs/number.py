"""Dial's nouns Number, Client and Sip (which ring a phone of that name): child legs that ring, whisper and bridge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from callflow.emulator.calls import answer, finish, run_program
from callflow.emulator.dialling import place_call
from callflow.emulator.document import Verb
from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Leg, StatusCallback
from callflow.emulator.phones import phone_of
from callflow.emulator.program import Body, ChildGone, ChildReady, Program, Signal, Wait
from callflow.emulator.recordings import Recording, start_recording
from callflow.emulator.running import WHISPER, Goto, Run, run_documents
from callflow.emulator.verbs.bridging import talk
from callflow.emulator.verbs.conference import Stay
from callflow.emulator.verbs.record import recording_order
from callflow.emulator.webhook import Target

MOST_NOUNS = 10
LONGEST_TIMEOUT_SECONDS = 600
SHORTEST_TIMEOUT_SECONDS = 5


@dataclass(slots=True)
class DialProgress:
    """The progress of a Dial, for its action, which is requested even if the caller hangs up meanwhile. `seconds` is
    the DialCallDuration, 0 if the called party never answered."""

    status: str = "no-answer"
    bridged: bool = False
    child_sid: str = ""
    seconds: int = 0
    redirected: bool = False
    recording: Recording | None = None

    def conference(self) -> None:
        """A conference: the status is always `answered`, and there is no child leg."""
        self.status = "answered"

    def outcome_of(self, child: Leg) -> None:
        """Record how the called leg ended."""
        self.child_sid, self.seconds = child.sid, child.duration
        if self.bridged:
            self.status = "completed"
        elif child.status == "completed":  # answered, and refused in its whisper (twilio.md 3.7)
            self.status = "no-answer"
        else:
            self.status = child.status


def dial_numbers(run: Run, each: Verb, nouns: tuple[Verb, ...], stay: Stay, progress: DialProgress) -> Body[str]:
    """Ring all at once, or one by one, and bridge the first that is ready. Returns star, time-limit or over."""
    caller_id = _caller_id(run, each)
    if caller_id is None:
        progress.status = "failed"
        return "over"
    groups = [(noun,) for noun in nouns] if each.flag("sequential", False) else [nouns[:MOST_NOUNS]]
    for group in groups:
        children = [_child(run, noun, caller_id) for noun in group]
        why = yield from _ring(run, each, children, list(group), stay, progress)
        if why:
            return why
    return "over"


def _caller_id(run: Run, each: Verb) -> str | None:
    """The From of the child legs; None, with error 13214 reported, if the caller may not show it."""
    wanted, leg = each.get("callerId"), run.leg
    allowed = {"", leg.from_number, leg.to_number}
    if wanted in allowed or run.exchange.may_show(wanted) or wanted.startswith(("client:", "sip:")):
        return wanted or leg.from_number
    run.exchange.complain(13214, f"Dial: Invalid callerId value {wanted}", leg)
    return None


def _child(run: Run, noun: Verb, caller_id: str) -> Leg:
    exchange, parent = run.exchange, run.leg
    to = f"client:{noun.text}" if noun.name == "Client" else noun.text
    url = noun.get("statusCallback")
    target = run.target(url, noun.get("statusCallbackMethod")) if url else None
    events = frozenset(noun.get("statusCallbackEvent", "completed").split())
    return Leg(
        exchange.sids.new("CA"), exchange.account_sid, "outbound-dial", caller_id, to, exchange.clock.now(),
        parent=parent, status="initiated", phone=phone_of(exchange, to),
        status_callback=StatusCallback(target, events),
    )  # fmt: skip


def _ring(
    run: Run, each: Verb, children: list[Leg], nouns: list[Verb], stay: Stay, progress: DialProgress
) -> Body[str]:
    """One round of ringing. Returns '' if nobody answered, else why the bridge ended."""
    exchange, program = run.exchange, run.leg.program
    assert program is not None
    timeout = min(max(each.whole("timeout", 30), SHORTEST_TIMEOUT_SECONDS), LONGEST_TIMEOUT_SECONDS)
    for child, noun in zip(children, nouns, strict=True):
        child.on_answer = partial(_answered, run, noun, program)
        child.on_end = lambda leg: program.deliver(ChildGone(leg.sid))
        child.on_redirect = partial(_redirected, program)
        place_call(exchange, child, float(timeout), None)
    ringing = exchange.begin_sound(run.leg, "ringing", "ringing") if run.leg.status == "in-progress" else None
    try:
        ready = yield from _first_ready(children, progress)
        _end(exchange, run.leg, ringing)
        ringing = None
        if ready is None:
            return ""
        for other in children:
            if other is not ready:
                finish(exchange, other, "completed" if other.answered else "canceled", "parent", 487)
        return (yield from _bridge(run, each, ready, stay, progress))
    finally:
        _end(exchange, run.leg, ringing)
        for child in children:
            if child.on_end is not None and not progress.redirected:
                finish(exchange, child, "completed" if child.answered else "no-answer", "parent", 487)


def _end(exchange: Exchange, leg: Leg, sound: int | None) -> None:
    if sound is not None:
        exchange.end_sound(leg, sound, True)


def _first_ready(children: list[Leg], progress: DialProgress) -> Body[Leg | None]:
    left = {child.sid: child for child in children}
    gone: list[Leg] = []
    while left:
        signal: Signal = yield Wait(None, (ChildReady, ChildGone))
        if isinstance(signal, ChildReady) and signal.sid in left:
            return left[signal.sid]
        if isinstance(signal, ChildGone) and signal.sid in left:
            gone.append(left.pop(signal.sid))
    for child in sorted(gone, key=lambda leg: ("failed", "busy", "no-answer").index(_rank(leg))):
        progress.outcome_of(child)  # of several outcomes no-answer is reported before busy, and busy before failed
    return None


def _rank(leg: Leg) -> str:
    return leg.status if leg.status in {"failed", "busy"} else "no-answer"


def _bridge(run: Run, each: Verb, child: Leg, stay: Stay, progress: DialProgress) -> Body[str]:
    """Bridge the two until one of them ends it."""
    _answer_on_bridge(run)
    progress.bridged, progress.child_sid, progress.status = True, child.sid, "completed"
    record_dial(run, each, progress)
    why = "over"
    try:
        why = yield from talk(run, child, stay)
        progress.redirected = why == "redirected"
    finally:
        if child.live and not progress.redirected:
            finish(run.exchange, child, "completed", "parent")
        progress.outcome_of(child)
    return why


def record_dial(run: Run, each: Verb, progress: DialProgress) -> None:
    """The `record` attribute: records from the bridge (or joining the room) to the end of the Dial."""
    wanted = each.get("record", "do-not-record")
    if wanted not in {"", "do-not-record", "false"}:
        order = recording_order(run, each, "DialVerb", 2 if wanted.endswith("-dual") else 1)
        progress.recording = start_recording(run.exchange, order, run.leg.sid)


def _answer_on_bridge(run: Run) -> None:
    if run.leg.status == "ringing":
        answer(run.exchange, run.leg)


def _answered(run: Run, noun: Verb, parent: Program, child: Leg) -> None:
    """The child leg answered: it hears its whisper, then it is ready to be bridged."""
    url = noun.get("url")
    target = run.target(url, noun.get("method")) if url else None
    if target is None:
        parent.deliver(ChildReady(child.sid))
        return
    run_program(run.exchange, child, _whisper(run.exchange, child, target, parent))


def _whisper(exchange: Exchange, child: Leg, target: Target, parent: Program) -> Body[str]:
    stop = yield from run_documents(Run(exchange, child, WHISPER, lambda: [child]), Goto(target))
    if stop.why != "end":
        return "hangup"
    child.doing = "waiting for the bridge"
    parent.deliver(ChildReady(child.sid))
    yield Wait(None, keeps_keys=False)
    return "end"


def _redirected(parent: Program, child: Leg) -> None:
    """A REST redirect of the child leg ends its parent's Dial; the child goes on by itself."""
    child.on_end = None
    parent.deliver(ChildGone(child.sid, redirected=True))
