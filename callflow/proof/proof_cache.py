"""A proof once made need not be made again, for the same code and the same rules; for any other it counts for nothing.

What is kept is two numbers under a hash. A lost, broken or foreign file only costs the seconds of a new proof.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from callflow import core
from callflow.core.configuration import Configuration
from callflow.proof import teams

OURS = Path(__file__).parent
CORE = Path(core.__file__).parent
MOST_KEPT = 50


@dataclass(frozen=True, slots=True)
class Memory:
    """``file`` is where proofs are kept; ``sources`` are files beside the core whose change makes a new proof due."""

    file: Path
    sources: tuple[Path, ...] = ()

    def known(self, configuration: Configuration) -> tuple[int, int] | None:
        """States and transitions of the stage machine, if it was proved before."""
        found = self._read().get(self._key(configuration))
        return (found[0], found[1]) if found else None

    def keep(self, configuration: Configuration, counted: tuple[int, int]) -> None:
        kept = {**self._read(), self._key(configuration): list(counted)}
        latest = dict(list(kept.items())[-MOST_KEPT:])
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            temporary = self.file.with_suffix(f".{os.getpid()}")
            temporary.write_text(json.dumps(latest), encoding="utf-8")
            temporary.replace(self.file)
        except OSError:
            return  # a cache that cannot be written is no news to whoever checks a configuration

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
    """Everything of the configuration that the stage machine looks at; whose name it is and what is said is not."""
    kinds = teams.kinds(configuration)
    again = [teams.can_come_back(configuration.flows[flow], step) for flow, step in kinds.values()]
    return repr((configuration.policy, list(kinds), again))


def _files(more: Iterable[Path]) -> list[Path]:
    return [*sorted(CORE.rglob("*.py")), *sorted(OURS.glob("*.py")), *more]


def usual_file(environment: Mapping[str, str]) -> Path:
    """In the user's cache; without a home, in var/ of the working directory."""
    cache = environment.get("XDG_CACHE_HOME", "")
    if not cache and environment.get("HOME"):
        cache = str(Path(environment["HOME"]) / ".cache")
    return (Path(cache) / "callflow" if cache else Path("var")) / "proofs.json"
