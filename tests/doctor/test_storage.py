"""`callflow doctor` about the places where calls and recordings are kept."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from callflow.doctor import local
from callflow.doctor.findings import Level
from callflow.service.recordings import check_audio
from callflow.settings import Settings
from callflow.store import open_store
from callflow.store.audio_files import audio_files
from tests.contracts.sample import SECRETS, a_call, save


def settings(folder: Path, **more: str) -> Settings:
    return Settings.from_environment(
        {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0], **more},
        need_provider=False,
    )


def test_a_place_for_recordings_that_nobody_can_write_to(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (one,) = local.recordings(settings(tmp_path, CALLFLOW_RECORDINGS=f"{tmp_path}/file/recordings"))
    assert one.level is Level.ERROR
    assert one.what.startswith(f"the audio files at {tmp_path}/file/recordings (CALLFLOW_RECORDINGS) cannot be used: ")
    assert "let the user of the server write there" in one.fix


def test_what_examines_the_place_for_recordings_leaves_nothing_there(tmp_path: Path) -> None:
    (one,) = local.recordings(settings(tmp_path, CALLFLOW_RECORDINGS=f"{tmp_path}/recordings"))
    assert one.level is Level.GOOD
    assert not list((tmp_path / "recordings").iterdir())


def test_servers_that_share_the_place_do_not_take_each_others_file(tmp_path: Path) -> None:
    """Another one has deleted its own between our writing and our reading."""
    ours, theirs = audio_files(str(tmp_path)), audio_files(str(tmp_path))
    put = ours.put

    def meanwhile(name: str, content: bytes) -> None:
        put(name, content)
        check_audio(theirs)

    ours.put = meanwhile  # type: ignore[method-assign]
    check_audio(ours)
    assert not list(tmp_path.iterdir())


def test_a_secret_that_is_not_the_one_of_the_database(tmp_path: Path) -> None:
    ours = settings(tmp_path)
    with closing(open_store(ours.database_url, ours.secrets)) as store:
        save(store, a_call())
    assert [one.level for one in local.database(ours)] == [Level.GOOD]
    (one,) = local.database(replace(ours, secret_key="another secret of sixteen"))
    assert one.level is Level.ERROR
    assert "was wrapped with another secret" in one.what
    assert "CALLFLOW_SECRET_KEY" in one.fix


def test_a_database_that_nobody_can_make() -> None:
    (one,) = local.database(settings(Path("/dev/null/calls")))
    assert one.level is Level.ERROR
    assert "may not write in /dev/null" in one.what
    assert "CALLFLOW_DATABASE_URL" in one.fix
