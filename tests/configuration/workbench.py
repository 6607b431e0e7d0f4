"""A copy of the shipped configuration to break, and how to look at what is then said about it."""

import atexit
import shutil
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from callflow.configuration.codes import Severity
from callflow.configuration.loading import examine, load
from callflow.configuration.problems import Problem
from callflow.core.configuration import Configuration

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "audio"


@cache
def plain_audio() -> Path:
    """Music and the final warning, of which nobody noted the words: what is edited in a script does not outdate it."""
    folder = Path(mkdtemp(prefix="callflow-audio-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "en").mkdir()
    for path in ("hold_music.wav", *(f"en/warning_final_{key}.wav" for key in "1234")):
        shutil.copyfile(AUDIO / path, folder / path)
    return folder


TODAY = date(2026, 11, 1)


@dataclass(frozen=True)
class Workbench:
    """Both lie in the working directory, so that messages begin as ops see them: config/people.yaml."""

    config: Path
    audio: Path

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that is there exactly once."""
        path = self.config / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} is {text.count(old)} times in {file}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    def load(self) -> Configuration:
        return load(self.config, self.audio)

    def errors(self) -> tuple[Problem, ...]:
        return examine(self.config, self.audio).of(Severity.ERROR)

    def problems(self) -> list[str]:
        """What is printed for ops, line by line, warnings among them; whole paths from this folder on."""
        return [
            str(one).replace(f"{Path.cwd()}/", "") for one in examine(self.config, self.audio, today=TODAY).problems
        ]
