"""Commands of `callflow people` about signing in to the pages: invite, see who is signed in, sign out."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import click

from callflow.base_urls import host_of
from callflow.cli import json_output
from callflow.service.accounts import AccessEntry, AccessKind, Session, Way
from callflow.service.invitations import HOURS, forget
from callflow.service.invitations import invite as invited
from callflow.service.ports import Store
from callflow.service.sign_in import begin_wall
from callflow.settings import Settings, SettingsError

BY = "ops"
"""Who uses the command line is not known by name."""
MOST_HOURS = 24 * 14


@contextmanager
def _store() -> Iterator[tuple[Settings, Store]]:
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        yield settings, store


@click.command("invite")
@click.argument("person")
@click.option(
    "--hours", default=HOURS, show_default=True, type=click.IntRange(1, MOST_HOURS), help="How long it is good."
)
@click.option("--replace", is_flag=True, help="First take away what PERSON has: a lost or stolen device.")
def invite(person: str, hours: int, replace: bool) -> None:
    """Print a link with which PERSON (an id of people.yaml) makes a passkey or a password. It works once.

    Give it to the person in private: whoever opens it first is PERSON. A new one makes the one before worthless.
    """
    from callflow import bootstrap
    from callflow.cli.people import configured, unknown
    from callflow.configuration import snapshots

    with _store() as (settings, store):
        known = snapshots.everybody(configured(settings, store))
        if person not in known:
            raise click.ClickException(unknown(person, known, settings))
        now = bootstrap.system_clock()
        if replace:
            click.echo(_forgotten(person, *forget(store, person, now)), err=True)
        token = invited(store, person, now, BY, hours)
        click.echo(f"for {known[person]}, once, until {now + timedelta(hours=hours):%Y-%m-%d %H:%M} UTC:", err=True)
        click.echo(f"{_public(settings)}/sign-in/invitation#{token}")


@click.command("wall-link")
def wall_link() -> None:
    """Print a link for televisions: the wallboard, without names, numbers and buttons. It is good until it is revoked.

    `callflow people sessions` lists it, `callflow people sign-out --wall` revokes all of them.
    """
    from callflow import bootstrap

    with _store() as (settings, store):
        token = begin_wall(store, bootstrap.system_clock())
        click.echo(f"{_public(settings)}/sign-in/wall#{token}")


@click.command("sessions")
@click.argument("person", required=False)
@json_output.OPTION
def sessions(person: str | None, as_json: bool) -> None:
    """List who is signed in to the pages (or PERSON only): how, since when, last used, and until when (UTC)."""
    with _store() as (settings, store):
        found = [one for one in store.page_sessions() if person in (None, one.person)]
        if not found:
            _somebody(person, settings, store)
    if as_json:
        return json_output.show([
            {"id": one.id, "person": one.person, "way": one.way, "since": one.at, "used": one.used, "until": one.until}
            for one in found
        ])  # fmt: skip
    for one in found:
        click.echo(_told(one))
    return None


@click.command("sign-out")
@click.argument("person", required=False)
@click.option("--session", help="One session only, by its id in `callflow people sessions`.")
@click.option("--wall", is_flag=True, help="All wallboards.")
@click.option("--forget", "everything", is_flag=True, help="Also take away the passkeys and the password of PERSON.")
def sign_out(person: str | None, session: str | None, wall: bool, everything: bool) -> None:
    """End the sessions of PERSON at once, on every server. A passkey or password still opens the pages again."""
    from callflow import bootstrap

    if (bool(person), bool(session), wall).count(True) != 1 or (everything and not person):
        raise click.UsageError("say who: PERSON, --session ID or --wall; --forget needs PERSON")
    now = bootstrap.system_clock()
    with _store() as (settings, store):
        if everything and person:
            gone = forget(store, person, now)
            if not any(gone):
                _somebody(person, settings, store)
            return click.echo(_forgotten(person, *gone))
        found = [one for one in store.page_sessions() if one.id == session] if session else []
        if session and not found:
            raise click.ClickException(f"no session {session!r}: `callflow people sessions` lists them")
        ended = sum(store.end_page_session(one.digest) for one in found) if session else (
            store.end_page_sessions_of(person or ""))  # fmt: skip
        if not ended:
            _somebody(person, settings, store)
        whose = person or next((one.person for one in found), "")
        if ended:
            store.add_access_entry(AccessEntry(at=now, kind=AccessKind.SIGNED_OUT, person=whose, subject=f"by {BY}"))
    return click.echo(f"{_count(ended, 'session')} ended")


@click.command("accesses")
@click.argument("person", required=False)
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@json_output.OPTION
def accesses(person: str | None, limit: int, as_json: bool) -> None:
    """List who signed in, was refused, or opened what is private (or what PERSON did), the newest first. UTC."""
    with _store() as (settings, store):
        found = store.access_entries(person, limit)
        if not found:
            _somebody(person, settings, store)
    if as_json:
        return json_output.show([
            {"at": one.at, "kind": one.kind, "person": one.person, "way": one.way, "network": one.network,
             "subject": one.subject} for one in found
        ])  # fmt: skip
    for one in found:
        words = (f"{one.at:%Y-%m-%d %H:%M:%SZ}", f"{one.kind.value:<13}", f"{one.person or '-':<12}", one.way,
                 one.network, one.subject)  # fmt: skip
        click.echo("  ".join(word for word in words if word).rstrip())
    return None


COMMANDS = (invite, wall_link, sessions, sign_out, accesses)


def _public(settings: Settings) -> str:
    if not settings.public_url:
        raise SettingsError(["CALLFLOW_PUBLIC_URL is not set: the address of the pages is below it"])
    if not settings.public_url.startswith("https:") and host_of(settings.public_url) != "localhost":
        click.echo(f"{settings.public_url} is not https: browsers offer no passkeys there, and passwords are sent "
                   "in clear", err=True)  # fmt: skip
    return settings.public_url


def _somebody(person: str | None, settings: Settings, store: Store) -> None:
    """Raise ClickException if nobody has this id. Whoever has left, and has something here, is not asked about."""
    from callflow.cli.people import configured, unknown
    from callflow.configuration import snapshots

    if person and person not in (known := snapshots.everybody(configured(settings, store))):
        raise click.ClickException(unknown(person, known, settings))


def _told(one: Session) -> str:
    who = "wallboard" if one.way is Way.WALL else one.person
    until = f"until {one.until:%Y-%m-%d %H:%MZ}" if one.until else "until revoked"
    return f"{one.id}  {who:<12}  {one.way.value:<10}  since {one.at:%Y-%m-%d %H:%MZ}  used {one.used:%H:%MZ}  {until}"


def _forgotten(person: str, sessions: int, passkeys: int, password: bool) -> str:
    had = f"{_count(sessions, 'session')}, {_count(passkeys, 'passkey')} and {'a' if password else 'no'} password"
    return f"{person} is signed out: {had} are gone"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
