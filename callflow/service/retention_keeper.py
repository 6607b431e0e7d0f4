"""Ends data whose time is over: every night what is due is listed, and what was listed a day before is deleted.

It can be killed anywhere: what was deleted is marked in the same transaction, or is deleted once more without harm.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callflow.core.later_fields import UnreadableCall
from callflow.core.notes import NoteKind
from callflow.core.record_events import FollowedUp
from callflow.core.retention import Retention, days_before, months_before
from callflow.core.stages import Stage
from callflow.service import erasures
from callflow.service.caller_records import ERASED, RecordEntry
from callflow.service.housekeeping import PAUSE_SECONDS, STEP, next_night
from callflow.service.jobs import Args, JobFailure, NewJob
from callflow.service.ports import CannotOpen, GatewayFailure, Store, Transaction
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.recordings import AudioUnavailable, RecordingState
from callflow.service.retention import WHOLE, Deletion, DeletionKind, DeletionReport, Erasure, Why
from callflow.service.unit_of_work import apply

log = logging.getLogger(__name__)
KIND: Final = "retention"
AGAIN: Final = "erase_again"
"""The kind of job that erases again what a restored database has brought back."""
LISTED: Final = timedelta(hours=20)
"""A day, but for the minutes by which one night's work is earlier than that of the night before."""
MOST_FAILURES: Final = 5
"""So often in a row the provider or our files may be away, before nothing more is asked of them in this night."""
NEED_THEM: Final = frozenset({DeletionKind.RECORDING, *WHOLE})
FAILURES: Final = (GatewayFailure, AudioUnavailable, CannotOpen, UnreadableCall)
"""Of one thing: all others are deleted."""
OURSELVES: Final = "callflow"
ERASED_ALREADY: Final = "it was erased already"


def limits(rules: Retention, now: datetime) -> dict[DeletionKind, datetime | None]:
    """By kind, before which time something must have begun to be deleted now; None for never."""
    return {
        DeletionKind.RECORDING: days_before(now, rules.recordings_days),
        DeletionKind.TRANSCRIPT: days_before(now, rules.transcripts_days),
        DeletionKind.FOLLOW_UP: months_before(now, rules.follow_ups_months),
        DeletionKind.CALL: months_before(now, rules.calls_months),
        DeletionKind.INCIDENT: months_before(now, rules.incidents_months),
    }


@dataclass(slots=True, repr=False, eq=False)
class RetentionKeeper:
    """Deletes through ``recordings``, which knows the provider and the files."""

    recordings: RecordingKeeper
    sleep: Callable[[float], None] = time.sleep
    _begun: bool = False

    @property
    def store(self) -> Store:
        return self.recordings.store

    def plan(self) -> None:
        """Defer the next night's work, and once after a start what a restored database needs."""
        now = self.recordings.clock()
        jobs = [NewJob(kind=KIND, at=now, wait_seconds=(next_night(now) - now).total_seconds(), once=True)]
        if not self._begun:
            jobs.append(NewJob(kind=AGAIN, at=now, once=True))
        for job in jobs:
            self.store.transact(lambda tx, job=job: tx.defer(job))  # type: ignore[misc]
        self._begun = True

    def run(self, args: Args) -> None:
        """One night: the handler of the job ``KIND``. Raises JobFailure if something could not be deleted."""
        again, failures = 0, list[str]()
        try:
            again = self.again()
        except FAILURES as failure:
            failures.append(f"erasing again: {failure}")
        deleted, withdrawn, failed = self._deleted()
        failed += failures
        proposed = self.propose()
        now = self.recordings.clock()
        late = [one.call for one in self.store.holds() if one.review <= now]
        body = {
            "proposed": proposed, "deleted": deleted, "withdrawn": withdrawn, "erased_again": again, "failed": failed,
            "holds": len(self.store.holds()), "holds_to_review": self._references(late),
        }  # fmt: skip
        self.store.add_deletion_report(DeletionReport(at=now, body=body))
        log.info("retention: %d proposed, %d deleted", sum(proposed.values()), sum(deleted.values()))
        if late:
            log.warning("retention: the review date of %d legal holds is over: `callflow hold list`", len(late))
        if failed:
            raise JobFailure(f"{len(failed)} things could not be deleted: {failed[0]}")

    def _references(self, calls: list[str]) -> list[str]:
        return [call.reference for id in calls if (call := self.store.read(id))]

    def propose(self) -> dict[str, int]:
        """List what is due now. Returns how many of each kind were not listed before."""
        now, found = self.recordings.clock(), Counter[str]()
        for kind, before in limits(self._rules, now).items():
            while before is not None:
                count = self.store.propose(kind, before, now, STEP)
                found[kind] += count
                if count < STEP:
                    break
                self.sleep(PAUSE_SECONDS)
        return {kind: count for kind, count in found.items() if count}

    @property
    def _rules(self) -> Retention:
        return self.recordings.configurations.current.retention

    def _listed(self, before: datetime) -> Iterator[Deletion]:
        last: Deletion | None = None
        while page := self.store.deletions(before, last, STEP):
            yield from page
            last = page[-1]
            self.sleep(PAUSE_SECONDS)

    def _deleted(self) -> tuple[dict[str, int], int, list[str]]:
        """Delete what was listed a day ago: how many of each kind, how many are not due after all, what failed."""
        now = self.recordings.clock()
        due, deleted, withdrawn, failed = limits(self._rules, now), Counter[str](), 0, list[str]()
        away = 0
        for one in self._listed(now - LISTED):
            if one.kind in NEED_THEM and away >= MOST_FAILURES:
                continue
            try:
                if self._ended(one, due[one.kind]):
                    deleted[one.kind] += 1
                    away = 0 if one.kind in NEED_THEM else away
                else:
                    withdrawn += 1
            except FAILURES as failure:
                failed.append(f"{one.kind} of {one.reference}: {failure}")
                away += _passing(failure)
        if deleted:
            self._keep_list(now)
            self.store.forget_freed()
        return dict(deleted), withdrawn, failed

    def _ended(self, one: Deletion, before: datetime | None) -> bool:
        """Delete it, or take it from the list (False) if it is not due after all. Raises one of ``FAILURES``."""
        if before is None or one.since >= before or self._stays(one):
            self.store.withdraw_deletion(one.kind, one.item)
            return False
        self._delete(one)
        return True

    def _stays(self, one: Deletion) -> bool:
        def work(tx: Transaction) -> bool:
            return tx.held(one.call) or (one.kind in WHOLE and tx.unfinished(one.call))

        return self.store.transact(work)

    def _delete(self, one: Deletion) -> None:
        """Raises GatewayFailure or AudioUnavailable."""
        if one.kind in WHOLE:
            self.erase(one.call, OURSELVES, Why.RETENTION)
            return
        if one.kind is DeletionKind.RECORDING:
            self.recordings.remove(one.item)
        at = self.recordings.clock()

        def work(tx: Transaction) -> None:
            tx.load(one.call)
            tx.delete_one(one, at)

        self.store.transact(work)

    def stays(self, call: str, whatever_is_held: bool = False) -> str:
        """Why this call cannot be erased now, in words for people; "" if it can."""
        found = self.store.read(call)
        if found is None or not self.store.has_words(call):
            return ERASED_ALREADY if found else "there is no such call"
        if found.stage is not Stage.ENDED:
            return "it is not over yet"
        holds = () if whatever_is_held else self.store.holds(call)
        return "; ".join(f"legal hold of {one.owner}, to be reviewed on {one.review:%Y-%m-%d}" for one in holds)

    def erase(self, call: str, by: str, why: str, whatever_is_held: bool = False) -> str:
        """Erase a call with its recordings, here and at the provider. Returns why it stays, "" if it was erased.

        Raises GatewayFailure or AudioUnavailable: then something of it may be deleted, and it is to be tried again.
        """
        if reason := self.stays(call, whatever_is_held):
            return reason
        for one in self.store.recordings(call):
            if one.state is not RecordingState.DELETED or one.at_provider:
                self.recordings.remove(one.id)
        at = self.recordings.clock()
        fact = FollowedUp(at=at, kind=NoteKind.ERASED, person=by, outcome=why)

        def work(tx: Transaction) -> bool:
            found = tx.load(call)
            if found is None or (tx.held(call) and not whatever_is_held):
                return False
            apply(tx, self.recordings.configurations.of(found.digest), found, lambda _: [fact], at)
            return tx.erase_call(Erasure(call=call, at=at, by=by, why=why))

        return "" if self.store.transact(work) else self.stays(call) or ERASED_ALREADY

    def finish(self) -> None:
        """After erasures that people asked for: keep the list, and overwrite what is freed. Raises AudioUnavailable."""
        self._keep_list(self.recordings.clock())
        self.store.forget_freed()

    def _keep_list(self, now: datetime) -> None:
        erasures.keep(self.store, self.recordings.files, now)
        erasures.keep_records(self.store, self.recordings.files)

    def run_again(self, args: Args) -> None:
        """The handler of the job ``AGAIN``. Raises JobFailure."""
        try:
            self.again()
        except FAILURES as failure:
            raise JobFailure(str(failure)) from None

    def again(self) -> int:
        """Erase again what was erased before, and is in a database that was restored. Returns how many calls.

        What fails is raised when all others are done. Also a call that is held: a hold that was put after the erasure
        was refused, so this one was released before it.
        """
        now, count, failures = self.recordings.clock(), 0, list[Exception]()
        for one in erasures.all_kept(self.recordings.files, now):
            try:
                if self.store.has_words(one.call) and not self.erase(one.call, one.by, one.why, whatever_is_held=True):
                    count += 1
            except FAILURES as failure:  # the others are erased all the same
                failures.append(failure)
        entry = RecordEntry(at=now, kind=ERASED, actor=OURSELVES)
        count += sum(self.store.erase_caller_record(id, entry) for id in erasures.kept_records(self.recordings.files))
        if count:
            log.warning("retention: %d calls or records that had been erased were here, and are erased again", count)
        for month in (erasures.month_of(now - timedelta(days=2)), now):
            erasures.keep(self.store, self.recordings.files, month)
        erasures.keep_records(self.store, self.recordings.files)
        if failures:
            raise failures[0]
        return count


def _passing(failure: Exception) -> bool:
    """Whether it is about the provider or our files, and will be over, rather than about this one thing."""
    return isinstance(failure, AudioUnavailable) or (isinstance(failure, GatewayFailure) and failure.retry)
