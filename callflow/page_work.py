"""What pages show of more than this process: commands of Callflow in child processes (``service.page_work``), and the
other servers (``service.nodes``)."""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from callflow import __version__
from callflow.core.records import immutable
from callflow.runtime.child_results import ChildFailed, ChildResults, callflow
from callflow.runtime.periodic import PeriodicTask
from callflow.service.call_service import CallService
from callflow.service.nodes import SAY_SECONDS, NodeNotice
from callflow.service.page_work import Made
from callflow.service.ports import Store
from callflow.settings import Settings

SECONDS: Final = 120.0


@immutable
class ChildPageWork:
    """Implements ``PageWork``. ``environment``: what the commands are to find there beside that of this process."""

    settings: Settings
    store: Store
    environment: Mapping[str, str] = field(default_factory=dict)
    _results: ChildResults = field(default_factory=ChildResults)

    def checked(self, digest: str) -> Made:
        return self._results.of(f"check {digest}", lambda: self._checked(digest))

    def sound(self, call: str) -> Made:
        return self._results.of(f"sound {call}", lambda: self._sound(call))

    def own_file(self, call: str, person: str, *, begin: bool) -> Made:
        key = f"file {call} {person}"
        return self._results.of(key, lambda: self._file(call, person)) if begin else self._results.known(key)

    def _checked(self, digest: str) -> bytes:
        files = self.store.configuration(digest)
        if files is None:
            raise ChildFailed("the text of this configuration is not in the database")
        with TemporaryDirectory(prefix="callflow-check-") as folder:
            for name, text in files.items():
                path = Path(folder) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", errors="surrogateescape")
            done = callflow(["check", folder, "--audio", str(self.settings.audio), "--json"], SECONDS,
                            self.environment)  # fmt: skip
        if not done.stdout.lstrip().startswith(b"["):
            raise ChildFailed("`callflow check` ended without an answer")
        return done.stdout.replace(f"{folder}/".encode(), b"")

    def _sound(self, call: str) -> bytes:
        return self._written("call.wav", ["replay", call, "--wav"])

    def _file(self, call: str, person: str) -> bytes:
        return self._written("incident.zip", ["incident", "export", call, "--for", "agent", "--person", person, "--by",
                                              person, "--reason", "their own copy", "--out"])  # fmt: skip

    def _written(self, name: str, words: Sequence[str]) -> bytes:
        """The file that a command writes, whose last word is its name. Raises ChildFailed with what it says."""
        with TemporaryDirectory(prefix="callflow-page-") as folder:
            file = Path(folder) / name
            environment = {"CALLFLOW_CONFIG": str(self.settings.config), "CALLFLOW_AUDIO": str(self.settings.audio)}
            done = callflow([*words, str(file)], SECONDS, {**environment, **self.environment})
            if done.returncode:
                said = done.stderr.decode("utf-8", "replace").strip().rpartition("Error: ")[2]
                raise ChildFailed(said.splitlines()[0] if said else "it could not be made")
            return file.read_bytes()


def noticed(calls: CallService) -> PeriodicTask:
    """Says now and every half minute that this process is there."""
    name, clock = f"{socket.gethostname()}:{os.getpid()}", calls.clock
    notice = NodeNotice(calls.store, calls.configurations, clock, name, __version__, clock())
    task = PeriodicTask(notice.say, SAY_SECONDS, "node")
    task.run()
    return task
