"""The phone control API: phones driven over HTTP by a person or another process. Loopback only, no password.

POST /_phones/{number}/call      to=+1555...&caller_id=...     POST /_phones/{number}/hang_up
POST /_phones/{number}/press     keys=1                        POST /_phones/{number}/answer
POST /_phones/{number}/say       text=yes&confidence=0.9       POST /_phones/{number}/decline
POST /_phones/{number}/behave    as=answers|manual|busy|no-answer|reject|unreachable|voicemail&after=2
GET  /_phones/{number}           GET /_phones        GET /_events?after=N   (one JSON object a line)

For the page at GET /_page/ there is more in `changes`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from callflow.emulator.events import Event
from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Leg
from callflow.emulator.phones import (
    Answers,
    Behaviour,
    Busy,
    Manual,
    NoAnswer,
    NotOnACall,
    Phone,
    Reject,
    Unreachable,
    Voicemail,
    phone_of,
)
from callflow.emulator.rest.changes import changes, heard_on, sound
from callflow.emulator.rest.page import page
from callflow.emulator.rest.request import Response, parse_form

_BEHAVIOURS: dict[str, Callable[[float | None], Behaviour]] = {
    "answers": lambda after: Answers(2.0 if after is None else after),
    "manual": lambda _after: Manual(),
    "busy": lambda _after: Busy(),
    "no-answer": lambda _after: NoAnswer(),
    "reject": lambda after: Reject(3.0 if after is None else after),
    "unreachable": lambda _after: Unreachable(),
    "voicemail": lambda after: Voicemail(after=10.0 if after is None else after),
}


def control(exchange: Exchange, method: str, path: str, query: str, body: str) -> Response:
    """Answer one request. A mistake is a 400 with a message."""
    try:
        asked = dict(parse_form(query))
        if path == "/_events":
            return _events(exchange, asked)
        if answer := _page_asks(exchange, path, asked):
            return answer
        with exchange.clock.lock:
            return _phones(exchange, method, path, asked, _fields(body))
    except (ValueError, KeyError, NotOnACall) as error:
        return Response(400, {"message": str(error)})


def _page_asks(exchange: Exchange, path: str, asked: dict[str, str]) -> Response | None:
    if path.startswith("/_page/"):
        return page(path)
    if path.startswith("/_sound/"):
        return sound(exchange, path.removeprefix("/_sound/").removesuffix(".wav"))
    if path == "/_changes":
        return changes(exchange, asked)
    if path == "/_rehearsal":  # what surrounds the emulator in a rehearsal answers otherwise
        return Response(200, {"kind": "alone"})
    return None


def _fields(body: str) -> dict[str, str]:
    if body.lstrip().startswith("{"):
        return {str(name): str(value) for name, value in json.loads(body).items()}
    return dict(parse_form(body))


def _events(exchange: Exchange, query: dict[str, str]) -> Response:
    after = int(query.get("after", "0"))
    with exchange.clock.lock:
        lines = [json.dumps(event_as_data(number, event)) for number, event in exchange.events if number > after]
    return Response(200, "".join(line + "\n" for line in lines).encode(), "application/x-ndjson")


def event_as_data(number: int, event: Event) -> dict[str, Any]:
    """`{"number": 7, "event": "Pressed", "at": "2026-...", "leg": "CA...", "key": "1"}`"""
    values = {each.name: getattr(event, each.name) for each in fields(event)}
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}
    return {"number": number, "event": type(event).__name__, **plain}


def _phones(exchange: Exchange, method: str, path: str, asked: dict[str, str], values: dict[str, str]) -> Response:
    parts = [unquote(part) for part in path.split("/") if part]
    if parts == ["_phones"]:
        return Response(200, {"phones": [phone_as_data(phone) for phone in exchange.phones.values()]})
    if len(parts) == 2 and method == "GET":
        return Response(200, phone_as_data(phone_of(exchange, parts[1])))
    if len(parts) == 3 and method == "GET" and parts[2] == "heard":
        return heard_on(exchange, parts[1], asked)
    if len(parts) != 3 or method != "POST" or parts[0] != "_phones":
        return Response(404, {"message": f"nothing at {path}"})
    phone = phone_of(exchange, parts[1])
    _act(phone, parts[2], values)
    return Response(200, phone_as_data(phone))


def _act(phone: Phone, action: str, values: dict[str, str]) -> None:
    after = float(values["after"]) if values.get("after") else None
    actions: dict[str, Callable[[], object]] = {
        "call": lambda: phone.call(values["to"], values.get("caller_id") or None),
        "press": lambda: phone.press(values["keys"]),
        "say": lambda: phone.say(values["text"], float(values.get("confidence", 0.9))),
        "hang_up": phone.hang_up,
        "answer": phone.answer,
        "decline": phone.decline,
        "behave": lambda: phone.behave(_BEHAVIOURS[values["as"]](after)),
    }
    if action not in actions:
        raise ValueError(f"a phone cannot {action!r}: try one of {', '.join(actions)}")
    actions[action]()


def phone_as_data(phone: Phone) -> dict[str, Any]:
    """What GET /_phones/{number} shows."""
    leg = phone.leg
    return {
        "number": phone.number,
        "behaviour": type(phone.behaviour).__name__,
        "where": leg.where if leg else "on the hook",
        "leg": leg.sid if leg else None,
        "status": leg.status if leg else None,
        "room": leg.room if leg else None,
        "heard": _heard(leg or (phone.legs[-1] if phone.legs else None)),
    }


def _heard(leg: Leg | None) -> list[dict[str, Any]]:
    if leg is None:
        return []
    return [
        {
            "at": each.at.isoformat(),
            "kind": each.kind,
            "what": each.text_or_url,
            "seconds": round(each.seconds_heard, 2),
            "complete": each.complete,
            "ended": each.ended,
        }
        for each in leg.heard
    ]
