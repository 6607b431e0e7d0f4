"""Run the emulator alone: real clock, some numbers, a prompt for its phones. `python -m callflow.emulator --help`."""

from __future__ import annotations

import argparse
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TextIO

from callflow.emulator.app_clients import HttpAppClient
from callflow.emulator.clock import RealClock
from callflow.emulator.console import Console
from callflow.emulator.emulator import Emulator
from callflow.emulator.events import Event
from callflow.emulator.exchange import Person
from callflow.emulator.switches import Switches
from callflow.emulator.voices import Voices
from callflow.emulator.wires import between_numbers

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True)
class Account:
    """The account's numbers with their URLs; `cps` is the limit of outgoing calls a second, 0 = unlimited."""

    number: str = "+15550100100"
    voice_url: str = "http://127.0.0.1:8000/voice/inbound"
    voice_fallback_url: str = ""
    status_callback: str = ""
    auth_token: str = "emulator-token"
    account_sid: str = "AC" + "0" * 32
    cps: float = 1.0
    others: Mapping[str, str] = field(default_factory=dict)
    """More numbers -> the id of their sub-account, "" for the account itself. They have the same URLs and token."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Telephone number -> name, used in commands and in output."""
    cast: Sequence[Person] = (Person("+15550100199", "Caller", "caller", "left"),)
    """Whose phones the page shows."""
    documents: Mapping[str, str] = field(default_factory=dict)
    """Documents that the provider hosts, by URL (`hosted`)."""
    switches: Switches | None = None
    more: Sequence[str] = ()
    """More lines for the greeting: how to start the app."""


_DEFAULT = Account()


def run(
    host: str = LOOPBACK,
    port: int = 8010,
    account: Account = _DEFAULT,
    prompt: TextIO | None = None,
    output: TextIO | None = None,
) -> int:
    """Serve until `quit`, end of input, or Ctrl-C. Returns an exit code: 0, or 1 for a host that is not loopback.

    With `prompt` None there is no prompt and it serves until interrupted. Only loopback is allowed, because the API has
    no real security.
    """
    out = output or sys.stdout
    if host not in {LOOPBACK, "localhost"}:
        out.write(f"the emulator listens on {LOOPBACK} only, not on {host}\n")
        return 1
    emulator = Emulator(account.account_sid, account.auth_token, RealClock(), HttpAppClient(), cps=account.cps,
                        switches=account.switches)  # fmt: skip
    between_numbers(emulator.exchange)
    for sid in sorted({*account.others.values()} - {""}):
        emulator.add_sub_account(sid, account.auth_token)
    for number, sid in {account.number: "", **account.others}.items():
        emulator.add_number(number, account.voice_url, account.voice_fallback_url, account.status_callback, account=sid)
    for url, text in account.documents.items():
        emulator.host(url, text)
    emulator.keep_sounds(Voices(), account.cast)
    try:
        out.write(greeting(emulator, emulator.serve(port), account))
        out.flush()
        _talk(emulator, prompt, out, account.names)
    except KeyboardInterrupt:
        pass
    finally:
        emulator.close()
    return 0


def greeting(emulator: Emulator, port: int, account: Account) -> str:
    """The lines that say how to point an app at the emulator."""
    return (
        f"A local Twilio is listening on http://{LOOPBACK}:{port}\n"
        + "".join(f"  {number} asks {account.voice_url}\n" for number in (account.number, *account.others))
        + f"  its phones in a browser: http://{LOOPBACK}:{port}/\n"
        + "Point the app at it, in another terminal:\n"
        f"  export TWILIO_API_BASE_URL=http://{LOOPBACK}:{port}\n"
        f"  export TWILIO_ACCOUNT_SID={emulator.account_sid}\n"
        f"  export TWILIO_AUTH_TOKEN={','.join([emulator.auth_token, *_tokens(account)])}\n"
        + "".join(f"  {line}\n" for line in account.more)
        + "".join(f"{name} is {number}\n" for number, name in account.names.items())
        + f"Then type here: call +15550100199 {account.number}   (help lists all)\n"
    )


def _tokens(account: Account) -> list[str]:
    return [f"{sid}:{account.auth_token}" for sid in sorted({*account.others.values()} - {""})]


def _talk(emulator: Emulator, prompt: TextIO | None, out: TextIO, names: Mapping[str, str]) -> None:
    console = Console(emulator, names)
    emulator.on_event(_printer(console, out))
    if prompt is None:
        threading.Event().wait()
        return
    for line in prompt:
        if line.strip() in {"quit", "exit"}:
            return
        answer = console.answer(line)
        if answer:
            out.write(answer + "\n")
            out.flush()


def _printer(console: Console, out: TextIO) -> Callable[[Event], None]:
    def show(event: Event) -> None:
        text = console.describe(event)
        if text is not None:
            out.write(text + "\n")
            out.flush()

    return show


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m callflow.emulator", description="A small local Twilio.")
    parser.add_argument("--host", default=LOOPBACK, help="loopback only")
    parser.add_argument("--port", type=int, default=8010, help="port of the REST API; 0 chooses a free one")
    parser.add_argument("--number", default=_DEFAULT.number, help="the account's telephone number")
    parser.add_argument("--voice-url", default=_DEFAULT.voice_url, help="URL requested for a call to the number")
    parser.add_argument("--fallback-url", default="", help="URL requested if the voice URL fails")
    parser.add_argument("--status-callback", default="", help="URL requested when a call to the number ends")
    parser.add_argument("--token", default=_DEFAULT.auth_token, help="the auth token")
    parser.add_argument("--cps", type=float, default=1.0, help="outgoing calls a second; 0 = unlimited")
    parser.add_argument("--no-prompt", action="store_true", help="serve only, until interrupted")
    chosen = parser.parse_args(argv)
    account = Account(
        chosen.number, chosen.voice_url, chosen.fallback_url, chosen.status_callback, chosen.token, chosen.cps
    )
    return run(chosen.host, chosen.port, account, None if chosen.no_prompt else sys.stdin)


if __name__ == "__main__":
    sys.exit(main())
