"""`callflow people`: what everybody is doing, who is away, PINs; signing in to the pages is in ``accounts``."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from difflib import get_close_matches
from types import MappingProxyType

import click

from callflow.cli import json_output, typed
from callflow.cli.accounts import sign_ins
from callflow.configuration import snapshots
from callflow.core.opening_hours import Hours, is_open, next_opening
from callflow.core.staff_line.pins import LEAST_DIGITS, Pin, not_a_pin
from callflow.service import pins
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Store
from callflow.service.telephones import in_use
from callflow.settings import Settings

WORDS = {
    Presence.FREE: "free", Presence.RUNG: "rung", Presence.ON_CALL: "talking", Presence.WRAP_UP: "resting",
    Presence.COOL_DOWN: "resting", Presence.STAFF_LINE: "on the staff line", Presence.OTHER: "busy",
}  # fmt: skip


class PeopleGroup(click.Group):
    """`callflow people ana` is `callflow people list ana`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("people", cls=PeopleGroup)
def command() -> None:
    """What everybody is doing, and who is away; PINs for the staff line; signing in to the pages."""


@command.command("list")
@click.argument("person", required=False)
@click.option("--back", is_flag=True, help="PERSON answers calls again.")
@click.option("--away", is_flag=True, help="PERSON is rung for locked calls only (safeguarding, threat).")
@json_output.OPTION
def list_people(person: str | None, back: bool, away: bool, as_json: bool) -> None:
    """List agents and supervisors: free, rung, talking, resting, away or off duty, and since when. PERSON is an id.

    Three calls in a row without an answer make a person away, until they press a key for a call or this command says
    otherwise. Whoever is off duty (`on_duty` in people.yaml) is rung for a locked call only if nobody else comes. Times
    are UTC. All servers on the database follow at once.
    """
    from callflow import bootstrap
    from callflow.store import open_existing

    if back and away:
        raise click.UsageError("choose one of --back and --away")
    if (back or away) and not person:
        raise click.UsageError("say who: callflow people PERSON --back")
    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        files = configured(settings, store)
        known, duty = snapshots.people(files), snapshots.duty(files)
        if person and person not in known:
            raise click.ClickException(unknown(person, known, settings, snapshots.people))
        if person and (back or away):
            store.set_away(person, away)
        if as_json:
            return json_output.show(described(store, known, bootstrap.system_clock(), person))
        shared = snapshots.shared_telephones(files)
        for line in listed(store, known, bootstrap.system_clock(), person, shared, duty):
            click.echo(line)
    return None


def described(store: Store, known: Mapping[str, str], now: datetime, only: str | None) -> list[dict[str, object]]:
    """The same for programs, without the hours of duty."""
    doing = {one.person: one for one in store.people(now)}
    return [{"person": id, "name": name, "doing": (one.presence if one else Presence.FREE).value,
             "away": bool(one and one.away), "since": one and one.since, "until": one and one.until}
            for id, name in known.items() if only in (None, id) for one in [doing.get(id)]]  # fmt: skip


@command.command("pin")
@click.argument("person")
@click.option("--unlock", is_flag=True, help="Unlock the PIN after wrong tries; it stays the same.")
@click.option("--remove", is_flag=True, help="Delete the PIN: PERSON cannot log in any more.")
def pin(person: str, unlock: bool, remove: bool) -> None:
    """Ask for a new PIN of PERSON (an id of people.yaml) and store it as a slow salted hash; or unlock or remove it.

    It is never shown and stands in no file. After 5 wrong tries in a row a PIN is locked for 15 minutes.
    """
    from callflow.store import open_existing

    if unlock and remove:
        raise click.UsageError("choose one of --unlock and --remove")
    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        known = snapshots.people(configured(settings, store))
        found = store.staff_pins().get(person)
        if person not in known and not (remove and found):
            raise click.ClickException(unknown(person, known, settings, snapshots.people))
        if not (unlock or remove):
            store.put_staff_pin(Pin(person=person, hash=pins.hashed(settings.secret_key, person, _asked(person))))
            return click.echo(f"{person} has a new PIN, which counts at once on all servers")
        if found is None:
            raise click.ClickException(f"{person} has no PIN: callflow people pin {person}")
        if remove:
            store.drop_staff_pin(person)
        else:
            store.put_staff_pin(Pin(person=person, hash=found.hash))
    return click.echo(f"the PIN of {person} is {'removed' if remove else 'unlocked'}")


def _asked(person: str) -> str:
    """The PIN as it is typed twice, or the first line of the input if that is no terminal."""
    digits = typed.secret(f"New PIN of {person} ({LEAST_DIGITS} digits or more)", confirmed=True)
    if why := not_a_pin(digits):
        raise click.ClickException(f"this PIN {why}")
    return digits


def configured(settings: Settings, store: Store) -> Mapping[str, str]:
    """The files of the configuration that new calls begin with."""
    past = store.activations()
    return (store.configuration(past[0].digest) if past else None) or snapshots.texts(settings.config)


def listed(store: Store, known: Mapping[str, str], now: datetime, only: str | None = None,
           shared: Mapping[str, frozenset[str]] = MappingProxyType({}),
           duty: Mapping[str, Hours] = MappingProxyType({})) -> Iterator[str]:  # fmt: skip
    """One line for each person, or for the one asked for. ``shared``: those who have one telephone with others."""
    found = {one.person: one for one in store.people(now)}
    wide, named = max(map(len, known), default=0), max(map(len, known.values()), default=0)
    for id, name in known.items():
        if only in (None, id):
            using = next((known.get(one, one) for one in sorted(shared.get(id, ())) if one != id and one in found
                           and in_use(found[one])), "")  # fmt: skip
            told = _told(found.get(id), _off_duty(duty.get(id), now))
            told += f"  telephone in use by {using}" if using else ""
            yield f"{id:<{wide}}  {name:<{named}}  {told}".rstrip()


def _off_duty(hours: Hours | None, now: datetime) -> str:
    """ "off duty until ...", or "" for whoever may be rung."""
    if hours is None or is_open(hours, now):
        return ""
    begins = next_opening(hours, now)
    return "off duty" + (f"  until {_time(begins.astimezone(UTC))}" if begins else "")


def _told(person: PersonPresence | None, off_duty: str) -> str:
    if off_duty and (person is None or (person.presence is Presence.FREE and not person.away)):
        return off_duty
    if person is None:
        return WORDS[Presence.FREE]
    free = person.presence is Presence.FREE
    told = "away" if person.away and free else f"{WORDS[person.presence]:<7}"
    if person.since.year > 1970 and not (person.away and free):
        told += f"  since {_time(person.since)}"
    if person.until:
        told += f"  until {_time(person.until)}"
    return told + ("  then away" if person.away and not free else f"  {off_duty}" if off_duty else "")


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%SZ}"


def unknown(person: str, known: Mapping[str, str], settings: Settings,
            read: Callable[[Mapping[str, str]], Mapping[str, str]] = snapshots.everybody) -> str:  # fmt: skip
    """What to say of an id that is not in ``known``, those in force. ``read`` finds the same people in files."""
    from callflow.configuration.problems import ConfigurationError

    with suppress(ConfigurationError):
        if person in read(snapshots.texts(settings.config)):
            return (f"{person} is in people.yaml, but that is not in force yet: `callflow check`, and a running server "
                    "takes it up within seconds")  # fmt: skip
    near = get_close_matches(person, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
    return f"nobody has the id {person!r}; {hint}"


for _one in sign_ins.COMMANDS:
    command.add_command(_one)
