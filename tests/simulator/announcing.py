"""Who comes to a caller in a transcript, and what the caller heard of it (policy rule 20)."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LINE = re.compile(r"\s*(\d+):(\d\d\.\d)\s+(.*)")
TOGETHER = "in the room together: "
SOON = 3.0
"""Seconds after the arrival in which it may still be said."""


class Arrival(NamedTuple):
    """Somebody whom the caller has not talked with before. ``others``: staff who are there already. ``heard``: what the
    caller has heard since the arrival before, and within ``SOON`` after this one."""

    at: float
    who: str
    others: frozenset[str]
    heard: tuple[str, ...]


def arrivals(transcript: Iterable[str]) -> Iterator[Arrival]:
    lines = [(int(m[1]) * 60 + float(m[2]), m[3]) for one in transcript if (m := LINE.match(one))]
    since, known = 0.0, set[str]()
    for at, what in lines:
        if "Caller" in what and " calls +" in what:
            since, known = at, set()
        people = set(what.partition(TOGETHER)[2].split(", ")) if TOGETHER in what else set[str]()
        if "Caller" not in people:
            continue
        for who in sorted(people - known - {"Caller"}):
            heard = tuple(
                said.partition("hears")[2].strip()
                for then, said in lines
                if since <= then <= at + SOON and said.startswith("Caller") and "hears" in said
            )
            yield Arrival(at, who, frozenset(people - {who, "Caller"}), heard)
        if people - known - {"Caller"}:
            since = at
        known |= people
