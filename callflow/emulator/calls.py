"""The life of a leg: status changes and their callbacks, starting, replacing and ending its program (twilio.md 6)."""

from __future__ import annotations

from callflow.emulator.events import Answered, HungUp, Ringing
from callflow.emulator.exchange import Exchange
from callflow.emulator.identifiers import rfc2822
from callflow.emulator.legs import Leg
from callflow.emulator.program import Body, Key, Program
from callflow.emulator.recordings import stop_recordings_of
from callflow.emulator.sending import fetch, send_callback
from callflow.emulator.webhook import Webhook

_EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}


def change_status(exchange: Exchange, leg: Leg, status: str) -> None:
    """Set the status of `leg`, and send the status callback if the app subscribed to it."""
    leg.status = status
    leg.updated = exchange.clock.now()
    event = _EVENT_OF_STATUS.get(status, "completed")
    callback = leg.status_callback
    if callback.target is None or event not in callback.events:
        return
    form = leg.parameters()
    form["CallbackSource"] = "call-progress-events"
    form["SequenceNumber"] = str(leg.status_sequence)
    form["Timestamp"] = rfc2822(exchange.clock.now())
    if event == "completed":
        form["CallDuration"] = str(leg.duration)
        form["Duration"] = str(-(-leg.duration // 60))
        form["SipResponseCode"] = str(leg.sip_code)
    leg.status_sequence += 1
    send_callback(exchange, Webhook("call-status", callback.target, form, leg))


def ring(exchange: Exchange, leg: Leg) -> None:
    """The called telephone starts to ring."""
    change_status(exchange, leg, "ringing")
    exchange.emit(Ringing(exchange.clock.now(), leg.sid, leg.to_number))


def answer(exchange: Exchange, leg: Leg) -> None:
    """Put the leg in progress and run `leg.on_answer`."""
    leg.answered = exchange.clock.now()
    leg.answered_at = exchange.clock.monotonic()
    change_status(exchange, leg, "in-progress")
    exchange.emit(Answered(exchange.clock.now(), leg.sid))
    if leg.on_answer:
        leg.on_answer(leg)
    if leg.peer is not None and leg.peer.status == "ringing":
        answer(exchange, leg.peer)


def finish(exchange: Exchange, leg: Leg, status: str, by: str, sip_code: int = 200) -> None:
    """End `leg`: stop its program, leave its room, hang up its children. The action of a Dial or Record that it was in
    is still requested; the answer has no effect. Does nothing if the leg has already ended."""
    if not leg.live:
        return
    now = exchange.clock.now()
    queued = leg.status == "queued"
    leg.ended, leg.ended_by, leg.sip_code = now, by, sip_code
    leg.ended_at = exchange.clock.monotonic()
    if leg.answered:
        # a call that was answered lasted at least a second (twilio.md 10)
        leg.duration = max(1, round(exchange.clock.monotonic() - leg.answered_at))
    leg.status = status
    leg.exit_cause = leg.exit_cause or "hung_up"
    for timer in leg.timers:
        timer.cancel()
    hangup_action = leg.hangup_action
    _stop_program(leg)
    if hangup_action is not None and (webhook := hangup_action()) is not None:
        fetch(exchange, webhook, lambda _reply: None)
    stop_recordings_of(exchange, call_sid=leg.sid)
    if not (queued and status == "canceled"):  # cancelled while queued: no callback at all (twilio.md 1.6)
        change_status(exchange, leg, status)
    exchange.emit(HungUp(now, leg.sid, by, status))
    if leg.on_end:
        leg.on_end(leg)
    if leg.peer is not None:
        finish(exchange, leg.peer, "completed" if leg.peer.answered else "no-answer", "phone")


def run_program(exchange: Exchange, leg: Leg, body: Body[str]) -> None:
    """Start `body` as the leg's program; the call ends with what it returns: end, hangup, failed, busy or no-answer."""

    def done(why: str) -> None:
        if leg.program is program:
            status = why if why in {"busy", "no-answer"} else "completed"
            sip_code = {"busy": 486, "no-answer": 603}.get(why, 200)
            finish(exchange, leg, status, "exchange" if why == "failed" else "twiml", sip_code)

    def missed(key: Key) -> None:
        if exchange.switches.early_digits_kept:
            leg.early_digits.append(key.key)

    program = Program(exchange.clock, lambda webhook, arrived: fetch(exchange, webhook, arrived), body, done, missed)
    leg.program = program
    program.start()


def replace_program(exchange: Exchange, leg: Leg, body: Body[str]) -> None:
    """A REST redirect: stop the leg's program where it is, and start `body`."""
    if not exchange.switches.last_update_wins and leg.program is not None and leg.program.fetching:
        return
    leg.exit_cause = "redirected"
    hangup_action = leg.hangup_action if leg.in_dial else None
    _stop_program(leg)
    if exchange.switches.redirect_requests_dial_action and hangup_action is not None:
        webhook = hangup_action()
        if webhook is not None:
            fetch(exchange, webhook, lambda _reply: None)
    if leg.on_redirect:
        leg.on_redirect(leg)
        leg.on_redirect = None
    leg.exit_cause = ""
    leg.doing = ""
    run_program(exchange, leg, body)


def _stop_program(leg: Leg) -> None:
    program, leg.program, leg.hangup_action = leg.program, None, None
    if program is not None:
        program.stop()
