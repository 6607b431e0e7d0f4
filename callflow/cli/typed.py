"""What is typed and must not be seen: asked for on a terminal, else the first line of standard input."""

import sys

import click


def secret(question: str, *, confirmed: bool = False) -> str:
    """The answer, without echo; ``confirmed``: typed twice. Another program writes it as a line. Raises ClickException
    if there is none."""
    if sys.stdin.isatty():
        return str(click.prompt(question, hide_input=True, confirmation_prompt=confirmed))
    found = sys.stdin.readline().strip()
    if not found:
        raise click.ClickException(f'no answer to "{question}": write it as the first line of the input')
    return found
