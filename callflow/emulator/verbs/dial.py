"""Dial (twilio.md 3.6): connects the leg to numbers, a conference or a queue, then requests its action."""

from __future__ import annotations

from callflow.emulator.document import Verb
from callflow.emulator.exchange import Exchange
from callflow.emulator.program import Body
from callflow.emulator.recordings import Recording, duration, recording_url, stop_recording
from callflow.emulator.running import Outcome, Run, verb
from callflow.emulator.verbs.conference import Stay, enter_conference
from callflow.emulator.verbs.number import DialProgress, dial_numbers, record_dial
from callflow.emulator.verbs.queueing import dial_queue
from callflow.emulator.webhook import Webhook

MOST_SECONDS = 14400


@verb("Dial")
def dial(run: Run, each: Verb) -> Body[Outcome]:
    leg = run.leg
    leg.doing = "dialling"
    progress = DialProgress()
    _check(run, each)
    leg.in_dial, leg.hangup_action = True, lambda: _hangup_action(run, each, progress)
    try:
        why = yield from _connect(run, each, progress)
    finally:
        leg.in_dial, leg.hangup_action = False, None
        if progress.recording is not None:
            stop_recording(run.exchange, progress.recording)
    if not each.get("action") or (why == "removed" and not run.exchange.switches.action_after_room_end):
        return None
    return run.goto(each, extra=parameters(run.exchange, progress))


def _check(run: Run, each: Verb) -> None:
    if each.get("hangupOnStar", "false").lower() not in {"true", "false"}:
        run.exchange.complain(13213, "Dial: Invalid hangupOnStar value", run.leg)
    limit = each.get("timeLimit", "1")
    if not limit.isdigit() or not int(limit):
        run.exchange.complain(13216, "Dial: Invalid timeLimit value", run.leg)


def _connect(run: Run, each: Verb, progress: DialProgress) -> Body[str]:
    """Do what the first noun says. Returns why it ended."""
    limit = min(each.whole("timeLimit", MOST_SECONDS) or MOST_SECONDS, MOST_SECONDS)
    stay = Stay(float(limit), each.flag("hangupOnStar", False))
    first = each.children[0] if each.children else Verb("Number", text=each.text)
    if first.name == "Conference":
        progress.conference()
        record_dial(run, each, progress)
        return (yield from enter_conference(run, first, stay, progress))
    if first.name == "Queue":
        return (yield from dial_queue(run, first, stay, progress))
    nouns = each.children or (first,)
    return (yield from dial_numbers(run, each, nouns, stay, progress))


def parameters(exchange: Exchange, progress: DialProgress) -> dict[str, str]:
    """The parameters of the action (twilio.md 1.3). Conferences have no DialCallSid and no duration."""
    form = {"DialCallStatus": progress.status, "DialBridged": "true" if progress.bridged else "false"}
    if progress.child_sid:
        form["DialCallSid"] = progress.child_sid
        if not progress.redirected:
            form["DialCallDuration"] = str(progress.seconds)
    if progress.recording is not None:
        form |= _recording_parameters(exchange, progress.recording)
    return form


def _recording_parameters(exchange: Exchange, recording: Recording) -> dict[str, str]:
    return {
        "RecordingUrl": recording_url(exchange, recording),
        "RecordingSid": recording.sid,
        "RecordingDuration": str(duration(recording)),
    }


def _hangup_action(run: Run, each: Verb, progress: DialProgress) -> Webhook | None:
    """A hang-up during Dial still requests the action; its TwiML has no effect (twilio.md, fact 10)."""
    switches = run.exchange.switches
    if not each.get("action") or not (switches.hangup_in_dial_requests_action or run.leg.live):
        return None
    target = run.target(each.get("action"), each.get("method"))
    if target is None:
        return None
    return run.webhook(target, parameters(run.exchange, progress), "hangup-action")
