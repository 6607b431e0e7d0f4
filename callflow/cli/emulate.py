"""`callflow emulate`: run the local Twilio, with a prompt for its phones."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from callflow.cli.ports import taken

if TYPE_CHECKING:
    from callflow.emulator import Switches
    from callflow.emulator.exchange import Person

NUMBER = "+15550100100"
DOCUMENT = "https://documents.example/fallback"
"""Where the local provider hosts the document. Nothing is sent there."""


@click.command("emulate")
@click.option("--port", default=8010, show_default=True, type=click.IntRange(0, 65535),
              help="The REST API's port on 127.0.0.1; 0 chooses one.")  # fmt: skip
@click.option("--number", "numbers", multiple=True,
              help=f"A number of the account; all that the configuration has, or {NUMBER}.")  # fmt: skip
@click.option("--app", "app_url", default="http://127.0.0.1:8000", show_default=True, help="Where the app listens.")
@click.option("--token", default="emulator-token", show_default=True, help="The account's auth token.")
@click.option("--cps", default=1.0, show_default=True, help="Outgoing calls a second; 0 is unlimited.")
@click.option("--config", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=Path("config"),
              help="People of this configuration can be named at the prompt.")  # fmt: skip
@click.option("--facts", type=click.Path(path_type=Path, dir_okay=False), help="What `callflow probe` found.")
@click.option("--document", is_flag=True, help="Host the document that answers when the app does not.")
def command(
    port: int,
    numbers: tuple[str, ...],
    app_url: str,
    token: str,
    cps: float,
    config: Path,
    facts: Path | None,
    document: bool,
) -> None:
    """Run a local Twilio for an app, and drive its phones from the terminal (type help)."""
    from callflow.configuration.dialling import not_e164
    from callflow.emulator.__main__ import Account, run

    base, address = app_url.rstrip("/"), urlsplit(app_url)
    if address.scheme not in ("http", "https") or not address.hostname:
        raise click.UsageError(f"--app {app_url}: give an address like http://127.0.0.1:8000")
    for number in numbers:
        if why := not_e164(number):
            raise click.UsageError(f"--number {number} {why}")
    accounts = _accounts(config, numbers)
    main = next((number for number, sid in accounts.items() if not sid), next(iter(accounts)))
    hosted = {DOCUMENT: _document(base, config)} if document else {}
    account = Account(
        number=main, voice_url=f"{base}/voice/inbound", cast=[*Account.cast, *_cast(config)],
        voice_fallback_url=DOCUMENT if document else f"{base}/voice/fallback", documents=hosted,
        status_callback=f"{base}/voice/status", auth_token=token, cps=cps, names=_names(config),
        switches=_switches(facts), account_sid=accounts.pop(main) or Account.account_sid, others=accounts,
        more=(f"export CALLFLOW_PUBLIC_URL={base}", "export CALLFLOW_SECRET_KEY=only-for-this-laptop",
              *(f"export CALLFLOW_FALLBACK_DOCUMENT={url}" for url in hosted),
              f"callflow serve --port {address.port or 80}"),
    )  # fmt: skip
    try:
        sys.exit(run("127.0.0.1", port, account, prompt=sys.stdin))
    except OSError as error:
        raise click.ClickException(taken(port, error)) from None


def _switches(facts: Path | None) -> "Switches | None":
    from callflow.probe.report import switches

    try:
        return switches(facts) if facts else None
    except ValueError as error:
        raise click.ClickException(str(error)) from None


def _document(base: str, config: Path) -> str:
    """The text of the document. Raises ConfigurationError."""
    from callflow.configuration.loading import load
    from callflow.configuration.places import audio_of
    from callflow.telephony import hosted_document
    from callflow.telephony.urls import Urls

    audio = Path(os.environ.get("CALLFLOW_AUDIO") or audio_of(config))
    return hosted_document.text(load(config, audio), Urls(base, base, "", document=DOCUMENT))


def _accounts(config: Path, numbers: tuple[str, ...]) -> dict[str, str]:
    """The numbers, or all of callflow.yaml, each with the sub-account that it has there, or ""."""
    from callflow.configuration.loading import read_draft
    from callflow.configuration.places import missing

    callflow = None if missing(config) else read_draft(config).callflow
    known = {number: one.account or "" for number, one in callflow.numbers.items()} if callflow else {}
    return {number: known.get(number, "") for number in numbers or known or (NUMBER,)}


def _names(config: Path) -> dict[str, str]:
    """Number -> name, used at the prompt."""
    return {one.number: "security" if one.role == "security" else one.name for one in _cast(config)}


def _cast(config: Path) -> list["Person"]:
    """The people of staff. Nobody if the directory has errors, which other commands report."""
    from callflow.configuration.loading import read_draft
    from callflow.configuration.places import missing
    from callflow.emulator.exchange import Person
    from callflow.emulator.extensions import address

    people = None if missing(config) else read_draft(config).people
    if people is None:
        return []
    agents = [Person(address(one.phone, one.extension), one.name, "agent", "centre") for one in people.agents.values()]
    supervisors = [
        Person(address(one.phone, one.extension), one.name, one.role, "right") for one in people.supervisors.values()
    ]
    security = address(people.security.phone, people.security.extension)
    return [*agents, *supervisors, Person(security, "Security", "security", "right")]
