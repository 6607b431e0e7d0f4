"""Ways to break the workbench's copy, for the cases of each code."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.configuration.workbench import Workbench, plain_audio

Break = Callable[[Workbench], None]
Case = tuple[Break, list[str]]
"""What is broken, and all that is then printed, to the letter."""

CALLFLOW, PEOPLE, FLOW = "callflow.yaml", "people.yaml", "flows/front_desk.yaml"
RULES, SCRIPTS, CARDS = "deescalation.yaml", "scripts/en.yaml", "guidance.yaml"
GERMAN = Path(__file__).parents[2] / "config" / "languages" / "de.yaml"


def edit(file: str, old: str, new: str) -> Break:
    return lambda bench: bench.edit(file, old, new)


def both(*breaks: Break) -> Break:
    def broken(bench: Workbench) -> None:
        for one in breaks:
            one(bench)

    return broken


def remove(file: str) -> Break:
    return lambda bench: (bench.config / file).unlink()


def write(file: str, content: bytes) -> Break:
    def written(bench: Workbench) -> None:
        (bench.config / file).parent.mkdir(exist_ok=True)
        (bench.config / file).write_bytes(content)

    return written


def copy(file: str, to: str, old: str = "", new: str = "") -> Break:
    """A second file like the first, with one text of it changed."""

    def copied(bench: Workbench) -> None:
        shutil.copyfile(bench.config / file, bench.config / to)
        if old:
            bench.edit(to, old, new)

    return copied


def german(old: str = "", new: str = "", to: str = "de", signed: bool = True) -> Break:
    """A second language in German words (``config/languages``), signed, with one text of it changed."""

    def written(bench: Workbench) -> None:
        shutil.copyfile(GERMAN, bench.config / "scripts" / f"{to}.yaml")
        if signed:
            bench.edit(f"scripts/{to}.yaml", "draft: true", "signed_by: Jana")
        if old:
            bench.edit(f"scripts/{to}.yaml", old, new)

    return written


def record(path: str, content: bytes) -> Break:
    """Put a recording into the audio folder, which for that becomes a copy of its own."""

    def recorded(bench: Workbench) -> None:
        if bench.audio.is_symlink():
            bench.audio.unlink()
            shutil.copytree(plain_audio(), bench.audio)
        (bench.audio / path).parent.mkdir(exist_ok=True)
        (bench.audio / path).write_bytes(content)

    return recorded


def together(*breaks: Break) -> Break:
    def broken(bench: Workbench) -> None:
        for one in breaks:
            one(bench)

    return broken
