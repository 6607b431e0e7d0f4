"""A recording is compared with its line by sound: a missing or another word is named, another text is refused."""

import io
import json
import shutil
import subprocess
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli.prompts import command
from callflow.cli.prompts.verifying import differences
from callflow.speech.alignment import Aligner, Verdict, words_of
from callflow.speech.phones import likeness
from callflow.speech.sound import samples
from tests.conftest import skip_or_fail

LINE = "We will end this call if the shouting at our team goes on."


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return Aligner()


def said(text: str, folder: Path) -> bytes:
    if not shutil.which("flite"):
        skip_or_fail("flite is not installed (Debian package flite)")
    path = folder / "said.wav"
    subprocess.run(["flite", "-voice", "slt", "-t", text, "-o", path], check=True)
    return path.read_bytes()


@pytest.mark.parametrize(("spoken", "verdict", "doubt"), [
    (LINE, Verdict.GREEN, ""),
    ("We will end this call if the at our team goes on.", Verdict.YELLOW, "shouting"),
    ("We will end this bargain if the shouting at our team goes on.", Verdict.YELLOW, "call"),
    ("Thank you for holding.", Verdict.RED, ""),
])  # fmt: skip
def test_a_recording_says_its_line(spoken: str, verdict: Verdict, doubt: str, aligner: Aligner, tmp_path: Path) -> None:
    found = aligner.verify(said(spoken, tmp_path), LINE)
    assert found.verdict is verdict, found
    assert not doubt or doubt in found.doubts


def test_a_word_that_no_dictionary_knows_is_told(aligner: Aligner, tmp_path: Path) -> None:
    found = aligner.verify(said("Thank you for calling.", tmp_path), "Thank you for calling Xqzwv.")
    assert found.unknown == ("xqzwv",)
    assert found.verdict is not Verdict.GREEN


def test_digits_are_spoken_one_by_one() -> None:
    assert words_of("Press 1, it\u2019s 24.") == ["press", "one", "it's", "two", "four"]


def test_sounds_are_found_in_what_was_heard() -> None:
    alike = likeness([["K", "AO", "L"], ["T", "IY", "M"]], ["K", "AO", "L", "T", "IY", "M"])
    assert alike == [1.0, 1.0]
    assert likeness([["K", "AO", "L"], ["T", "IY", "M"]], ["T", "IY", "M"]) == [-0.6, 1.0]
    assert likeness([["P", "AO", "L"]], ["B", "AO", "L"])[0] > 0.8
    assert likeness([["K"]], []) == [-0.6]


def test_dictation_is_compared_word_by_word() -> None:
    assert differences("We will end this call.", "we will end the call now") == ["-this", "+the", "+now"]
    assert differences("We don't.", "we do not") == []


def configured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped configuration, with one recorded line."""
    root = Path(__file__).parents[2]
    shutil.copytree(root / "config", folder / "config")
    shutil.copytree(root / "audio", folder / "audio")
    scripts = folder / "config" / "scripts" / "en.yaml"
    text = 'greeting: {text: "Thank you for calling {org}."}'
    line = 'greeting: {text: "Thank you for calling our company.", audio: en/greeting_tried.wav}'
    found = scripts.read_text()
    assert text in found
    scripts.write_text(found.replace(text, line))
    monkeypatch.setenv("CALLFLOW_CONFIG", str(folder / "config"))
    monkeypatch.setenv("CALLFLOW_AUDIO", str(folder / "audio"))
    monkeypatch.setenv("CALLFLOW_SECRET_KEY", "of a test and worth nothing")


def test_the_command_names_the_recordings_to_listen_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(tmp_path, monkeypatch)
    recording = tmp_path / "audio" / "en" / "greeting_tried.wav"
    recording.write_bytes(narrowed(said("Thank you for calling our company.", tmp_path)))
    result = CliRunner().invoke(command, ["verify", "greeting", "--json"])
    (row,) = json.loads(result.stdout)
    assert (result.exit_code, row["file"], row["verdict"]) == (0, "en/greeting_tried.wav", "green")
    recording.write_bytes(narrowed(said("Thank you for your company.", tmp_path)))
    result = CliRunner().invoke(command, ["verify", "greeting"])
    assert (result.exit_code, "1 recordings: 0 green" in result.stdout) == (1, True)
    result = CliRunner().invoke(command, ["verify", "goodbye_tried"])
    assert (result.exit_code, "no recording of goodbye_tried" in result.output) == (1, True)


def narrowed(wav: bytes) -> bytes:
    """At 8 kHz, as recordings must be."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples(wav).get_raw_data(convert_rate=8000, convert_width=2))
    return out.getvalue()
