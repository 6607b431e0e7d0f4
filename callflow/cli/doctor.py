"""`callflow doctor`: examine an installation, from the environment to the provider."""

import json
import os
import sys

import click

COLOURS = {"error": "red", "warning": "yellow", "good": "green"}


@click.command("doctor")
@click.argument("parts", nargs=-1, metavar="[PART]...")
@click.option("--json", "as_json", is_flag=True, help="A JSON list: check, level (error, warning, good), what, fix.")
def command(parts: tuple[str, ...], as_json: bool) -> None:
    """Examine this machine with the server's environment: settings, database, addresses, numbers, permissions, clocks.

    PART is the word before the colon of a finding, like database or numbers; without it, all of them.

    Changes nothing, here or at the provider. Run it where the server runs, with its environment, while it runs. Every
    finding says what to do. Exit code 0: no error, 1: at least one.
    """
    from callflow.bootstrap import system_clock
    from callflow.cli.check import counted
    from callflow.doctor.examination import FIRST, PARTS, examine
    from callflow.doctor.findings import Finding, Level

    known = (*FIRST, *PARTS)
    if unknown := {*parts} - {*known}:
        raise click.BadParameter(f"{min(unknown)} is none of {', '.join(known)}", param_hint="PART")
    found: list[Finding] = []
    for one in examine(os.environ, system_clock, parts):
        found.append(one)
        if not as_json:
            click.echo(f"{click.style(one.level.value, fg=COLOURS[one.level]):8} {one.check}: {one.what}")
            if one.fix:
                click.echo(f"         do: {one.fix}")
    if as_json:
        click.echo(json.dumps([one.as_fields() for one in found], indent=1, ensure_ascii=False))
    else:
        counts = {level: sum(one.level is level for one in found) for level in Level}
        errors, warnings, good = counts.values()
        click.echo(f"{counted(errors, 'error')}, {counted(warnings, 'warning')}, {good} good")
    sys.exit(1 if any(one.level is Level.ERROR for one in found) else 0)
