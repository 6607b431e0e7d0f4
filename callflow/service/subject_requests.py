"""What a caller may ask for: a copy of what is held about them, and that it is erased (Articles 15 and 17 of the GDPR).

A caller is found by the HMAC of the number, in every year whose callers can still be recognised. A number that a caller
only left for a call back is found with the call, not by itself. Nothing here logs or stores the number.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from callflow.core.call import CALLER, Call
from callflow.core.configuration import Configuration
from callflow.core.notes import NoteKind
from callflow.core.record_events import FollowedUp
from callflow.core.records import immutable
from callflow.service.caller_records import ERASED, CallerRecord, RecordEntry, RecordKind
from callflow.service.ports import Entry, GatewayFailure, Store, Transaction
from callflow.service.recordings import AudioUnavailable, Recording, RecordingState
from callflow.service.retention import Why
from callflow.service.retention_keeper import ERASED_ALREADY, RetentionKeeper
from callflow.service.unit_of_work import apply

OURS: Final = frozenset({NoteKind.LEGAL_HOLD, NoteKind.RECORDING_OPENED, NoteKind.EXPORTED})
"""Entries about our own handling of the data. They are left out of a copy: a hold may be for an investigation."""
SECRET: Final = frozenset({"pin"})
"""Fields of records that are for no copy: what the caller's PIN is compared with."""
REASON: Final = "a copy for the caller"


@immutable
class Answered:
    """A call of the caller, or a record about them (``call`` is ""), and why it stays or could not be handled now; ""
    if it was."""

    reference: str
    call: str
    stays: str = ""


@immutable
class SubjectRequests:
    keeper: RetentionKeeper
    by: str

    @property
    def _store(self) -> Store:
        return self.keeper.store

    def _calls(self, number: str) -> Iterator[Call]:
        for id in self._store.calls_of(number):
            if call := self._store.read(id):
                yield call

    def erase(self, number: str, dry_run: bool = False) -> list[Answered]:
        """Erase the caller's calls, or with ``dry_run`` only say what would be. One that fails does not stop others."""
        answered = [Answered(call.reference, call.id, self._erase(call.id, dry_run)) for call in self._calls(number)]
        answered += [self._erase_record(one, dry_run) for one in self._store.records_of(number) if one.state != ERASED]
        if not dry_run and any(not one.stays for one in answered):
            self.keeper.finish()
        return [one for one in answered if one.stays != ERASED_ALREADY]

    def _erase(self, call: str, dry_run: bool) -> str:
        if dry_run:
            return self.keeper.stays(call)
        try:
            return self.keeper.erase(call, self.by, Why.CALLER)
        except (GatewayFailure, AudioUnavailable) as failure:
            return f"{failure}; run the command again"

    def _erase_record(self, one: CallerRecord, dry_run: bool) -> Answered:
        """A contact restriction in force stays: otherwise whoever is restricted would lift it by asking for this."""
        at, stays = self.keeper.recordings.clock(), ""
        if one.kind is RecordKind.RESTRICTION and one.effective(at):
            until = f" until {one.until:%Y-%m-%d}" if one.until else ""
            stays = f"a contact restriction is in force{until}: its appeal or end comes first"
        elif not dry_run:
            self._store.erase_caller_record(one.id, RecordEntry(at=at, kind=ERASED, actor=self.by))
        return Answered(f"{one.kind.value} {one.id}", "", stays)

    def export(self, number: str, put: Callable[[str, bytes], object]) -> list[Answered]:
        """Hand every file of a copy of what is held about the caller to ``put``, by its name.

        Each call that is in it says so in its journal. An ``Answered`` that stays is about audio that cannot be had.
        """
        calls, answered = list[dict[str, Any]](), list[Answered]()
        for call in self._calls(number):
            missing = [why for one in self._store.recordings(call.id) if (why := self._audio(one, put))]
            calls.append(self.described(call))
            answered.append(Answered(call.reference, call.id, "; ".join(missing)))
        records = [self._record(one) for one in self._store.records_of(number) if one.state != ERASED]
        held = {"number": number, "calls": calls, "records": records}
        put("calls.json", json.dumps(held, indent=2, ensure_ascii=False).encode())
        for call_id in [one.call for one in answered]:
            self._noted(call_id)
        return answered

    def _record(self, one: CallerRecord) -> dict[str, Any]:
        """A record as JSON values. That it was read is noted among its entries."""
        entries = [{"at": _iso(each.at), "what": each.kind, "reason": each.reason}
                   for each in self._store.caller_record_entries(one.id)]  # fmt: skip
        noted = RecordEntry(at=self.keeper.recordings.clock(), kind="exported", actor=self.by)
        self._store.transact(lambda tx: tx.add_caller_record_entry(one.id, noted))
        return {
            "id": one.id, "kind": one.kind.value, "state": one.state, "made": _iso(one.at),
            "until": _iso(one.until) if one.until else "", "what_happened": entries,
            "what": _nameless({name: value for name, value in one.body.items() if name not in SECRET},
                              self.keeper.recordings.configurations.current),
        }  # fmt: skip

    def _audio(self, one: Recording, put: Callable[[str, bytes], object]) -> str:
        """Why the audio cannot be had; "" if it was handed over, or there is none any more."""
        if one.state is RecordingState.DELETED:
            return ""
        try:
            put(f"audio/{one.id}.wav", self.keeper.recordings.opened(one.id, self.by, "exported", REASON))
        except AudioUnavailable as failure:
            return str(failure)
        return ""

    def _noted(self, call: str) -> None:
        at, keeper = self.keeper.recordings.clock(), self.keeper.recordings

        def work(tx: Transaction) -> None:
            if found := tx.load(call):
                fact = FollowedUp(at=at, kind=NoteKind.EXPORTED, person=self.by)
                apply(tx, keeper.configurations.of(found.digest), found, lambda _: [fact], at)

        self._store.transact(work)

    def described(self, call: Call) -> dict[str, Any]:
        """What is held about the caller in a call, as JSON values. Our people have their part in it, not their name."""
        configuration = self.keeper.recordings.configurations.of(call.digest)
        entries = [one for one in self._store.journal(call.id) if one.note.kind not in OURS]
        return {
            "reference": call.reference, "began": _iso(call.started_at), "number": call.number,
            "called": call.called, "language": call.language, "answers": dict(call.variables),
            "call_back_number": call.call_back.number if call.call_back else "", "outcome": call.outcome,
            "what_happened": [_entry(one, configuration) for one in entries],
            "recordings": [{"id": one.id, "kind": one.kind.value, "at": _iso(one.at), "seconds": one.seconds,
                            "spoken_by": _part(one.person, configuration),
                            "deleted": one.state is RecordingState.DELETED}
                           for one in self._store.recordings(call.id)],
            "transcripts": [{"recording": one.recording, "by_machine": one.engine, "text": one.text}
                            for one in self._store.transcripts(call.id)],
            "follow_ups": [{"kind": one.kind.value, "state": one.state, "made": _iso(one.at),
                            "words": _nameless(one.body, configuration)}
                           for one in self._store.follow_ups(call=call.id, closed=True)],
        }  # fmt: skip


def _nameless(value: Any, configuration: Configuration) -> Any:
    """JSON values with the part of our people in place of their ids."""
    if isinstance(value, Mapping):
        return {name: _nameless(one, configuration) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_nameless(one, configuration) for one in value]
    ours = isinstance(value, str) and value in {*configuration.agents, *configuration.supervisors}
    return _part(value, configuration) if ours else value


def _entry(one: Entry, configuration: Configuration) -> dict[str, Any]:
    details = _nameless(one.note.details, configuration)
    return {"at": _iso(one.at), "what": one.note.kind, "by": _part(one.note.actor, configuration),
            "key": one.note.key, "spoken": one.note.script, "outcome": one.note.outcome, "more": details}  # fmt: skip


def _part(person: str | float, configuration: Configuration) -> str:
    """An agent, a supervisor or another part: the copy is for the caller, and our people have rights, too."""
    if person in configuration.agents:
        return "an agent"
    if person in configuration.supervisors:
        return "a supervisor"
    return str(person) if person in (CALLER, "callflow", "security") else "one of our people"


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
