"""The configuration that a server starts with, and which ones it follows."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from callflow.configuration import cache
from callflow.configuration.snapshots import changes, load_texts, texts
from callflow.core.configuration import Configuration
from callflow.service.activation import ConfigurationActivator, ConfigurationSource, InvalidConfiguration
from callflow.service.configurations import Configurations
from callflow.service.ports import Store, StoreUnavailable
from callflow.settings import Settings

log = logging.getLogger(__name__)
Loaded = tuple[Configuration, Mapping[str, str]]


def load(settings: Settings, store: Store) -> Loaded:
    """The configuration of the directory with its files. If it is missing or wrong, the one that was activated last,
    with no files: callers are served, and ``/readyz`` tells what is wrong. Raises ConfigurationError without one.
    """
    try:
        return cache.load(settings.config, settings.audio, settings.cache, settings.secrets), texts(settings.config)
    except Exception as error:
        from callflow.configuration.problems import ConfigurationError  # with the text of every code

        former = _activated_last(settings, store) if isinstance(error, ConfigurationError) else None
        if former is None:
            raise
        log.error("the configuration in %s cannot be used; the one that was activated last is: %s",
                  settings.config, error)  # fmt: skip
        return former, {}


def _activated_last(settings: Settings, store: Store) -> Configuration | None:
    from callflow.configuration.problems import ConfigurationError

    try:
        past = store.activations()
        files = store.configuration(past[0].digest) if past else None
        return load_texts(files, settings.audio) if files else None
    except (ConfigurationError, StoreUnavailable):
        return None


def activator_of(
    settings: Settings,
    store: Store,
    configurations: Configurations,
    clock: Callable[[], datetime],
    refresh: Callable[[], str] = str,
) -> ConfigurationActivator:
    """The activator of configurations from the directory of the settings and from the store."""

    def checked(files: Mapping[str, str]) -> Configuration:
        from callflow.configuration.problems import ConfigurationError  # with the text of every code

        try:
            return load_texts(files, settings.audio)
        except ConfigurationError as error:
            raise InvalidConfiguration(str(error)) from error

    def directory() -> tuple[Configuration, Mapping[str, str]]:
        from callflow.configuration.problems import ConfigurationError

        try:
            files = texts(settings.config)
        except ConfigurationError as error:
            raise InvalidConfiguration(str(error)) from error
        return checked(files), files

    source = ConfigurationSource(
        changes=lambda: changes(settings.config, settings.audio),
        directory=directory,
        stored=checked,
        refresh=refresh,
    )
    return ConfigurationActivator(store, configurations, source, clock)
