"""`callflow check-ins`: who is asked how they are after a hard call, by whom, and what they say to it."""

import json

import click

from callflow.cli.incident import MOST, SHOWN, opened
from callflow.core import check_ins as core
from callflow.core.check_ins import CheckInState, Reply
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.service.incidents import plain


@click.group("check-ins", invoke_without_command=True)
@click.pass_context
def command(context: click.Context) -> None:
    """Check-ins after a closing, a threat, safeguarding or severe conduct: in the same shift, on the next working day,
    after two weeks. Each is offered, and nothing follows from a no.
    """
    if context.invoked_subcommand is None:
        context.invoke(listed)


@command.command("list")
@click.option("--person", default="", help="Those for PERSON, or that PERSON owns.")
@click.option("--json", "json_", is_flag=True, help="As a JSON list, for programs.")
def listed(person: str = "", json_: bool = False) -> None:
    """List the check-ins that are planned, offered or to be done."""
    with opened() as cases:
        found = [one for one in cases.store.follow_ups(FollowUpKind.CHECK_IN, limit=MOST)
                 if person in ("", core.whose(one), core.owner(one))]  # fmt: skip
    if json_:
        known = [{**plain(one), "for": core.whose(one), "owner": core.owner(one), "when": core.when(one)}
                 for one in found]  # fmt: skip
        return click.echo(json.dumps(known, indent=2))
    for one in found:
        click.echo(f"{one.id}  {core.whose(one)}  {core.when(one)}  {told(one)}")
    if not found:
        click.echo("nobody is to be asked")
    return None


def told(one: FollowUp) -> str:
    due = f"{one.due:{SHOWN}}" if one.due else ""
    match one.state:
        case CheckInState.PLANNED:
            return f"is offered at {due}"
        case CheckInState.OFFERED:
            return f"offered until {due}: yes, later or no?"
        case _:
            return f"{core.owner(one)} asks by {due}" if due else f"LATE, {core.owner(one)} asks"


@command.command("reply")
@click.argument("id")
@click.argument("reply", type=click.Choice(list(Reply)))
@click.option("--by", "person", required=True, help="Your id: whom it is for.")
def reply(id: str, reply: str, person: str) -> None:
    """Say yes, later or no to check-in ID. It is for you alone to say."""
    with opened() as cases:
        one = cases.reply(id, person, Reply(reply))
    click.echo(f"{core.owner(one)} will be in touch" if reply == Reply.YES else
               f"it is offered again at {one.due:{SHOWN}}" if one.due else "that is fine")  # fmt: skip


@command.command("done")
@click.argument("id")
@click.option("--by", "person", required=True, help="Your id: whoever asked.")
def done(id: str, person: str) -> None:
    """Say that check-in ID is done. What was said in it is nobody's business, and is not asked."""
    with opened() as cases:
        cases.checked_in(id, person)
    click.echo("done")
