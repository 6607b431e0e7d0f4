"""`callflow erase`: erase what is held about a caller, and say what must stay."""

import getpass
import sys

import click

from callflow.cli.ending import BY, number_of, opened_ending


@click.command("erase")
@click.option("--caller", default="", help='Their number, with + and its country code; "-" reads it from a line of '
              "standard input, so that no list of processes shows it.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only say what would be erased, and what must stay and why.")
@click.option("--again", is_flag=True, help="Erase again what a restored backup has brought back (docs/retention.md).")
@BY
def command(caller: str, dry_run: bool, again: bool, by: str | None) -> None:
    """Erase numbers and words of a caller in all their calls, with recordings, here and at the provider.

    Calls that go on, or are under a legal hold, stay, and are named with the reason. That the calls were, and what was
    done on them, stays on record without the caller. Exit code 1 if something stays.
    """
    from callflow.service.recordings import AudioUnavailable
    from callflow.service.subject_requests import SubjectRequests

    if bool(caller) == again:
        raise click.UsageError("say what: --caller or --again")
    with opened_ending() as ending:
        try:
            if again:
                return click.echo(f"{ending.retention.again()} calls erased again")
            number, requests = number_of(caller), SubjectRequests(ending.retention, by or getpass.getuser())
            answered, plain = requests.erase(number, dry_run), ending.holds.store.not_recognised()
        except AudioUnavailable as failure:
            raise click.ClickException(str(failure)) from None
    for one in answered:
        click.echo(f"{one.reference}  {f'stays: {one.stays}' if one.stays else _done(dry_run)}")
    if not answered:
        click.echo("nothing is held about this caller that can be found by the number")
    if plain:
        click.echo(f"{plain} calls cannot be found by a number: run `callflow db upgrade --finish` first", err=True)
    sys.exit(1 if plain or any(one.stays for one in answered) else 0)


def _done(dry_run: bool) -> str:
    return "would be erased" if dry_run else "erased"
