"""The local provider in real time, and the settings of a server that uses it."""

from pathlib import Path

from callflow.core.configuration import Configuration
from callflow.emulator import Emulator, HttpAppClient, RealClock, Switches

SECRET = "demo-secret-worth-nothing"
TOKEN = "demo-token"


def provider(configuration: Configuration, base: str, switches: Switches) -> Emulator:
    """An emulator with the numbers of this configuration, which asks the server at ``base``."""
    emulator = Emulator(auth_token=TOKEN, clock=RealClock(), app_client=HttpAppClient(), cps=1.0, switches=switches)
    for account in sorted(set(configuration.accounts.values())):
        emulator.add_sub_account(account, TOKEN)
    for number in configuration.called_numbers:
        emulator.add_number(number, voice_url=f"{base}/voice/inbound", voice_fallback_url=f"{base}/voice/fallback",
                            status_callback=f"{base}/voice/status",
                            account=configuration.accounts.get(number, ""))  # fmt: skip
    return emulator


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'demo.db'}"


def settings(emulator: Emulator, configuration: Configuration, config: Path, audio: Path, base: str,
             folder: Path) -> dict[str, str]:  # fmt: skip
    """The environment of a server at ``base``, with its files in ``folder``."""
    others = sorted(set(configuration.accounts.values()))
    return {
        "CALLFLOW_CONFIG": str(config), "CALLFLOW_AUDIO": str(audio), "CALLFLOW_CACHE": str(folder / "cache"),
        "CALLFLOW_DATABASE_URL": database(folder), "CALLFLOW_OPERATIONS": "off",
        "CALLFLOW_PUBLIC_URL": base, "CALLFLOW_SECRET_KEY": SECRET, "TWILIO_ACCOUNT_SID": emulator.account_sid,
        "TWILIO_AUTH_TOKEN": ",".join([TOKEN, *(f"{account}:{TOKEN}" for account in others)]),
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{emulator.serve()}",
    }  # fmt: skip
