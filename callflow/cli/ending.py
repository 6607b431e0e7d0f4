"""What `callflow retention`, `hold`, `erase` and `export` have in common."""

import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache, partial

import click

from callflow.keepers import Ending
from callflow.service.ports import GatewayFailure, Store
from callflow.settings import Settings

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
BY = click.option("--by", default=None, help="Who does it, for the journal; your login name if not given.")
CALLER = click.option("--caller", required=True, help='Their number, with + and its country code; "-" reads it from a '
                      "line of standard input, so that no list of processes shows it.")  # fmt: skip


@contextmanager
def opened() -> Iterator[Store]:
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        yield store


@contextmanager
def opened_ending() -> Iterator[Ending]:
    """With the provider, if its credentials are set: a recording is deleted there, too."""
    from callflow.bootstrap import gateway_of, system_clock
    from callflow.cli.close import current
    from callflow.keepers import ending_of
    from callflow.service.configurations import Configurations
    from callflow.service.recording_keeper import RecordingKeeper
    from callflow.store import open_existing
    from callflow.store.audio_files import audio_files
    from callflow.telephony.recordings import ProviderRecordings

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        gateway = cache(partial(gateway_of, settings))

        def client_of(account: str) -> object:
            if not settings.account_sid:
                raise GatewayFailure("a recording is still at the provider, whose credentials are not set here")
            return gateway().client_of(account)

        source = ProviderRecordings(client_of)
        configurations = Configurations(current(settings, store))
        yield ending_of(RecordingKeeper(store, audio_files(settings.recordings), source, configurations, system_clock))


def number_of(caller: str) -> str:
    """The number that was given, or typed. The message of an error does not repeat it."""
    found = sys.stdin.readline().strip() if caller == "-" else caller.strip()
    if not NUMBER.fullmatch(found):
        raise click.BadParameter('a number has + and its country code, like "+15550100199"', param_hint="--caller")
    return found
