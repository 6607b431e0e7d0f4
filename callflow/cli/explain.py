"""`callflow explain`: what a code of `callflow check` means, why it is one, and the way out."""

import difflib
import re
import sys
from collections.abc import Iterator

import click

from callflow.configuration.codes import CODES, Severity

INTRODUCTION = """\
# What `callflow check` says

`callflow check` reads the whole configuration and prints every problem at once: file, line, column, code, a sentence.
An **error** stops the configuration from being used. A **warning** is something that works and will surprise somebody;
`callflow check --strict` refuses it. Rules are those of the policy that the defaults come from.

This page is written by `callflow explain --markdown`; `callflow explain CODE` shows one part of it.
"""


@click.command("explain")
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="All of them as one page (docs/checks.md).")
def command(code: str | None, markdown: bool) -> None:
    """Explain CODE: what it means, why, an example, what to do. Without CODE, list them all."""
    if markdown:
        click.echo(page(), nl=False)
    elif code is None:
        for line in listing():
            click.echo(line)
    elif code.upper() in CODES:
        click.echo(explained(code.upper()))
    else:
        near = difflib.get_close_matches(code.upper(), CODES, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else ""
        click.echo(f'There is no code "{code}".{hint} `callflow explain` lists them all.', err=True)
        sys.exit(1)


def explained(code: str) -> str:
    """For a terminal: fences are gone, examples are indented."""
    found = CODES[code]
    colour = "red" if found.severity is Severity.ERROR else "yellow"
    heading = f"{click.style(code, bold=True)} {click.style(found.severity.value, fg=colour)}: {found.title}"
    return "\n".join([heading, "", *_plain(found.about), "", f"What to do: {found.fix}"])


def _plain(about: str) -> Iterator[str]:
    inside = False
    for line in about.splitlines():
        if line.startswith("```"):
            inside = not inside
            if inside:
                yield ""
        else:
            yield f"    {line}" if inside else re.sub(r"[`*]", "", line)


def listing() -> Iterator[str]:
    topic = ""
    for code, found in CODES.items():
        if found.topic != topic:
            topic = found.topic
            yield click.style(topic, bold=True)
        yield f"  {code} {found.severity.value:7} {found.title}"


def page() -> str:
    """docs/checks.md"""
    errors = sum(one.severity is Severity.ERROR for one in CODES.values())
    parts = [INTRODUCTION, f"There are {errors} errors and {len(CODES) - errors} warnings.\n"]
    topic = ""
    for code, found in CODES.items():
        if found.topic != topic:
            topic = found.topic
            parts.append(f"## {topic}\n")
        parts.append(f"### {code} {found.severity.value}: {found.title}\n")
        parts.append(f"{found.about}\n\n**What to do:** {found.fix}\n")
    return "\n".join(parts)
