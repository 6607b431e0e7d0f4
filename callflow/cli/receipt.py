"""`callflow receipt`: what a caller got in writing after a call, and whether it was sent."""

import json

import click

from callflow.cli.promises import opened


@click.command("receipt")
@click.argument("reference", metavar="REF")
@click.option("--json", "as_json", is_flag=True, help="As a JSON object, for programs.")
def command(reference: str, as_json: bool) -> None:
    """Show the receipt of call REF: its text as it was made at the end of the call, and what became of it.

    The number that it went to is not shown.
    """
    from callflow.core.receipts import receipt_id
    from callflow.telephony.refusals import BY_CODE

    with opened() as (_, store):
        call = store.find(reference) or store.read(reference)
        if call is None:
            raise click.ClickException(f"no call {reference!r}: run `callflow journal` for the latest ones")
        one = store.follow_up(receipt_id(call.id))
        if one is None:
            why = "`receipts` in callflow.yaml says who gets one"
            raise click.ClickException(f"call {call.reference} has no receipt: {why}")
        notes = [entry for entry in store.journal(call.id) if entry.note.kind == "receipt"]
    why = str(notes[-1].note.details.get("why", "")) if notes else ""
    if as_json:
        return click.echo(json.dumps({
            "reference": call.reference, "state": one.state, "why": why, "made": one.at.isoformat(timespec="seconds"),
            "language": one.body.get("language", ""), "text": one.body.get("text", ""),
        }, indent=2, ensure_ascii=False))  # fmt: skip
    click.echo(one.body.get("text", "its words were erased with the call"))
    said = ": ".join(part for part in (why, BY_CODE.get(why, "")) if part)
    click.echo(f"{one.state}{f' ({said})' if said else ''}, made {one.at:%Y-%m-%d %H:%M:%SZ}")
    return None
