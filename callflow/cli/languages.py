"""`callflow languages`: what each language of a configuration has, and adding one that comes translated."""

import json
import os
from dataclasses import asdict
from pathlib import Path

import click

from callflow.configuration import languages
from callflow.configuration.loading import read_draft
from callflow.configuration.places import require
from callflow.configuration.templates import SHIPPED

DIRECTORY = click.argument(
    "directory", type=click.Path(path_type=Path, file_okay=False), envvar="CALLFLOW_CONFIG", default=Path("config")
)
MOST = 5
"""So many missing lines are named."""


@click.group("languages", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """List the languages of a configuration, and those that are ready to be added."""
    if context.invoked_subcommand is None:
        context.invoke(listed, directory=Path(os.environ.get("CALLFLOW_CONFIG") or "config"))


@command.command("list")
@DIRECTORY
@click.option("--json", "as_json", is_flag=True, help="As a JSON list, for programs.")
def listed(directory: Path, as_json: bool = False) -> None:
    """List the languages: whether anybody hears them, who signed them, and what is missing."""
    found = list(languages.reports(read_draft(directory), ready()))
    if as_json:
        return click.echo(json.dumps([asdict(one) for one in found], indent=2))
    for one in found:
        click.echo(line(one))
    return None


@command.command("add")
@click.argument("code")
@DIRECTORY
def added(code: str, directory: Path) -> None:
    """Put the translation CODE (like de) in force, as scripts/CODE.yaml."""
    require(directory)
    try:
        path = languages.add(code, directory, ready())
    except languages.NotAdded as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{path} is written. Next: translate its `names` for your own words, let callers choose it with a step "
               "`language`, or staff with `language:` in people.yaml; then `callflow check`.")  # fmt: skip


def ready() -> Path:
    return SHIPPED / "config" / languages.READY


def line(one: languages.LanguageReport) -> str:
    if not one.in_force:
        return f"{one.code:<6}  ready to be added: callflow languages add {one.code}"
    heard = "heard" if one.heard else "nobody hears it"
    signed = {"": "own words", "draft": "a draft, signed by nobody"}.get(one.signed, f"signed by {one.signed}")
    named = ", ".join(one.missing[:MOST]) + (f" and {len(one.missing) - MOST} more" if len(one.missing) > MOST else "")
    lacks = f"{len(one.missing)} missing: {named}" if one.missing else "complete"
    return f"{one.code:<6}  {heard}; {signed}; {lacks}"
