"""`callflow emulate`: the local Twilio by itself, with a prompt for its phones."""

import sys

import click


@click.command("emulate")
@click.option("--port", default=8010, show_default=True, help="The REST API's port on 127.0.0.1.")
@click.option("--number", default="+15550100100", show_default=True, help="The account's one number.")
@click.option("--app", "app_url", default="http://127.0.0.1:8000", show_default=True, help="Where the app listens.")
@click.option("--token", default="emulator-token", show_default=True, help="The account's auth token.")
@click.option("--cps", default=1.0, show_default=True, help="Outgoing calls a second; 0 is unlimited.")
def command(port: int, number: str, app_url: str, token: str, cps: float) -> None:
    """Run a local Twilio for an app, and drive its phones from the terminal (type help)."""
    from callflow.emulator.__main__ import Account, run

    account = Account(
        number=number, voice_url=f"{app_url}/voice/inbound", voice_fallback_url=f"{app_url}/voice/fallback",
        status_callback=f"{app_url}/voice/status", auth_token=token, cps=cps,
    )  # fmt: skip
    sys.exit(run("127.0.0.1", port, account, prompt=sys.stdin))
