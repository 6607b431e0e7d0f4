"""Conditions and actions of phone scripts, as frozen dataclasses that can be read from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Heard:
    """This phone has heard a text, or a file whose URL contains it, to its end. Case-insensitive."""

    text: str


@dataclass(frozen=True)
class Started:
    """This phone has begun to hear a text, or a file whose URL contains it. Case-insensitive."""

    text: str


@dataclass(frozen=True)
class InRoom:
    """This phone is in a room with at least `people` who hear each other, itself included (1: in any room)."""

    people: int = 2


@dataclass(frozen=True)
class OnCall:
    """This phone has a live, answered call."""


@dataclass(frozen=True)
class IsRinging:
    """This phone is ringing."""


@dataclass(frozen=True)
class Gone:
    """The phone (this one, or the named one) had a call and has none now."""

    phone: str = ""


Condition = Heard | Started | InRoom | OnCall | IsRinging | Gone


@dataclass(frozen=True)
class Press:
    """Keys, 0.2 s apart."""

    keys: str


@dataclass(frozen=True)
class Say:
    """Say something."""

    text: str
    confidence: float = 0.9


@dataclass(frozen=True)
class Call:
    """Dial one of the account's numbers."""

    to: str
    caller_id: str | None = None


@dataclass(frozen=True)
class HangUp:
    """Hang up."""


@dataclass(frozen=True)
class PickUp:
    """Answer a ringing phone whose behaviour is Manual."""


@dataclass(frozen=True)
class Decline:
    """Refuse a ringing call."""


@dataclass(frozen=True)
class Nothing:
    """Only wait for the condition, for example as the last step of a script."""


Action = Press | Say | Call | HangUp | PickUp | Decline | Nothing


@dataclass(frozen=True)
class Step:
    """`phone` does `do`, `after` seconds after `when` became true (None: at once).

    `within` is how long `when` may take to become true, in seconds from the end of the step before."""

    phone: str
    do: Action
    when: Condition | None = None
    after: float = 0.0
    within: float = 120.0

    def __str__(self) -> str:
        when = f" when {self.when}" if self.when else ""
        return f"{self.phone}: {self.do}{when}"


def step_from_data(data: Mapping[str, Any]) -> Step:
    """`{phone: ana, when: {heard: "Press 1"}, do: {press: "1"}, after: 1, within: 30}`. Raises ValueError.

    when: heard, started, in_room (people), on_call, ringing, gone (phone or true).
    do: press, say, call; hang_up, answer, decline, nothing (words, or keys with any value).
    """
    unknown = set(data) - {"phone", "when", "do", "after", "within"}
    if unknown or "phone" not in data:
        raise ValueError(f"a step has phone, when, do, after, within; got {sorted(data)}")
    when = _single(data["when"]) if data.get("when") else None
    return Step(
        str(data["phone"]),
        _action(*_single(data.get("do", "nothing"))),
        _condition(*when) if when else None,
        float(data.get("after", 0.0)),
        float(data.get("within", 120.0)),
    )


def _single(entry: Any) -> tuple[str, Any]:
    if isinstance(entry, str):
        return entry, True
    if isinstance(entry, Mapping) and len(entry) == 1:
        return next(iter(entry.items()))
    raise ValueError(f"expected one word or one key, got {entry!r}")


def _condition(word: str, value: Any) -> Condition:
    made: dict[str, Condition] = {
        "heard": Heard(str(value)),
        "started": Started(str(value)),
        "in_room": InRoom(2 if value is True or not str(value).isdigit() else int(value)),
        "on_call": OnCall(),
        "ringing": IsRinging(),
        "gone": Gone("" if value is True else str(value)),
    }
    if word not in made:
        raise ValueError(f"unknown condition {word!r}: try one of {', '.join(made)}")
    return made[word]


def _action(word: str, value: Any) -> Action:
    made: dict[str, Action] = {
        "press": Press(str(value)),
        "say": Say(str(value)),
        "call": Call(str(value)),
        "hang_up": HangUp(),
        "answer": PickUp(),
        "decline": Decline(),
        "nothing": Nothing(),
    }
    if word not in made:
        raise ValueError(f"unknown action {word!r}: try one of {', '.join(made)}")
    return made[word]
