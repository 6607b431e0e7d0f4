"""What people record is fetched from the provider, sealed, and kept by us; whoever listens is named in the journal."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from callflow.core.configuration import Configuration
from callflow.emulator import NoAnswer
from callflow.service.jobs import JobFailure
from callflow.service.ports import Store
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.recordings import FETCH, AudioMissing, RecordingState
from callflow.store import open_store
from callflow.store.audio_files import FolderFiles
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import talking, warned


def left_a_message(store: Store | None = None, delete: bool = False, configuration: Configuration | None = None
                   ) -> Conversation:  # fmt: skip
    rules = replace(shipped().recording, delete_at_provider=delete)
    talk = Conversation(replace(configuration or shipped(), recording=rules), store=store)
    for person in (talk.ana, talk.ben):
        person.behaves(NoAnswer())
    talk.caller.dials().hears("reason_menu").presses("1").hears("queue_progress", within=120)
    talk.caller.heard("leave_message", within=320).says("Please ring me about my bill.").presses("#", after=4)
    talk.caller.heard("message_thanks").is_off()
    return talk.over()


def keeper(talk: Conversation, folder: Path | None = None) -> RecordingKeeper:
    kept = talk.callflow.keepers.recordings
    return replace(kept, files=FolderFiles(folder)) if folder else kept


def run_jobs(talk: Conversation, kept: RecordingKeeper) -> list[str]:
    """Run every waiting job of this kind once; what failed."""
    failed = []
    for job in talk.callflow.store.jobs(talk.clock.now()):
        if job.kind == FETCH:
            try:
                kept.run(job.args)
            except JobFailure as failure:
                failed.append(str(failure))
    return failed


def test_a_voicemail_is_fetched_and_has_an_owner() -> None:
    talk = left_a_message()
    (message,) = talk.callflow.store.recordings(talk.call.id)
    assert (message.kind, message.person, message.state) == ("voicemail", "caller", "waiting")
    assert run_jobs(talk, keeper(talk)) == []
    (kept,) = talk.callflow.store.recordings(talk.call.id)
    assert (kept.state, kept.at_provider, kept.seconds) == ("fetched", True, message.seconds)
    audio = keeper(talk).audio(kept.id)
    assert audio.startswith(b"RIFF")
    assert (len(audio), len(kept.hash)) == (kept.length, 64)
    (entry,) = talk.notes("message_left", "caller", owner="sam")
    assert kept.id == f"{talk.call.id}-{entry.note.details['recording']}"


def test_a_spoken_note_is_kept_as_one_of_the_agent() -> None:
    talk = warned(talking()).wait(20)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.ana.heard("wrap_up", within=90).presses("4").heard("note_prompt").says("His very words.", after=1)
    talk.ana.presses("#", after=6).hears("note_saved").hears("wrap_up").presses("#").is_off()
    talk.over()
    (note,) = talk.callflow.store.recordings()
    assert (note.kind, note.person) == ("note", "ana")


def test_it_is_deleted_at_the_provider_if_ops_say_so() -> None:
    talk = left_a_message(delete=True)
    run_jobs(talk, keeper(talk))
    (kept,) = talk.callflow.store.recordings()
    assert (kept.state, kept.at_provider) == ("fetched", False)
    assert talk.emulator.recordings[kept.provider_id].deleted
    run_jobs(talk, keeper(talk))  # a job may run twice
    assert keeper(talk).audio(kept.id)


def test_a_recording_that_cannot_be_fetched_is_tried_again() -> None:
    talk = left_a_message()
    talk.emulator.recordings[talk.callflow.store.recordings()[0].provider_id].status = "processing"
    assert run_jobs(talk, keeper(talk)) == ["fetching a recording: HTTP 404, code 20404"]
    (kept,) = talk.callflow.store.recordings()
    assert kept.state is RecordingState.FAILED
    talk.emulator.recordings[kept.provider_id].status = "completed"
    assert run_jobs(talk, keeper(talk)) == []
    assert talk.callflow.store.recordings()[0].state is RecordingState.FETCHED


def test_a_transcript_is_asked_for_where_somebody_makes_them() -> None:
    talk = left_a_message()
    kept = keeper(talk)
    kept.kinds = (*kept.kinds, "transcribe")
    run_jobs(talk, kept)
    run_jobs(talk, kept)
    (recording,) = talk.callflow.store.recordings()
    (job,) = [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == "transcribe"]
    assert job.args == {"call": recording.call, "recording": recording.id, "purpose": "voicemail"}


def test_who_listens_is_in_the_journal_with_the_reason(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    talk = left_a_message(opened(f"sqlite:///{tmp_path}/calls.db"))
    kept = keeper(talk, tmp_path / "audio")
    run_jobs(talk, kept)
    (recording,) = talk.callflow.store.recordings()
    assert kept.opened(recording.id, "sam", "played", "to call back").startswith(b"RIFF")
    (entry,) = talk.notes("recording_opened", "sam")
    assert (entry.note.outcome, entry.note.details["reason"]) == ("played", "to call back")
    assert b"to call back" not in (tmp_path / "calls.db").read_bytes()
    assert talk.call.stage == "ended"


def test_an_erased_call_has_no_readable_audio_anywhere(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    talk = left_a_message(opened(f"sqlite:///{tmp_path}/calls.db"))
    kept = keeper(talk, tmp_path / "audio")
    run_jobs(talk, kept)
    (recording,) = talk.callflow.store.recordings()
    (file,) = (tmp_path / "audio").iterdir()
    assert b"RIFF" not in file.read_bytes()
    assert file.stat().st_mode & 0o077 == 0
    assert kept.audio(recording.id)
    assert talk.callflow.store.erase(talk.call.id)
    with pytest.raises(AudioMissing):
        kept.opened(recording.id, "sam", "played", "curious")
    assert talk.notes("recording_opened") == []
    (left,) = talk.callflow.store.recordings()
    assert (left.state, left.provider_id) == (RecordingState.DELETED, "")


def test_audio_that_was_changed_is_refused(tmp_path: Path, opened: Callable[[str], Store]) -> None:
    talk = left_a_message(opened(f"sqlite:///{tmp_path}/calls.db"))
    kept = keeper(talk, tmp_path / "audio")
    run_jobs(talk, kept)
    (recording,) = talk.callflow.store.recordings()
    (file,) = (tmp_path / "audio").iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(Exception, match="was changed"):
        kept.audio(recording.id)


def test_removing_one_deletes_it_here_and_there(tmp_path: Path) -> None:
    talk = left_a_message()
    kept = keeper(talk, tmp_path)
    run_jobs(talk, kept)
    (recording,) = talk.callflow.store.recordings()
    kept.remove(recording.id)
    assert list(tmp_path.iterdir()) == []
    assert talk.emulator.recordings[recording.provider_id].deleted
    assert talk.callflow.store.recordings()[0].state is RecordingState.DELETED


@pytest.fixture
def opened() -> Callable[[str], Store]:
    return lambda url: open_store(url, SECRETS)
