"""What becomes of a call in which something fails for a while, in each stage."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from callflow.emulator import Answers
from callflow.emulator.events import Event, PlayEnded, SayEnded, SayStarted
from tests.e2e.conversation import NAMES, PHONES, Conversation, Person, words_of
from tests.faults.scenes import ALONE_AT_FIRST, WITH_A_CALLER
from tests.promises.acting import acts
from tests.promises.observing import Observed, seconds
from tests.promises.rows import CALLS, Row

LASTS_SECONDS = 10.0
WATCHED_SECONDS = 180.0
"""From the beginning of the fault on."""
REACTS_SECONDS = 0.7
OFFERED = re.compile("|".join(words_of(one).pattern for one in ("offer", "whisper")), re.DOTALL)
STAFF = ("ana", "ben", "sam", "sky")


def nothing_special(folder: Path) -> dict[str, Any]:
    return {}


def nothing(talk: Conversation) -> None:
    """The fault does not end."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``how`` makes the arguments of Conversation; ``begin`` and ``end`` are called with it."""

    begin: Callable[[Conversation], object]
    end: Callable[[Conversation], object] = nothing
    how: Callable[[Path], dict[str, Any]] = nothing_special


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """``alone``: seconds until the caller was with a person for good; None if that did not happen."""

    row: Row
    alone: float | None
    closed: bool
    """The caller has heard the closing message, and the call has ended as the lead decided."""
    cut: tuple[str, ...]
    """Who heard the provider's error message."""
    star: bool

    @property
    def lost(self) -> bool:
        return not self.closed and ("caller" in self.cut or self.alone is None)


def outcome(row: Row, fault: Fault) -> Outcome:
    """Bring a call to a stage, let the fault begin in its first second and end, and look at what becomes of it."""
    with TemporaryDirectory() as folder:
        how = fault.how(Path(folder))
        try:
            return _played(row.begin(**how).wait(0), row, fault)
        finally:
            if "store" in how:
                how["store"].close()


def _played(talk: Conversation, row: Row, fault: Fault) -> Outcome:
    talk.check(row.keys == CALLS or talk.call.stage is row.stage, f"this is no call in the stage {row.stage}")
    seen, begun = Observed(talk), talk.clock.monotonic()
    ReadyStaff(talk)
    fault.begin(talk)
    if row.who:
        acts(talk, Person(talk, row.who), row.keys)
    talk.wait(max(0.0, begun + LASTS_SECONDS - talk.clock.monotonic()))
    fault.end(talk)
    for name in ("ana", "ben"):
        talk.emulator.phone(PHONES[name]).behave(Answers(1.0))
    talk.wait(begun + WATCHED_SECONDS - talk.clock.monotonic())
    with_staff = bool(talk.company("caller") & {*STAFF})
    return Outcome(
        row=row,
        alone=seen.since("caller") - begun if with_staff else None,
        closed=_heard(talk, "caller", "disconnect"),
        cut=tuple([name for name in PHONES if _cut_off(talk, name)]),
        star=star_is_answered(talk) if with_staff else False,
    )


def _cut_off(talk: Conversation, name: str) -> bool:
    error = talk.emulator.exchange.switches.error_speech
    return any(one.text_or_url == error for one in talk.emulator.phone(PHONES[name]).heard)


def _heard(talk: Conversation, name: str, script: str) -> bool:
    heard = talk.emulator.phone(PHONES[name]).heard
    return any(one.complete and words_of(script).fullmatch(one.text_or_url) for one in heard)


def star_is_answered(talk: Conversation) -> bool:
    """The lead presses star, and hears something."""
    lead = next(name for name in STAFF if name in talk.company("caller"))
    phone = talk.emulator.phone(PHONES[lead])
    before = len(phone.heard)
    phone.press("*")
    return talk.clock.run_until_true(lambda: any(one.kind in ("say", "play") for one in phone.heard[before:]), 8)


class ReadyStaff:
    """Staff who accept an offer, and join the caller when they are asked for a key."""

    def __init__(self, talk: Conversation) -> None:
        self.talk = talk
        talk.emulator.on_event(self._take)

    def _take(self, event: Event) -> None:
        leg = self.talk.emulator.legs.get(getattr(event, "leg", ""))
        name = NAMES.get(leg.phone.number, "") if leg and leg.phone else ""
        if name not in STAFF:
            return
        offered = isinstance(event, SayStarted) and OFFERED.fullmatch(event.text)
        asked = isinstance(event, SayEnded | PlayEnded) and words_of("failure_join").fullmatch(
            event.text if isinstance(event, SayEnded) else event.url
        )
        if offered or asked:
            phone = self.talk.emulator.phone(PHONES[name])
            self.talk.clock.after(REACTS_SECONDS, lambda: phone.press("1") if phone.leg else None)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one call in each stage with a caller."""

    outcomes: tuple[Outcome, ...]

    @property
    def lost(self) -> list[Outcome]:
        return [one for one in self.outcomes if one.lost]

    def __str__(self) -> str:
        names = ", ".join(one.row.title for one in self.lost)
        lost = f"{len(self.lost)} of {len(self.outcomes)} calls lost" + (f" ({names})" if names else "")
        alone, new = (max((one.alone or 0.0 for one in self.outcomes if (one.row.stage in ALONE_AT_FIRST) is first),
                          default=0.0) for first in (False, True))  # fmt: skip
        return f"{lost}; together after {seconds(alone)} at most, a caller without an agent yet after {seconds(new)}"


def figures(fault: Fault, rows: tuple[Row, ...] = WITH_A_CALLER) -> Figures:
    return Figures(tuple([outcome(row, fault) for row in rows]))


@cache
def measured(name: str) -> Figures:
    """One call in each stage with a caller, with the fault of this name in ``faults.FAULTS``."""
    from tests.faults.faults import FAULTS  # which is made of what is here

    return figures(FAULTS[name].fault)
