"""What a caller asks for reaches the records about them, too: adjustments, restrictions, heads-ups."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from callflow.configuration.loading import load
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.service.caller_records import ERASED, ON, CallerRecord, RecordEntry, RecordKind
from callflow.service.configurations import Configurations
from callflow.service.erasures import kept_records
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.retention_keeper import RetentionKeeper
from callflow.service.subject_requests import SubjectRequests
from callflow.store.audio_files import MemoryFiles
from callflow.store.memory import MemoryStore
from callflow.telephony.recordings import ProviderRecordings
from tests.contracts.sample import a_call, save
from tests.e2e.conversation import AUDIO, ROOT

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
NUMBER = "+15550100999"


@pytest.fixture
def requests() -> SubjectRequests:
    """A caller with an adjustment, and a restriction in force for another week."""
    store, shipped = MemoryStore(), Configurations(load(ROOT / "config", AUDIO))
    for id, kind, days in (("a1", RecordKind.ADJUSTMENT, None), ("r1", RecordKind.RESTRICTION, 7)):
        until = NOW + timedelta(days=days) if days else None
        one = CallerRecord(id=id, kind=kind, state=ON, at=NOW, until=until,
                           body={"needs": ["time"], "pin": "hash of it", "decided_by": "sam"})  # fmt: skip
        store.add_caller_record(one, NUMBER, RecordEntry(at=NOW, kind="made", actor="caller", reason="asked"))
    kept = RecordingKeeper(store, MemoryFiles(), ProviderRecordings(lambda account: None), shipped, lambda: NOW)
    return SubjectRequests(RetentionKeeper(kept, lambda seconds: None), "sky")


def test_records_about_a_caller_are_erased_but_not_a_restriction_in_force(requests: SubjectRequests) -> None:
    store = requests.keeper.store
    would, stays = requests.erase(NUMBER, dry_run=True)
    assert (would.reference, would.stays) == ("adjustment a1", "")
    assert stays.stays == "a contact restriction is in force until 2026-12-07: its appeal or end comes first"
    requests.erase(NUMBER)
    assert [one.kind for one in store.records_of(NUMBER)] == ["restriction"]
    (erased,) = store.caller_records(RecordKind.ADJUSTMENT)
    assert (erased.state, dict(erased.body)) == (ERASED, {})
    assert [(one.kind, one.actor) for one in store.caller_record_entries("a1")][-1] == ("erased", "sky")
    assert kept_records(requests.keeper.recordings.files) == ["a1"]


def test_a_restored_record_is_erased_again(requests: SubjectRequests) -> None:
    keeper, store = requests.keeper, requests.keeper.store
    keeper.recordings.files.put("erasures-of-records", b"a1\n")
    assert keeper.again() == 1
    assert [one.id for one in store.records_of(NUMBER)] == ["r1"]
    assert keeper.again() == 0


def test_a_copy_has_the_records_without_the_pin_and_names_of_ours(requests: SubjectRequests) -> None:
    files: dict[str, bytes] = {}
    call = a_call(number=NUMBER)
    body = {"words": "asked for a call at nine", "by": "sam"}
    promise = FollowUp(id="f1", kind=FollowUpKind.PROMISE, call=call.id, person="ana", state="open", at=NOW, body=body)
    save(requests.keeper.store, call, follow_ups=[promise])
    assert [one.call for one in requests.export(NUMBER, files.__setitem__)] == [call.id]
    ((told,),) = [one["follow_ups"] for one in json.loads(files["calls.json"])["calls"]]
    assert told["words"] == {"words": "asked for a call at nine", "by": "a supervisor"}
    adjustment, restriction = json.loads(files["calls.json"])["records"]
    assert adjustment["what"] == {"needs": ["time"], "decided_by": "a supervisor"}
    assert restriction["until"] == "2026-12-07T12:00:00+00:00"
    assert requests.keeper.store.caller_record_entries("a1")[-1].kind == "exported"
