"""`callflow config`: list, show, compare and activate versions of the configuration."""

import difflib
import getpass
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from callflow.cli import json_output
from callflow.service.ports import Store
from callflow.settings import Settings


@click.group("config")
def command() -> None:
    """Versions of the configuration, by the hash of their content. Running servers follow an activation within seconds.

    A version is named by the first characters of its hash; "current" is the active one, "directory" the files on disk.
    """


@command.command("list")
@json_output.OPTION
def listed(as_json: bool) -> None:
    """List all configurations that were in use, and all activations, newest first."""
    with opened() as (_, store):
        past = store.activations()
        if as_json:
            kept = [{"version": digest, "kept": at} for digest, at in store.configurations()]
            return json_output.show({"configurations": kept, "activations": [
                {"at": one.at, "version": one.digest, "by": one.by} for one in past]})  # fmt: skip
        for digest, at in store.configurations():
            mark = "*" if past and past[0].digest == digest else " "
            click.echo(f"{mark} {digest[:12]}  kept {at:%Y-%m-%d %H:%M:%SZ}")
        click.echo("activations:")
        for one in past:
            click.echo(f"  {one.at:%Y-%m-%d %H:%M:%SZ}  {one.digest[:12]}  by {one.by}")
    return None


@command.command("show")
@click.argument("version", default="current")
@click.argument("file", required=False)
def show(version: str, file: str | None) -> None:
    """Print the files of a VERSION, or one FILE of it."""
    with opened() as (settings, store):
        files = found(settings, store, version)
        if file and file not in files:
            raise click.ClickException(f"there is no {file} in it; there is {', '.join(sorted(files))}")
        for name in [file] if file else sorted(files):
            click.echo(f"# ---- {name}\n{files[name]}")


@command.command("diff")
@click.argument("old", default="current")
@click.argument("new", default="directory")
def diff(old: str, new: str) -> None:
    """Print what changed from OLD (current) to NEW (directory), line by line. Exit code 1 if anything did."""
    with opened() as (settings, store):
        before, after = found(settings, store, old), found(settings, store, new)
    lines = [line for name in sorted({*before, *after}) for line in difference(name, before, after)]
    for line in lines:
        click.echo(line)
    sys.exit(1 if lines else 0)


@command.command("activate")
@click.argument("version")
@click.option("--by", default=None, help="Who decides this; your login name if not given.")
def activate(version: str, by: str | None) -> None:
    """Use VERSION for new calls. It must pass the checks with the current recordings."""
    from callflow.configuration.snapshots import load_texts

    with opened() as (settings, store):
        files = found(settings, store, version)
        configuration = load_texts(files, settings.audio)  # may raise ConfigurationError
        turn_to(store, configuration.digest, files, by)


@command.command("rollback")
@click.option("--by", default=None, help="Who decides this; your login name if not given.")
def rollback(by: str | None) -> None:
    """Activate the configuration before the current one. A later change of the directory is activated as usual."""
    from callflow.configuration.snapshots import load_texts

    with opened() as (settings, store):
        past = store.activations()
        before = next((one.digest for one in past if one.digest != past[0].digest), None)
        if before is None:
            raise click.ClickException("there is no earlier configuration to go back to")
        files = found(settings, store, before)
        turn_to(store, load_texts(files, settings.audio).digest, files, by)


def turn_to(store: Store, digest: str, files: Mapping[str, str], by: str | None) -> None:
    from callflow import bootstrap

    at = bootstrap.system_clock()
    store.keep_configuration(digest, files, at)
    store.activate(digest, at, by or getpass.getuser())
    click.echo(f"{digest[:12]} is current for new calls; calls in progress keep theirs")


def found(settings: Settings, store: Store, version: str) -> Mapping[str, str]:
    """The files of a version. Raises ClickException with the known versions unless exactly one matches."""
    from callflow.configuration.snapshots import texts

    if version == "directory":
        return texts(settings.config)
    past = store.activations()
    if version == "current":
        wanted = [past[0].digest] if past else []
    else:
        wanted = [digest for digest, _ in store.configurations() if digest.startswith(version)]
    files = store.configuration(wanted[0]) if len(wanted) == 1 else None
    if files is None:
        known = ", ".join(digest[:12] for digest, _ in store.configurations()) or "none yet: start a server once"
        raise click.ClickException(f"no single configuration {version!r}; known are: {known}")
    return files


def difference(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    old, new = before.get(name, "").splitlines(), after.get(name, "").splitlines()
    return difflib.unified_diff(old, new, f"old/{name}", f"new/{name}", lineterm="")


@contextmanager
def opened() -> Iterator[tuple[Settings, Store]]:
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    store = open_existing(settings.database_url, settings.secrets)
    try:
        yield settings, store
    finally:
        store.close()
