"""What the records of a caller say at the beginning of a call, and the heads-up that a closing leaves behind."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.recognised import NEEDS, NOTHING, Recognised, to_text
from callflow.service.adjustments import Adjustments
from callflow.service.caller_records import ON, PROPOSED, CallerRecord, NotPossible, RecordEntry, RecordKind
from callflow.service.configurations import Configurations
from callflow.service.jobs import Args, NewJob
from callflow.service.ports import Store, Transaction

KIND, PROPOSAL = "heads_up", "adjustment"
"""The jobs that follow a closing, and an agent's key at the wrap-up."""
MORE_TIME = NEEDS[:1]
PREPARED = "staff prepared for a call"
"""The entry about a restriction that staff are told of: that is a read, too."""


def recognise(tx: Transaction, call: str, number: str, at: datetime) -> tuple[Call | None, str]:
    """The call if it has begun already, and what is known of its caller (``CallStarted.recognised``).

    It takes no statement of its own: only a restriction, whose reads are logged, takes some.
    """
    known, records = tx.recognise(call, number, at)
    for one in records:
        if one.kind is RecordKind.RESTRICTION:
            tx.add_caller_record_entry(one.id, RecordEntry(at=at, kind=PREPARED, actor="callflow", reason=call))
    return known, to_text(said(records))


def said(records: Collection[CallerRecord]) -> Recognised:
    """Of several of a kind the latest counts."""
    known = NOTHING
    for one in records:
        match one.kind:
            case RecordKind.ADJUSTMENT:
                if known.needs and not known.proposed and one.state == PROPOSED:
                    continue  # the caller's own word counts more than what somebody else understood
                known = replace(known, adjustment=one.id, needs=tuple(one.body.get("needs", ())),
                                proposed=one.state == PROPOSED)  # fmt: skip
            case RecordKind.RESTRICTION:
                known = replace(known, restriction=one.id)
            case RecordKind.HEADS_UP:
                body = one.body
                known = replace(known, back=True, reason=body.get("reason", ""), person=body.get("person", ""),
                                not_first=body.get("not_first", ""))  # fmt: skip
    return known


def to_prepare(call: Call, notes: Collection[Note], configuration: Configuration) -> NewJob | None:
    """The job that prepares the team for a caller who rings back, if this call was just closed."""
    closed = any(one.kind is NoteKind.CALL_ENDED and one.outcome == NoteOutcome.CLOSED for one in notes)
    if not closed or not call.number or not configuration.policy.aftercare.heads_up_hours:
        return None
    return NewJob(kind=KIND, at=call.at, args={"call": call.id, "hours": configuration.policy.aftercare.heads_up_hours})


def to_propose(call: Call, notes: Collection[Note]) -> NewJob | None:
    """The job that keeps what an agent has said of the caller as a proposal."""
    told = [one for one in notes if one.kind is NoteKind.ADJUSTMENT and one.outcome == NoteOutcome.PROPOSED]
    if not told or not call.number:
        return None
    return NewJob(kind=PROPOSAL, at=call.at, args={"call": call.id, "by": told[0].actor})


class Proposals:
    """Handles that job. Nothing is proposed of a caller who has an adjustment, or a proposal, already."""

    def __init__(self, store: Store, adjustments: Adjustments) -> None:
        self._store, self._adjustments = store, adjustments

    def run(self, args: Args) -> None:
        call = self._store.read(str(args["call"]))
        if call and call.number:
            with suppress(NotPossible):
                self._adjustments.add(call.number, MORE_TIME, str(args["by"]), "said so on a call", confirmed=False)


class HeadsUps:
    """Handles the job. Twice does no harm: the record has the id of its call."""

    def __init__(self, store: Store, configurations: Configurations) -> None:
        self._store, self._configurations = store, configurations

    def run(self, args: Args) -> None:
        call = self._store.read(str(args["call"]))
        if call is None or not call.number:
            return
        closed_by = call.closing.actor if call.closing else ""
        body = {"reason": call.reason, "person": self._expects(call), "not_first": closed_by}
        new = CallerRecord(id=f"{call.id}-h", kind=RecordKind.HEADS_UP, state=ON, at=call.at,
                           until=call.at + timedelta(hours=int(args["hours"])), body=body)  # fmt: skip
        self._store.add_caller_record(new, call.number, RecordEntry(at=call.at, kind="made", actor="callflow"))

    def _expects(self, call: Call) -> str:
        """Who takes the call of whoever rings back: a supervisor who was on the call, or the first of its team."""
        team = self._configurations.of(call.digest).teams.get(call.team)
        people = team.supervisors if team else ()
        there = [leg.person for leg in reversed(call.legs) if leg.accepted and leg.person in people]
        return next(iter([*there, *people]), "")
