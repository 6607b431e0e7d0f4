"""Every place for audio keeps the same promises: a folder, an object store, and the memory of a rehearsal."""

import uuid
from pathlib import Path

import pytest

from callflow.service.recordings import AudioFiles, AudioMissing, AudioUnavailable
from callflow.store.audio_files import audio_files


@pytest.fixture(params=["folder", "objects", "memory"])
def files(request: pytest.FixtureRequest, tmp_path: Path) -> AudioFiles:
    places = {"folder": str(tmp_path / "var" / "audio"), "objects": f"memory://{uuid.uuid4().hex}/audio"}
    return audio_files(places.get(request.param, "memory:"))


def test_what_was_put_there_is_read(files: AudioFiles) -> None:
    files.put("c1-7", b"\x00sealed")
    assert files.read("c1-7") == b"\x00sealed"
    files.put("c1-7", b"again")
    assert files.read("c1-7") == b"again"


def test_what_is_not_there_is_missing_and_deleted_twice(files: AudioFiles) -> None:
    files.put("c1-7", b"sealed")
    files.delete("c1-7")
    files.delete("c1-7")
    with pytest.raises(AudioMissing):
        files.read("c1-7")


def test_nobody_else_can_read_the_folder(tmp_path: Path) -> None:
    audio_files(str(tmp_path / "audio")).put("c1-7", b"sealed")
    (file,) = (tmp_path / "audio").iterdir()
    assert file.stat().st_mode & 0o077 == (tmp_path / "audio").stat().st_mode & 0o077 == 0


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "audio").write_text("a file")
    with pytest.raises(AudioUnavailable, match="cannot be used: "):
        audio_files(str(tmp_path / "audio")).put("c1-7", b"sealed")


def test_a_store_that_is_unknown_is_said() -> None:
    with pytest.raises(AudioUnavailable):
        audio_files("carrier-pigeon://somewhere").read("c1-7")
