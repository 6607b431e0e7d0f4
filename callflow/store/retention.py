"""Legal holds, deletions and erasures (``service.retention``) of the SQL stores."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from callflow.core.codec import from_micros, to_micros
from callflow.service.retention import Deletion, DeletionKind, DeletionReport, Erasure, LegalHold
from callflow.store.sealing import recognised

if TYPE_CHECKING:
    from callflow.store.keys import Keys
    from callflow.store.transaction import SqlTransaction

_PROPOSE: Final = {
    DeletionKind.RECORDING: "propose_recordings", DeletionKind.TRANSCRIPT: "propose_transcripts",
    DeletionKind.FOLLOW_UP: "propose_follow_ups", DeletionKind.CALL: "propose_calls",
    DeletionKind.INCIDENT: "propose_calls",
}  # fmt: skip


def reason_of(id: str) -> str:
    """The name of the field that the reason of a hold is sealed for."""
    return f"reason of hold {id}"


class SqlRetentionUnit:
    """Implements ``RetentionUnit`` for ``transaction.SqlTransaction``."""

    def put_hold(self: Any, hold: LegalHold) -> bool:
        self.load(hold.call)
        known = self.loaded(hold.call)
        if known is None or known.key.stored is None:
            return False
        if any(id == hold.id for id, _ in self.rows("holds_of", {"the_row": known.row})):
            return False
        self.run("put_hold", {
            "id": hold.id, "the_row": known.row, "owner": hold.owner, "at": to_micros(hold.at),
            "review": to_micros(hold.review), "reason": known.key.seal(hold.reason, reason_of(hold.id)),
        })  # fmt: skip
        self.run("withdraw_deletions_of", {"the_row": known.row})
        return True

    def release_hold(self: Any, id: str, at: datetime, by: str) -> None:
        self.run("release_hold", {"id": id, "at": to_micros(at), "by": by})

    def review_hold(self: Any, id: str, review: datetime) -> None:
        self.run("review_hold", {"id": id, "review": to_micros(review)})

    def held(self: Any, call: str) -> bool:
        return bool(self._any("held", call))

    def unfinished(self: Any, call: str) -> bool:
        return bool(self._any("open_follow_up", call))

    def _any(self: Any, statement: str, call: str) -> bool:
        self.load(call)
        known = self.loaded(call)
        return bool(known and self.rows(statement, {"the_row": known.row}))

    def delete_one(self: Any, one: Deletion, at: datetime) -> None:
        if one.kind is DeletionKind.TRANSCRIPT:
            recording, _, purpose = one.item.rpartition(" ")
            self.run("delete_transcript", {"recording": recording, "purpose": purpose})
        elif one.kind is DeletionKind.FOLLOW_UP:
            self.run("empty_follow_up", {"id": one.item})
        self.run("deleted", {"kind": one.kind.value, "item": one.item, "at": to_micros(at)})

    def erase_call(self: Any, erasure: Erasure) -> bool:
        self.load(erasure.call)
        known = self.loaded(erasure.call)
        if known is None or known.key.stored is None:
            return False
        self.erase(erasure.call)
        row, at = {"the_row": known.row}, to_micros(erasure.at)
        self.run("erase_transcripts", row)
        self.run("delete_history", {"call": known.row})
        self.run("deleted_of", {**row, "at": at})
        self.run("add_erasure", {**row, "at": at, "by": erasure.by, "why": erasure.why})
        return True


class SqlRetention(ABC):
    """Uses ``_unit``, ``_rows`` and ``_keys`` of ``sql.SqlStore``. Implements ``RetentionRows``."""

    _keys: "Keys"

    @abstractmethod
    def _unit(self, work: Callable[["SqlTransaction"], Any]) -> Any: ...

    @abstractmethod
    def _rows(self, name: str, **values: Any) -> list[Any]: ...

    def holds(self, call: str = "", released: bool = False) -> list[LegalHold]:
        rows = self._rows("holds", any_call=int(not call), call=call, released_too=int(released))
        return [self._hold(row) for row in rows]

    def _hold(self, row: Any) -> LegalHold:
        id, call, owner, at, review, reason, released, by, wrapped = row
        return LegalHold(id=id, call=call, owner=owner, at=from_micros(at), review=from_micros(review),
                         reason=self._keys.key(call, wrapped).open(reason, reason_of(id)),
                         released=None if released is None else from_micros(released), released_by=by)  # fmt: skip

    def propose(self, kind: DeletionKind, before: datetime, now: datetime, limit: int) -> int:
        values = {"before": to_micros(before), "now": to_micros(now), "limit": limit,
                  "incidents": int(kind is DeletionKind.INCIDENT)}  # fmt: skip
        return len(self._unit(lambda unit: unit.rows(_PROPOSE[kind], values)))

    def deletions(self, before: datetime, after: Deletion | None = None, limit: int = 100) -> list[Deletion]:
        rows = self._rows("deletions", before=to_micros(before), limit=limit,
                          after=to_micros(after.proposed) if after else -1, after_item=after.item if after else "",
                          after_kind=after.kind.value if after else "")  # fmt: skip
        return [Deletion(kind=DeletionKind(kind), item=item, call=call, reference=reference or "",
                         since=from_micros(since), proposed=from_micros(proposed))
                for kind, item, call, reference, since, proposed in rows]  # fmt: skip

    def withdraw_deletion(self, kind: DeletionKind, item: str) -> None:
        self._unit(lambda unit: unit.run("withdraw_deletion", {"kind": kind.value, "item": item}))

    def add_deletion_report(self, report: DeletionReport) -> None:
        values = {"at": to_micros(report.at), "body": json.dumps(dict(report.body))}
        self._unit(lambda unit: unit.run("add_deletion_report", values))

    def deletion_reports(self, limit: int = 10) -> list[DeletionReport]:
        return [DeletionReport(at=from_micros(at), body=json.loads(body))
                for at, body in self._rows("deletion_reports", limit=limit)]  # fmt: skip

    def erasures(self, begin: datetime, end: datetime) -> list[Erasure]:
        rows = self._rows("erasures", begin=to_micros(begin), end=to_micros(end))
        return [Erasure(call=call, at=from_micros(at), by=by, why=why) for call, at, by, why in rows]

    def has_words(self, call: str) -> bool:
        rows = self._rows("has_key", id=call)
        return bool(rows) and rows[0][0] is not None

    def calls_of(self, number: str) -> list[str]:
        found: list[str] = []
        for year, pepper in self._rows("peppers"):
            known = self._keys.wrapper.unwrapped(pepper, f"year {year}")
            caller = f"{year}:{recognised(known, number)}"
            found += [row[0] for row in self._rows("calls_of_caller", caller=caller)]
        return found

    def not_recognised(self) -> int:
        return int(self._rows("calls_not_recognised")[0][0])

    def forget_freed(self) -> bool:
        """A database server keeps its files: what was deleted there goes with its ``VACUUM``."""
        return True
