"""``adjustments``: the caller says once what they need, keeps it for later calls, and can hear, change and delete it.

What is chosen counts at once. To keep it, or to change what is kept, the caller types a PIN of their own. The service
does both after the commit, and its answer is an event, as that of a lookup (``service.adjustments``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import IntEnum
from types import MappingProxyType
from typing import ClassVar

from callflow.core.call import CALLER
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, LookupDone, LookupFailed
from callflow.core.flow.ask import PASSING
from callflow.core.flow.next_step import NextStep, otherwise, put, tried_again
from callflow.core.flow_step import ATTEMPTS, Step
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.recognised import NEEDS, of_text, to_text
from callflow.core.records import record
from callflow.core.staff_line.pins import MOST_DIGITS, not_a_pin
from callflow.core.timer_names import Timer

PIN, ORDER = sorted(PASSING)
"""Variables that no flow can name. They are gone as soon as the answer is there, and never stay with a call."""
KEEP, CHECK, DELETE, DECLINE = "keep", "check", "delete", "decline"
"""What the service is asked to do. DECLINE: the caller does not need what a colleague understood."""
WRONG = "wrong"
SECONDS = 8
"""How long the service may take."""


class Part(IntEnum):
    """What the caller is asked, or hears, as the detail ``part`` of the place."""

    MENU = 0
    KEEPING = 1
    KNOWN = 2
    PROPOSED = 3
    CHECKING = 4
    CHANGING = 5
    SAID = 6


@record
class AdjustmentsStep(Step):
    """Speaks ``script``, whose keys are those of ``NEEDS`` from 1 on, and ``9`` to go on.

    ``attempts`` as in a menu. Then always ``next``: nobody is held up for having said nothing.
    """

    verb: ClassVar[str] = "adjustments"

    script: str
    attempts: int = ATTEMPTS


def begin(draft: DecisionDraft, step: AdjustmentsStep) -> NextStep:
    known = of_text(draft.call.recognised)
    if not known.needs:
        return ask(draft, step, Part.MENU, step.script)
    if known.proposed:
        return ask(draft, step, Part.PROPOSED, "adjustments_proposed")
    return ask(draft, step, Part.KNOWN, "adjustments_known")


def ask(draft: DecisionDraft, step: AdjustmentsStep, part: Part, script: str, before: str = "") -> NextStep:
    if part in (Part.KEEPING, Part.CHECKING):
        put(draft, step, script, "digits", before=before, part=part.value, most=MOST_DIGITS, finish="#")
    else:
        put(draft, step, script, "keys", before=before, part=part.value)
    return None


def part_of(draft: DecisionDraft) -> Part:
    return Part(int(draft.call.caller.place.details.get("part", Part.SAID)))


def pressed(draft: DecisionDraft, step: AdjustmentsStep, event: DigitPressed) -> NextStep:
    part = part_of(draft)
    if part is Part.MENU and event.key in NEED_KEYS:
        return chosen(draft, step, NEED_KEYS[event.key])
    if part is Part.KEEPING:
        return typed_new(draft, step, event.key)
    if part is Part.CHECKING:
        return order(draft, step, CHECK, event.key)
    handler = ANSWERS.get((part, event.key))
    return handler(draft, step) if handler else silent(draft, step, event)


def chosen(draft: DecisionDraft, step: AdjustmentsStep, need: str) -> NextStep:
    draft.call = draft.call.but(adjustments=tuple(dict.fromkeys((*draft.call.adjustments, need))))
    draft.note(NoteKind.ADJUSTMENT, CALLER, outcome=NoteOutcome.GIVEN)
    return ask(draft, step, Part.MENU, "adjustments_more")


def confirmed(draft: DecisionDraft, step: AdjustmentsStep) -> NextStep:
    """What a colleague understood is right: from now on it counts."""
    draft.call = draft.call.but(adjustments=of_text(draft.call.recognised).needs)
    draft.note(NoteKind.ADJUSTMENT, CALLER, outcome=NoteOutcome.CONFIRMED)
    return keep(draft, step)


def keep(draft: DecisionDraft, step: AdjustmentsStep) -> NextStep:
    """Ask for a PIN, unless nothing was chosen, or there is no number to recognise the caller by."""
    if not draft.call.adjustments:
        known = of_text(draft.call.recognised)
        draft.call = draft.call.but(adjustments=() if known.proposed else known.needs)
        return step.next
    return ask(draft, step, Part.KEEPING, "adjustments_keep") if draft.call.number else step.next


def choose_anew(draft: DecisionDraft, step: AdjustmentsStep) -> NextStep:
    draft.call = draft.call.but(adjustments=())
    return ask(draft, step, Part.MENU, step.script)


def typed_new(draft: DecisionDraft, step: AdjustmentsStep, digits: str) -> NextStep:
    if not not_a_pin(digits):
        return order(draft, step, KEEP, digits)
    if tried_again(draft, step.attempts):
        return ask(draft, step, Part.KEEPING, "adjustments_keep", before="adjustments_unusable")
    return said(draft, step, "adjustments_not_kept")


def order(draft: DecisionDraft, step: AdjustmentsStep, what: str, digits: str = "") -> NextStep:
    """Have the service do this; the caller hears music for the moment that it takes. As in ``lookup.begin``."""
    given = {**draft.call.variables, ORDER: what, PIN: digits}
    draft.call = draft.call.but(variables=given, lookup=f"{step.name}.{draft.call.seq}")
    draft.timer(Timer.LOOKUP, SECONDS)
    put(draft, step, "", "music", seconds=SECONDS, part=Part.SAID.value)
    return None


def done(draft: DecisionDraft, step: AdjustmentsStep, event: LookupDone | LookupFailed) -> NextStep:
    """The service has done it, or says why not. Whatever it says, the call goes on."""
    what = draft.call.variables.get(ORDER, "")
    left = {name: value for name, value in draft.call.variables.items() if name not in (ORDER, PIN)}
    draft.call = draft.call.but(variables=left, lookup="").without_timer(Timer.LOOKUP)
    failed = event.reason if isinstance(event, LookupFailed) else ""
    draft.note(NoteKind.ADJUSTMENT, CALLER, outcome=OutcomeText(f"{what} failed: {failed}" if failed else what))
    if failed:
        return refused(draft, step, what, failed)
    if what == CHECK:
        return ask(draft, step, Part.CHANGING, "adjustments_change")
    if what == KEEP:
        return said(draft, step, "adjustments_kept")
    known = replace(of_text(draft.call.recognised), adjustment="", needs=(), proposed=False)
    draft.call = draft.call.but(recognised=to_text(known), adjustments=())
    return said(draft, step, "adjustments_deleted")


def refused(draft: DecisionDraft, step: AdjustmentsStep, what: str, why: str) -> NextStep:
    if what == KEEP:
        return said(draft, step, "adjustments_not_kept")
    if what == CHECK and why == WRONG and tried_again(draft, step.attempts):
        return ask(draft, step, Part.CHECKING, "adjustments_pin", before="adjustments_wrong")
    return said(draft, step, "adjustments_wrong")


def said(draft: DecisionDraft, step: AdjustmentsStep, script: str) -> NextStep:
    put(draft, step, script, part=Part.SAID.value)
    return None


def silent(draft: DecisionDraft, step: AdjustmentsStep, event: LegEvent) -> NextStep:
    """The document has ended without a key that means anything: once more, then on. What was chosen counts anyway."""
    part, place = part_of(draft), draft.call.caller.place
    if draft.call.lookup:
        put(draft, step, "", "music", seconds=SECONDS, part=Part.SAID.value)
        return None
    if part in (Part.KEEPING, Part.SAID) or not tried_again(draft, step.attempts):
        return keep(draft, step) if part is Part.MENU else otherwise(step)
    draft.put(CALLER, place.name, *place.prompts, **place.details)
    return None


def fell_back(draft: DecisionDraft, step: AdjustmentsStep, event: LegEvent) -> NextStep:
    """A fallback brought the caller into the room: go on as if nothing was pressed."""
    return silent(draft, step, event) if draft.call.lookup else otherwise(step)


def goes_on(draft: DecisionDraft, step: AdjustmentsStep) -> NextStep:
    return step.next


NEED_KEYS: Mapping[str, str] = MappingProxyType({str(number): need for number, need in enumerate(NEEDS, 1)})
ANSWERS: Mapping[tuple[Part, str], Callable[[DecisionDraft, AdjustmentsStep], NextStep]] = MappingProxyType({
    (Part.MENU, "9"): keep,
    (Part.KNOWN, "1"): goes_on,
    (Part.KNOWN, "2"): lambda draft, step: ask(draft, step, Part.CHECKING, "adjustments_pin"),
    (Part.PROPOSED, "1"): confirmed,
    (Part.PROPOSED, "2"): lambda draft, step: order(draft, step, DECLINE),
    (Part.CHANGING, "1"): choose_anew,
    (Part.CHANGING, "2"): lambda draft, step: order(draft, step, DELETE),
    (Part.CHANGING, "9"): goes_on,
})  # fmt: skip
"""What the single keys do, beside those of the needs."""
