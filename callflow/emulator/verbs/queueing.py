"""Enqueue, and Dial's Queue noun (twilio.md 3.10): first in, first out, without reservations."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from callflow.emulator.document import Verb
from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Leg
from callflow.emulator.program import Body, ChildGone, Program, QueueLeft, Signal, Wait
from callflow.emulator.queues import CallQueue, Waiting
from callflow.emulator.room_audio import DEFAULT_MUSIC
from callflow.emulator.running import IN_QUEUE, Goto, Outcome, Run, Stop, run_documents, verb
from callflow.emulator.sending import fetch
from callflow.emulator.verbs.bridging import talk
from callflow.emulator.verbs.conference import Stay
from callflow.emulator.webhook import Webhook

if TYPE_CHECKING:
    from callflow.emulator.verbs.number import DialProgress

MOST_WAITING = 100


def queue_named(exchange: Exchange, name: str) -> CallQueue:
    if name not in exchange.queues:
        exchange.queues[name] = CallQueue(exchange.sids.new("QU"), name)
    return exchange.queues[name]


@verb("Enqueue")
def enqueue(run: Run, each: Verb) -> Body[Outcome]:
    leg, queue = run.leg, queue_named(run.exchange, each.text)
    entry = Waiting(leg, run.exchange.clock.monotonic())
    if len(queue.waiting) >= each.whole("maxQueueSize", MOST_WAITING):
        return _leave(run, each, queue, entry, "queue-full")
    queue.waiting.append(entry)
    leg.doing = f"queue {queue.name}"
    leg.hangup_action = lambda: _hangup_action(run, each, queue, entry)
    player = _player(run, each, queue)
    sound = None if player else run.exchange.begin_sound(leg, "music", DEFAULT_MUSIC)
    try:
        signal: Signal = yield Wait(None, (QueueLeft,))
        result = signal.result if isinstance(signal, QueueLeft) else "leave"
        if result == "bridging":
            _stop_music(run, player, sound)
            player, sound = None, None
            yield Wait(None, (QueueLeft,), keeps_keys=False)  # the other party ends it
            result = "bridged"
    finally:
        _stop_music(run, player, sound)
        leg.hangup_action = None
        if entry in queue.waiting:
            queue.waiting.remove(entry)
    if result == "hangup":
        return Stop("hangup")
    return _leave(run, each, queue, entry, result)


def _player(run: Run, each: Verb, queue: CallQueue) -> Program | None:
    """Plays the waitUrl document, which may also gather keys, hang up or leave the queue."""
    leg, exchange = run.leg, run.exchange
    target = run.target(each.get("waitUrl"), each.get("waitUrlMethod")) if each.get("waitUrl") else None
    owner = leg.program
    if target is None or owner is None:
        return None

    def done(stop: Stop) -> None:
        leg.key_target = None
        if stop.why in {"leave", "hangup"}:
            owner.deliver(QueueLeft(stop.why))

    size = str(len(queue.waiting))
    extra = {"QueueSid": queue.sid, "QueuePosition": size, "QueueTime": "0", "AvgQueueTime": "0"}
    extra |= {"CurrentQueueSize": size, "MaxQueueSize": str(MOST_WAITING)}
    body = run_documents(Run(exchange, leg, IN_QUEUE, lambda: [leg], extra), Goto(target))
    player = Program(exchange.clock, partial(fetch, exchange), body, done)
    leg.key_target = player
    player.start()
    return player


def _stop_music(run: Run, player: Program | None, sound: int | None) -> None:
    run.leg.key_target = None
    if player is not None:
        player.stop()
    if sound is not None:
        run.exchange.end_sound(run.leg, sound, True)


def _parameters(run: Run, queue: CallQueue, entry: Waiting, result: str) -> dict[str, str]:
    seconds = round(run.exchange.clock.monotonic() - entry.since)
    return {"QueueResult": result, "QueueSid": queue.sid, "QueueTime": str(seconds)}


def _leave(run: Run, each: Verb, queue: CallQueue, entry: Waiting, result: str) -> Outcome:
    if not each.get("action"):
        return None
    return run.goto(each, extra=_parameters(run, queue, entry, result))


def _hangup_action(run: Run, each: Verb, queue: CallQueue, entry: Waiting) -> Webhook | None:
    target = run.target(each.get("action"), each.get("method")) if each.get("action") else None
    return run.webhook(target, _parameters(run, queue, entry, "hangup"), "hangup-action") if target else None


def dial_queue(run: Run, noun: Verb, stay: Stay, progress: DialProgress) -> Body[str]:
    """Bridge to the call that has waited longest. An empty queue is `no-answer` at once."""
    exchange, leg = run.exchange, run.leg
    queue = queue_named(exchange, noun.text)
    if not queue.waiting or leg.program is None:
        return "over"
    other = queue.waiting.pop(0).leg
    if other.program is None:
        return "over"
    partner = other.program
    partner.deliver(QueueLeft("bridging"))
    other.on_end = partial(_gone, leg.program)
    other.on_redirect = partial(_gone, leg.program)
    progress.bridged, progress.status = True, "completed"
    try:
        return (yield from talk(run, other, stay))
    finally:
        other.on_end = other.on_redirect = None
        partner.deliver(QueueLeft("bridged"))


def _gone(program: Program, other: Leg) -> None:
    program.deliver(ChildGone(other.sid))
