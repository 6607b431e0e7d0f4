"""The languages of a configuration, and those that come translated with Callflow (config/languages)."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from callflow.configuration.checks.scripts import missing
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean

READY = Path("languages")
"""Inside a configuration directory: translations that are not in force until they are copied to scripts/."""


class NotAdded(Exception):
    """A language is not there, or it is in force already."""


@dataclass(frozen=True, slots=True)
class LanguageReport:
    """One language. ``missing``: ids of lines and fragments that it lacks. ``signed``: by whom, "draft", or "" for own
    words. ``in_force``: it is in scripts/. ``heard``: a caller or somebody of staff may hear it."""

    code: str
    in_force: bool
    heard: bool
    missing: tuple[str, ...]
    signed: str


def reports(draft: ConfigurationDraft, ready: Path) -> Iterator[LanguageReport]:
    """Those in scripts/ first, then those of the folder ``ready`` which are not."""
    heard = draft.heard_languages()
    for code, file in sorted(draft.scripts.items()):
        if not code:
            continue  # stands for a file with a problem that hides its language
        lacking = tuple(id for _, id, _ in missing(file))
        signed = "draft" if file.draft else file.signed_by or ""
        yield LanguageReport(code, True, code in heard, lacking, signed)
    for path in sorted(ready.glob("*.yaml")):
        if path.stem not in draft.scripts:
            yield LanguageReport(path.stem, False, False, (), "draft")


def add(code: str, config: Path, ready: Path) -> Path:
    """Copy a translation to scripts/. Returns the new file; raises NotAdded."""
    known, target = sorted(path.stem for path in ready.glob("*.yaml")), config / "scripts" / f"{code}.yaml"
    if target.exists():
        raise NotAdded(f"{target} is there already; nothing was changed.")
    if code not in known:
        there = f"There is {', '.join(known)}." if known else f"There is nothing in {ready}."
        raise NotAdded(f'No translation of "{code}" comes with Callflow{did_you_mean(code, known)}. {there} '
                       "docs/languages.md says how to write one in an hour.")  # fmt: skip
    shutil.copyfile(ready / f"{code}.yaml", target)
    return target
