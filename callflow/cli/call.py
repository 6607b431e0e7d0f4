"""`callflow call`: have a customer called by one of our people."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import click

from callflow.cli.close import current
from callflow.cli.config import opened
from callflow.service.ports import Store
from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.service.outgoing import OutgoingCalls
    from callflow.service.unit_of_work import Applied


@click.command("call")
@click.option("--person", required=True, help="Who makes the call: an id of people.yaml. Their telephone rings first.")
@click.option("--to", "number", default="", help='The customer\'s number, with + and its country code: "+15550100199".')
@click.option("--team", default="", help="Whose supervisors help; the person's first team if not given.")
@click.option("--about", default="", help="The reference of an earlier call. Without --to its caller is called.")
def command(person: str, number: str, team: str, about: str) -> None:
    """Ring PERSON, tell them whom they call and what happened before, and after their key ring the customer.

    The customer hears who is calling and presses 1, so no voicemail is ever connected. A running server does the
    ringing; this command only begins the call, and prints its reference for `callflow journal`.
    """
    from callflow.service.outgoing import CannotCall

    if not (number or about):
        raise click.UsageError("say whom: --to, or --about")
    with opened() as (settings, store):
        try:
            id = outgoing_calls(settings, store).begin(person, number, team=team, about=about)
        except CannotCall as error:
            raise click.ClickException(str(error)) from None
        call = store.read(id)
    click.echo(f"{person} is rung for call {call.reference if call else id}")


def outgoing_calls(settings: Settings, store: Store) -> "OutgoingCalls":
    """Begins calls that a running server goes on with."""
    from callflow.bootstrap import system_clock
    from callflow.service.call_service import CallService
    from callflow.service.configurations import Configurations
    from callflow.service.outgoing import OutgoingCalls
    from callflow.telephony import naming
    from callflow.telephony.numbers import dialable

    calls = CallService(store, Configurations(current(settings, store)), system_clock, NobodyHere())
    return OutgoingCalls(calls, dialable, partial(naming.new_call, settings.secret_key), timedelta(0))


class NobodyHere:
    """A runner for a process that is no server: what follows from the commit is left to the servers."""

    def hand_over(self, applied: "Applied") -> None:
        pass

    def ask_about(self, call: str) -> None:
        pass

    def remind(self, at: object) -> None:
        pass

    def look_again(self) -> None:
        pass
