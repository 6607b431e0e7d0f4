"""Two that change the same thing at the same time: the later one does not undo what the earlier one did."""

from dataclasses import replace
from pathlib import Path

import pytest

from callflow.configuration.loading import load
from callflow.core.recordings import RecordingKind
from callflow.service.accounts import Passkey
from callflow.service.configurations import Configurations
from callflow.service.jobs import JobFailure
from callflow.service.ports import GatewayFailure, Store
from callflow.service.recording_keeper import RecordingKeeper
from callflow.service.recordings import Recording, RecordingState
from callflow.store.audio_files import FolderFiles, MemoryFiles
from tests.contracts.sample import NOW, a_call, save
from tests.e2e.conversation import AUDIO, ROOT

S = RecordingState
BRIEFING = Recording(id="c1-1", call="c1", kind=RecordingKind.BRIEFING, person="ana", provider_id="RE1",
                     state=S.WAITING, at=NOW, seconds=9)  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kept"), [
    (S.WAITING, S.FAILED, S.FAILED), (S.FAILED, S.FETCHED, S.FETCHED), (S.FETCHED, S.FAILED, S.FETCHED),
    (S.FETCHED, S.DELETED, S.DELETED), (S.DELETED, S.FETCHED, S.DELETED), (S.DELETED, S.FAILED, S.DELETED),
])  # fmt: skip
def test_a_late_state_of_a_recording(store: Store, before: S, after: S, kept: S) -> None:
    save(store, a_call(), recordings=[BRIEFING])
    store.keep_recording(replace(BRIEFING, state=before, hash="ab"))
    store.keep_recording(replace(BRIEFING, state=after, hash="cd"))
    found = store.recording(BRIEFING.id)
    assert found
    assert (found.state, found.hash) == (kept, "cd" if kept is after else "ab")


def keeper(store: Store, meanwhile: S, fails: bool) -> RecordingKeeper:
    """While the provider is asked for the recording, somebody else brings it into this state."""
    files = MemoryFiles()

    class Provider:
        def fetch(self, provider_id: str, account: str = "") -> bytes:
            store.keep_recording(replace(BRIEFING, state=meanwhile, hash="ab"))
            if fails:
                raise GatewayFailure("HTTP 404")
            return b"RIFF"

        def delete(self, provider_id: str, account: str = "") -> None: ...

    save(store, a_call(), recordings=[BRIEFING])
    return RecordingKeeper(store, files, Provider(), Configurations(load(ROOT / "config", AUDIO)), lambda: NOW)


def test_whoever_fails_to_fetch_what_another_one_has_fetched_has_it_too(store: Store) -> None:
    found = keeper(store, S.FETCHED, fails=True).fetched(BRIEFING)
    assert (found.state, found.hash) == (S.FETCHED, "ab")


def test_what_is_deleted_while_it_is_fetched_leaves_no_file(store: Store) -> None:
    ours = keeper(store, S.DELETED, fails=False)
    with pytest.raises(JobFailure, match="deleted while it was fetched"):
        ours.fetched(BRIEFING)
    with pytest.raises(Exception, match="no such audio file"):
        ours.files.read(BRIEFING.id)


def test_two_threads_write_the_same_audio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, replaced = FolderFiles(tmp_path), Path.replace

    def second_first(part: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replaced)
        ours.put("c1-1", b"the other one")
        return replaced(part, target)

    monkeypatch.setattr(Path, "replace", second_first)
    ours.put("c1-1", b"one")
    assert ours.read("c1-1") == b"one"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_passkey_that_is_revoked_while_it_is_used_stays_revoked(store: Store) -> None:
    key = Passkey(id="k", person="sam", public_key="p", at=NOW)
    store.put_passkey(key)
    assert store.use_passkey(replace(key, count=2, used=NOW))
    assert store.passkey("k") == replace(key, count=2, used=NOW)
    store.drop_passkeys_of("sam")
    assert not store.use_passkey(replace(key, count=3, used=NOW))
    assert store.passkey("k") is None
