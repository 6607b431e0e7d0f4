"""`callflow act`: what supervisors do to a live call on the board, by hand."""

from datetime import timedelta
from typing import TYPE_CHECKING

import click

from callflow.cli.call import NobodyHere
from callflow.cli.close import current
from callflow.cli.config import opened
from callflow.cli.people import unknown
from callflow.core.events import Act
from callflow.service.ports import Store
from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.service.acts import Acts


@click.command("act")
@click.argument("reference", metavar="REF")
@click.argument("act", type=click.Choice([one.value for one in Act]))
@click.option("--as", "person", required=True, help="Who acts: an id of people.yaml, mostly a supervisor of the team.")
@click.option("--what", default="", help="Whom to ring; which lock (safeguarding, threat); or why it is lifted (safe).")
@click.option("--seen", default="", help="The state in which it was decided; the present one if not given.")
def command(reference: str, act: str, person: str, what: str, seen: str) -> None:
    """Have somebody ACT on the live call REF: listen to it, coach, join, take over, stop a closing, lock, and so on.

    The same rules hold as for the keys on the call's own telephones, and the journal has the person as the actor. A
    running server does what follows, such as ringing. A refusal says why, and ends with status 1.
    """
    from callflow.core import acts
    from callflow.service.acts import Answer

    with opened() as (settings, store):
        known = store.read(reference) or store.find(reference)
        if known is None:
            raise click.ClickException(f"no call {reference!r}: run `callflow journal` for the latest ones")
        use = _acts(settings, store)
        in_force = use.calls.configurations.of(known.digest)
        people = {id: one.name for id, one in {**in_force.agents, **in_force.supervisors}.items()}
        if person not in people:
            raise click.ClickException(unknown(person, people, settings))
        done = use.act(known.id, person, Act(act), seen or acts.state(known), what)
    if done.answer is not Answer.DONE:
        raise click.ClickException(done.words or f"the call is in another state now: {done.state}")
    click.echo(f"{reference}: {act} by {person}; the call is now {done.state}")


def _acts(settings: Settings, store: Store) -> "Acts":
    from callflow.bootstrap import system_clock
    from callflow.service.acts import Acts
    from callflow.service.call_service import CallService
    from callflow.service.configurations import Configurations

    calls = CallService(store, Configurations(current(settings, store)), system_clock, NobodyHere())
    return Acts(calls, timedelta(0))
