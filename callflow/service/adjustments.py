"""What callers have said that they need, kept for their later calls: by the caller on a call, by letter, or as a
proposal of somebody else, which counts only when the caller confirms it.

The caller owns it: a PIN that the caller typed opens it, and nothing else on a call does. Ops act for a caller who
wrote, and every such act has its reason.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime
from typing import Any

from callflow.core.call import Call
from callflow.core.codec import to_micros
from callflow.core.events import LookupDone, LookupFailed
from callflow.core.flow.adjustments import DELETE, ORDER, PIN, WRONG
from callflow.core.recognised import NEEDS, of_text
from callflow.core.staff_line.pins import Pin, TryOutcome, tried
from callflow.service.caller_records import (
    ERASED,
    ON,
    PROPOSED,
    CallerRecord,
    CallerRecords,
    NotPossible,
    RecordEntry,
    RecordKind,
)
from callflow.service.pins import NOBODY, hashed, matches

CALLER = "caller"
NOT_THERE = "not there"


class Adjustments:
    """``secrets``: the current secret key and earlier ones (``pins``)."""

    def __init__(self, store: CallerRecords, secrets: tuple[str, ...], clock: Callable[[], datetime]) -> None:
        self._store, self._secrets, self._clock = store, secrets, clock

    # -- the caller, on a call

    def answer(self, call: Call) -> LookupDone | LookupFailed:
        """Do what the caller ordered in the step ``adjustments``. The same order twice does no harm."""
        what, at = call.variables.get(ORDER, ""), self._clock()
        why = self._done(what, call, call.variables.get(PIN, ""), at)
        if why:
            return LookupFailed(at=at, lookup=call.lookup, reason=why)
        return LookupDone(at=at, lookup=call.lookup, values={})

    def _done(self, what: str, call: Call, digits: str, at: datetime) -> str:
        known = of_text(call.recognised).adjustment
        match what:
            case "keep":
                return self._keep(call, known, digits, at)
            case "check":
                return self._checked(known, digits, at)
            case "delete" | "decline":
                gone = RecordEntry(at=at, kind="deleted" if what == DELETE else "declined", actor=CALLER)
                return "" if self._store.erase_caller_record(known, gone) else NOT_THERE
        return NOT_THERE

    def _keep(self, call: Call, known: str, digits: str, at: datetime) -> str:
        id = known or f"{call.id}-a"
        body = {"needs": list(call.adjustments), "pin": hashed(self._secrets[0], id, digits)}
        made = CallerRecord(id=id, kind=RecordKind.ADJUSTMENT, state=ON, at=at, body=body)
        kept = RecordEntry(at=at, kind="kept", actor=CALLER)
        if known and self._store.change_caller_record(known, lambda one: (replace(made, at=one.at), kept)):
            return ""
        self._store.add_caller_record(made, call.number, kept)
        return ""

    def _checked(self, id: str, digits: str, at: datetime) -> str:
        """Whether the PIN is right. The slow comparison is done before the transaction that counts the try."""
        found = self._store.caller_record(id)
        right = matches(str(found.body.get("pin") or NOBODY) if found else NOBODY, self._secrets, id, digits)
        outcome = TryOutcome.WRONG

        def step(one: CallerRecord) -> tuple[CallerRecord, RecordEntry]:
            nonlocal outcome
            pin, outcome = tried(pin_of(one), right, at)
            entry = RecordEntry(at=at, kind=f"PIN {outcome.value}", actor=CALLER)
            return replace(one, body={**one.body, **stored(pin)}), entry

        if self._store.change_caller_record(id, step) is None:
            return NOT_THERE
        return {TryOutcome.RIGHT: "", TryOutcome.WRONG: WRONG}.get(outcome, "locked")

    # -- others, by letter or on the caller's word

    def add(self, number: str, needs: Collection[str], by: str, reason: str, *, confirmed: bool) -> str:
        """``confirmed``: the caller asked for it in writing. Else a proposal. Returns its id. Raises NotPossible."""
        at, found = self._clock(), self.of(number)
        if found:
            raise NotPossible(f"there is one for this number already: {found[0].id}")
        _known(needs)
        id = f"a{to_micros(at):x}"
        new = CallerRecord(id=id, kind=RecordKind.ADJUSTMENT, state=ON if confirmed else PROPOSED, at=at,
                           body={"needs": list(needs)})  # fmt: skip
        kind = "made by letter" if confirmed else "proposed"
        self._store.add_caller_record(new, number, RecordEntry(at=at, kind=kind, actor=by, reason=reason))
        return id

    def of(self, number: str) -> list[CallerRecord]:
        """Those of a number that have an effect."""
        now = self._clock()
        return [one for one in self._store.records_of(number)
                if one.kind is RecordKind.ADJUSTMENT and one.effective(now)]  # fmt: skip

    def change(self, id: str, needs: Collection[str], by: str, reason: str) -> CallerRecord:
        _known(needs)
        entry = RecordEntry(at=self._clock(), kind="changed", actor=by, reason=reason)
        found = self._store.change_caller_record(
            self._wanted(id).id, lambda one: (replace(one, body={**one.body, "needs": list(needs)}), entry)
        )
        return found or self._wanted(id)

    def read(self, id: str, by: str, reason: str) -> CallerRecord:
        entry = RecordEntry(at=self._clock(), kind="read", actor=by, reason=reason)
        found = self._store.change_caller_record(self._wanted(id).id, lambda one: (one, entry))
        return found or self._wanted(id)

    def remove(self, id: str, by: str, reason: str) -> None:
        """The caller asked for it: everything in it is unreadable from now on, the reason included."""
        entry = RecordEntry(at=self._clock(), kind="deleted", actor=by, reason=reason)
        self._store.erase_caller_record(self._wanted(id).id, entry)

    def _wanted(self, id: str) -> CallerRecord:
        found = self._store.caller_record(id)
        if found is None or found.kind is not RecordKind.ADJUSTMENT or found.state == ERASED:
            raise NotPossible(f"no adjustment has the id {id}")
        return found


def _known(needs: Collection[str]) -> None:
    unknown = [one for one in needs if one not in NEEDS]
    if unknown or not needs:
        raise NotPossible(f"what a caller may need is one of: {', '.join(NEEDS)}")


def pin_of(one: CallerRecord) -> Pin:
    until = one.body.get("locked_until")
    return Pin(person=one.id, hash=str(one.body.get("pin", "")), wrong=int(one.body.get("wrong", 0)),
               locked_until=datetime.fromisoformat(until) if until else None)  # fmt: skip


def stored(pin: Pin) -> dict[str, Any]:
    return {"wrong": pin.wrong, "locked_until": pin.locked_until.isoformat() if pin.locked_until else None}
