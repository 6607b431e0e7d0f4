"""Runs the proofs for the commands. Here they can be given the documents that are really served."""

import os
import sys
from pathlib import Path

import click

from callflow.configuration.reading.source import read
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.proof import Proof, Violation, prove, waits
from callflow.proof.endings import Ending
from callflow.proof.proof_cache import Memory, usual_file
from callflow.telephony import document_builder, place_documents, urls

TAILS = {"</Dial>": Ending.ROOM, "</Redirect>": Ending.US, "<Hangup/>": Ending.HANG_UP}


def proved(configuration: Configuration) -> Proof:
    """Prove the safety rules. Stage machines that were proved before are looked up in the user's cache."""
    sources = tuple(Path(module.__file__) for module in (document_builder, place_documents) if module.__file__)
    return prove(configuration, rendered, Memory(usual_file(os.environ), sources))


def rendered(call: Call, leg: Leg, configuration: Configuration) -> Ending | None:
    """How the document for this leg ends, by its last verb."""
    text = place_documents.render(
        call, leg, configuration, urls.Urls("https://example.com", "https://example.com", "a secret")
    )
    text = text.removesuffix("</Response>")
    return next((ending for verb, ending in TAILS.items() if text.endswith(verb)), None)


def located(violation: Violation, directory: Path) -> str:
    """The violation, with the place in the YAML to look at first."""
    if not violation.location:
        return str(violation)
    source = read(directory, violation.location.file)
    line, column = source.place(violation.location.loc, key=True)
    return f"{source.label}:{line}:{column} {violation}"


def shown(directory: Path, configuration: Configuration | None, *, quiet: bool = False) -> bool:
    """Prove and print the result. Returns whether every promise holds; True without a configuration.

    A first time takes some seconds: a terminal says meanwhile that it is running.
    """
    if configuration is None:
        return True
    on_terminal = sys.stderr.isatty() and not quiet
    if on_terminal:
        click.echo("Proving the safety rules ...", err=True, nl=False)
    proof = proved(configuration)
    if on_terminal:
        click.echo("\r\x1b[K", err=True, nl=False)
    for violation in proof.violations:
        click.echo(located(violation, directory), err=quiet)
    if not quiet:
        click.echo(f"The safety rules are {proof}.")
    return not proof.violations


def show_waits(configuration: Configuration) -> None:
    """Print how long a caller is without a person at most, by the stage in which that begins, as timed paths."""
    click.echo("Without a person, if nobody does anything and no report reaches us, a caller is at most:")
    for stage, seconds, path in waits(configuration):
        click.echo(f"{seconds:.0f} s from {stage} on")
        for line in path:
            click.echo(f"  {line}")
