"""`callflow probe`: some calls between two numbers of yours settle what the provider does not document."""

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import click

MINUTES, PRICE = 6, "about 1 US dollar"


@click.command("probe")
@click.option("--live", is_flag=True, help="With your account; without it the local provider is asked.")
@click.option("--from", "caller", help="A number of your account that calls, like +15550100100.")
@click.option("--to", "called", help="Another one, which is called; its address is changed meanwhile, and set back.")
@click.option("--public-url", help="Where the provider reaches --port of this machine, over HTTPS.")
@click.option("--port", default=8055, show_default=True, type=click.IntRange(1, 65535))
@click.option("--document", default="", help="A document hosted at the provider (a TwiML Bin) with the text of --list.")
@click.option("--only", multiple=True, help="Only this experiment; may be repeated.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), default=Path("facts.json"), show_default=True,
              help="The facts that were found, for `callflow emulate --facts`.")  # fmt: skip
@click.option("--raw", type=click.Path(path_type=Path, dir_okay=False), default=Path("probe.jsonl"), show_default=True,
              help="Every request as it arrived. It has numbers and ids: do not publish it.")  # fmt: skip
@click.option("--yes", is_flag=True, help="Do not ask before calling.")
@click.option("--list", "listed", is_flag=True, help="Print the questions and call nobody.")
def command(live: bool, caller: str | None, called: str | None, public_url: str | None, port: int,  # noqa: PLR0913, PLR0917
            document: str, only: tuple[str, ...], out: Path, raw: Path, yes: bool, listed: bool) -> None:  # fmt: skip
    """Settle the provider's open facts by scripted calls between two numbers of your account.

    The account is that of TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN. Each answer says whether our assumption holds, or
    which switch of the local provider to set. Exit code 0: every question was answered, 1: some were not.
    """
    from callflow.probe import report
    from callflow.probe.experiments import EXPERIMENTS
    from callflow.probe.lab import DOCUMENT

    if unknown := set(only) - {one.name for one in EXPERIMENTS}:
        raise click.BadParameter(f"there is no {min(unknown)}; --list shows them", param_hint="--only")
    left_out = "document" if live and not document else ""
    chosen = [one for one in EXPERIMENTS if one.name in only or not (only or one.name == left_out)]
    if listed:
        for one in chosen:
            click.echo(f"{one.name:<14} {one.question}")
        click.echo(f"For the last one, host this text at the provider: {DOCUMENT}")
        return
    if live and not (caller and called and public_url):
        raise click.UsageError("--live needs --from, --to and --public-url")
    if live and not yes:
        click.confirm(f"{len(chosen)} calls from {caller} to {called}, {MINUTES} minutes, {PRICE}. Go on?", abort=True)
    with ExitStack() as stack:
        kept = stack.enter_context(raw.open("a", encoding="utf-8"))
        place = laboratory(str(caller), str(called), str(public_url), port, kept) if live else rehearsed(kept)
        lab = stack.enter_context(place)
        lab.document = document or lab.document
        results = report.run(lab, chosen, show)
    from callflow.bootstrap import system_clock

    out.write_text(report.facts(results, system_clock()), encoding="utf-8")
    different = sum(one.differs for one in results)
    click.echo(f"{out} is written. {different or 'None'} of {len(results)} experiments differ from what is assumed.")
    sys.exit(1 if any(one.unsettled for one in results) else 0)


def show(result: Any) -> None:
    click.echo(f"{result.experiment.question}")
    for line in result.lines():
        click.echo(f"  {line}")


@contextmanager
def laboratory(caller: str, called: str, base: str, port: int, kept: Any) -> Iterator[Any]:
    """With the account of the environment. The called number's own addresses are put back at the end."""
    from callflow.probe.account import pointed_at
    from callflow.probe.lab import Lab

    client = client_of(os.environ)
    lab = Lab(
        client, (caller, called), base, time.monotonic, time.sleep, lambda line: print(line, file=kept, flush=True)
    )
    server = make_server("127.0.0.1", port, lab.app, handler_class=Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with pointed_at(client, called, f"{base.rstrip('/')}/answer"):
            yield lab
    finally:
        server.shutdown()
        server.server_close()
        client.http_client.close()


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        """The requests are kept in a file."""


def client_of(environ: Any) -> Any:
    from callflow.telephony.rest_client import rest_client

    account, token = environ.get("TWILIO_ACCOUNT_SID", ""), environ.get("TWILIO_AUTH_TOKEN", "").partition(",")[0]
    if not account or not token:
        raise click.ClickException("TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are needed for --live")
    user = (environ.get("TWILIO_API_KEY") or account, environ.get("TWILIO_API_SECRET") or token)
    return rest_client(account, user, environ.get("TWILIO_API_BASE_URL") or "https://api.twilio.com")


@contextmanager
def rehearsed(kept: Any) -> Iterator[Any]:
    """With the local provider, on a virtual clock."""
    from callflow.probe.rehearsed import lab

    click.echo("The local provider is asked: this shows the questions, and that each can be answered.\n")
    yield lab(lambda line: print(line, file=kept))
