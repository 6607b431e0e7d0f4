"""`callflow init`: a configuration to begin with, from a few answers. It passes `callflow check` before it is kept."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from callflow.configuration.checks.phones import not_e164
from callflow.configuration.codes import Severity
from callflow.configuration.loading import examine
from callflow.configuration.templates import SHIPPED, Beginning, NotShipped, Staff, write

ROLE = "a team leader"
EXAMPLE = "+15550100100"


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--organisation", help="Who you are, as callers hear it.")
@click.option("--number", help=f"The number that callers dial, like {EXAMPLE}.")
@click.option("--agent", "agents", multiple=True, help='"Ana=+1555...", once for each.')
@click.option("--supervisor", "supervisors", multiple=True, help='"Sam=+1555..." or "Sam, the duty manager=+1555...".')
@click.option("--security", help="Who is rung when somebody threatens: a phone, not an emergency number.")
@click.option("--emergency", help="The emergency number where your callers are, like 911 or 112.")
@click.option("--timezone", help="In which times are spoken, like Europe/London.")
@click.option("--contact", help="Where a caller can write, as it is read aloud.")
@click.option("--yes", is_flag=True, help="Ask nothing; what is not given has its default, or is reported.")
@click.option("--from", "shipped", type=click.Path(path_type=Path, file_okay=False), default=SHIPPED,
              help="The checkout whose config/ and audio/ are copied; by default the one that runs.")  # fmt: skip
def command(directory: Path, shipped: Path, yes: bool, agents: tuple[str, ...], supervisors: tuple[str, ...],
            **given: str | None) -> None:  # fmt: skip
    """Write a commented starter into DIRECTORY: config/ and audio/, ready for `callflow check`."""
    for name in ("config", "audio"):
        if (directory / name).exists():
            raise click.ClickException(f"{directory / name} is there already; nothing was changed.")
    begin = answers(Asking(yes), agents, supervisors, given)
    with tempfile.TemporaryDirectory(prefix="callflow-init-") as folder:
        keep(Path(folder), directory, begin, shipped)
    click.echo(f"{directory}/config and {directory}/audio are written. Next: cd {directory} && callflow check")


def keep(draft: Path, directory: Path, begin: Beginning, shipped: Path) -> None:
    """Written and checked elsewhere first, so that nothing is left of a failed attempt."""
    try:
        write(draft, begin, shipped)
    except NotShipped as error:
        raise click.ClickException(str(error)) from None
    examined = examine(draft / "config", draft / "audio")
    for problem in examined.problems:
        click.echo(f"{problem.severity.value}: {problem.message} ({problem.code})", err=True)
    if examined.of(Severity.ERROR):
        click.echo("Nothing was written.", err=True)
        sys.exit(1)
    for name in ("config", "audio"):
        shutil.copytree(draft / name, directory / name)


class Asking:
    """Flags first, then questions on a terminal, then defaults; what has none is asked for in words."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent

    def one(self, flag: str, value: str | None, question: str, wrong: Callable[[str], str], default: str = "") -> str:
        """An answer that is right: from the flag, from the terminal, or the default."""
        if value is None and not self.silent:
            return self.asked(question, wrong, default)
        found = default if value is None else value
        if why := wrong(found) if found else "is needed":
            raise click.ClickException(f"--{flag} {why}")
        return found

    def asked(self, question: str, wrong: Callable[[str], str], default: str) -> str:
        while True:
            found = str(click.prompt(question, default=default or None)).strip()
            why = wrong(found)
            if not why:
                return found
            click.echo(f"It {why}.")

    def people(self, flag: str, given: tuple[str, ...], question: str, least: int) -> list[Staff]:
        """Several, as name=phone; on a terminal until an empty answer."""
        if given or self.silent:
            for one in given:
                if why := wrong_person(one):
                    raise click.ClickException(f"--{flag} {one!r} {why}")
            if len(given) < least:
                raise click.ClickException(f"--{flag} is needed at least once")
            return [staff(one) for one in given]
        found: list[Staff] = []
        while True:
            wanted = f"{question} as name=phone" + (", or nothing when done" if len(found) >= least else "")
            answer = str(click.prompt(wanted, default="", show_default=False)).strip()
            if not answer and len(found) >= least:
                return found
            if why := wrong_person(answer):
                click.echo(f"It {why}.")
            else:
                found.append(staff(answer))


def answers(asking: Asking, agents: tuple[str, ...], supervisors: tuple[str, ...],
            given: dict[str, str | None]) -> Beginning:  # fmt: skip
    organisation = asking.one("organisation", given["organisation"], "Your organisation", anything)
    number = asking.one("number", given["number"], f"Your number, like {EXAMPLE}", not_e164)
    people = asking.people("agent", agents, "An agent,", 1)
    leaders = asking.people("supervisor", supervisors, "A supervisor,", 1)
    security = asking.one("security", given["security"], "Phone of your security contact", not_e164)
    emergency = asking.one("emergency", given["emergency"], "Emergency number", not_emergency, "911")
    timezone = asking.one("timezone", given["timezone"], "Time zone", not_timezone, "UTC")
    address = f"{organisation}, customer care"
    contact = asking.one(
        "contact", given["contact"], "Where a caller can write, as it is read aloud", anything, address
    )
    role = [Staff(name=one.name, phone=one.phone, role=one.role or ROLE) for one in leaders]
    return Beginning(
        organisation=organisation, number=number, agents=people, supervisors=role, security_phone=security,
        emergency_number=emergency, timezone=timezone, contact=contact,
    )  # fmt: skip


def staff(text: str) -> Staff:
    """ "Sam, the duty manager=+1555..." """
    before, _, phone = text.rpartition("=")
    name, _, role = before.partition(",")
    return Staff(name=name.strip(), phone=phone.strip(), role=role.strip())


def wrong_person(text: str) -> str:
    one = staff(text)
    if not one.name:
        return "must be a name and a phone, like Ana=+15550100111"
    return not_e164(one.phone)


def anything(text: str) -> str:
    return "" if text else "must not be empty"


def not_emergency(text: str) -> str:
    return "" if text.isascii() and text.isdigit() and 2 <= len(text) <= 6 else "must be 2 to 6 digits"


def not_timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        return "must be a time zone, like Europe/London, or UTC"
    return ""
