"""Which configuration new calls begin with: the directory's as long as it passes, or the one a person went back to.

A changed directory is taken up without a restart, but only if it passes the checks; what does not pass is told by
``problem`` and changes nothing. Calls in progress keep theirs. Who activated what when is kept (``ports.Versions``).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from callflow.core.configuration import Configuration
from callflow.service.configurations import Configurations
from callflow.service.ports import Versions

log = logging.getLogger(__name__)
DIRECTORY = "directory"
"""Who activated it when nobody did: the files themselves were changed."""


class InvalidConfiguration(Exception):
    """The files do not make a configuration; the text has all their problems, as ``callflow check`` prints them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationSource:
    """Where configurations come from. ``changes`` is a value that differs whenever a file may have been touched.

    ``directory`` and ``kept`` raise InvalidConfiguration.
    """

    changes: Callable[[], object]
    directory: Callable[[], tuple[Configuration, Mapping[str, str]]]
    kept: Callable[[Mapping[str, str]], Configuration]


@dataclass(slots=True)
class ConfigurationActivator:
    versions: Versions
    configurations: Configurations
    source: ConfigurationSource
    clock: Callable[[], datetime]
    problem: str = ""
    _seen: object = None
    _beginning: tuple[Configuration, Mapping[str, str]] | None = None

    def begin(self, configuration: Configuration, files: Mapping[str, str]) -> None:
        """At the start: the directory's configuration, unless a person has gone back behind it since."""
        self._beginning = configuration, files  # as long as the store cannot be asked, it is still to be done
        self._seen = self.source.changes()
        self.configurations.finder = self.find
        past = self.versions.activations()
        latest = past[0] if past else None
        if latest and latest.digest == configuration.digest:
            self._beginning = None
            return
        went_back = latest is not None and any(one.digest == configuration.digest for one in past)
        if went_back and latest:
            self._adopt(latest.digest)
        else:
            self._take_up(configuration, files)
        self._beginning = None

    def check_for_changes(self) -> None:
        """Every few seconds: a changed directory, or an activation by somebody else."""
        if self._beginning:
            self.begin(*self._beginning)
        changes = self.source.changes()
        if changes != self._seen:
            self._seen = changes
            self._read_directory()
        past = self.versions.activations()
        if past and past[0].digest != self.configurations.current.digest:
            self._adopt(past[0].digest)

    def find(self, digest: str) -> Configuration | None:
        """A configuration that a call in progress began with, from the store; None if it cannot be had any more."""
        files = self.versions.configuration(digest)
        try:
            return self.source.kept(files) if files else None
        except InvalidConfiguration:
            return None

    def _read_directory(self) -> None:
        try:
            configuration, files = self.source.directory()
        except InvalidConfiguration as unfit:
            self.problem = f"the changed configuration is not taken up:\n{unfit}"
            log.warning("the changed configuration is not taken up, calls go on with the former one: callflow check")
            return
        self.problem = ""
        if configuration.digest != self.configurations.current.digest:
            self._take_up(configuration, files)

    def _take_up(self, configuration: Configuration, files: Mapping[str, str]) -> None:
        self.versions.keep_configuration(configuration.digest, files, self.clock())
        self.versions.activate(configuration.digest, self.clock(), DIRECTORY)
        self.configurations.adopt(configuration)
        log.info("configuration %s is taken up", configuration.digest[:12])

    def _adopt(self, digest: str) -> None:
        """Follow an activation that was written elsewhere; one that cannot be loaded here is told and not followed."""
        configuration = self.configurations.known.get(digest) or self.find(digest)
        if configuration is None:
            self.problem = f"the activated configuration {digest[:12]} cannot be loaded here: recordings missing?"
        else:
            self.configurations.adopt(configuration)
