"""One REST request, parsed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_to_bytes

from callflow.emulator.exchange import Exchange
from callflow.emulator.immutable import immutable
from callflow.emulator.rest.problems import invalid
from callflow.emulator.webhook import Target

METHODS = frozenset({"GET", "POST"})
_ASCII = {written: chr(code) for code in range(128) for written in (f"{code:02X}", f"{code:02x}")}
"""Encoded characters."""


@immutable
class Response:
    """`body` is encoded as JSON unless it is bytes."""

    status: int
    body: Any = None
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def encoded(self) -> bytes:
        if self.body is None:
            return b""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass(eq=False)
class Request:
    """`ids` are the variable parts of the path, `form` the pairs of the body (POST) or query (GET), in order."""

    exchange: Exchange
    method: str
    path: str
    query: str
    form: list[tuple[str, str]]
    ids: tuple[str, ...] = ()
    values: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in self.form:
            self.values.setdefault(name, value)

    def get(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)

    def has(self, name: str) -> bool:
        return name in self.values

    def all(self, name: str) -> list[str]:
        """All values of a repeated field. A field with several words counts as several values."""
        return [word for field_name, value in self.form if field_name == name for word in value.split()]

    def flag(self, name: str, default: bool) -> bool:
        """A boolean field. Raises Problem 20001 for anything but true and false."""
        value = self.values.get(name)
        if value is None:
            return default
        if value.lower() not in {"true", "false"}:
            raise invalid(20001, f"{name} must be true or false")
        return value.lower() == "true"

    def number(self, name: str, default: float, most: float) -> float:
        value = self.values.get(name)
        if value is None:
            return default
        if not value.isdigit() or int(value) > most:
            raise invalid(20001, f"{name} must be a number up to {most:g}")
        return float(value)

    def target(self, name: str, method_name: str, default_method: str = "POST") -> Target | None:
        """The absolute URL in field `name`. Raises Problem 21205 for anything else."""
        url = self.values.get(name, "")
        if not url:
            return None
        if not url.startswith(("http://", "https://")) or len(url) < 10:
            raise invalid(21205, f"{name} is not a valid URL: {url}")
        method = self.get(method_name, default_method).upper()
        if method not in METHODS:
            raise invalid(20001, f"{method_name} must be GET or POST")
        return Target(url, method)


Handler = Callable[[Request], Response]


def parse_form(text: str) -> list[tuple[str, str]]:
    """The pairs of a form, as `urllib.parse.parse_qsl` finds them, in half of the time."""
    fields = [field.partition("=") for field in text.replace("+", " ").split("&") if field]
    return [(_decoded(name), _decoded(value)) for name, _, value in fields]


def _decoded(text: str) -> str:
    if "%" not in text:
        return text
    first, *others = text.split("%")
    try:
        return first + "".join([_ASCII[one[:2]] + one[2:] for one in others])
    except KeyError:  # not in ASCII, or not encoded
        return unquote_to_bytes(text).decode("utf-8", "replace")
