"""`callflow incident`: what a warning, a closing or worse leaves to be answered by somebody who was not there."""

import getpass
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from callflow import private_files
from callflow.cli.exports import incident_file
from callflow.cli.journal import transcribed
from callflow.core import incidents as core
from callflow.core.call import Call
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused
from callflow.core.incident_facts import Line, as_json
from callflow.core.incidents import Answer, IncidentState
from callflow.core.transcription import Purpose
from callflow.service.follow_ups import FollowUpRows
from callflow.service.incidents import Incidents, answered_in_time, of_person, plain
from callflow.settings import Settings

MOST = 100_000
SAID = ("yes", "no", "unsure")
SHOWN = "%Y-%m-%d %H:%MZ"


@contextmanager
def opened() -> Iterator[Incidents]:
    """The use cases on the configured database. What is refused becomes a message."""
    from callflow.bootstrap import system_clock
    from callflow.cli.close import current
    from callflow.service.configurations import Configurations
    from callflow.service.follow_up_keeper import FollowUpKeeper
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        keeper = FollowUpKeeper(store, Configurations(current(settings, store)), system_clock, {})
        try:
            yield Incidents(store, keeper)
        except Refused as why:
            raise click.ClickException(str(why)) from None


@click.group("incident")
def command() -> None:
    """Incidents: what happened on a call, who has to answer, and until when. REF is a call's reference or its id.

    The clock runs on the reviewer. Nobody is scored, and whoever reads words of people is named in the journal.
    """


command.add_command(incident_file.command)


@command.command("list")
@click.option("--person", default="", help="Those that PERSON was on, or has to answer.")
@click.option("--all", "closed", is_flag=True, help="Answered ones as well.")
@click.option("--json", "json_", is_flag=True, help="As a JSON list, for programs.")
def listed(person: str, closed: bool, json_: bool) -> None:
    """List open incidents: who has each, and until when. The last line is the figure of this year."""
    with opened() as cases:
        found = cases.store.follow_ups(FollowUpKind.INCIDENT, closed=closed, limit=MOST)
        mine = [one for one in found if one.person == person or one in of_person(found, person)] if person else found
        calls = {one.call: cases.store.read(one.call) for one in mine}
        year = of_this_year(cases.store, cases.keeper.clock())
    if json_:
        return click.echo(json.dumps([described(one, calls[one.call]) for one in mine], indent=2))
    for one in mine:
        click.echo(told(one, calls[one.call]))
    if not mine:
        click.echo("no incident is open")
    in_time, counted = answered_in_time(year)
    if counted:
        click.echo(f"answered in time this year: {in_time} of {counted}")
    return None


def of_this_year(store: FollowUpRows, now: datetime) -> list[FollowUp]:
    every = store.follow_ups(FollowUpKind.INCIDENT, closed=True, limit=MOST)
    return [one for one in every if one.at.year == now.year]


def described(one: FollowUp, call: Call | None) -> dict[str, Any]:
    until = core.answer_by(one)
    return {**plain(one), "reference": call.reference if call else "", "reasons": core.reasons(one),
            "answer_by": until.isoformat() if until else None, "missing": list(core.missing(one))}  # fmt: skip


def told(one: FollowUp, call: Call | None) -> str:
    """A line: "R1234  warning, closing  rae answers by 2026-03-04 17:00Z  missing: ana"."""
    until = core.answer_by(one)
    when = f"{until:{SHOWN}}" if until else ""
    match one.state:
        case IncidentState.OPEN:
            now = "nobody has it before the call is over"
        case IncidentState.GIVEN:
            now = f"{one.person} answers by {when}" if one.person else "everybody who may answer it was on the call"
        case IncidentState.LATE:
            now = f"LATE since {when}, {one.person or 'nobody'} has it now"
        case _:
            now = one.state.replace("_", " ")
    late = f"  missing: {', '.join(core.missing(one))}" if core.missing(one) and not one.closed else ""
    return f"{call.reference if call else '(erased)'}  {', '.join(core.reasons(one))}  {now}{late}"


def found_call(cases: Incidents, reference: str) -> Call:
    found = cases.store.read(reference) or cases.store.find(reference)
    if found is None:
        raise click.ClickException(f"no call {reference!r}: run `callflow incident list`, or `callflow journal`")
    return found


@command.command("show")
@click.argument("reference", metavar="REF")
@click.option("--words", is_flag=True, help="With what people have said; needs --reason.")
@click.option("--reason", default="", help="Why you read the words; it goes into the journal.")
@click.option("--by", default=None, help="Who reads them; your login name if not given.")
@click.option("--json", "json_", is_flag=True, help="As JSON, for programs.")
def show(reference: str, words: bool, reason: str, by: str | None, json_: bool) -> None:
    """Show an incident from the journal: what was offered, what was heard in full, who has it, and until when."""
    if words and not reason:
        raise click.UsageError("--words needs --reason: whoever reads them is named in the journal")
    with opened() as cases:
        call = found_call(cases, reference)
        known = cases.store.follow_up(core.incident_id(call.id))
        if known is None:
            raise Refused("no incident is open or was opened for this call")
        one = cases.read(call, by or getpass.getuser(), reason) if words else known
        facts = cases.facts(call, one)
        drafts = [one for one in cases.store.transcripts(call.id) if one.purpose is Purpose.INCIDENT] if words else []
    said = {"accounts": one.body.get("accounts", {}), "answer": one.body.get("answer", {}),
            "drafts": [{"recording": one.recording, "text": one.text} for one in drafts]} if words else {}  # fmt: skip
    if json_:
        return click.echo(json.dumps({**as_json(facts), **({"words": said} if words else {})}, indent=2))
    click.echo(told(one, call))
    for title, lines in (("offered", facts.offered), ("done", facts.done)):
        for line in lines:
            click.echo(f"  {title:<8} {line.at:%H:%M:%S}  {entry(line)}")
    for heard in facts.heard_in_full:
        click.echo(f"  heard in full: {heard.script}@{heard.version}/{heard.language}, {heard.elapsed_seconds:g} s of "
                   f"at least {heard.needed_seconds:g} s")  # fmt: skip
    for who, parts in facts.accounts.items():
        click.echo(f"  {who} has added: {', '.join(parts) or 'nothing yet'}")
    for line_ in [*spoken(said), *(transcribed(one, opened=True) for one in drafts)]:
        click.echo(f"  {line_}")
    return None


def entry(line: Line) -> str:
    key = f"key {line.key}" if line.key else ""
    return "  ".join(part for part in (line.who, line.what, key, line.script, line.outcome) if part)


def spoken(said: Mapping[str, Any]) -> Iterator[str]:
    for who, account in said.get("accounts", {}).items():
        for part in core.PARTS:
            if part in account:
                yield f"{who}, {part}: {account[part]}"
    if answer := said.get("answer"):
        yield f"{answer['by']} answered {answer['answer'].replace('_', ' ')}: {answer['words']}".rstrip(": ")


@command.command("add")
@click.argument("reference", metavar="REF")
@click.option("--by", "person", required=True, help="Your id: you were on the call.")
@click.option("--words", default="", help="The exact words of the caller, not what you think of them.")
@click.option("--tried", default="", help="What you tried.")
@click.option("--vulnerable", type=click.Choice(SAID), help="Any sign that the caller was vulnerable?")
@click.option("--helped", type=click.Choice(SAID), help="Did anything help that you tried?")
def add(reference: str, person: str, words: str, tried: str, vulnerable: str | None, helped: str | None) -> None:
    """Add what the journal cannot know; without options you are asked. It is sealed with the call.

    Before the next call, or within 60 minutes, as long as it is fresh; later is told, and never refused.
    """
    given = {"words": words, "tried": tried, "vulnerable": vulnerable or "", "helped": helped or ""}
    if not any(given.values()):
        given = asked()
    with opened() as cases:
        one = cases.add(found_call(cases, reference), person, given)
    until = core.answer_by(one)
    click.echo(f"added; {one.person} answers by {until:{SHOWN}}" if until and not one.closed else "added")


def asked() -> dict[str, str]:
    said = {"words": click.prompt("The exact words", default="", show_default=False),
            "tried": click.prompt("What was tried", default="", show_default=False)}  # fmt: skip
    return said | {part: click.prompt(question, type=click.Choice(SAID), default="unsure") for part, question in (
        ("vulnerable", "Any sign that the caller was vulnerable"), ("helped", "Did anything help"))}  # fmt: skip


@command.command("answer")
@click.argument("reference", metavar="REF")
@click.argument("answer", type=click.Choice([one.replace("_", "-") for one in Answer]))
@click.option("--by", "person", required=True, help="Your id: a reviewer, who was not on the call.")
@click.option("--words", default="", help="What you say to those who were on it; they can read it.")
def answer(reference: str, answer: str, person: str, words: str) -> None:
    """Answer an incident, once: no action, an apology to the caller, a warning letter, or refer it."""
    with opened() as cases:
        one = cases.answer(found_call(cases, reference), person, Answer(answer.replace("-", "_")), words)
    click.echo("answered" if one.state == IncidentState.ANSWERED else "answered, late")


@command.command("copy")
@click.argument("reference", metavar="REF")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--person", required=True, help="Whose side: somebody who was on the call.")
def copy(reference: str, file: Path, person: str) -> None:
    """Write PERSON's own side of an incident to FILE (JSON), without others' data; only you can read it.

    The journal has the file's SHA-256: `callflow incident verify` tells whether one was changed since.
    """
    with opened() as cases:
        content = cases.copy(found_call(cases, reference), person)
    private_files.file(file)
    file.write_bytes(content)
    click.echo(f"{file}: {len(content)} bytes")


@command.command("verify")
@click.argument("reference", metavar="REF")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
def verify(reference: str, file: Path) -> None:
    """Say when FILE was taken with `copy`, if it is still what was taken. Exit code 1 if it is not."""
    with opened() as cases:
        at = cases.sealed_at(found_call(cases, reference), file.read_bytes())
    if at is None:
        raise click.ClickException(f"{file} was changed, or was never taken of this call")
    click.echo(f"{file} is what was taken at {at:%Y-%m-%d %H:%M:%SZ}")
