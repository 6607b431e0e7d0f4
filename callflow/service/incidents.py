"""Use cases of incidents and check-ins (``core.incidents``, ``core.check_ins``): each is journalled with its call."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from callflow.core import check_ins, incidents
from callflow.core.call import Call
from callflow.core.check_ins import CheckInDone, Reply
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused
from callflow.core.incident_facts import IncidentFacts, incident_facts, own_side
from callflow.core.incidents import Answer, Done, IncidentState
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.records import immutable
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.follow_ups import FollowUpChange
from callflow.service.ports import Store, Transaction
from callflow.service.unit_of_work import apply

FORMAT: Final = "callflow-own-side-1"
"""Of the file that an agent takes home."""


def incident_due(one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> FollowUpChange:
    return _incident(incidents.looked_at(one, call, configuration, at))


def check_in_due(one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> FollowUpChange:
    return _check_in(check_ins.looked_at(one, configuration, at))


def _incident(done: Done) -> FollowUpChange:
    return FollowUpChange(follow_up=done.incident, entries=done.entries, begun=done.check_ins)


def _check_in(done: CheckInDone) -> FollowUpChange:
    return FollowUpChange(follow_up=done.check_in, entries=done.entries)


@immutable
class Incidents:
    """What people do about incidents and check-ins. All methods raise Refused with the reason, and StoreUnavailable."""

    store: Store
    keeper: FollowUpKeeper

    def add(self, call: Call, person: str, parts: Mapping[str, str]) -> FollowUp:
        """Add ``incidents.PARTS`` that this person, who was on the call, has to say; opens an incident if none is."""
        if self.store.follow_up(incidents.incident_id(call.id)) is None:
            self._open(call, person)
        return self._change(call, lambda one, now, _, at: incidents.added(one, now, person, parts, at))

    def _open(self, call: Call, person: str) -> None:
        if person not in incidents.people_on(call):
            return
        at = self.keeper.clock()
        event = FollowedUp(at=at, kind=NoteKind.INCIDENT_ACCOUNT, person=person, outcome=NoteOutcome.ADDED)

        def _work(tx: Transaction) -> None:
            if now := tx.load(call.id):
                apply(tx, self.keeper.configurations.of(now.digest), now, lambda _: [event], at)

        self.store.transact(_work)

    def answer(self, call: Call, person: str, answer: Answer, words: str) -> FollowUp:
        return self._change(
            call, lambda one, now, rules, at: incidents.answered(one, now, rules, person, answer, words, at)
        )

    def read(self, call: Call, person: str, reason: str) -> FollowUp:
        """The incident with its words, for a person who is named in the journal, with the reason."""
        return self._change(call, lambda one, _, __, at: incidents.read(one, person, NoteOutcome.SHOWN, reason, at))

    def facts(self, call: Call, incident: FollowUp) -> IncidentFacts:
        return incident_facts(call, [(one.at, one.note) for one in self.store.journal(call.id)], incident)

    def copy(self, call: Call, person: str) -> bytes:
        """A file (JSON) with a person's own side of an incident. Its SHA-256 is in the journal: that is its seal.

        Whoever has it can show it to anybody; ``sealed_at`` tells a changed one.
        """
        if person not in incidents.people_on(call):
            raise Refused(f"{person} was not on this call, and has no side of it")
        found = self.store.follow_up(incidents.incident_id(call.id))
        if found is None:
            raise Refused("no incident is open or was opened for this call")
        told = {"format": FORMAT, "for": person, "taken": self.keeper.clock().isoformat(),
                **own_side(self.facts(call, found), found, person)}  # fmt: skip
        file = (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()
        self._change(call, lambda one, _, __, at: incidents.read(one, person, NoteOutcome.COPIED, "", at,
                                                                   sha256=_seal(file)))  # fmt: skip
        return file

    def sealed_at(self, call: Call, file: bytes) -> datetime | None:
        """When this file was taken, byte by byte; None if it was never taken, or was changed afterwards."""
        return next((one.at for one in self.store.journal(call.id)
                     if one.note.kind == NoteKind.INCIDENT_READ and one.note.details.get("sha256") == _seal(file)),
                    None)  # fmt: skip

    def _change(self, call: Call, act: Callable[[FollowUp, Call, Configuration, datetime], Done]) -> FollowUp:
        changed = self.keeper.change(incidents.incident_id(call.id), lambda *given: _incident(act(*given)))
        if changed is None:
            raise Refused("no incident is open or was opened for this call")
        return changed

    # -- check-ins

    def offered(self, person: str) -> list[FollowUp]:
        """The check-ins that are offered to this person now."""
        return [one for one in self.store.follow_ups(FollowUpKind.CHECK_IN, person=person)
                if one.state == check_ins.CheckInState.OFFERED]  # fmt: skip

    def reply(self, id: str, person: str, reply: Reply) -> FollowUp:
        return self._check_in(id, lambda one, _, rules, at: check_ins.replied(one, rules, person, reply, at))

    def checked_in(self, id: str, person: str) -> FollowUp:
        return self._check_in(id, lambda one, _, __, at: check_ins.done(one, person, at))

    def _check_in(self, id: str, act: Callable[[FollowUp, Call, Configuration, datetime], CheckInDone]) -> FollowUp:
        found = self.store.follow_up(id)
        changed = self.keeper.change(id, lambda *given: _check_in(act(*given))) if _is_check_in(found) else None
        if changed is None:
            raise Refused(f"there is no check-in {id}: `callflow check-ins` lists them")
        return changed


def _is_check_in(found: FollowUp | None) -> bool:
    return found is not None and found.kind is FollowUpKind.CHECK_IN


def of_person(found: Iterable[FollowUp], person: str) -> list[FollowUp]:
    """The open incidents that this person was on: what they added, or still may."""
    return [one for one in found if person in (*incidents.asked(one), *one.body.get("accounts", {}))]


def answered_in_time(found: Iterable[FollowUp]) -> tuple[int, int]:
    """The figure of the year: of the incidents that are answered or late, how many were answered in time, of how many.

    It counts answers, and nobody.
    """
    states = [one.state for one in found]
    in_time = states.count(IncidentState.ANSWERED)
    return in_time, in_time + states.count(IncidentState.ANSWERED_LATE) + states.count(IncidentState.LATE)


def _seal(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()


def plain(one: FollowUp) -> dict[str, Any]:
    """What a list says of a follow-up, as JSON values: nobody's words."""
    return {"id": one.id, "call": one.call, "state": one.state, "person": one.person, "at": one.at.isoformat(),
            "due": one.due.isoformat() if one.due else None, "closed": one.closed}  # fmt: skip
