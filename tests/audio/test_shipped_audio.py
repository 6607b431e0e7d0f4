"""Every recording that is shipped: its format, its loudness, silence at its ends, loops without a click, its words."""

import re
import shutil
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import pytest

from callflow.audio import music, sounds
from callflow.audio.levels import EXPECTED, level, samples_of
from callflow.audio.manifest import entries
from callflow.audio.normalising import PEAK
from callflow.audio.wav import measure
from callflow.configuration.loading import examine
from callflow.configuration.recorded_lines import Speaks
from tests.conftest import skip_or_fail

AUDIO = Path(__file__).parents[2] / "audio"
FILES = sorted(path.relative_to(AUDIO).as_posix() for path in AUDIO.rglob("*.wav"))
SPOKEN = [path for path in FILES if path != "hold_music.wav"]
ENGLISH = [path for path in SPOKEN if path.startswith("en/")]
GOAL = 0.95
"""Of the right recordings pass, and of the wrong ones are found."""
PIECE = re.compile(r"\.\d+\.wav$|/values/")
LOOPS = {
    "hold_music": lambda: content("hold_music.wav"),
    **{name: lambda name=name: sounds.wav(name, 12) for name in sounds.SOUNDS},
}
HALF = 400
"""Samples on either side of a seam: 50 ms."""


@cache
def content(path: str) -> bytes:
    return (AUDIO / path).read_bytes()


@pytest.mark.parametrize("path", FILES)
def test_it_is_telephone_audio_as_loud_as_the_rest(path: str) -> None:
    measured, heard = measure(content(path)), level(content(path))
    assert (measured.rate, measured.channels, measured.encoding) == (8000, 1, "mu-law")
    assert heard.loudness == pytest.approx(EXPECTED, abs=1)
    assert heard.peak <= PEAK + 0.1
    assert not heard.clipped


@pytest.mark.parametrize("path", SPOKEN)
def test_it_begins_at_once_and_ends_in_silence(path: str) -> None:
    """A piece has its neighbours right beside it; any other recording a moment of silence, so that no word is cut."""
    least, most = (0.02, 0.2) if PIECE.search(path) else (0.09, 0.4)
    sound = samples_of(content(path))
    loud = [at for at, value in enumerate(sound) if abs(value) > 100]
    assert least <= loud[0] / 8000 <= most
    assert least <= (len(sound) - loud[-1]) / 8000 <= most


@pytest.mark.parametrize("name", LOOPS)
def test_a_loop_has_no_click_where_it_starts_over(name: str) -> None:
    """The steepest step over the seam is not steeper than those inside."""
    sound = samples_of(LOOPS[name]())
    steps = [abs(after - before) for before, after in pairwise(sound)]
    seam = [*sound[-HALF:], *sound[:HALF]]
    over = [abs(after - before) for before, after in pairwise(seam)]
    assert max(over) <= max(steps)
    assert abs(sound[0] - sound[-1]) <= sorted(steps)[len(steps) * 99 // 100] + 8
    assert level(LOOPS[name]()).loudness == pytest.approx(EXPECTED, abs=1)


def test_the_music_is_what_the_project_makes() -> None:
    made, shipped = samples_of(music.hold_music()), samples_of(content("hold_music.wav"))
    assert len(made) == len(shipped)
    assert max(abs(one - other) for one, other in zip(made, shipped, strict=True)) <= 1024  # sine differs by machine


def test_it_is_marked_as_a_placeholder_with_its_licence() -> None:
    told = (AUDIO / "README.md").read_text(encoding="utf-8")
    assert "synthetic placeholders" in told
    assert {one.voice for one in entries(AUDIO).values()} == {"flite slt", "flite awb", "pico de-DE", "pico es-ES"}
    assert all(name in told for name in ("slt", "awb", "Carnegie Mellon University", "music.py", "SVOX", "Apache"))


def test_callers_and_staff_are_told_apart_by_ear() -> None:
    from callflow.core.script_catalogue import CALLER

    callers = {"en": "flite slt", "de": "pico de-DE", "es": "pico es-ES"}
    for path, one in entries(AUDIO).items():
        id = re.sub(r"(_\d)?(\.\d+)?\.wav$", "", path.rpartition("/")[2])
        if "/values/" in path or id in CALLER:
            assert one.voice == callers[path[:2]], path
        else:
            assert one.voice == "flite awb", path


@pytest.mark.long
def test_it_says_its_words() -> None:
    """Whole lines, pieces and values, as `callflow prompts verify` hears them: at most 5 % are doubted, wrongly."""
    wrong = doubted({path: path for path in ENGLISH})
    assert len(wrong) <= len(ENGLISH) * (1 - GOAL), wrong


@pytest.mark.long
def test_a_file_that_says_other_words_is_found() -> None:
    """Each file in the place of the next one, and no two of them say the same."""
    wrong = doubted(dict(zip(ENGLISH, [*ENGLISH[1:], ENGLISH[0]], strict=True)))
    assert len(wrong) >= len(ENGLISH) * GOAL, {*ENGLISH} - {*wrong}


def test_a_recording_in_the_place_of_another_is_found() -> None:
    """The same, quickly, with one of them."""
    swapped = {"en/warning_final_1.wav": "en/not_clear.wav", "en/not_clear.wav": "en/not_clear.wav"}
    assert {*doubted(swapped)} == {"en/warning_final_1.wav"}


def doubted(files: Mapping[str, str]) -> dict[str, str]:
    """Of files that lie in the places of ``files``, those that do not say the words of the place; and what is said."""
    if not find_spec("pocketsphinx"):
        skip_or_fail("pocketsphinx is not installed: nobody to verify the recordings")
    from callflow.speech.alignment import Aligner, Verdict

    known, aligner = entries(AUDIO), Aligner()
    found = {place: aligner.verify(content(path), known[place].words) for place, path in files.items()}
    return {place: str(one) for place, one in found.items() if one.verdict is not Verdict.GREEN}


@pytest.mark.parametrize("language", ["de", "es"])
def test_the_warnings_the_closing_and_the_hold_lines_are_recorded_in_other_languages(language: str, tmp_path: Path
                                                                                     ) -> None:  # fmt: skip
    """With the words of the translation, as soon as it is in force."""
    folder = tmp_path / "config"
    shutil.copytree(AUDIO.parent / "config", folder)
    shutil.copyfile(folder / "languages" / f"{language}.yaml", folder / "scripts" / f"{language}.yaml")
    draft = examine(folder, AUDIO).draft
    lines = ("warning_first", "warning_final", "disconnect", "closing_stopped", "hold_request", "hold_declined",
             "hold_no_answer", "hold_start", "hold_checkin", "hold_overrun", "not_clear")  # fmt: skip
    assert {draft.line(language, id).how for id in lines} <= {Speaks.RECORDED, Speaks.PIECES}
