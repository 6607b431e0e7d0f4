"""The command line, one module per command. Exit codes: 0 success, 1 an error that the user can fix, 2 wrong usage,
3 a bug, 130 Ctrl-C."""

import difflib
import errno
import importlib
import os
import re
import sys
import traceback

import click
from click.shell_completion import CompletionItem

from callflow.cli import terminal
from callflow.user_errors import is_users

COMMANDS = {
    "act": "Act on a live call, as on the board: listen, join, take over, lock.",
    "adjustments": "Keep what a caller needs: add, list, show, change or remove it.",
    "alarms": "List what a supervisor must look at, and clear it.",
    "call": "Have a customer called by one of your people.",
    "check": "Check the YAML in DIRECTORY and the recordings it names.",
    "check-ins": "List who is asked how they are after a hard call; say yes, later or no.",
    "close": "Close a flow by hand until a time, or list what is closed.",
    "completion": "Complete commands and options in your shell, with the tab key.",
    "config": "List, show, compare, activate and roll back configurations.",
    "db": "Show, upgrade and maintain the database.",
    "demo": "Play one call through all three steps, live.",
    "diagram": "Draw a flow or the ladder, or what changed between two configurations.",
    "doctor": "Examine an installation, and say what to do.",
    "duty-pack": "Write the figures of a year for the questions of laws.",
    "emulate": "Run a local Twilio for an app, and drive its phones.",
    "erase": "Erase what is held about a caller.",
    "explain": "Explain a code of `callflow check`, or list them all.",
    "export": "Write a copy of what is held about a caller, for the caller.",
    "hold": "List, put, review and release legal holds.",
    "incident": "List incidents, show one, add to it, answer it, or write a file of it.",
    "init": "Write a first configuration from a few answers.",
    "jobs": "List slow work that waits or failed, retry or drop it.",
    "journal": "Print the journal of a call, or list the latest calls.",
    "keys": "Show and rotate what the database is sealed with.",
    "languages": "List the languages of a configuration, or add one that is translated.",
    "log": "Show the log of finished calls, make its key, sign a checkpoint.",
    "open": "Open a flow again that was closed by hand.",
    "people": "List who is free, rung, talking, resting or away, and say who is back.",
    "probe": "Settle open facts of the provider by calls between two numbers of yours.",
    "promises": "Show the call backs that callers were promised, keep or withdraw one.",
    "prompts": "List, make, import and export recordings of what is spoken.",
    "provision": "Point the configured numbers at this server.",
    "receipt": "Show what a caller got in writing after a call.",
    "recordings": "List what was recorded of people, listen to it, or take a copy.",
    "replay": "Step through a past call, or compare it with another configuration.",
    "restrictions": "Contact restrictions: propose, decide, list, show, renew, appeal, answer, lift.",
    "retention": "Show what is to be deleted, what is held, and what was done.",
    "schema": "Write JSON Schema of the YAML files, for editors.",
    "serve": "Answer the provider's webhooks.",
    "simulate": "Play the calls in scenarios/, without a telephone.",
    "verify": "Say what was changed, added, removed or reordered in the database.",
    "witness": "Cosign the checkpoints of another owner's log.",
    "webhooks": "List, test and replay what other systems are told of calls.",
    "work": "Do slow work, send orders and run deadlines, without webhooks.",
}
"""Kept here so that help does not import the commands."""


NO_COMMAND = re.compile(r"No such command '(.*)'\.")
EXIT_CODES = """
Exit codes: 0 all is well, 1 something to mend (the message says what), 2 the command is not written like that, 3 a bug
of this program, 130 stopped by Ctrl-C. A command that fails writes to standard error; what was asked for, and nothing
else, is on standard output.
"""


class Commands(click.Group):
    """Imports a command when it is used, so that `callflow check` does not import the web server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"callflow.cli.{cmd_name.replace('-', '_')}").command
        return command if isinstance(command, click.Command) else None

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The names that begin like this, without importing the commands."""
        found = [CompletionItem(name, help=help) for name, help in COMMANDS.items() if name.startswith(incomplete)]
        return found or super().shell_complete(ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXIT_CODES)
@click.version_option(None, "-V", "--version", package_name="callflow", prog_name="callflow")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors; the exit code says how it went.")
@click.pass_context
def program(ctx: click.Context, quiet: bool) -> None:
    """Callflow: three steps for agents with an angry caller on the line."""
    ctx.color = terminal.wanted()
    if quiet:
        sys.stdout = ctx.with_resource(open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - the context closes it


def main() -> None:
    """Run the program and exit with its code. Errors that the user can fix are printed without a traceback."""
    try:
        sys.exit(program(standalone_mode=False))
    except click.ClickException as error:
        _with_suggestion(error).show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt) as stop:
        if isinstance(stop.__context__, EOFError):  # click asked, and the input had ended
            click.echo("no answer: the input has ended. Give the answers as options; --help lists them.", err=True)
            sys.exit(1)
        click.echo("stopped", err=True)
        sys.exit(130)
    except BrokenPipeError:  # the reader of the pipe (head, less) has ended
        sys.stderr.close()
        sys.exit(1)
    except Exception as error:
        sys.exit(_failed(error))


def _with_suggestion(error: click.ClickException) -> click.ClickException:
    """The same message, with the nearest names if it is about a command that does not exist."""
    if not isinstance(error, click.UsageError) or not error.ctx or not isinstance(error.ctx.command, click.Group):
        return error
    written = NO_COMMAND.fullmatch(error.message)
    near = difflib.get_close_matches(written[1], error.ctx.command.list_commands(error.ctx)) if written else []
    return click.UsageError(f"{error.message} Did you mean {' or '.join(near)}?", error.ctx) if near else error


def _failed(error: Exception) -> int:
    """Print the error and return the exit code."""
    if isinstance(error, OSError) and (error.filename or error.errno in (errno.EADDRINUSE, errno.EADDRNOTAVAIL)):
        click.echo(f"{error.filename or 'the address or port'}: {error.strerror}", err=True)
        return 1
    if is_users(error):
        click.echo(str(error), err=True)
        return 1
    traceback.print_exception(error, file=sys.stderr)
    click.echo(f"This is a bug ({type(error).__name__}); the details are above. Please report them.", err=True)
    return 3
