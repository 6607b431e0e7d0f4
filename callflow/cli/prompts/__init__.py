"""`callflow prompts`: what callers and staff hear from recordings, and how those are made."""

import importlib

import click

COMMANDS = {
    "list": "listing",
    "make": "making",
    "import": "importing",
    "export": "exporting",
    "verify": "verifying",
}
"""The command -> its module in this package."""


class Commands(click.Group):
    """Imports a command when it is used: only some of them need a library for sound."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"callflow.cli.prompts.{COMMANDS[cmd_name]}").command
        return found if isinstance(found, click.Command) else None


@click.group("prompts", cls=Commands)
def command() -> None:
    """Recordings of what is spoken: list, make, import or verify them, and write a sheet for a voice talent.

    A line is played from a recording if there is one, and spoken by the provider's voice otherwise: docs/prompts.md.
    """
