"""A caller asks for a copy, and to be forgotten; the threat key keeps everything; afterwards nothing can be found."""

import json
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from callflow.service.legal_holds import LegalHolds
from callflow.service.ports import Store
from callflow.service.retention import HOLD
from callflow.service.retention_keeper import RetentionKeeper
from callflow.service.subject_requests import SubjectRequests
from callflow.store import open_store
from callflow.store.audio_files import FolderFiles
from callflow.store.backup import backup
from callflow.store.verifying import verify
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import talking
from tests.e2e.test_recordings_kept import keeper, left_a_message, run_jobs

Open = Callable[[str], Store]


def requests_of(talk: Conversation, folder: Path) -> SubjectRequests:
    kept = keeper(talk, folder / "audio")
    return SubjectRequests(RetentionKeeper(kept, lambda seconds: None), "sky")


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def secrets_of(talk: Conversation, folder: Path) -> list[bytes]:
    """What must be nowhere: the caller's number, the id of the recording, the key of the call, sealed audio."""
    with closing(sqlite3.connect(folder / "calls.db")) as shell:
        (wrapped,) = shell.execute('SELECT "key" FROM calls').fetchone()
    (recording,) = talk.callflow.store.recordings(talk.call.id)
    (audio,) = (folder / "audio").glob("*.sealed")
    plain = [talk.call.number.encode(), talk.call.number[1:].encode(), recording.provider_id.encode()]
    return [*plain, *map(b64encode, plain), wrapped.partition(".")[2].encode(), audio.read_bytes()[:64]]


@pytest.fixture
def opened() -> Open:
    return lambda url: open_store(url, SECRETS)


@pytest.fixture
def talk(tmp_path: Path, opened: Open) -> Conversation:
    talk = left_a_message(opened(f"sqlite:///{tmp_path}/calls.db"))
    run_jobs(talk, keeper(talk, tmp_path / "audio"))
    return talk


def test_a_caller_who_asks_is_forgotten_and_nothing_can_be_found_in_any_file(
    talk: Conversation, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    secrets, number = secrets_of(talk, tmp_path), talk.call.number
    (would,) = requests_of(talk, tmp_path).erase(number, dry_run=True)
    assert (would.reference, would.stays, talk.call.number) == (talk.call.reference, "", number)
    (answered,) = requests_of(talk, tmp_path).erase(number)
    assert answered.stays == ""
    backup(f"sqlite:///{tmp_path}/calls.db", tmp_path / "backup.db")
    found = bytes_of(tmp_path)
    assert {"calls.db", "calls.db-wal", "backup.db", f"audio/erasures-{talk.clock.now():%Y-%m}.sealed"} <= {*found}
    assert [name for name, content in found.items() if any(secret in content for secret in secrets)] == []
    assert talk.emulator.recordings[secrets[2].decode()].deleted
    assert number not in caplog.text
    assert requests_of(talk, tmp_path).erase(number) == []
    (entry,) = talk.notes("erased", "sky")
    assert entry.note.outcome == "the caller asked for it"
    assert not verify(f"sqlite:///{tmp_path}/calls.db").faults


def test_a_backup_that_is_restored_has_the_caller_erased_again(
    talk: Conversation, tmp_path: Path, opened: Open
) -> None:
    backup(f"sqlite:///{tmp_path}/calls.db", tmp_path / "backup.db")
    number = talk.call.number
    requests_of(talk, tmp_path).erase(number)
    talk.callflow.store.close()
    restored = opened(f"sqlite:///{tmp_path}/backup.db")
    assert restored.calls_of(number) == [talk_id := restored.calls(live=False)[0].id]
    kept = replace(talk.callflow.keepers.recordings, store=restored, files=FolderFiles(tmp_path / "audio"))
    again = RetentionKeeper(kept, lambda seconds: None)
    again.run_again({})
    assert restored.calls_of(number) == []
    assert [one.why for one in restored.erasures(talk.clock.now().replace(day=1), talk.clock.now().replace(year=2099))]
    assert not restored.has_words(talk_id)
    assert not verify(f"sqlite:///{tmp_path}/backup.db").faults


def test_a_caller_gets_a_copy_with_the_recording_and_no_name_of_ours(talk: Conversation, tmp_path: Path) -> None:
    files: dict[str, bytes] = {}
    (answered,) = requests_of(talk, tmp_path).export(talk.call.number, files.__setitem__)
    assert answered.stays == ""
    (audio,) = [content for name, content in files.items() if name.startswith("audio/")]
    assert audio.startswith(b"RIFF")
    copied = json.loads(files["calls.json"])
    (call,) = copied["calls"]
    assert (call["reference"], call["number"]) == (talk.call.reference, talk.call.number)
    assert "message_left" in [one["what"] for one in call["what_happened"]]
    assert [one for one in ('"sam"', '"ana"', "Sam", "Ana") if one in files["calls.json"].decode()] == []
    assert talk.notes("exported", "sky")
    assert talk.notes("recording_opened", "sky")


def test_a_caller_whose_call_goes_on_or_is_held_is_told_why_it_stays(tmp_path: Path, opened: Open) -> None:
    talk = talking(store=opened(f"sqlite:///{tmp_path}/calls.db"))
    talk.ana.presses("*").hears("menu").presses("6")
    number = talk.call.number
    (live,) = requests_of(talk, tmp_path).erase(number)
    assert live.stays == "it is not over yet"
    (job,) = [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == HOLD]
    LegalHolds(talk.callflow.store, talk.callflow.configurations, talk.clock.now).run(job.args)
    (entry,) = talk.notes("legal_hold", "callflow")
    assert (entry.note.outcome, entry.note.details["owner"]) == ("put", "sam")
    talk.caller.hangs_up()
    talk.ana.is_off(within=120)
    talk.over()
    (held,) = requests_of(talk, tmp_path).erase(number)
    assert held.stays.startswith("legal hold of sam, to be reviewed on ")
