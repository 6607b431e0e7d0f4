"""Remembers which stage machines were proved, so that the same code and rules need not be proved again.

The file maps a hash of code and rules to two numbers. If it is lost or damaged, the proof runs again.
"""

import hashlib
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from callflow import core, private_files
from callflow.core.call import Prompt
from callflow.core.configuration import Configuration
from callflow.core.prompts import seconds
from callflow.core.script_catalogue import SCRIPTS
from callflow.proof import teams

OURS = Path(__file__).parent
CORE = Path(core.__file__).parent
MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class Memory:
    """``file`` holds the results. A change of the core, of this package or of ``sources`` makes them invalid."""

    file: Path
    sources: tuple[Path, ...] = ()

    def known(self, configuration: Configuration) -> tuple[int, int] | None:
        """The numbers of states and transitions, if this stage machine was proved before."""
        found = self._read().get(self._key(configuration))
        return (found[0], found[1]) if found else None

    def keep(self, configuration: Configuration, counted: tuple[int, int]) -> None:
        kept = {**self._read(), self._key(configuration): list(counted)}
        latest = dict(list(kept.items())[-MOST_KEPT:])
        try:
            private_files.folder(self.file.parent)
            temporary = self.file.with_suffix(f".{os.getpid()}")
            private_files.file(temporary)
            temporary.write_text(json.dumps(latest), encoding="utf-8")
            temporary.replace(self.file)
        except OSError:
            return  # without a cache the next proof just takes longer

    def _read(self) -> dict[str, list[int]]:
        try:
            found = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return {key: one for key, one in found.items() if _counted(one)} if isinstance(found, dict) else {}

    def _key(self, configuration: Configuration) -> str:
        whole = hashlib.sha256(f"{sys.version}\0{_rules(configuration)}".encode())
        for path in _files(self.sources):
            whole.update(hashlib.sha256(path.read_bytes()).digest())
        return whole.hexdigest()


def _counted(found: object) -> bool:
    return isinstance(found, list) and len(found) == 2 and all(isinstance(one, int) and one > 0 for one in found)


def _rules(configuration: Configuration) -> str:
    """Everything in the configuration that the stage machine depends on; names and spoken words are not part of it."""
    kinds = teams.kinds(configuration)
    again = [teams.can_come_back(configuration.flows[flow], step) for flow, step in kinds.values()]
    return repr((configuration.policy, configuration.recording.mode, configuration.outgoing_calls, list(kinds), again,
                 _lengths(configuration)))  # fmt: skip


def _lengths(configuration: Configuration) -> list[int]:
    """The seconds of the lines of the three steps, which decide how long people wait (``timed``)."""
    language = configuration.language
    known = [one for one in SCRIPTS if one in configuration.languages[language].scripts]
    values: defaultdict[str, str] = defaultdict(str)
    return [ceil(seconds(configuration, language, Prompt(one, values))) for one in known]


def _files(more: Iterable[Path]) -> list[Path]:
    return [*sorted(CORE.rglob("*.py")), *sorted(OURS.glob("*.py")), *more]


def usual_file(environment: Mapping[str, str]) -> Path:
    """In the user's cache folder, or in ./var without a home directory."""
    cache = environment.get("XDG_CACHE_HOME", "")
    if not cache and environment.get("HOME"):
        cache = str(Path(environment["HOME"]) / ".cache")
    return (Path(cache) / "callflow" if cache else Path("var")) / "proofs.json"
