"""The proofs of a configuration for the commands, with what only this layer knows: the documents really served."""

import gc
import os
from pathlib import Path

import click

from callflow.configuration.reading.source import read
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.proof import Proof, Violation, prove
from callflow.proof.endings import Ending
from callflow.proof.proof_cache import Memory, usual_file
from callflow.telephony import documents, twiml, urls

TAILS = {"</Dial>": Ending.ROOM, "</Redirect>": Ending.US, "<Hangup/>": Ending.HANG_UP}


def proved(configuration: Configuration) -> Proof:
    """Every promise on every state; a stage machine proved before is from_cache in the user's cache."""
    sources = tuple(Path(module.__file__) for module in (documents, twiml) if module.__file__)
    gc.disable()  # thousands of small values, none of them in a circle: looking for circles is a tenth of the time
    try:
        return prove(configuration, rendered, Memory(usual_file(os.environ), sources))
    finally:
        gc.enable()


def rendered(call: Call, leg: Leg, configuration: Configuration) -> Ending | None:
    """The last verb of the document that this leg would be served."""
    text = twiml.render(call, leg, configuration, urls.Urls("https://example.com", "https://example.com", "a secret"))
    text = text.removesuffix("</Response>")
    return next((ending for verb, ending in TAILS.items() if text.endswith(verb)), None)


def told(violation: Violation, directory: Path) -> str:
    """The violation with the place in the YAML to look at first."""
    if not violation.location:
        return str(violation)
    source = read(directory, violation.location.file)
    line, column = source.place(violation.location.loc, key=True)
    return f"{source.label}:{line}:{column} {violation}"


def shown(directory: Path, configuration: Configuration | None, *, quiet: bool = False) -> bool:
    """Prove, print what was found, and say whether every promise holds. Nothing to prove with errors in the YAML."""
    if configuration is None:
        return True
    proof = proved(configuration)
    for violation in proof.violations:
        click.echo(told(violation, directory), err=quiet)
    if not quiet:
        click.echo(f"The safety rules are {proof}.")
    return not proof.violations
