"""A recording is compared with its line by sound: a missing or another word is named, another text is refused."""

import io
import json
import shutil
import subprocess
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.audio.normalising import normalise
from callflow.cli.prompts import command
from callflow.cli.prompts.verifying import differences
from callflow.speech.alignment import Aligner, Verdict, squeezed, words_of
from callflow.speech.sound import samples
from tests.conftest import skip_or_fail

LINE = "We will end this call if the shouting at our team goes on."


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return Aligner()


def said(text: str, folder: Path, voice: str = "slt") -> bytes:
    if not shutil.which("flite"):
        skip_or_fail("flite is not installed (Debian package flite)")
    path = folder / "said.wav"
    subprocess.run(["flite", "-voice", voice, "-t", text, "-o", path], check=True)
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


def test_a_short_word_that_was_left_out_is_in_doubt(aligner: Aligner, tmp_path: Path) -> None:
    """Its neighbours sound like it; but said in so little time, nobody would have said it."""
    line = "Please call us back after ten."
    right = normalise(narrowed(said(line, tmp_path, "awb")))
    assert aligner.verify(right.content, line).verdict is Verdict.GREEN
    short = normalise(narrowed(said("Please call us after ten.", tmp_path, "awb")))
    found = aligner.verify(short.content, line)
    assert (found.verdict, found.doubts) == (Verdict.YELLOW, ("back",))


def test_a_word_is_squeezed_compared_with_the_others_only() -> None:
    """Nobody is doubted who speaks fast, or says one word."""
    assert [*squeezed([8, 9, 3, 9])] == [2]
    assert not [*squeezed([4, 4, 3, 4])]
    assert not [*squeezed([3])]


def test_a_word_that_no_dictionary_knows_is_told(aligner: Aligner, tmp_path: Path) -> None:
    found = aligner.verify(said("Thank you for calling.", tmp_path), "Thank you for calling Xqzwv.")
    assert found.unknown == ("xqzwv",)
    assert found.verdict is not Verdict.GREEN


def test_numbers_are_read_as_people_read_them(aligner: Aligner, tmp_path: Path) -> None:
    assert words_of("Press 1, it\u2019s 24.") == ["press", "one", "it's", "twenty", "four"]
    assert words_of("24", spelled=True) == words_of("2 4") == ["two", "four"]
    assert words_of("120 and 0171") == ["one", "hundred", "twenty", "and", "zero", "one", "seven", "one"]
    recording = said("Please wait for thirty seconds, or call nine one one.", tmp_path)
    assert aligner.verify(recording, "Please wait for thirty seconds, or call 9 1 1.").verdict is Verdict.GREEN
    assert aligner.verify(recording, "Please wait for 5 minutes, or call 9 1 1.").verdict is not Verdict.GREEN


def test_dictation_is_compared_word_by_word() -> None:
    assert differences("We will end this call.", "we will end the call now") == ["-this", "+the", "+now"]
    assert differences("We don't.", "we do not") == []


def configured(folder: Path) -> tuple[str, ...]:
    """The shipped configuration, with one more recorded line."""
    root = Path(__file__).parents[2]
    shutil.copytree(root / "config", folder / "config")
    shutil.copytree(root / "audio", folder / "audio")
    scripts = folder / "config" / "scripts" / "en.yaml"
    text = 'greeting: {text: "Thank you for calling {org}."}'
    line = 'greeting: {text: "Thank you for calling our company.", audio: en/greeting_tried.wav}'
    found = scripts.read_text()
    assert text in found
    scripts.write_text(found.replace(text, line))
    return "verify", "--config", str(folder / "config"), "--audio", str(folder / "audio")


def test_the_command_names_the_recordings_to_listen_to(tmp_path: Path) -> None:
    verify = configured(tmp_path)
    recording = tmp_path / "audio" / "en" / "greeting_tried.wav"
    recording.write_bytes(narrowed(said("Thank you for calling our company.", tmp_path)))
    result = CliRunner().invoke(command, [*verify, "greeting", "--json"])
    (row,) = json.loads(result.stdout)
    assert (result.exit_code, row["file"], row["verdict"]) == (0, "en/greeting_tried.wav", "green")
    recording.write_bytes(narrowed(said("Thank you for your company.", tmp_path)))
    result = CliRunner().invoke(command, [*verify, "greeting"])
    assert (result.exit_code, "1 recordings: 0 green" in result.stdout) == (1, True)
    result = CliRunner().invoke(command, [*verify, "goodbye_tried"])
    assert (result.exit_code, "no recording of goodbye_tried" in result.output) == (1, True)


def test_other_languages_are_written_down_and_the_command_says_what_it_takes(tmp_path: Path) -> None:
    """Without an engine that knows German nothing is verified, and nothing fails; with one, what it writes decides."""
    verify = configured(tmp_path)
    config = tmp_path / "config"
    shutil.copyfile(config / "languages" / "de.yaml", config / "scripts" / "de.yaml")
    result = CliRunner().invoke(command, [*verify, "de/not_clear.wav"])
    assert (result.exit_code, "unverified (de): only English" in result.stdout) == (0, True)
    with (config / "callflow.yaml").open("a") as file:
        file.write("\nspeech: {engines: {prompt: pocketsphinx}}\n")
    result = CliRunner().invoke(command, [*verify, "de/not_clear.wav"])
    assert (result.exit_code, "unverified (de): only English" in result.stdout) == (0, True)


def test_a_line_in_pieces_is_verified_piece_by_piece(tmp_path: Path) -> None:
    """Also one piece alone; a piece that says the words of another is found."""
    verify = configured(tmp_path)
    result = CliRunner().invoke(command, [*verify, "hold_start", "--json"])
    rows = {row["file"]: row["verdict"] for row in json.loads(result.stdout)}
    expected = ["en/hold_start.1.wav", "en/hold_start.2.wav", "en/hold_start.3.wav"]
    assert rows == dict.fromkeys(expected, "green")
    assert result.exit_code == 0
    folder = tmp_path / "audio" / "en"
    shutil.copy(folder / "hold_checkin.1.wav", folder / "hold_start.2.wav")
    result = CliRunner().invoke(command, [*verify, "hold_start.2", "--json"])
    (row,) = json.loads(result.stdout)
    assert (result.exit_code, row["verdict"]) == (1, "red")


def test_a_value_is_verified_and_a_number_that_rhymes_is_found(tmp_path: Path) -> None:
    verify = configured(tmp_path)
    (row,) = json.loads(CliRunner().invoke(command, [*verify, "values/30", "--json"]).stdout)
    assert (row["file"], row["verdict"]) == ("en/values/30.wav", "green")
    folder = tmp_path / "audio" / "en" / "values"
    shutil.copy(folder / "20.wav", folder / "30.wav")
    (row,) = json.loads(CliRunner().invoke(command, [*verify, "values/30", "--json"]).stdout)
    assert (row["verdict"], row["doubts"]) == ("red", ["thirty"])


def narrowed(wav: bytes) -> bytes:
    """At 8 kHz, as recordings must be."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(samples(wav).get_raw_data(convert_rate=8000, convert_width=2))
    return out.getvalue()
