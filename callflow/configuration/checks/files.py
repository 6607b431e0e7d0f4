"""Checks of the directory: files that are not read although they look as if they were."""

import re
from collections.abc import Iterator
from pathlib import Path

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import ID, LANGUAGE
from callflow.configuration.reading.source import Source
from callflow.core.configuration import file_of

CHECKS: list[Check] = []
check = collector(CHECKS)

FILES = ("callflow.yaml", "people.yaml", "deescalation.yaml", "guidance.yaml", "calendars.yaml")
FOLDERS = ("flows", "scripts", "practice")
SHARED = "shared"
"""The folder of files that others include."""
OTHERS = ("schema", "scenarios", "languages")
"""Folders of other commands: `callflow schema`, `callflow simulate` and `callflow languages`."""
NOTES = (".md", ".txt")


def _strays(draft: ConfigurationDraft) -> Iterator[Path]:
    """The relative path of everything in the directory that is not read."""
    for path in _inside(draft.directory):
        if path.name not in (*FILES, *FOLDERS, *OTHERS, SHARED):
            yield path
    for folder in FOLDERS:
        for path in _inside(draft.directory / folder):
            if path.suffix != ".yaml":
                yield path
    for path in sorted((draft.directory / SHARED).rglob("*")):
        seen = not path.name.startswith(".") and path.suffix not in NOTES and not path.is_dir()
        if seen and path.relative_to(draft.directory).as_posix() not in draft.included:
            yield path


def _inside(folder: Path) -> list[Path]:
    """The files of a folder, without hidden files and notes."""
    if not folder.is_dir():
        return []
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(".") and path.suffix not in NOTES]


def _almost_yaml(path: Path) -> bool:
    return path.suffix.lower() in (".yml", ".yaml") and path.suffix != ".yaml" and not path.is_dir()


def _found(draft: ConfigurationDraft, path: Path, message: str) -> Found:
    return Found(Source(label=path.as_posix(), name=path.relative_to(draft.directory).as_posix()), (), message)


@check("CF006")
def files_end_in_yaml(draft: ConfigurationDraft) -> Iterator[Found]:
    for path in _strays(draft):
        if _almost_yaml(path):
            yield _found(draft, path, f'this file is not read: rename it to "{path.stem}.yaml"')


@check("CF007")
def files_are_known(draft: ConfigurationDraft) -> Iterator[Found]:
    for path in _strays(draft):
        if not _almost_yaml(path):
            if path.suffix == ".yaml" and path.relative_to(draft.directory).parts[0] == SHARED:
                yield _found(draft, path, "no file of scripts/ or flows/ includes this file")
                continue
            hint = did_you_mean(path.name, {*FILES, *FOLDERS, SHARED})
            yield _found(draft, path, f"nothing reads this {'folder' if path.is_dir() else 'file'}{hint}")


@check("CF008")
def file_names_are_names(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, source in {**draft.flow_sources, **draft.templates}.items():
        if name and not re.match(ID, file_of(name)):
            message = f'"{name}" cannot be the name of a flow: small letters, digits and _, with a letter first'
            yield Found(source, (), message)
    for code, source in draft.script_sources.items():
        if code and not re.match(LANGUAGE, code):
            yield Found(source, (), f'"{code}" is no language code; name the file like en.yaml or pt-br.yaml')
