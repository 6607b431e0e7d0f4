"""The parts that are examined, in order. Nothing is changed, at the provider or here, but for a file that is written
and deleted again."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime
from itertools import chain
from typing import Final, NamedTuple

from callflow.core.configuration import Configuration
from callflow.doctor import addresses, local, provider, server, sign_in, staff_line
from callflow.doctor.findings import Finding, error
from callflow.settings import Settings, SettingsError


class Part(NamedTuple):
    """``look`` yields the findings about one part of the installation. ``what``: what is examined, for ops."""

    what: str
    look: Callable[[Settings, Configuration, Callable[[], datetime]], Iterator[Finding]]


PARTS: Final[Mapping[str, Part]] = {
    "database": Part("can be opened, has the version that this Callflow needs, has room; files are private",
                     lambda settings, *_: local.database(settings)),
    "audio": Part("every recording is there; the first one arrives over the public address as it is",
                  lambda settings, configuration, _: local.audio(settings, configuration)),
    "recordings": Part("a file can be written where recordings of calls are kept, read and deleted again",
                       lambda settings, *_: local.recordings(settings)),
    "server": Part("what the server of this machine says: faults and troubles of its `/readyz`, and on which address "
                   "the last signed webhook arrived", lambda settings, *_: server.running(settings)),
    "public-address": Part("a request that is signed as the provider signs comes through CALLFLOW_PUBLIC_URL to a "
                           "server with the same address and token",
                           lambda settings, *_: addresses.public(settings)),
    "fallback": Part("there is one, it answers, and it is not on the same host as the public address",
                     lambda settings, *_: addresses.fallback(settings)),
    "gateway": Part("the account and its credentials may do what calls need: read calls and rooms, begin calls, "
                    "redirect them", lambda settings, *_: provider.permissions(settings)),
    "account": Part("the account is active and no trial; an incident needs three legs",
                    lambda settings, configuration, _: provider.account(settings, configuration)),
    "numbers": Part("every configured number has our addresses at the provider, and caller_id may be shown",
                    lambda settings, configuration, _: provider.numbers(settings, configuration)),
    "staff-line": Part("somebody can log in, no PIN is locked or of a person who has left", staff_line.pins),
    "sign-in": Part("nobody who has left could still sign in to the pages; browsers offer passkeys at their address",
                    sign_in.accounts),
    "clock": Part("this machine's clock is that of the provider and of the database server, within 2 s",
                  lambda settings, _, clock: chain(provider.clocks(settings, clock), local.clocks(settings, clock))),
}  # fmt: skip
"""By name, after ``FIRST``."""
FIRST: Final = ("environment", "configuration")
"""Without which nothing else can be examined."""


def examine(environ: Mapping[str, str], clock: Callable[[], datetime], only: Collection[str] = ()
            ) -> Iterator[Finding]:  # fmt: skip
    """Examine everything, or ``only`` some of ``FIRST`` and ``PARTS``, and yield the findings as they are made.

    Raises ConfigurationError if the configuration has errors, and is needed but not one of those asked for.
    """
    try:
        settings = Settings.from_environment(environ)
    except SettingsError as wrong:
        for problem in wrong.problems:
            yield error("environment", problem, "set it where the server is started: README, going live")
        return
    if not only or "environment" in only:
        yield from local.environment(settings)
    if only and not {*only} - {"environment"}:
        return
    told = not only or "configuration" in only
    found = (yield from local.configuration(settings, clock().date(), environ)) if told else local.known(settings)
    if found is None:
        return
    for name, part in PARTS.items():
        if name in only or not only:
            try:
                yield from part.look(settings, found, clock)
            except Exception as failure:  # a part that cannot be examined must not hide the others
                yield error(name, f"could not be examined: {type(failure).__name__}", "please report this")
