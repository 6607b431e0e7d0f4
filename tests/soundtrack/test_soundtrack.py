"""A call as one stereo file: the caller left, staff right, everything at its second, a chapter for each stage."""

import re
import struct
from array import array
from itertools import pairwise
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.audio.levels import MU_LAW
from callflow.cli import program as callflow
from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import play
from callflow.soundtrack.track import RATE, Ear, Piece, key_tone, mixed, tones
from callflow.soundtrack.voices import fitted
from callflow.store import open_store
from tests.conftest import program

ROOT = Path(__file__).parents[2]
CONFIG, AUDIO = ROOT / "config", ROOT / "audio"
SECRET = "worth-nothing-but-long-enough"
LINKED = ROOT / "docs" / "hear-a-time-out.wav"
HEARD = re.compile(r" +(\d+):(\d\d\.\d)  (\w+) +(hears|presses|says|hangs)")


class Heard:
    """A written file: the samples of each ear, and its chapters."""

    def __init__(self, path: Path) -> None:
        self.chunks: dict[bytes, bytes] = {}
        content, at = path.read_bytes(), 12
        while at < len(content):
            size = int.from_bytes(content[at + 4 : at + 8], "little")
            self.chunks[content[at : at + 4]] = content[at + 8 : at + 8 + size]
            at += 8 + size + size % 2
        sound = self.chunks[b"data"]
        self.ears = [array("h", map(MU_LAW.__getitem__, sound[ear::2])) for ear in (0, 1)]

    def silent(self, ear: Ear, begins: float, ends: float) -> bool:
        return all(abs(value) < 16 for value in self.ears[ear.value][round(begins * RATE) : round(ends * RATE)])

    def chapters(self) -> list[tuple[float, str]]:
        cues, labels = self.chunks[b"cue "], self.chunks[b"LIST"][4:]
        places = [struct.unpack_from("<6I", cues, 4 + 24 * index)[5] / RATE for index in range(cues[0])]
        titles, at = [], 0
        while at < len(labels):
            size = int.from_bytes(labels[at + 4 : at + 8], "little")
            titles.append(labels[at + 12 : at + 8 + size].rstrip(b"\0").decode())
            at += 8 + size + size % 2
        return list(zip(places, titles, strict=True))


def run(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(callflow, arguments, env=environment, catch_exceptions=False)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Heard]:
    """What `callflow simulate --wav` printed about a time out, and the file."""
    program("flite")
    target = tmp_path_factory.mktemp("sound") / "call.wav"
    asked = ("simulate", "hold_yes", "--transcript", "--wav", str(target))
    done = run(*asked, CALLFLOW_CONFIG=str(CONFIG), CALLFLOW_AUDIO=str(AUDIO))
    assert done.exit_code == 0, done.output
    return done.output, Heard(target)


def test_a_scenario_can_be_heard_with_everybody_in_the_right_ear_at_the_right_second(
    written: tuple[str, Heard],
) -> None:
    (output, heard), wrong = written, []
    rows = [found.groups() for line in output.splitlines() if (found := HEARD.match(line))]
    assert {who for _, _, who, _ in rows} == {"Caller", "Ana"}
    for minutes, seconds, who, what in rows:
        at, ear = int(minutes) * 60 + float(seconds), Ear.CALLER if who == "Caller" else Ear.STAFF
        # A sound of waiting begins with a second of silence.
        if what != "hangs" and at + 1.3 < len(heard.ears[0]) / RATE and heard.silent(ear, at - 0.1, at + 1.3):
            wrong.append((at, who, what))
    assert not wrong
    rung = next(float(line[5:10]) for line in output.splitlines() if line.endswith("phone rings"))
    assert heard.silent(Ear.STAFF, 0, rung - 0.1), "nobody of staff hears anything before the telephone rings"


def test_the_stages_are_chapters_of_the_file(written: tuple[str, Heard]) -> None:
    output, heard = written
    chapters = heard.chapters()
    titles = [title for _, title in chapters]
    assert titles[:3] == ["The caller arrives", "An agent is rung", "Caller and agent talk"]
    assert "Time out: on hold" in titles
    assert titles[-1] == "The end"
    assert all(a <= b for (a, _), (b, _) in pairwise(chapters))
    held, back = next((a, b) for (a, title), (b, _) in pairwise(chapters) if title == "Time out: on hold")
    assert 30 <= back - held <= 40
    for _, title in chapters:
        assert title in output


def test_the_file_that_the_readme_links_is_of_the_shipped_scenario() -> None:
    titles = [title for _, title in Heard(LINKED).chapters()]
    assert "Time out: on hold" in titles
    assert LINKED.name in (ROOT / "README.md").read_text(encoding="utf-8")


def test_a_past_call_can_be_heard_from_its_history(tmp_path: Path) -> None:
    program("flite")
    configuration, database = load(CONFIG, AUDIO), f"sqlite:///{tmp_path / 'calls.db'}"
    store = open_store(database, (SECRET,))
    scenario = next(one for one in read_scenarios(CONFIG, configuration) if one.id == "warned")
    outcome = play(scenario, composer(AUDIO), store)
    assert outcome.failure is None
    (call,) = store.calls(live=False)
    store.close()
    settings = {"CALLFLOW_DATABASE_URL": database, "CALLFLOW_SECRET_KEY": SECRET, "CALLFLOW_CONFIG": str(CONFIG),
                "CALLFLOW_AUDIO": str(AUDIO)}  # fmt: skip
    done = run("replay", call.reference, "--wav", str(tmp_path / "past.wav"), **settings)
    assert done.exit_code == 0, done.output
    heard = Heard(tmp_path / "past.wav")
    warned, after = next(
        (a, b) for (a, title), (b, _) in pairwise(heard.chapters()) if title == "Draw the line: the warning"
    )
    assert not heard.silent(Ear.CALLER, warned, after)
    assert run("replay", "--wav", str(tmp_path / "none.wav"), **settings).exit_code != 0
    assert not (tmp_path / "none.wav").exists()


@pytest.mark.parametrize(("arguments", "said"), [
    (("simulate", "--wav", "call.wav"), "needs the name of one scenario"),
    (("simulate", "hold_yes", "--wav", "call.mp3"), "call the file call.wav"),
    (("simulate", "hold_yes", "--wav", "nowhere/call.wav"), "nowhere is no folder"),
])  # fmt: skip
def test_what_cannot_be_written_is_said_before_the_call(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments, CALLFLOW_CONFIG=str(CONFIG), CALLFLOW_AUDIO=str(AUDIO))
    assert done.exit_code in (1, 2)
    assert said in done.output


def test_nothing_to_speak_with_is_said_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    done = run("simulate", "hold_yes", "--wav", "call.wav", CALLFLOW_CONFIG=str(CONFIG), CALLFLOW_AUDIO=str(AUDIO))
    assert done.exit_code == 1
    assert "apt-get install flite" in done.output


@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.0, 3.0])
def test_words_take_exactly_the_seconds_they_had_at_the_same_pitch(seconds: float) -> None:
    made = fitted(tones((300.0,), 2.0), seconds)
    assert len(made) == round(seconds * RATE)
    middle = made[len(made) // 4 : -len(made) // 4]
    crossings = sum(a < 0 <= b for a, b in pairwise(middle))
    assert crossings / (len(middle) / RATE) == pytest.approx(300, rel=0.04)


def test_sounds_at_the_same_time_are_added_and_cut_where_they_end() -> None:
    one = array("h", [20000] * RATE)
    left, right = mixed([
        Piece(Ear.CALLER, 0.0, 1.0, one), Piece(Ear.CALLER, 0.5, 0.25, one), Piece(Ear.STAFF, 0.0, 0.5, one),
    ])  # fmt: skip
    assert (left[1000], left[5000], left[7000]) == (20000, 32767, 20000)
    assert (right[3999], right[4001]) == (20000, 0)


def test_every_key_has_two_tones_of_its_own() -> None:
    assert len({key_tone(key).tobytes() for key in "0123456789*#"}) == 12
