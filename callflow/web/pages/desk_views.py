"""What a desk shows, rendered: from the person's own call, their presence, and what is theirs beside it.

A poll costs one question to the store while nothing changes anywhere; a rendering is kept until something may differ.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from flask import render_template

from callflow.core import emergency, prompts
from callflow.core.adjustment_lines import TO_STAFF
from callflow.core.briefing import facts, known
from callflow.core.call import Lock as CallLock
from callflow.core.call import Prompt, Word
from callflow.core.configuration import Configuration
from callflow.core.guidance import filled
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import NoteKind
from callflow.core.opening_hours import zone
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer
from callflow.service.desk import Beside, Desk, OwnCall, break_minutes
from callflow.service.people import PersonPresence
from callflow.telephony.softphone import CLIENT
from callflow.web.pages.carriage import POLL_SECONDS

UNTIL: Final = {
    Stage.HOLDING: Timer.HOLD, Stage.CONSULTING: Timer.CONSULT, Stage.RINGING: Timer.RING_TOTAL,
    Stage.CLOSING: Timer.CLOSING,
}  # fmt: skip
"""The deadline that a person sees coming, by stage."""
MOST_KEPT: Final = 1000
BESIDE_SECONDS: Final = 10
IDLE_SECONDS: Final = 20
"""How long a rendering is kept while nothing changes. With a call it is a second: a step may be open then."""


@dataclass(frozen=True, slots=True)
class Shown:
    version: str
    html: str
    poll_seconds: int


@dataclass(slots=True)
class _Kept:
    stamp: tuple[str, int]
    shown: Shown
    with_call: bool
    beside: Beside
    beside_at: datetime


class DeskViews:
    """Renderings by person. Thread-safe."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._mutex = Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def shown(self, person: str) -> Shown:
        """Raises StoreUnavailable."""
        calls, at = self._desk.calls, self._desk.calls.clock()
        version = calls.store.page_version()
        with self._mutex:
            kept = self._kept.get(person)
        if kept and kept.stamp == (version, _span(at, with_call=kept.with_call)):
            return kept.shown
        doing = self._desk.presence(person)
        own = self._desk.own(doing)
        fresh = kept and at - kept.beside_at < timedelta(seconds=BESIDE_SECONDS)
        beside = kept.beside if kept and fresh else self._desk.beside(person)
        values = {**_values(self._desk, person, doing, own, beside, at)}
        html = render_template("desk_body.html", **values)
        shown = Shown(hashlib.sha256(html.encode()).hexdigest()[:16], html, POLL_SECONDS)
        made = _Kept(stamp=(version, _span(at, with_call=own is not None)), shown=shown, with_call=own is not None,
                     beside=beside, beside_at=kept.beside_at if kept and fresh else at)  # fmt: skip
        with self._mutex:
            self._kept[person] = made
            self._kept.move_to_end(person)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return shown

    def browser_phone(self, person: str) -> bool:
        """Whether the person's telephone is a browser (``softphone``)."""
        configuration = self._desk.calls.configurations.current
        found = configuration.agents.get(person) or configuration.supervisors.get(person)
        return found is not None and found.phone.startswith(CLIENT)

    def forget(self, person: str) -> None:
        """Something of this person has just been changed."""
        with self._mutex:
            self._kept.pop(person, None)


def _span(at: datetime, *, with_call: bool) -> int:
    return int(at.timestamp() // (1 if with_call else IDLE_SECONDS))


def _values(desk: Desk, person: str, doing: PersonPresence | None, own: OwnCall | None, beside: Beside, at: datetime
            ) -> dict[str, Any]:  # fmt: skip
    configuration = own.configuration if own else desk.calls.configurations.current
    known_here = desk.calls.configurations.current

    def said(word: Word) -> str:
        prompt = word if isinstance(word, Prompt) else None
        language = configuration.language_of(person)
        if prompt is not None and prompt.script in configuration.speaks(prompt.script, language).scripts:
            return prompts.text(configuration, language, prompt)
        return prompts.word(configuration, language, word)

    common = {
        "person": person, "doing": doing, "own": own, "beside": beside, "at": at, "said_as": said,
        "name_of": known_here.name_of, "when": lambda moment: _when(known_here, moment, at),
    }  # fmt: skip
    return {**common, **(_of_call(desk, own, said) if own else {})}


def _when(configuration: Configuration, moment: datetime, at: datetime) -> str:
    """A time of day where the people are, with its day if it is another one than today."""
    local, now = moment.astimezone(zone(configuration.timezone)), at.astimezone(zone(configuration.timezone))
    return f"{local:%H:%M}" if local.date() == now.date() else f"{local:%a} {local.day} {local:%b, %H:%M}"


def _of_call(desk: Desk, own: OwnCall, said: Any) -> dict[str, Any]:
    call, configuration, view = own.call, own.configuration, own.view
    guidance = configuration.guidance
    known_values = {**call.variables, "reason": call.reason}
    return {
        "call": call, "leg": own.leg, "stage": call.stage.value, "place": own.leg.place.name.value,
        "leads": own.leg.id == call.lead,
        "choices": {one.id: one for one in own.choices},
        "card": guidance.card(*(lock.value for lock in call.locks), call.stage.value),
        "until": _until(own), "locks": _locks(desk, own), "break_minutes": break_minutes(own),
        "needs": [said(Prompt(TO_STAFF[one])) for one in call.adjustments if one in TO_STAFF],
        "tics": "tics" in call.adjustments or "speech" in call.adjustments,
        "known": [said(one) for one in known(view)],
        "warnings": [one for one in call.warnings if one.heard_at], "conduct": configuration.policy.draw_the_line.named,
        "empathy": filled(guidance.empathy, known_values), "summary": filled(guidance.summary, known_values),
        "offers": guidance.offers_for(call.team, call.reason),
        "helper": configuration.name_of(call.helper_leg.person) if call.helper_leg else "",
        "lead": configuration.name_of(call.lead_leg.person) if call.lead_leg else "",
        "told": said(facts(view)) if own.leg.place.name is PlaceName.BRIEFING else "",
    }  # fmt: skip


def _until(own: OwnCall) -> datetime | None:
    """When what goes on now ends by itself, as it was promised."""
    timer = UNTIL.get(own.call.stage) if own.leg.id in (own.call.lead, own.call.helper) else None
    due = own.call.deadlines.get(timer) if timer else None
    margin = MARGIN_SECONDS.get(timer, 0) if timer == Timer.HOLD else 0
    return due - timedelta(seconds=margin) if due else None


def _locks(desk: Desk, own: OwnCall) -> list[dict[str, Any]]:
    """Each lock that is on: its number to dial, and since when. Read from the journal, which only a locked call has."""
    if not own.call.locks:
        return []
    entries = desk.calls.store.journal(own.call.id)
    numbers = emergency.numbers(own.configuration, own.call)
    since = {lock: max((one.at for one in entries if one.note.kind == NoteKind(lock.value)), default=own.view.at)
             for lock in own.call.locks}  # fmt: skip
    return [{"kind": lock.value, "since": since[lock],
             "number": numbers.police if lock is CallLock.THREAT else numbers.ambulance}
            for lock in own.call.locks]  # fmt: skip
