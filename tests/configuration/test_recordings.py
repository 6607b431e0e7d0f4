"""Recordings that YAML names: every case of conduct has its own, and each can be played by the provider."""

import dataclasses
import shutil
from pathlib import Path

import pytest

from tests.configuration.sounds import wav
from tests.configuration.workbench import Workbench, plain_audio

LINE = "config/scripts/en.yaml:197:12"


@pytest.fixture
def own(bench: Workbench, tmp_path: Path) -> Workbench:
    """With an audio folder of its own."""
    shutil.copytree(plain_audio(), tmp_path / "own")
    return dataclasses.replace(bench, audio=Path("own"))


def test_a_plain_path_serves_every_case(own: Workbench) -> None:
    own.edit("scripts/en.yaml", 'Thank you for holding. You are back with {agent}."}', 'Thanks.", audio: back.wav}')
    (own.audio / "back.wav").write_bytes(wav(seconds=2))
    audio = own.load().script("hold_return", "en").audio
    assert {key: (one.path, one.seconds) for key, one in audio.items()} == {"": ("back.wav", 2.0)}


def test_a_conduct_more_needs_a_recording_more(own: Workbench) -> None:
    """Until then the whole line is spoken."""
    own.edit("deescalation.yaml", '    "4": {name', '    "7": {name: spitting}\n    "4": {name')
    assert f'{LINE} CF220 "warning_final" is spoken: "en/warning_final_7.wav" is missing' in own.problems()
    assert not own.load().script("warning_final", "en").audio


def test_another_recording_is_another_version(own: Workbench) -> None:
    before = own.load()
    (own.audio / "en/warning_final_2.wav").write_bytes(wav(seconds=12))
    after = own.load()
    assert after.script("warning_final", "en").version != before.script("warning_final", "en").version
    assert after.script("warning_first", "en").version == before.script("warning_first", "en").version
    assert after.digest != before.digest


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (wav(rate=16000), "16000 Hz, 1 channel(s), pcm16"),
        (wav(channels=2), "8000 Hz, 2 channel(s), pcm16"),
        (wav(tag=6, bits=8), "8000 Hz, 1 channel(s), a-law"),
    ],
)
def test_other_formats_are_refused(own: Workbench, content: bytes, says: str) -> None:
    (own.audio / "en/warning_final_1.wav").write_bytes(content)
    path = '"en/warning_final_1.wav"'
    must = "it must be 8000 Hz, 1 channel, pcm16 or mu-law"
    assert own.problems() == [f"{LINE} CF052 the recording {path} has {says}; {must}"]


def test_a_recording_cut_off_is_no_proof(own: Workbench) -> None:
    path = own.audio / "en/warning_final_1.wav"
    path.write_bytes(path.read_bytes()[:-4000])
    assert own.problems() == [f'{LINE} CF051 the recording "en/warning_final_1.wav" is cut off before its end']


def test_several_that_are_missing_are_told_as_several(own: Workbench) -> None:
    for number in ("1", "2"):
        (own.audio / f"en/warning_final_{number}.wav").unlink()
    words = '"warning_final" is spoken: "en/warning_final_1.wav" and 1 more are missing'
    assert f"{LINE} CF220 {words}" in own.problems()
