"""A configuration as the texts of its files, to store it in the database and load it again."""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

from callflow.audio.manifest import NAME as MANIFEST
from callflow.configuration.places import require
from callflow.core.configuration import Configuration
from callflow.core.opening_hours import Hours

if TYPE_CHECKING:
    from callflow.configuration.problems import Problem
    from callflow.configuration.reading.shapes import PeopleFile
    from callflow.configuration.reading.strict import Shape

T = TypeVar("T", bound="Shape")

READ = ("callflow.yaml", "people.yaml", "deescalation.yaml", "guidance.yaml", "calendars.yaml",
        "flows/*.yaml", "scripts/*.yaml", "practice/*.yaml", "shared/**/*.yaml")  # fmt: skip
"""What ``load`` reads, as patterns below the directory."""
PEOPLE = "people.yaml"


def paths(directory: Path) -> list[Path]:
    return sorted(path for pattern in READ for path in directory.glob(pattern))


def texts(directory: Path) -> dict[str, str]:
    """The files of a configuration: relative path -> text. Undecodable bytes are kept with ``surrogateescape``.

    Raises NoConfiguration if there is none, and ConfigurationError if a file of it cannot be read.
    """
    require(directory)
    return {path.relative_to(directory).as_posix(): _text(path) for path in paths(directory)}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError as error:
        from callflow.configuration.problems import ConfigurationError, Problem

        why = f"this file cannot be read: {error.strerror or 'of an unknown reason'}"
        raise ConfigurationError([Problem(path.as_posix(), 1, 1, "CF002", why)]) from error


def load_texts(files: Mapping[str, str], audio: Path) -> Configuration:
    """Load a stored configuration. Raises ConfigurationError, for example if a recording is missing."""
    # Imported here, because most servers start from the cache.
    from callflow.configuration.loading import load
    from callflow.configuration.problems import ConfigurationError

    with TemporaryDirectory(prefix="callflow-config-") as folder:
        for name, text in files.items():
            path = Path(folder) / "config" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", errors="surrogateescape")
        try:
            return load(Path(folder) / "config", audio)
        except ConfigurationError as error:  # show file names without the temporary folder
            prefix = f"{(Path(folder) / 'config').as_posix()}/"
            problems = [replace(one, file=one.file.removeprefix(prefix)) for one in error.problems]
            raise ConfigurationError(problems) from None


def changes(directory: Path, audio: Path | None = None) -> tuple[tuple[str, int, int], ...]:
    """(name, time of change, size) of every file and recording. Differs if one was added, removed or written."""
    audible = (*stamps(below(audio, ".wav")), *stamps([str(audio / MANIFEST)])) if audio else ()
    return (*stamps(map(str, paths(directory))), *audible)


def stamps(files: Iterable[str]) -> Iterator[tuple[str, int, int]]:
    """(path, time of change, size) of these files."""
    for path in files:
        with suppress(OSError):  # it is being replaced; the next call sees the new file
            known = os.stat(path)
            yield path, known.st_mtime_ns, known.st_size


def below(folder: Path, ending: str = "") -> list[str]:
    """The files below a folder whose names end so, sorted. A server looks every two seconds; pathlib takes three times
    as long."""
    return sorted(
        os.path.join(where, name) for where, _, names in os.walk(folder) for name in names if name.endswith(ending)
    )


def people(files: Mapping[str, str]) -> dict[str, str]:
    """Id -> name of agents and supervisors. Raises ConfigurationError as ``people_file`` does."""
    found = people_file(files)
    return {id: one.name for group in (found.agents, found.supervisors) for id, one in group.items()}


def everybody(files: Mapping[str, str]) -> dict[str, str]:
    """Id -> name of all who can sign in to the pages. Raises ConfigurationError as ``people_file`` does."""
    found = people_file(files)
    groups = (found.agents, found.supervisors, found.reviewers, found.ops, found.auditors)
    return {id: one.name for group in groups for id, one in group.items()}


def shared_telephones(files: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Id -> the ids of all who have the same telephone, for those who share one. Raises as ``people_file`` does."""
    from callflow.configuration import convert  # here: only a command needs it

    return convert.shared_telephones(people_file(files))


def people_file(files: Mapping[str, str]) -> "PeopleFile":
    """The people as they are written. No other file is read, so nothing else can be wrong.

    Raises ConfigurationError if the file of people is missing or wrong.
    """
    from callflow.configuration.problems import ConfigurationError
    from callflow.configuration.reading.shapes import PeopleFile

    found, problems = _shaped(files, PEOPLE, PeopleFile)
    if found is None or problems:
        raise ConfigurationError(problems)
    return found


def duty(files: Mapping[str, str]) -> dict[str, Hours]:
    """Id -> hours of those people who have some. Files that are wrong count as missing."""
    from callflow.configuration.duty import hours_of_duty
    from callflow.configuration.reading.hours import CalendarsFile
    from callflow.configuration.reading.shapes import CallflowFile, PeopleFile

    known, _ = _shaped(files, PEOPLE, PeopleFile)
    calendars, _ = _shaped(files, "calendars.yaml", CalendarsFile)
    house, _ = _shaped(files, "callflow.yaml", CallflowFile)
    return hours_of_duty(known, calendars, house.timezone if house else "UTC") if known else {}


def _shaped(files: Mapping[str, str], name: str, model: type[T]) -> "tuple[T | None, list[Problem]]":
    """One file of a configuration, and what is wrong with it."""
    from callflow.configuration.reading.shaping import shape
    from callflow.configuration.reading.source import read

    with TemporaryDirectory(prefix="callflow-config-") as folder:
        (Path(folder) / name).write_text(files.get(name, ""), encoding="utf-8", errors="surrogateescape")
        source = read(Path(folder), name)
    found = shape(source, model)
    return found, [replace(one, file=name) for one in source.problems]
