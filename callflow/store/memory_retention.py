"""Legal holds, deletions and erasures (``service.retention``) of the memory store, in dictionaries under its lock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from callflow.core.call import Call
from callflow.core.follow_ups import FollowUpKind
from callflow.core.retention import INCIDENTS
from callflow.core.stages import Stage
from callflow.service.recordings import RecordingState
from callflow.service.retention import WHOLE, Deletion, DeletionKind, DeletionReport, Erasure, LegalHold


class MemoryRetention:
    def __init__(self) -> None:
        super().__init__()
        self._holds: dict[str, LegalHold] = {}
        self._deletions: dict[tuple[DeletionKind, str], Deletion] = {}
        self._deleted: set[tuple[DeletionKind, str]] = set()
        self._deletion_reports: dict[datetime, DeletionReport] = {}
        self._erasures: dict[str, Erasure] = {}

    def holds(self, call: str = "", released: bool = False) -> list[LegalHold]:
        found = [one for one in list(self._holds.values()) if call in ("", one.call) and (released or not one.released)]
        return sorted(found, key=lambda one: (one.review, one.id))

    def propose(self: Any, kind: DeletionKind, before: datetime, now: datetime, limit: int) -> int:
        with self._lock:
            self._check()
            known = {(one.kind, one.item) for one in self._deletions.values()} | self._deleted
            found = [
                Deletion(kind=kind, item=item, call=call.id, reference=call.reference, since=since, proposed=now)
                for item, call, since in self._old(kind, before)
                if call.stage is Stage.ENDED and not self.holds(call.id) and (kind, item) not in known
            ][:limit]
            self._deletions.update({(kind, one.item): one for one in found})
        return len(found)

    def _old(self: Any, kind: DeletionKind, before: datetime) -> Iterator[tuple[str, Call, datetime]]:
        if kind is DeletionKind.RECORDING:
            some = [(one.id, one.call, one.at) for one in self._recordings.values()
                    if one.state is not RecordingState.DELETED]  # fmt: skip
        elif kind is DeletionKind.TRANSCRIPT:
            some = [(f"{one.recording} {one.purpose}", one.call, one.at)
                    for call in self._calls for one in self.transcripts(call)]  # fmt: skip
        elif kind is DeletionKind.FOLLOW_UP:
            some = [(one.id, one.call, one.at) for one in self._follow_ups.values()
                    if one.closed and one.body and one.kind is not FollowUpKind.INCIDENT]  # fmt: skip
        else:
            # By its beginning: what is noted after the end, such as a hold, moves ``call.at``.
            some = [(call.id, call.id, call.started_at) for call in self._calls.values()
                    if self._incident(call.id) == (kind is DeletionKind.INCIDENT) and self.has_words(call.id)
                    and not self.follow_ups(call=call.id)]  # fmt: skip
        for item, call, since in some:
            if since < before:
                yield item, self._calls[call], since

    def _incident(self: Any, call: str) -> bool:
        return any(one.note.kind in INCIDENTS for one in self._journal.get(call, ()))

    def deletions(self, before: datetime, after: Deletion | None = None, limit: int = 100) -> list[Deletion]:
        def order(one: Deletion) -> tuple[datetime, str, str]:
            return one.proposed, one.item, one.kind

        found = [one for one in list(self._deletions.values()) if one.proposed <= before]
        return sorted((one for one in found if after is None or order(one) > order(after)), key=order)[:limit]

    def withdraw_deletion(self, kind: DeletionKind, item: str) -> None:
        self._deletions.pop((kind, item), None)

    def add_deletion_report(self, report: DeletionReport) -> None:
        self._deletion_reports.setdefault(report.at, report)

    def deletion_reports(self, limit: int = 10) -> list[DeletionReport]:
        return sorted(self._deletion_reports.values(), key=lambda one: one.at, reverse=True)[:limit]

    def erasures(self, begin: datetime, end: datetime) -> list[Erasure]:
        found = [one for one in list(self._erasures.values()) if begin <= one.at < end]
        return sorted(found, key=lambda one: (one.at, one.call))

    def has_words(self: Any, call: str) -> bool:
        return call in self._calls and call not in self._without_words

    def calls_of(self: Any, number: str) -> list[str]:
        return [one.id for one in list(self._calls.values()) if number and one.number == number]

    def not_recognised(self) -> int:
        return 0

    def forget_freed(self) -> bool:
        return True


class MemoryRetentionUnit:
    """Implements ``RetentionUnit`` for ``memory.MemoryTransaction``."""

    def put_hold(self: Any, hold: LegalHold) -> bool:
        store = self._store
        if not store.has_words(hold.call) or hold.id in store._holds:
            return False
        self._put(store._holds, hold.id, hold)
        for key in [key for key, one in store._deletions.items() if one.call == hold.call]:
            self._drop(store._deletions, key)
        return True

    def release_hold(self: Any, id: str, at: datetime, by: str) -> None:
        self._change_hold(id, released=at, released_by=by)

    def review_hold(self: Any, id: str, review: datetime) -> None:
        self._change_hold(id, review=review)

    def _change_hold(self: Any, id: str, **changed: Any) -> None:
        known = self._store._holds.get(id)
        if known and not known.released:
            self._put(self._store._holds, id, replace(known, **changed))

    def held(self: Any, call: str) -> bool:
        return bool(self._store.holds(call))

    def unfinished(self: Any, call: str) -> bool:
        return bool(self._store.follow_ups(call=call))

    def delete_one(self: Any, one: Deletion, at: datetime) -> None:
        store = self._store
        if one.kind is DeletionKind.TRANSCRIPT:
            recording, _, purpose = one.item.rpartition(" ")
            for key in [key for key in store._transcripts if key == (recording, purpose)]:
                self._drop(store._transcripts, key)
        elif one.kind is DeletionKind.FOLLOW_UP and (known := store._follow_ups.get(one.item)):
            self._put(store._follow_ups, one.item, replace(known, body={}))
        self._mark(one)

    def _mark(self: Any, one: Deletion) -> None:
        key = (one.kind, one.item)
        self._drop(self._store._deletions, key)
        self._store._deleted.add(key)

    def erase_call(self: Any, erasure: Erasure) -> bool:
        store = self._store
        if not store.has_words(erasure.call):
            return False
        store.erase(erasure.call)
        store._history.pop(erasure.call, None)
        for spoken in store.transcripts(erasure.call):
            del store._transcripts[spoken.recording, spoken.purpose]
        for one in [one for one in store._deletions.values() if one.call == erasure.call]:
            self._mark(one)
        store._deleted.update((kind, erasure.call) for kind in WHOLE)
        store._erasures[erasure.call] = erasure
        return True
