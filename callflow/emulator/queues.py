"""Queues of waiting calls (twilio.md 3.10), first in, first out."""

from __future__ import annotations

from dataclasses import dataclass, field

from callflow.emulator.legs import Leg


@dataclass(eq=False)
class Waiting:
    """One call in a queue. `since` is in clock seconds."""

    leg: Leg
    since: float


@dataclass(eq=False)
class CallQueue:
    """First in, first out."""

    sid: str
    name: str
    waiting: list[Waiting] = field(default_factory=list)
