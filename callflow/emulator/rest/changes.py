"""What a page of phones asks for: what has changed, what is heard, and the sound itself.

GET /_changes?after=N&heard=M&wait=S    everything since event N and sound M; waits up to S seconds for something new
GET /_phones/{number}/heard?after=M     the sounds of one phone that began or ended since M
GET /_sound/{name}.wav

A sound is `{"id": "CA...:3", "change": 71, "phone": "+1555...", "side": "left", "kind": "play", "text": "...",
"sound": "/_sound/....wav", "seconds": 4.1, "start": 12.5, "end": 14.0, "complete": false}`. `seconds` is how long it
takes to its end; `start` and `end` (null: it goes on) are in seconds of the emulator's clock, as is `now`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from callflow.emulator.events import Event, LegEvent, Spoke
from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Heard, Leg, latest_change
from callflow.emulator.phones import Phone, phone_of, speech_seconds
from callflow.emulator.rest.request import Response

MOST_WAIT_SECONDS = 20.0
LOOK_SECONDS = 0.02
FOR_EVER = "public, max-age=31536000, immutable"


def changes(exchange: Exchange, query: dict[str, str]) -> Response:
    """Answer /_changes. Raises ValueError."""
    after, heard = int(query.get("after", "0")), int(query.get("heard", "0"))
    until = time.monotonic() + min(MOST_WAIT_SECONDS, float(query.get("wait", "0")))
    while exchange.event_count <= after and latest_change() <= heard and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)
    with exchange.clock.lock:
        return Response(200, {
            "emulator": exchange.sounds.id if exchange.sounds else "",
            "now": exchange.clock.monotonic(),
            "voice": exchange.sounds.voices.name if exchange.sounds else "",
            "event": exchange.event_count,
            "change": latest_change(),
            "events": [_event(exchange, number, event) for number, event in _since(exchange, after)],
            "sounds": [one for phone in shown(exchange) for one in sounds_of(exchange, phone, heard)],
            "phones": [_phone(exchange, phone) for phone in shown(exchange)],
            "rooms": [{"name": room.name, "started": room.started, "people": [
                {"phone": seat.leg.person, "held": seat.hold, "muted": seat.muted} for seat in room.seats.values()
            ]} for one in exchange.accounts for room in one.rooms_by_name.values()],
        })  # fmt: skip


def heard_on(exchange: Exchange, number: str, query: dict[str, str]) -> Response:
    """Answer /_phones/{number}/heard. Raises ValueError."""
    sounds = sounds_of(exchange, phone_of(exchange, number), int(query.get("after", "0")))
    return Response(200, {"now": exchange.clock.monotonic(), "change": latest_change(), "sounds": sounds})


def sound(exchange: Exchange, name: str) -> Response:
    """The file of this name, or 404."""
    content = exchange.sounds.wav(name) if exchange.sounds else b""
    if not content:
        return Response(404, {"message": f"no sound {name}"})
    return Response(200, content, "audio/wav", (("Cache-Control", FOR_EVER),))


def shown(exchange: Exchange) -> list[Phone]:
    """The phones of the cast, then the others that had a call."""
    cast = [phone_of(exchange, one.number) for one in exchange.cast]
    return [*cast, *(phone for phone in exchange.phones.values() if phone not in cast and phone.legs)]


def sounds_of(exchange: Exchange, phone: Phone, after: int) -> list[dict[str, Any]]:
    """What this phone began to hear, or no longer hears, since change `after`."""
    return [
        _sound(exchange, leg, number, heard)
        for leg in phone.legs
        for number, heard in enumerate(leg.heard)
        if leg.changes[number] > after and heard.monotonic >= leg.hears_from
    ]


def _sound(exchange: Exchange, leg: Leg, number: int, heard: Heard) -> dict[str, Any]:
    text, name, seconds = heard.text_or_url, "", heard.seconds_heard
    sounds = exchange.sounds
    if heard.kind == "say":
        seconds = speech_seconds(text, exchange.switches.pace)
        name = sounds.said(text, "line to a caller" if leg.direction == "inbound" else "line") if sounds else ""
    elif heard.kind == "play":
        seconds = exchange.media_seconds.get(text, 0.0)
        name = sounds.played(text) if sounds else ""
        text = sounds.words(text) if sounds else text
    return {
        "id": f"{leg.sid}:{number}", "change": leg.changes[number], "phone": leg.person, "side": side(exchange, leg),
        "kind": heard.kind, "text": text, "sound": f"/_sound/{name}.wav" if name else "", "seconds": round(seconds, 3),
        "start": heard.monotonic, "end": heard.monotonic + heard.seconds_heard if heard.ended else None,
        "complete": heard.complete,
    }  # fmt: skip


def side(exchange: Exchange, leg: Leg) -> str:
    """Where a person is heard: left, centre or right."""
    known = next((one.side for one in exchange.cast if one.number == leg.person), "")
    return known or ("left" if leg.direction == "inbound" else "right")


def _since(exchange: Exchange, after: int) -> Iterator[tuple[int, Event]]:
    """The events after this number, without going through all that are kept."""
    found = []
    for number, event in reversed(exchange.events):
        if number <= after:
            break
        found.append((number, event))
    return reversed(found)


def _event(exchange: Exchange, number: int, event: Event) -> dict[str, Any]:
    """`{"number": 7, "event": "Pressed", "phone": "+1555...", "second": 12.5}`; of speech, also its sound."""
    clock = exchange.clock
    told: dict[str, Any] = {"number": number, "event": type(event).__name__,
                            "second": clock.monotonic() - (clock.now() - event.at).total_seconds()}  # fmt: skip
    leg = next((one.legs[event.leg] for one in exchange.accounts if event.leg in one.legs), None) \
        if isinstance(event, LegEvent) else None  # fmt: skip
    if leg is None:
        return told
    told |= {"phone": leg.person, "side": side(exchange, leg)}
    told |= {name: getattr(event, name) for name in ("key", "text", "by", "room", "complete") if hasattr(event, name)}
    if isinstance(event, Spoke):
        speaker = "caller" if leg.direction == "inbound" else "person"
        name = exchange.sounds.said(event.text, speaker) if exchange.sounds else ""
        told["sound"] = f"/_sound/{name}.wav" if name else ""
        told["seconds"] = speech_seconds(event.text, exchange.switches.pace)
    return told


def _phone(exchange: Exchange, phone: Phone) -> dict[str, Any]:
    leg = phone.leg
    person = next((one for one in exchange.cast if one.number == phone.number), None)
    return {
        "number": phone.number,
        "name": person.name if person else phone.number,
        "role": person.role if person else "",
        "side": person.side if person else "left" if phone.legs[0].direction == "inbound" else "right",
        "state": _state(leg),
        "where": leg.where if leg else "",
        "room": leg.room if leg else None,
        "lines": [one for account in exchange.accounts for one in account.numbers] if person and person.side == "left"
        else [],
    }  # fmt: skip


def _state(leg: Leg | None) -> str:
    """free, ringing, calling (nobody has answered yet) or talking."""
    if leg is None:
        return "free"
    if leg.rings:
        return "ringing"
    return "talking" if leg.answered else "calling"
