"""`callflow check`: report every problem of a configuration at once, with its place, and prove the safety rules."""

import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from callflow.cli import folders, proof
from callflow.cli.prompts import listing
from callflow.configuration.codes import Severity
from callflow.configuration.loading import Examined, examine
from callflow.configuration.places import audio_of
from callflow.configuration.problems import NoConfiguration, Problem

SHOWN = 96
"""The most characters of a line that are shown."""
COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow"}


@click.command("check")
@click.argument("directory", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=Path("config"))
@folders.AUDIO
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@click.option("--json", "as_json", is_flag=True, help="A JSON list: file, line, column, code, severity, message, fix.")
@click.option("--times", is_flag=True, help="Also how long callers are without a person at most, second by second.")
@click.option("--source/--no-source", default=None,
              help="Show the line of each problem, with a mark; on a terminal this is the default.")  # fmt: skip
@click.option("--lines", is_flag=True, help="Also how each line is heard: recorded, in pieces, or spoken.")
def command(directory: Path, audio: Path | None, strict: bool, as_json: bool, times: bool, lines: bool,
            source: bool | None) -> None:  # fmt: skip
    """Check the YAML in DIRECTORY (config) and the recordings it names.

    A configuration with errors cannot be used; a warning is something that works but is probably not meant. Exit code
    0: no error, 1: something to fix, 3: a bug in this program. `callflow explain CODE` explains a code.
    """
    from callflow.bootstrap import system_clock

    try:
        examined = examine(directory, audio or audio_of(directory), today=system_clock().date())
    except NoConfiguration as error:
        if as_json:
            click.echo(as_json_list(error.problems))
        raise
    if as_json:
        click.echo(as_json_list(examined.problems))
    else:
        show(directory, examined, lines, sys.stdout.isatty() if source is None else source)
    proved = proof.shown(directory, examined.configuration, quiet=as_json)
    if times and examined.configuration and not as_json:
        proof.show_waits(examined.configuration)
    sys.exit(1 if not proved or examined.of(Severity.ERROR) or (strict and examined.problems) else 0)


def as_json_list(problems: Iterable[Problem]) -> str:
    return json.dumps([as_fields(one) for one in problems], indent=1, ensure_ascii=False)


def as_fields(problem: Problem) -> dict[str, str | int]:
    return {
        "file": problem.file, "line": problem.line, "column": problem.column, "code": problem.code,
        "severity": problem.severity.value, "message": problem.message, "fix": problem.fix,
    }  # fmt: skip


def show(directory: Path, examined: Examined, lines: bool = False, source: bool = False) -> None:
    """Print the problems, errors first, and a summary; with ``lines`` also how each line is heard."""
    for severity in Severity:
        for problem in examined.of(severity):
            place = click.style(f"{problem.file}:{problem.line}:{problem.column}", bold=True)
            kind = click.style(f"{severity.value}:", fg=COLOURS[severity])
            click.echo(f"{place} {problem.code} {kind} {problem.message}")
            for line in marked(problem) if source else ():
                click.echo(line)
    click.echo(summary(directory, examined), err=examined.configuration is None)
    if examined.configuration:
        for code in examined.draft.scripts:
            for row in listing.rows_of(examined.draft, code) if lines else ():
                click.echo(listing.line_of(row))
            click.echo(f"Lines in {listing.summary(examined.draft, code)}.")
    if examined.problems:
        first = min(examined.problems, key=lambda one: (one.severity is not Severity.ERROR, one)).code
        click.echo(f"`callflow explain {first}` says what a code means, and what to do.", err=True)


def marked(problem: Problem) -> Iterator[str]:
    """The line of a problem, shortened around the place, and a mark below it; nothing for what has no lines."""
    try:
        row = Path(problem.file).read_text(encoding="utf-8-sig").split("\n")[problem.line - 1].rstrip()
    except (OSError, UnicodeDecodeError, IndexError):
        return
    place = problem.column - 1
    begin = max(0, place - SHOWN // 2)
    shown = row[begin : begin + SHOWN].replace("\t", " ")
    before = "..." if begin else ""
    number = f"{problem.line:>6} | "
    yield f"{number}{before}{shown}{'...' if len(row) > begin + SHOWN else ''}"
    yield " " * (len(number) - 2) + "| " + " " * (len(before) + place - begin) + click.style("^", fg="red", bold=True)


def summary(directory: Path, examined: Examined) -> str:
    errors, warnings = (len(examined.of(severity)) for severity in Severity)
    configuration = examined.configuration
    if configuration is None:
        return f"{directory}: {counted(errors, 'error')}, {counted(warnings, 'warning')}."
    lines = sum(len(language.scripts) for language in configuration.languages.values())
    good = f"good, with {counted(warnings, 'warning')}" if warnings else "good"
    holds = ", ".join(
        (counted(len(configuration.flows), "flow"), counted(len(configuration.teams), "team"), counted(lines, "line"))
    )
    return f"{directory}: {good}. {holds}. Version {configuration.digest[:12]}."


def counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
