"""`callflow replay`: step through a past call, or compare it with another configuration."""

import os
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from callflow.cli import folders, sound
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.service.ports import Store
from callflow.settings import Settings
from callflow.simulator.recorded_history import HistoryError, another_way, to_text, without_personal_data
from callflow.simulator.replay import describe, everything, replay_frames
from callflow.simulator.replay_against import Comparison, compare

PASSWORD = re.compile("://[^/@]*:[^/@]*@|password")


def without_password(context: click.Context, option: click.Parameter, url: str | None) -> str | None:
    """Refuse a password: every user of the machine can read the arguments of a process."""
    if url and PASSWORD.search(url):
        raise click.BadParameter("has a password: set CALLFLOW_DATABASE_URL, or CALLFLOW_DATABASE_URL_FILE, instead")
    return url


@click.command("replay")
@click.argument("calls", nargs=-1, metavar="[CALL]...")
@click.option("--step", is_flag=True, help="Wait for Enter after each step; q ends.")
@click.option("--against", type=click.Path(path_type=Path), help="A configuration to compare with.")
@click.option(
    "--export",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the calls to a file without personal data, instead of printing them.",
)
@sound.OPTION
@click.option("--config", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=Path("config"))
@folders.AUDIO
@click.option("--database", callback=without_password, help="Database URL; by default that of the server.")
def command(calls: tuple[str, ...], step: bool, against: Path | None, target: Path | None, wav: Path | None,
            config: Path, audio: Path | None, database: str | None) -> None:  # fmt: skip
    """Print each CALL (its spoken reference or its id) step by step: who did and heard what, where everybody was, what
    was due, and which settings of the configuration decided. Nothing is sent to anybody.

    With --export, write each CALL to FILE without personal data: no numbers, typed digits, spoken words, answers of
    other systems or ids of the provider. Ids of staff and times are kept.
    With --wav, write the sound of one CALL: lines in an installed voice, recordings, keys, music. What people said
    is not kept.
    With --against, print where each call would have gone differently with that configuration; without CALL, all calls.
    Exit code 1: a floor would have been broken, or a call is not known.
    """
    from callflow.configuration.loading import load
    from callflow.configuration.places import audio_of
    from callflow.store import open_existing

    if sum(map(bool, (target, against, wav))) > 1:
        raise click.UsageError("--export, --against and --wav exclude each other")
    if not calls and not against:
        raise click.ClickException("which call? `callflow journal` lists the latest ones")
    given, audio = audio, audio or audio_of(config)
    configuration = load(config, audio)
    settings = Settings.from_environment(os.environ, need_provider=False)
    store = open_existing(database or settings.database_url, settings.secrets)
    try:
        found = chosen(store, calls)
        if against:
            sys.exit(print_comparisons(store, found, load(against, given or audio_of(against)), configuration))
        own = Former(store, configuration, audio)
        if target:
            return export(store, found, own, target)
        if wav:
            return listen(store, found, own, wav)
        for call in found:
            print_call(store, call, own, step)
    finally:
        store.close()


def chosen(store: Store, wanted: Sequence[str]) -> list[Call]:
    """The calls with these references or ids, or all calls. Raises ClickException for an unknown one."""
    if not wanted:
        return [call for call in store.calls(live=False, limit=100_000) if store.history(call.id)]
    found = [store.read(name) or store.find(name) for name in wanted]
    for name, call in zip(wanted, found, strict=True):
        if call is None:
            raise click.ClickException(f"no call {name!r}: `callflow journal` lists the latest ones")
    return [call for call in found if call]


class Former:
    """The configurations with which calls began: the one that is given, or those that the database has kept."""

    def __init__(self, store: Store, given: Configuration, audio: Path) -> None:
        self._store, self.given, self.audio = store, given, audio
        self._known = {given.digest: given}

    def of(self, call: Call) -> Configuration:
        """The call's own. Raises ClickException, which says why it cannot be had."""
        if call.digest not in self._known:
            self._known[call.digest] = self._kept(call)
        return self._known[call.digest]

    def _kept(self, call: Call) -> Configuration:
        from callflow.configuration.problems import ConfigurationError
        from callflow.configuration.snapshots import load_texts

        version = f"configuration {call.digest[:12]}, with which call {call.reference} began,"
        files = self._store.configuration(call.digest)
        if not files:
            raise click.ClickException(f"{version} is not in the database: give its directory with --config")
        try:
            return replace(load_texts(files, self.audio), digest=call.digest)
        except ConfigurationError as error:
            raise click.ClickException(f"{version} has errors by now: {error}") from None


def print_call(store: Store, call: Call, own: Former, step: bool) -> None:
    history = store.history(call.id)
    click.echo(f"Call {call.reference} ({call.id}), {call.started_at:%Y-%m-%d} UTC")
    if not history:
        click.echo("Its history has been deleted, or it is older than histories; its journal is all there is.")
    try:
        configuration = own.of(call)
    except click.ClickException as error:
        configuration = own.given
        click.echo(f"Prompts are shown by their ids, and deadlines are not shown: {error.message}")
    for frame in replay_frames(call, history, store.journal(call.id), configuration):
        lines = describe(frame, call, configuration)
        for line in [*lines, *(everything(frame, call) if step and lines else [])]:
            click.echo(line)
        if step and lines and not onwards():
            return
    click.echo("")


def export(store: Store, calls: Sequence[Call], own: Former, target: Path) -> None:
    """Write the calls to ``target``. Raises ClickException for one that cannot be exported."""
    try:
        histories = [
            without_personal_data(call, store.history(call.id), store.journal(call.id), own.of(call)) for call in calls
        ]
    except HistoryError as error:
        raise click.ClickException(str(error)) from error
    target.write_text(to_text(histories), encoding="utf-8")
    for call, history in zip(calls, histories, strict=True):
        for line in another_way(history, own.of(call)):
            click.echo(f"{call.reference}: {line}", err=True)
    click.echo(f"{len(calls)} {'call' if len(calls) == 1 else 'calls'} written to {target}")


def listen(store: Store, calls: Sequence[Call], own: Former, target: Path) -> None:
    """Write the sound of a call. Raises ClickException if its history or its configuration is not there."""
    from callflow.soundtrack.replayed import PastCall

    if len(calls) != 1:
        raise click.UsageError("--wav needs one call")
    call, history = calls[0], store.history(calls[0].id)
    if not history:
        raise click.ClickException(f"the history of call {call.reference} has been deleted, so nothing can be heard")
    configuration = own.of(call)
    past = PastCall(configuration, own.audio, sound.voices(target, configuration))
    frames = replay_frames(call, history, store.journal(call.id), configuration)
    sound.write(target, past.pieces(frames, call.started_at), history, call.started_at)


def onwards() -> bool:
    """Wait for Enter. Returns False for q or the end of the input."""
    line = sys.stdin.readline()
    return bool(line) and line.strip() != "q"


def print_comparisons(store: Store, calls: Sequence[Call], other: Configuration, own: Configuration) -> int:
    """Print the differences call by call; returns the exit code."""
    comparisons = [compare(call, store.history(call.id), store.journal(call.id), other, own) for call in calls]
    for one in comparisons:
        for line in difference(one):
            click.echo(line)
    changed = sum(one.first is not None for one in comparisons)
    broken = sum(bool(one.broken) for one in comparisons)
    click.echo(f"{changed} of {len(comparisons)} calls would have gone differently.")
    if broken:
        click.echo(f"{broken} would have broken a floor: this configuration must not go live.", err=True)
    return 1 if broken else 0


def difference(one: Comparison) -> list[str]:
    call = one.call
    found = [f"  broken floor {floor}" for floor in one.broken]
    if one.first:
        seconds = (one.first.at - call.started_at).total_seconds()
        found += [f"  {seconds:6.1f} s  {line}" for line in one.first.what]
    found += [f"  also: {line}" for line in one.lesser]
    return [f"{call.reference}  {call.started_at:%Y-%m-%d %H:%M:%SZ}  "
            f"{'differently' if one.first else 'the same'}, {one.facts} events", *found]  # fmt: skip
