"""A server that starts again finds the configuration it had, unless anything it came of has changed."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callflow.configuration import cache, loading
from callflow.configuration.problems import ConfigurationError
from callflow.core.configuration import Configuration

ROOT = Path(__file__).parents[2]
SECRET = "a secret of sixteen"


class Folders:
    """A directory of ops, its recordings, and the folder of what can be made again."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.config, self.audio, self.cache = folder / "config", folder / "audio", folder / "var" / "cache"
        shutil.copytree(ROOT / "config", self.config)
        shutil.copytree(ROOT / "audio", self.audio)
        self.read = 0
        real = loading.load

        def counted(directory: Path, audio: Path) -> Configuration:
            self.read += 1
            return real(directory, audio)

        monkeypatch.setattr(loading, "load", counted)

    @property
    def kept(self) -> Path:
        return self.cache / cache.NAME

    def start(self, *secrets: str) -> Configuration:
        return cache.load(self.config, self.audio, self.cache, secrets or (SECRET,))


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folders:
    return Folders(tmp_path, monkeypatch)


def test_the_second_start_reads_nothing_and_has_the_same(folders: Folders) -> None:
    first = folders.start()
    assert (folders.start(), folders.read) == (first, 1)
    assert folders.kept.stat().st_mode & 0o077 == 0, "telephone numbers of the staff are in it"


def test_a_changed_file_is_read(folders: Folders) -> None:
    first = folders.start()
    people = folders.config / "people.yaml"
    people.write_text(people.read_text(encoding="utf-8").replace("name: Ana", "name: Ada"), encoding="utf-8")
    second = folders.start()
    assert (second.agents["ana"].name, folders.read) == ("Ada", 2)
    assert second.digest != first.digest


def test_a_file_more_or_less_is_noticed(folders: Folders) -> None:
    folders.start()
    shutil.copy(folders.config / "scripts" / "en.yaml", folders.config / "scripts" / "en-gb.yaml")
    assert "en-gb" in folders.start().languages
    (folders.config / "scripts" / "en-gb.yaml").unlink()
    assert "en-gb" not in folders.start().languages


def test_a_replaced_recording_is_heard(folders: Folders) -> None:
    first = folders.start()
    recording = folders.audio / first.music.path
    recording.write_bytes(recording.read_bytes() + b"\0\0")
    folders.start()
    assert folders.read == 2


def test_a_new_version_of_our_own_code_reads_again(
    folders: Folders, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folders.start()
    shutil.copytree(ROOT / "callflow" / "core", tmp_path / "callflow" / "core")
    monkeypatch.setattr("callflow.__file__", str(tmp_path / "callflow" / "__init__.py"))
    folders.start()
    assert folders.read == 2


def test_what_somebody_else_put_there_is_not_read(folders: Folders) -> None:
    """Unpickling runs what the file says: without our seal it is not even looked at."""
    first = folders.start()
    trap = folders.cache / "sprung"
    attack = pickle.dumps(_Attack(str(trap)))
    folders.kept.write_bytes(b"\0" * 32 + attack)
    assert folders.start() == first
    assert not trap.exists()
    assert folders.start("another secret, 16 long") == first
    assert folders.read == 3


def test_what_was_kept_under_the_secret_before_is_read_while_it_is_rotated(folders: Folders) -> None:
    first = folders.start()
    read = folders.read
    assert folders.start("another secret, 16 long", SECRET) == first
    assert folders.read == read


class _Attack:
    def __init__(self, trap: str) -> None:
        self.trap = trap

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (self.trap,))


@pytest.mark.parametrize("left", [b"", b"short", b"\0" * 99])
def test_a_damaged_one_is_made_again(folders: Folders, left: bytes) -> None:
    first = folders.start()
    folders.kept.write_bytes(left)
    assert (folders.start(), folders.start(), folders.read) == (first, first, 2)


def test_without_a_place_to_keep_it_a_start_only_takes_longer(folders: Folders) -> None:
    folders.cache.parent.write_text("a file where the folder should be")
    assert folders.start() == folders.start()
    assert folders.read == 2


def test_problems_are_told_at_every_start_and_nothing_is_kept(folders: Folders) -> None:
    (folders.config / "people.yaml").unlink()
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="CF001"):
            folders.start()
    assert not folders.kept.exists()


def test_a_start_with_what_it_had_loads_no_parser(folders: Folders) -> None:
    folders.start()
    paths = [str(one) for one in (folders.config, folders.audio, folders.cache)]
    script = (
        "import sys; from pathlib import Path; from callflow.configuration import cache\n"
        f"paths = [Path(one) for one in {paths!r}]\n"
        f"cache.load(*paths, ({SECRET!r},))\n"
        "print({'pydantic', 'ruamel.yaml', 'phonenumbers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
