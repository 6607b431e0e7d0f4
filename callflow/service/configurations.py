"""The configurations in use: the current one for new calls, and those of calls in progress, by hash."""

from collections.abc import Callable, Mapping

from callflow.core.configuration import Configuration

Finder = Callable[[str], Configuration | None]


class Configurations:
    """A registry of configurations, by the hash of their content.

    ``finder`` is called once for one that is not in memory, such as after a restart. If it cannot be found, its calls
    go on with the current one.
    """

    def __init__(self, current: Configuration, finder: Finder | None = None) -> None:
        self._known: dict[str, Configuration] = {current.digest: current}
        self._lost: set[str] = set()
        self.current = current
        self.finder = finder

    def adopt(self, configuration: Configuration) -> None:
        """Make this the current configuration, with which new calls begin."""
        self._known = {
            **self._known,
            configuration.digest: configuration,
        }  # a new dictionary, because other threads may iterate over the former one
        self.current = configuration

    def of(self, digest: str) -> Configuration:
        return self._known.get(digest) or self._found(digest) or self.current

    def _found(self, digest: str) -> Configuration | None:
        if self.finder is None or digest in self._lost:
            return None
        configuration = self.finder(digest)
        if configuration is None:
            self._lost.add(digest)
        else:
            self._known = {**self._known, digest: configuration}
        return configuration

    def replace(self, digest: str, configuration: Configuration) -> None:
        """Go on with another version of a configuration in use, of the same words."""
        if self.current is self._known.get(digest):
            self.current = configuration
        self._known = {**self._known, digest: configuration}

    @property
    def known(self) -> Mapping[str, Configuration]:
        return self._known
