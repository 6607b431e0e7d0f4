"""A server that starts again finds the configuration it had, unless anything it came of has changed."""

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callflow.configuration import compiled, loading
from callflow.configuration.problems import ConfigurationError
from callflow.core.configured import Configuration

ROOT = Path(__file__).parents[2]
SECRET = "a secret of sixteen"


class House:
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
        return self.cache / compiled.NAME

    def start(self, secret: str = SECRET) -> Configuration:
        return compiled.load(self.config, self.audio, self.cache, secret)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return House(tmp_path, monkeypatch)


def test_the_second_start_reads_nothing_and_has_the_same(house: House) -> None:
    first = house.start()
    assert (house.start(), house.read) == (first, 1)
    assert house.kept.stat().st_mode & 0o077 == 0, "telephone numbers of the staff are in it"


def test_a_changed_file_is_read(house: House) -> None:
    first = house.start()
    people = house.config / "people.yaml"
    people.write_text(people.read_text(encoding="utf-8").replace("name: Ana", "name: Ada"), encoding="utf-8")
    second = house.start()
    assert (second.agents["ana"].name, house.read) == ("Ada", 2)
    assert second.digest != first.digest


def test_a_file_more_or_less_is_noticed(house: House) -> None:
    house.start()
    shutil.copy(house.config / "scripts" / "en.yaml", house.config / "scripts" / "es.yaml")
    assert "es" in house.start().languages
    (house.config / "scripts" / "es.yaml").unlink()
    assert "es" not in house.start().languages


def test_a_replaced_recording_is_heard(house: House) -> None:
    first = house.start()
    recording = house.audio / first.music.path
    recording.write_bytes(recording.read_bytes() + b"\0\0")
    house.start()
    assert house.read == 2


def test_a_new_version_of_our_own_code_reads_again(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    house.start()
    shutil.copytree(ROOT / "callflow" / "core", tmp_path / "callflow" / "core")
    monkeypatch.setattr("callflow.__file__", str(tmp_path / "callflow" / "__init__.py"))
    house.start()
    assert house.read == 2


def test_what_somebody_else_put_there_is_not_read(house: House) -> None:
    """Unpickling runs what the file says: without our seal it is not even looked at."""
    first = house.start()
    trap = house.cache / "sprung"
    attack = pickle.dumps(_Attack(str(trap)))
    house.kept.write_bytes(b"\0" * 32 + attack)
    assert house.start() == first
    assert not trap.exists()
    assert house.start("another secret, 16 long") == first
    assert house.read == 3


class _Attack:
    def __init__(self, trap: str) -> None:
        self.trap = trap

    def __reduce__(self) -> tuple[object, ...]:
        return (os.mkdir, (self.trap,))


@pytest.mark.parametrize("left", [b"", b"short", b"\0" * 99])
def test_a_damaged_one_is_made_again(house: House, left: bytes) -> None:
    first = house.start()
    house.kept.write_bytes(left)
    assert (house.start(), house.start(), house.read) == (first, first, 2)


def test_without_a_place_to_keep_it_a_start_only_takes_longer(house: House) -> None:
    house.cache.parent.write_text("a file where the folder should be")
    assert house.start() == house.start()
    assert house.read == 2


def test_problems_are_told_at_every_start_and_nothing_is_kept(house: House) -> None:
    (house.config / "people.yaml").unlink()
    for _ in range(2):
        with pytest.raises(ConfigurationError, match="CF001"):
            house.start()
    assert not house.kept.exists()


def test_a_start_with_what_it_had_loads_no_parser(house: House) -> None:
    house.start()
    script = (
        "import sys; from pathlib import Path; from callflow.configuration import compiled\n"
        f"folders = [Path(one) for one in {[str(one) for one in (house.config, house.audio, house.cache)]!r}]\n"
        f"compiled.load(*folders, {SECRET!r})\n"
        "print({'pydantic', 'ruamel.yaml', 'phonenumbers'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
