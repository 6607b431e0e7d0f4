"""Contact restrictions (policy rule 33): a record apart from any call, made by a senior who was not on the call.

It says why, what is restricted, which channel stays open, and when a letter was sent. It can be appealed against, and
another senior answers. It lapses on its review date unless it was renewed with reasons: the date is compared whenever
it is read, so no job can fail to end it. It never blocks, queues or ends a call: it only prepares whoever answers.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.opening_hours import Hours, zone
from callflow.core.stages import Stage
from callflow.core.working_days import later
from callflow.service.caller_records import (
    ERASED,
    ON,
    CallerRecord,
    CallerRecords,
    NotPossible,
    RecordEntry,
    RecordKind,
)

PENDING: Final = "pending"
"""Proposed by somebody, and not decided yet. It has no effect."""
REFUSED: Final = "refused"
LIFTED: Final = "lifted"
REVIEW_DAYS: Final = 183
"""Six months."""
LONGEST_DAYS: Final = 366
APPEAL_WORKING_DAYS: Final = 20


class Restrictions:
    def __init__(self, store: CallerRecords, configuration: Configuration, clock: Callable[[], datetime],
                 calendar: Hours | None = None) -> None:  # fmt: skip
        """``calendar``: the company's working days; from Monday to Friday without one."""
        self._store, self._configuration, self._clock, self._calendar = store, configuration, clock, calendar

    def propose(self, call: Call, by: str, reason: str, scope: str, channel: str) -> str:
        """Ask for a restriction after a call. Returns its id. Raises NotPossible."""
        self._somebody(by)
        said = {"reason": reason, "scope": scope, "channel": channel}
        if empty := [name for name, text in said.items() if not text.strip()]:
            raise NotPossible(f"a restriction needs words for: {', '.join(empty)}")
        if call.stage not in (Stage.AFTERCARE, Stage.ENDED):
            raise NotPossible(f"call {call.reference} is not over yet: a restriction is about what happened on it")
        if not call.number:
            raise NotPossible("the caller withheld the number: there is nobody to recognise")
        found, now = self._store.records_of(call.number), self._clock()
        adjusted = call.adjustments or any(one.kind is RecordKind.ADJUSTMENT and one.effective(now) for one in found)
        if adjusted:
            raise NotPossible("this caller has an adjustment: what was heard may be no conduct, so no restriction "
                              "can be proposed; talk to the caller about what would help")  # fmt: skip
        same = {**said, "call": call.reference}
        if any(one.state == PENDING and same.items() <= dict(one.body).items() for one in found):
            raise NotPossible("this is proposed already, and waits for a decision")
        number = 1 + sum(one.kind is RecordKind.RESTRICTION for one in found)
        on_it = sorted({leg.person for leg in call.legs if leg.person})
        body = {**same, "on_the_call": on_it, "proposed_by": by}
        new = CallerRecord(id=f"{call.id}-r{number}", kind=RecordKind.RESTRICTION, state=PENDING, at=now, body=body)
        self._store.add_caller_record(new, call.number, self._entry("proposed", by, reason))
        return new.id

    def decide(self, id: str, by: str, reason: str, *, agreed: bool, letter_sent: date | None = None,
               review: date | None = None) -> CallerRecord:  # fmt: skip
        """A senior who was not on the call decides. Agreeing needs the letter that tells the caller."""

        def step(one: CallerRecord) -> tuple[CallerRecord, RecordEntry]:
            """Raises NotPossible."""
            self._not_on_the_call(one, by)
            self._in_state(one, PENDING, "it is decided already")
            if not agreed:
                return replace(one, state=REFUSED), self._entry("refused", by, reason)
            if letter_sent is None:
                raise NotPossible("send the letter first, which says why, what, how long and how to appeal, and give "
                                  "its date")  # fmt: skip
            until = self._review(review)
            body = {**one.body, "decided_by": by, "letter_sent": letter_sent.isoformat(), "review": until[0]}
            return replace(one, state=ON, until=until[1], body=body), self._entry("decided", by, reason)

        return self._senior(id, by, step)

    def renew(self, id: str, by: str, reason: str, review: date | None = None) -> CallerRecord:
        """Before it lapses, and with reasons. What has lapsed stays so: it must be proposed anew."""

        def step(one: CallerRecord) -> tuple[CallerRecord, RecordEntry]:
            self._not_on_the_call(one, by)
            self._in_force(one)
            until = self._review(review)
            return replace(one, until=until[1], body={**one.body, "review": until[0]}), self._entry(
                "renewed", by, reason
            )

        return self._senior(id, by, step)

    def appeal(self, id: str, by: str, reason: str) -> CallerRecord:
        """The caller appeals; ``by`` took it down. It must be answered within 20 working days."""
        self._somebody(by)

        def step(one: CallerRecord) -> tuple[CallerRecord, RecordEntry]:
            self._in_force(one)
            if _open_appeal(one):
                raise NotPossible("an appeal is open already")
            due = later(self._clock().date(), APPEAL_WORKING_DAYS, self._calendar)
            appeal = {"at": self._clock().date().isoformat(), "due": due.isoformat()}
            return replace(one, body={**one.body, "appeal": appeal}), self._entry("appealed", by, reason)

        return self._changed(id, step)

    def answer(self, id: str, by: str, reason: str, *, upheld: bool) -> CallerRecord:
        """Another senior answers the appeal: the restriction stays, or is lifted at once."""

        def step(one: CallerRecord) -> tuple[CallerRecord, RecordEntry]:
            self._not_on_the_call(one, by)
            if not _open_appeal(one):
                raise NotPossible("no appeal is open")
            if by == one.body.get("decided_by"):
                raise NotPossible(f"{by} decided on it: another senior answers the appeal")
            appeal = {**one.body["appeal"], "answered_by": by, "upheld": upheld}
            after = replace(one, state=ON if upheld else LIFTED, body={**one.body, "appeal": appeal})
            return after, self._entry("appeal refused" if upheld else "appeal granted", by, reason)

        return self._senior(id, by, step)

    def lift(self, id: str, by: str, reason: str) -> CallerRecord:
        def step(one: CallerRecord) -> tuple[CallerRecord, RecordEntry]:
            self._in_force(one)
            return replace(one, state=LIFTED), self._entry("lifted", by, reason)

        return self._senior(id, by, step)

    def read(self, id: str, by: str, reason: str) -> CallerRecord:
        """Every read is logged with its reason."""
        self._somebody(by)
        return self._changed(id, lambda one: (one, self._entry("read", by, reason)))

    def listed(self, by: str, reason: str) -> list[tuple[CallerRecord, str]]:
        """All, with their standing in words. Each is logged as read. Who is restricted is in none of them."""
        self._somebody(by)
        found = [one for one in self._store.caller_records(RecordKind.RESTRICTION) if one.state != ERASED]
        return [(self.read(one.id, by, reason), self.standing(one)) for one in found]

    def standing(self, one: CallerRecord) -> str:
        now, appeal = self._clock(), one.body.get("appeal") or {}
        if one.state == ON and one.until and one.until <= now:
            return "lapsed"
        if one.state == ON and _open_appeal(one):
            late = appeal["due"] < now.date().isoformat()
            return f"on, appeal to be answered by {appeal['due']}{', late' if late else ''}"
        return one.state

    # -- who may, and when

    def _senior(self, id: str, by: str, step: Any) -> CallerRecord:
        if not self._configuration.seniors:
            raise NotPossible("nobody may decide: name at least two people as `seniors` in people.yaml")
        if by not in self._configuration.seniors:
            raise NotPossible(f"{by} is no senior: {', '.join(self._configuration.seniors)} may decide")
        return self._changed(id, step)

    def _changed(self, id: str, step: Any) -> CallerRecord:
        found = self._store.caller_record(id)
        if found is None or found.kind is not RecordKind.RESTRICTION or found.state == ERASED:
            raise NotPossible(f"no restriction has the id {id}")
        changed = self._store.change_caller_record(id, step)
        if changed is None:
            raise NotPossible(f"restriction {id} was erased")
        return changed

    def _entry(self, kind: str, by: str, reason: str) -> RecordEntry:
        if not reason.strip():
            raise NotPossible("a reason is needed: it is what a review looks at")
        return RecordEntry(at=self._clock(), kind=kind, actor=by, reason=reason)

    def _somebody(self, by: str) -> None:
        known: Mapping[str, object] = {**self._configuration.agents, **self._configuration.supervisors,
                                       **self._configuration.reviewers}  # fmt: skip
        if by not in known and by not in self._configuration.seniors:
            raise NotPossible(f"nobody in people.yaml has the id {by}: give --by")

    def _not_on_the_call(self, one: CallerRecord, by: str) -> None:
        if by in one.body.get("on_the_call", ()):
            raise NotPossible(f"{by} was on the call: a senior who was not decides")

    def _in_state(self, one: CallerRecord, state: str, why: str) -> None:
        if one.state != state:
            raise NotPossible(why)

    def _in_force(self, one: CallerRecord) -> None:
        if not one.effective(self._clock()):
            raise NotPossible(f"it is not in force: {self.standing(one)}")

    def _review(self, wanted: date | None) -> tuple[str, datetime]:
        """The review date, and the moment at which the restriction lapses: the beginning of that day."""
        today = self._clock().astimezone(zone(self._configuration.timezone)).date()
        day = wanted or today + timedelta(days=REVIEW_DAYS)
        if not timedelta(0) < day - today <= timedelta(days=LONGEST_DAYS):
            raise NotPossible("the review date must be within a year from now")
        return day.isoformat(), datetime.combine(day, time(), zone(self._configuration.timezone))


def _open_appeal(one: CallerRecord) -> bool:
    appeal = one.body.get("appeal") or {}
    return bool(appeal) and "answered_by" not in appeal
