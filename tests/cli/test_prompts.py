"""`callflow prompts`, as ops type it: list, make, import and export recordings."""

import csv
import io
import json
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.audio.levels import EXPECTED, level
from callflow.audio.manifest import entries
from callflow.audio.wav import measure
from callflow.cli import program
from callflow.configuration.loading import examine, load
from tests.audio.voices import speech
from tests.configuration.sounds import tone
from tests.configuration.workbench import plain_audio

ROOT = Path(__file__).parents[2]
TALKING = (
    "import sys; from tests.audio.voices import speech;"
    ' open(sys.argv[1], "wb").write(speech(seconds=len(sys.stdin.read()) / 14))'
)


class Ops:
    def __init__(self, folder: Path, audio: Path) -> None:
        self.config = Path(shutil.copytree(ROOT / "config", folder / "config"))
        self.audio = Path(shutil.copytree(audio, folder / "audio"))

    def types(self, *words: str) -> Result:
        environment = {"CALLFLOW_CONFIG": str(self.config), "CALLFLOW_AUDIO": str(self.audio)}
        return CliRunner().invoke(program, ["prompts", *words], env=environment)

    def edit(self, old: str, new: str) -> None:
        file = self.config / "scripts" / "en.yaml"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def how(self, id: str) -> str:
        rows = json.loads(self.types("list", "--json").output)
        return next(str(row["how"]) for row in rows if row["id"] == id)


@pytest.fixture
def ops(tmp_path: Path) -> Ops:
    return Ops(tmp_path, ROOT / "audio")


@pytest.fixture
def bare(tmp_path: Path) -> Ops:
    """With music and the final warning only."""
    return Ops(tmp_path, plain_audio())


@pytest.fixture
def voice(monkeypatch: pytest.MonkeyPatch) -> str:
    """A command of the user's that buzzes as long as the text takes."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return f"{sys.executable} -c '{TALKING}' {{file}}"


def test_list_says_how_every_line_is_heard(ops: Ops) -> None:
    said = ops.types("list").output
    assert "141 recorded  warning_final" in said
    assert "113 in pieces hold_request" in said
    assert "101 spoken    greeting" in said
    assert said.splitlines()[-1].startswith("en: ")
    assert [ops.how(id) for id in ("warning_final", "hold_start", "greeting")] == ["recorded", "in pieces", "spoken"]


def test_a_text_that_changed_after_the_recording_is_outdated_and_spoken(ops: Ops) -> None:
    ops.edit("We are bringing {agent} back to you now.", "We are fetching {agent} for you now.")
    assert ops.how("hold_overrun") == "outdated"
    assert "was recorded" in ops.types("list", "--only", "outdated").output
    assert not load(ops.config, ops.audio).script("hold_overrun", "en").pieces
    assert [one.code for one in examine(ops.config, ops.audio).problems] == ["CF221"]


def test_a_piece_that_is_gone_is_missing_and_the_line_is_spoken(ops: Ops) -> None:
    (ops.audio / "en/hold_start.2.wav").unlink()
    assert ops.how("hold_start") == "missing"
    assert not load(ops.config, ops.audio).script("hold_start", "en").pieces
    assert [one.code for one in examine(ops.config, ops.audio).problems] == ["CF220"]


def test_a_new_agent_without_a_recorded_name_makes_lines_spoken_for_that_agent_only(ops: Ops) -> None:
    people = ops.config / "people.yaml"
    people.write_text(people.read_text().replace("name: Ben", "name: Benedict"))
    row = next(line for line in ops.types("list").output.splitlines() if "hold_request" in line)
    assert row.endswith("spoken for some {agent}")


def test_import_takes_a_recording_from_any_telephone(bare: Ops, tmp_path: Path) -> None:
    (tmp_path / "greeting.wav").write_bytes(b"")
    (tmp_path / "failure_person.wav").write_bytes(speech(seconds=6, peak=0.05, before=2, after=1))
    said = bare.types("import", str(tmp_path / "failure_person.wav"), "--voice", "Maria")
    assert said.exit_code == 0, said.output
    assert "before   9.0 s" in said.output
    assert "█" in said.output
    made = (bare.audio / "en/failure_person.wav").read_bytes()
    assert measure(made).encoding == "mu-law"
    assert level(made).loudness == pytest.approx(EXPECTED, abs=1)
    assert entries(bare.audio)["en/failure_person.wav"].voice == "Maria"
    assert bare.how("failure_person") == "recorded"
    assert load(bare.config, bare.audio).script("failure_person", "en").audio[""].path == "en/failure_person.wav"


def test_import_reads_other_formats(bare: Ops, tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason="the extra audio is not installed")
    file = tmp_path / "call_over.mp3"
    with av.open(io.BytesIO(speech(seconds=3))) as came, av.open(file, "w") as written:
        stream = written.add_stream("mp3", rate=44100)
        resampler = av.AudioResampler(format="s16p", layout="stereo", rate=44100)
        for frame in [*came.decode(audio=0), None]:
            for part in resampler.resample(frame):
                written.mux(stream.encode(part))
        written.mux(stream.encode(None))
    said = bare.types("import", str(file))
    assert said.exit_code == 0, said.output
    assert 2.5 < measure((bare.audio / "en/call_over.wav").read_bytes()).seconds < 3.8


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("hold_retrun.1", speech(), "there is no line or value 'hold_retrun.1'; did you mean hold_return.1?"),
        ("hold_return", speech(), "'hold_return' has variables and is recorded in parts: hold_return.1"),
        ("call_over", b"no sound at all", "is no sound file that can be read (WAV, MP3, M4A, OGG, FLAC, AIFF)"),
        ("call_over", speech(peak=0), "is silent"),
        ("call_over", tone(peak=3), "is clipped"),
        ("call_over", speech(seconds=40), "seconds without the silence around it; at most 30 fit"),
    ],
)
def test_import_says_what_is_wrong(bare: Ops, tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / "came.wav").write_bytes(content)
    said = bare.types("import", str(tmp_path / "came.wav"), "--as", name)
    assert (said.exit_code, says in said.output) == (1, True), said.output
    assert not (bare.audio / "manifest.json").exists()


def test_make_with_a_command_of_ones_own_makes_pieces_and_values(bare: Ops, voice: str) -> None:
    said = bare.types("make", "hold_declined", "call_over", "--voice", voice)
    assert said.exit_code == 0, said.output
    assert (bare.how("hold_declined"), bare.how("call_over")) == ("in pieces", "recorded")
    configuration = load(bare.config, bare.audio)
    assert configuration.languages["en"].values["Ana"].path == "en/values/ana.wav"
    assert not [one for one in examine(bare.config, bare.audio).problems if one.code not in ("CF059", "CF150")]


def test_make_leaves_what_is_recorded_already(ops: Ops) -> None:
    said = ops.types("make", "warning_final", "--voice", "no-such-program {file}")
    assert (said.exit_code, "0 recordings" in said.output) == (0, True), said.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("call_ovr",), "there is no line 'call_ovr'; did you mean call_over?"),
        (("call_over", "--language", "de"), "there is no language 'de'; there is en"),
        (("call_over", "--voice", "no-such-program {file}"), "no-such-program is not installed"),
        (("call_over", "--voice", "flite karl"), "flite has no voice 'karl'; it has awb, kal16, rms, slt"),
        (("call_over", "--voice", "true {file}"), "it wrote no file"),
        (("call_over", "--voice", "sh -c 'echo no licence >&2; exit 3' {file}"), "no licence"),
        (
            ("call_over", "--voice", "Karl"),
            '"Karl" is no voice: write "flite slt", "espeak-ng de", "pico de-DE", or a command',
        ),
    ],
)
def test_make_says_what_is_wrong(bare: Ops, words: tuple[str, ...], says: str) -> None:
    said = bare.types("make", *words)
    assert (said.exit_code, says in said.output) == (1, True), said.output


def test_export_is_a_sheet_for_whoever_reads(ops: Ops) -> None:
    sheet = ops.types("export").output
    assert (
        "| warning_final_2.wav | We still want to help, but we are close to ending this call because of personal"
        in sheet
    )
    assert "| values/ana.wav | Ana |" in sheet
    assert "hold_asked" not in sheet
    rows = list(csv.reader(io.StringIO(ops.types("export", "--format", "csv", "--all").output)))
    assert rows[0] == ["file", "text", "direction", "about"]
    assert any(row[0] == "hold_asked.wav" for row in rows)
