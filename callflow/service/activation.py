"""Which configuration new calls begin with: that of the directory, or an earlier one that a person activated again.

A changed directory is activated without a restart if it passes the checks. If it does not, ``problem`` says why, and
nothing changes. Calls in progress keep their configuration. Every activation is recorded (``service.versions``).
"""

import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from callflow.core.configuration import Configuration
from callflow.core.records import record
from callflow.service.configurations import Configurations
from callflow.service.versions import Activation, Versions

log = logging.getLogger(__name__)
DIRECTORY = "directory"
"""The name under which the activation of a changed directory is recorded."""
PLACE: Final = re.compile(r"^.*?:\d+:\d+ CF\d{3}", re.MULTILINE)
MOST_PLACES: Final = 3


class InvalidConfiguration(Exception):
    """The files are not a valid configuration. The text has all problems, as ``callflow check`` prints them."""


@record
class ConfigurationSource:
    """Where configurations come from. ``changes`` returns another value whenever a file may have been changed.

    ``directory`` reads the files; ``stored`` loads files that are in the store. Both raise InvalidConfiguration.
    ``refresh`` puts files there that others recorded by telephone, and returns who, "" for nothing new.
    """

    changes: Callable[[], object]
    directory: Callable[[], tuple[Configuration, Mapping[str, str]]]
    stored: Callable[[Mapping[str, str]], Configuration]
    refresh: Callable[[], str] = str


@dataclass(slots=True, repr=False, eq=False)
class ConfigurationActivator:
    versions: Versions
    configurations: Configurations
    source: ConfigurationSource
    clock: Callable[[], datetime]
    problem: str = ""
    difference: str = ""
    """That a person has activated another configuration than that of the directory; "" otherwise."""
    _directory: str = ""
    _by: str = ""
    _seen: object = None
    _beginning: tuple[Configuration, Mapping[str, str]] | None = None

    @property
    def warning(self) -> str:
        """What ops should see to, or ""."""
        return self.problem or self.difference

    def begin(self, configuration: Configuration, files: Mapping[str, str]) -> None:
        """Activate the directory's configuration, unless another one was activated since that was.

        Then a person has gone back to an earlier one, or another node is newer; or the files were put back while no
        server ran, which cannot be told apart. ``difference`` tells ops.
        Without ``files`` it is the one that was activated last, because the directory's cannot be used.
        """
        self._beginning = configuration, files  # tried again by check_for_changes if the store is unavailable now
        self._seen = self.source.changes() if files else None
        self._directory = configuration.digest if files else ""
        self.configurations.finder = self.find
        past = self.versions.activations()
        latest = past[0] if past else None
        if latest and latest.digest == configuration.digest:
            self._beginning = None
            return
        went_back = latest is not None and any(one.digest == configuration.digest for one in past)
        if went_back and latest:
            self._adopt(latest)
        else:
            self._take_up(configuration, files)
        self._beginning = None

    def check_for_changes(self) -> None:
        """Follow a changed directory, or an activation by another process. To be called every few seconds."""
        if self._beginning:
            self.begin(*self._beginning)
        self._by = self.source.refresh() or self._by
        changes = self.source.changes()
        if changes != self._seen:
            self._read_directory(self._by or DIRECTORY)
            self._seen, self._by = changes, ""  # only now: while the store is away, it is tried again
        past = self.versions.activations()
        if past and past[0].digest != self.configurations.current.digest:
            self._adopt(past[0])

    def find(self, digest: str) -> Configuration | None:
        """The configuration with this digest from the store, or None if it is unknown or can no longer be loaded."""
        files = self.versions.configuration(digest)
        try:
            # Recordings may be others here than where it was first loaded; calls know it by the name they began with.
            return replace(self.source.stored(files), digest=digest) if files else None
        except InvalidConfiguration:
            return None

    def _read_directory(self, by: str) -> None:
        try:
            configuration, files = self.source.directory()
        except InvalidConfiguration as error:
            self.problem = f"the changed configuration is not taken up:\n{error}"
            log.warning("the changed configuration is not taken up, calls go on with the former one: %s",
                        _places(str(error)))  # fmt: skip
            return
        self.problem = self.difference = ""
        self._directory = configuration.digest
        if configuration.digest != self.configurations.current.digest:
            self._take_up(configuration, files, by)
        elif configuration != self.configurations.current:  # it was adopted before its recordings were here
            self.configurations.adopt(configuration)

    def _take_up(self, configuration: Configuration, files: Mapping[str, str], by: str = DIRECTORY) -> None:
        self.versions.keep_configuration(configuration.digest, files, self.clock())
        self.versions.activate(configuration.digest, self.clock(), by)
        self.configurations.adopt(configuration)
        log.info("configuration %s is taken up", configuration.digest[:12])

    def _adopt(self, activation: Activation) -> None:
        """Follow an activation by another process. If it cannot be loaded here, set ``problem`` instead."""
        digest = activation.digest
        configuration = self.configurations.known.get(digest) or self.find(digest)
        if configuration is None:
            self.problem = f"the activated configuration {digest[:12]} cannot be loaded here: recordings missing?"
            return
        self.configurations.adopt(configuration)
        log.info("configuration %s is taken up, which was activated elsewhere", digest[:12])
        self.difference = ""
        if self._directory and self._directory != digest:
            origin = "taken from a directory" if activation.by == DIRECTORY else f"activated by {activation.by}"
            self.difference = (f"in force is configuration {digest[:12]}, {origin}, and not that of this directory "
                               f"({self._directory[:12]}): `callflow config diff` compares them, and `callflow config "
                               "activate directory`, or the next change of a file here, puts it in force")  # fmt: skip
            log.warning("%s", self.difference)


def _places(problems: str) -> str:
    """Where the first problems are, and their codes. Their words may have a telephone number, so no log has them."""
    found = PLACE.findall(problems)
    return ", ".join([*found[:MOST_PLACES], "callflow check"])
