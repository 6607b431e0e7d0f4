"""`callflow init`: write a first configuration from a few answers. It is only written if it passes the checks."""

import shutil
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from callflow.configuration import countries
from callflow.configuration.codes import Severity
from callflow.configuration.dialling import not_e164
from callflow.configuration.languages import NotAdded
from callflow.configuration.loading import examine
from callflow.configuration.telephone import not_dialable
from callflow.configuration.templates import SHIPPED, Beginning, NotShipped, Staff, write

ROLE = "a team leader"
WRITTEN = ("config", "audio", "README.md")
EXAMPLE = "+15550100100"
SECURITY = "Phone that is rung after a threat (not an emergency number)"


@click.command("init")
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@click.option("--organisation", help="Who you are, as callers hear it.")
@click.option("--number", help=f"The number that callers dial, like {EXAMPLE}.")
@click.option("--agent", "agents", multiple=True, help='"Ana=+1555...", once for each.')
@click.option("--supervisor", "supervisors", multiple=True, help='"Sam=+1555..." or "Sam, the duty manager=+1555...".')
@click.option("--security", help="The phone that is rung after a threat; not an emergency number.")
@click.option("--emergency", help="The emergency number of your callers, like 911; that of the country of --number.")
@click.option("--timezone", help="The time zone of spoken times, like Europe/London; that of --number.")
@click.option("--contact", help="Where a caller can write, as it is read aloud.")
@click.option(
    "--language", "languages", multiple=True, help="A language besides English that comes translated, like de."
)
@click.option("--yes", is_flag=True, help="Ask nothing: use defaults, and report what has none.")
@click.option("--from", "shipped", type=click.Path(path_type=Path, file_okay=False), default=SHIPPED,
              help="The checkout whose config/ and audio/ are copied; by default this one.")  # fmt: skip
def command(directory: Path, shipped: Path, yes: bool, agents: tuple[str, ...], supervisors: tuple[str, ...],
            languages: tuple[str, ...], **given: str | None) -> None:  # fmt: skip
    """Write a commented configuration into DIRECTORY: config/ with rehearsals, audio/ and a README.

    Everything is asked before anything is written, and what is written passes `callflow check` and `callflow simulate`.
    """
    for name in WRITTEN:
        if (directory / name).exists():
            raise click.ClickException(f"{directory / name} is there already; nothing was changed.")
    begin = replace(answers(Questions(yes), agents, supervisors, given), languages=languages)
    with tempfile.TemporaryDirectory(prefix="callflow-init-") as folder:
        keep(Path(folder), directory, begin, shipped)
    click.echo(f"{directory}/config, {directory}/audio and {directory}/README.md are written.")
    if languages:
        click.echo(f"Callers hear English until they can choose {', '.join(languages)}, or it is the language of "
                   "callflow.yaml: docs/languages.md says how.")  # fmt: skip
    click.echo("Next:")
    click.echo(
        f"  cd {directory}\n  callflow check\n  callflow simulate\nREADME.md has the way from here to a first call."
    )


def keep(draft: Path, directory: Path, begin: Beginning, shipped: Path) -> None:
    """Write and check a draft elsewhere, and copy it only if it has no errors."""
    try:
        write(draft, begin, shipped)
    except (NotShipped, NotAdded) as error:
        raise click.ClickException(str(error)) from None
    examined = examine(draft / "config", draft / "audio")
    for problem in examined.problems:
        click.echo(f"{problem.severity.value}: {problem.message} ({problem.code})", err=True)
    if examined.of(Severity.ERROR):
        click.echo("Nothing was written.", err=True)
        sys.exit(1)
    for name in WRITTEN:
        if (draft / name).is_dir():
            shutil.copytree(draft / name, directory / name)
        else:
            shutil.copyfile(draft / name, directory / name)


class Questions:
    """Takes answers from flags, else from the terminal, else from defaults. Raises ClickException if there is none."""

    def __init__(self, silent: bool) -> None:
        self.silent = silent
        self.wrong: list[str] = []
        """What is wrong with flags. It is told when everything was asked, all at once."""

    def one(self, flag: str, value: str | None, question: str, wrong: Callable[[str], str], default: str = "") -> str:
        """One valid answer. ``wrong`` returns what is wrong with a value, or ""."""
        if value is None and not self.silent:
            return self.prompt(question, wrong, default)
        found = default if value is None else value
        if why := wrong(found) if found else "is needed":
            self.wrong.append(f"--{flag} {why}")
        return found

    def prompt(self, question: str, wrong: Callable[[str], str], default: str) -> str:
        while True:
            found = str(click.prompt(question, default=default or None)).strip()
            why = wrong(found)
            if not why:
                return found
            click.echo(f"It {why}.")

    def people(self, flag: str, given: tuple[str, ...], question: str, least: int) -> list[Staff]:
        """At least ``least`` people, as name=phone; on a terminal until an empty answer."""
        if given or self.silent:
            for one in given:
                if why := wrong_person(one):
                    self.wrong.append(f"--{flag} {one!r} {why}")
            if len(given) < least:
                self.wrong.append(f"--{flag} is needed at least once")
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


def answers(questions: Questions, agents: tuple[str, ...], supervisors: tuple[str, ...],
            given: dict[str, str | None]) -> Beginning:  # fmt: skip
    organisation = questions.one("organisation", given["organisation"], "Your organisation", anything)
    number = questions.one("number", given["number"], f"Your number, like {EXAMPLE}", not_e164)
    people = questions.people("agent", agents, "An agent,", 1)
    leaders = questions.people("supervisor", supervisors, "A supervisor,", 1)
    security = questions.one("security", given["security"], SECURITY, not_dialable)
    emergency = questions.one("emergency", given["emergency"], "Emergency number of your callers", not_emergency,
                              countries.emergency_number(number))  # fmt: skip
    timezone = questions.one("timezone", given["timezone"], "Time zone, like Europe/London", not_timezone,
                             countries.timezone(number))  # fmt: skip
    address = f"{organisation}, customer care"
    contact = questions.one(
        "contact", given["contact"], "Where a caller can write, as it is read aloud", anything, address
    )
    if questions.wrong:
        raise click.ClickException("\n       ".join(questions.wrong))
    role = [Staff(name=one.name, phone=one.phone, role=one.role or ROLE) for one in leaders]
    return Beginning(
        organisation=organisation, number=number, agents=people, supervisors=role, security_phone=security,
        emergency_number=emergency, timezone=timezone, contact=contact,
    )  # fmt: skip


def staff(text: str) -> Staff:
    """Parse "Sam, the duty manager=+1555..."."""
    before, _, phone = text.rpartition("=")
    name, _, role = before.partition(",")
    return Staff(name=name.strip(), phone=phone.strip(), role=role.strip())


def wrong_person(text: str) -> str:
    one = staff(text)
    if not one.name:
        return "must be a name and a phone, like Ana=+15550100111"
    return not_dialable(one.phone)


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
