"""What can be examined on this machine: environment, configuration, the places of recordings and of the database."""

import getpass
import os
import shutil
import stat
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Final

from callflow.configuration import cache
from callflow.configuration.codes import Severity
from callflow.configuration.loading import examine
from callflow.configuration.problems import NoConfiguration
from callflow.configuration.recordings import missing
from callflow.core.configuration import Configuration
from callflow.doctor import addresses
from callflow.doctor.findings import Finding, error, good, warning
from callflow.service.needed_variables import unset
from callflow.service.ports import StoreUnavailable
from callflow.service.recordings import AudioUnavailable, check_audio
from callflow.settings import Settings
from callflow.store import open_existing
from callflow.store.audio_files import audio_files
from callflow.store.errors import UnknownDatabase, WrongSecret
from callflow.store.schema import problem
from callflow.store.upgrades import opened

FREE_BYTES: Final = 256 << 20
CLOCK_SECONDS: Final = 2.0
"""Answers of the provider name whole seconds, so less cannot be told from a good clock."""
SQLITE: Final = "sqlite:///"


def environment(settings: Settings) -> Iterator[Finding]:
    if settings.public_url.startswith("http:") and addresses.is_public(settings.public_url):
        yield warning("environment", "CALLFLOW_PUBLIC_URL is http: numbers and keys travel unencrypted",
                      "put a TLS proxy in front, and write https")  # fmt: skip
    if settings.operations is None:
        yield warning("environment", "CALLFLOW_OPERATIONS is off: nobody sees health and metrics of a busy server",
                      "leave it out, or name an address and port that your monitoring reaches")  # fmt: skip
    yield good("environment", "every setting is there and valid")


def configuration(settings: Settings, today: date, environ: Mapping[str, str]
                  ) -> Generator[Finding, None, Configuration | None]:  # fmt: skip
    """Yields findings and returns the configuration, or None if it has errors."""
    try:
        examined = examine(settings.config, settings.audio, today=today)
    except NoConfiguration as absent:
        yield error("configuration", str(absent), "run it where the server runs, with its environment")
        return None
    errors, warnings = (examined.of(severity) for severity in Severity)
    if errors:
        yield error("configuration", f"errors in {settings.config}: {len(errors)}, the first is {errors[0].code}",
                    "`callflow check` names each with its place and fix")  # fmt: skip
    elif warnings:
        yield warning("configuration", f"warnings in {settings.config}: {len(warnings)}, the first is "
                      f"{warnings[0].code}", "`callflow check` names each with its place and fix")  # fmt: skip
    else:
        yield good("configuration", f"{settings.config} has no errors and no warnings")
    found = examined.configuration
    if found and (lacking := unset(found, environ)):
        yield error("environment", lacking, "set them where the server is started, beside its other secrets")
    if found and (unverifiable := settings.unverifiable(found.accounts.values())):
        yield error("environment", "webhooks of a sub-account could not be verified", unverifiable)
    return found


def known(settings: Settings) -> Configuration:
    """The configuration, without its warnings; from the server's cache if it is there. Raises ConfigurationError."""
    return cache.load(settings.config, settings.audio, settings.cache, settings.secrets)


def audio(settings: Settings, found: Configuration) -> Iterator[Finding]:
    if gone := missing(found, settings.audio):
        yield error("audio", gone, "put the files back into CALLFLOW_AUDIO, or take `audio:` out of the scripts")
        return
    yield good("audio", "every recording is there")
    yield from addresses.recording(settings, found)


def recordings(settings: Settings) -> Iterator[Finding]:
    """Messages, notes and calls that are recorded. The caller hears that it was kept, whatever becomes of the file."""
    try:
        check_audio(audio_files(settings.recordings))
    except AudioUnavailable as failure:
        yield error("recordings", f"{failure}, by the user {getpass.getuser()}",
                    "let the user of the server write there, or set CALLFLOW_RECORDINGS to another place")  # fmt: skip
    else:
        yield good("recordings", f"they are kept in {settings.recordings}")


def _to_be_made(path: Path) -> Finding:
    there = next(one for one in path.absolute().parents if one.exists())
    if os.access(there, os.W_OK | os.X_OK):
        return good("database", f"{path} is not there yet: the first server makes it")
    return error("database", f"{path} is not there, and the user {getpass.getuser()} may not write in {there}",
                 "let the user of the server write there, or set CALLFLOW_DATABASE_URL to another place")  # fmt: skip


def database(settings: Settings) -> Iterator[Finding]:
    url = settings.database_url
    path = Path(url.removeprefix(SQLITE)) if url.startswith(SQLITE) else None
    if path and not path.exists():
        yield _to_be_made(path)
    else:
        try:
            with opened(url) as tables:
                found = tables.levels()
            if wrong := problem(found) if found else "":
                yield error("database", wrong, "docs/upgrading.md")
            else:
                with closing(open_existing(url, settings.secrets)):
                    pass
                versions = f"usable from schema version {found.oldest} to {found.newest}" if found else "empty"
                yield good("database", f"can be opened, {versions}")
        except WrongSecret as failure:
            yield error("database", str(failure), "set CALLFLOW_SECRET_KEY to what the server has")
        except (StoreUnavailable, UnknownDatabase) as failure:
            yield error("database", str(failure), "start the database server, or correct CALLFLOW_DATABASE_URL")
    if path:
        yield from _file(path)


def _file(path: Path) -> Iterator[Finding]:
    folder = next(one for one in path.absolute().parents if one.exists())
    free = shutil.disk_usage(folder).free
    if free < FREE_BYTES:
        yield error("database", f"{free >> 20} MB are free on the disk of {path}",
                    "make room: a server whose disk is full answers with safe documents only")  # fmt: skip
    if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield warning("database", f"{path} can be read by other users of this machine", f"chmod 600 {path}")


def clocks(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Finding]:
    """The clock of the database server. That of an SQLite file is ours."""
    if settings.database_url.startswith(SQLITE):
        return
    try:
        before = clock()
        with opened(settings.database_url) as tables:
            theirs = tables.clock()
        yield apart("the database server's", theirs, before, clock())
    except StoreUnavailable:
        pass  # told by ``database``


def apart(whose: str, theirs: datetime, before: datetime, after: datetime) -> Finding:
    """A finding about the distance of our clock (``before`` and ``after`` asking) from another one."""
    seconds = max((before - theirs).total_seconds(), (theirs - after).total_seconds(), 0.0)
    if seconds <= CLOCK_SECONDS:
        return good("clock", f"this machine's clock is {whose}")
    side = "behind" if before < theirs else "ahead of"
    return warning("clock", f"this machine's clock is {seconds:.0f} s {side} {whose}",
                   "switch on time synchronisation (timedatectl set-ntp true, or chrony)")  # fmt: skip
