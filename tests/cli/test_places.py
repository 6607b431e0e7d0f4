"""Commands in a folder that has no configuration, or from the folder above; and where recordings are looked for."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from callflow.configuration.places import audio_of, missing
from callflow.settings import Settings
from callflow.store import open_store
from tests.cli.test_commands import ROOT, SECRET


def callflow(folder: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """The command in this folder, with nothing that says where a configuration is."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CALLFLOW_SECRET_KEY": SECRET,
                   "CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", **more}  # fmt: skip
    return subprocess.run([sys.executable, "-m", "callflow", *words], env=environment, cwd=folder, timeout=60,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # fmt: skip


@pytest.fixture
def above(tmp_path: Path) -> Path:
    """A folder with line/config and line/audio in it."""
    (tmp_path / "line").mkdir()
    shutil.copytree(ROOT / "config", tmp_path / "line/config")
    (tmp_path / "line/audio").symlink_to(ROOT / "audio")
    return tmp_path


COMMANDS = (
    "check", "simulate", "diagram", "prompts list", "languages list", "languages add de", "people",
    "people invite ana", "retention",
    "hold put 123456 --owner sam --reason x --review 2030-01-01", "incident list", "config show directory",
    "erase --caller +15550100199", "export --caller +15550100199 --out x.zip", "replay 123456",
    "close front_desk --until 17:00", "duty-pack --year 2026 --out pack", "demo --config config",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_configuration_it_is_said_once(tmp_path: Path, command: str) -> None:
    open_store(f"sqlite:///{tmp_path}/calls.db", (SECRET,)).close()
    done = callflow(tmp_path, *command.split())
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr == (f"there is no configuration in {tmp_path}/config: go to the directory that has it, "
                           "or write one with `callflow init DIR`\n")  # fmt: skip


@pytest.mark.parametrize(("here", "written"), [
    (".", "line"), (".", "config"), ("line/config", "config"), ("line", "config/callflow.yaml"),
])  # fmt: skip
def test_the_configuration_nearby_is_named(above: Path, here: str, written: str) -> None:
    done = callflow(above / here, "check", written)
    assert done.returncode == 1
    assert f"; did you mean {above}/line/config?" in done.stderr
    assert (f" Then `cd {above}/line`, or set CALLFLOW_CONFIG" in done.stderr) == (here != "line")


def test_the_configuration_of_another_folder_is_heard_with_its_recordings(above: Path) -> None:
    assert callflow(above, "simulate", "line", "--config", "line/config", "--list").returncode == 1  # no such scenario
    assert callflow(above, "prompts", "list", "--config", "line/config").returncode == 0
    assert callflow(above, "diagram", "line/config").returncode == 0


def test_recordings_are_beside_the_configuration_or_here(above: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(above)
    assert audio_of(Path("line/config")) == above / "line/audio"
    assert Settings.from_environment({"CALLFLOW_CONFIG": "line/config"}, False).audio == above / "line/audio"
    chosen = {"CALLFLOW_CONFIG": "line/config", "CALLFLOW_AUDIO": "sound"}
    assert Settings.from_environment(chosen, False).audio == Path("sound")
    (above / "line/audio").unlink()
    assert audio_of(Path("line/config")) == Path("audio")
    monkeypatch.chdir(above / "line")
    assert (audio_of(Path("config")), missing(Path("config"))) == (Path("audio"), "")
    monkeypatch.chdir("config")
    assert (audio_of(Path()), missing(Path())) == (Path("audio"), "")
    assert missing(Path("config")).startswith("there is no configuration in ")


def test_the_list_of_languages_is_that_of_the_environment(above: Path) -> None:
    done = callflow(above, "languages", CALLFLOW_CONFIG=str(above / "line/config"))
    assert (done.returncode, done.stdout.splitlines()[0][:2]) == (0, "en")


def test_a_folder_that_may_not_be_read_is_not_said_to_be_empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert missing(tmp_path) == ""


def test_what_is_not_in_the_recordings_is_told_with_the_whole_path(above: Path) -> None:
    (above / "line/audio").unlink()
    (above / "line/audio").mkdir()
    done = callflow(above, "diagram", "line/config")
    assert done.returncode == 1
    assert f'CF050 the recording "hold_music.wav" is not in {above}/line/audio\n' in done.stderr
