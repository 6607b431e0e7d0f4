"""`callflow provision`: point the configured numbers at this server with the provider's REST API."""

import os
import sys
from typing import TYPE_CHECKING

import click

from callflow.core.configuration import Configuration
from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.telephony.provision import Change

MAKE_A_DOCUMENT = """\
  1. In the provider's console create a TwiML Bin with the text <Response/> and copy its URL.
  2. Set CALLFLOW_FALLBACK_DOCUMENT to that URL, here and where the server runs, and restart the server.
  3. Run `callflow provision` again, and paste the text that it prints into the TwiML Bin."""


@click.command("provision")
@click.option("--dry-run", is_flag=True, help="Print what would change, and change nothing.")
def command(dry_run: bool) -> None:
    """Set the voice, fallback and status URLs of the configured numbers, and check caller_id. Safe to repeat.

    Numbers with an `account:` are set in that sub-account, and its token is checked.

    Prints the text of the document that the provider hosts for when this server is down, to paste into its console.
    """
    from callflow import bootstrap
    from callflow.configuration.loading import load
    from callflow.telephony.provision import by_account, check_caller_id, provision
    from callflow.telephony.rest_client import rest_client

    settings = Settings.from_environment(os.environ)
    configuration = load(settings.config, settings.audio)
    good = True
    for account, numbers in by_account(configuration, settings.account_sid).items():
        sid = account or settings.account_sid
        client = rest_client(sid, settings.credentials_of(account), settings.api_base_url)
        if account:
            click.echo(f"sub-account {account}:")
        changes = provision(client, bootstrap.urls_of(settings), numbers, dry_run=dry_run)
        for change in changes:
            printed(change)
        advice = settings.unverifiable([account])
        if advice:
            click.echo(advice)
        shown = None if account else check_caller_id(client, configuration.caller_id)
        if shown and shown.is_problem:
            click.echo(f"caller_id {shown.number}: {shown.outcome.value}. {shown.advice}")
        good = good and not advice and not any(one and one.is_problem for one in (*changes, shown))
    click.echo(_fallback(settings, configuration))
    sys.exit(0 if good else 1)


def printed(change: "Change") -> None:
    advice = f". {change.advice}" if change.advice else ""
    click.echo(f"{change.number}: {change.outcome.value.replace('_', ' ')}{advice}")
    for name, (before, after) in change.fields.items():
        click.echo(f"    {name}: {before or '(not set)'} -> {after}")


def _fallback(settings: Settings, configuration: Configuration) -> str:
    """What answers while this server is down, or how to have something that does."""
    from callflow import bootstrap
    from callflow.telephony import hosted_document

    if settings.fallback_document:
        text = hosted_document.text(configuration, bootstrap.urls_of(settings))
        return f"\n{settings.fallback_document} must hold this text. Paste it there after every change of it:\n\n{text}"
    return f"\n{settings.without_fallback}\n{MAKE_A_DOCUMENT}" if settings.without_fallback else ""
