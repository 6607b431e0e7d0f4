"""How fast is the emulator? Simulated calls a second through the in-process door, with an app that answers constants.

    python tests/bench/emulator_speed.py [calls]

One call is a typical one: some 25 webhooks (documents, call status, conference events) and 3 REST requests.
No assertion: this prints a measurement.
"""

from __future__ import annotations

import base64
import gc
import io
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from callflow.emulator import Emulator, VirtualClock, WsgiAppClient
from callflow.emulator.events import DocumentFetched, Event, WebhookSent

APP = "https://app.example"
LINE, CALLER, AGENT = "+15550100100", "+15550100199", "+15550100111"
EVENTS = "start end join leave mute hold modify announcement"
DOCUMENTS = {
    "/voice": "<Response><Gather numDigits='1' action='/menu'><Say>Press 1</Say></Gather></Response>",
    "/menu": "<Response><Say>One moment please.</Say><Redirect>/join</Redirect></Response>",
    "/join": "<Response><Dial action='/left'><Conference waitUrl='/wait' statusCallback='/conference' "
    f"statusCallbackEvent='{EVENTS}'>room</Conference></Dial></Response>",
    "/wait": "<Response><Pause length='60'/></Response>",
    "/hold": "<Response><Say>Please hold.</Say></Response>",
    "/agent": "<Response><Gather numDigits='1' action='/accept' timeout='5'><Say>Press 1</Say></Gather></Response>",
    "/accept": "<Response><Dial hangupOnStar='true' action='/star'><Conference waitUrl=''>room</Conference></Dial>"
    "</Response>",
    "/star": "<Response><Gather numDigits='1' action='/back' timeout='5'><Say>Menu</Say></Gather></Response>",
    "/back": "<Response><Dial hangupOnStar='true' action='/done'><Conference waitUrl=''>room</Conference></Dial>"
    "</Response>",
    "/done": "<Response><Hangup/></Response>",
    "/left": "<Response><Hangup/></Response>",
}
BODIES = {path: [text.encode()] for path, text in DOCUMENTS.items()}
XML, EMPTY = [("Content-Type", "text/xml")], [("Content-Type", "text/xml")]


def constant_app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    environ["wsgi.input"].read()
    body = BODIES.get(environ["PATH_INFO"])
    if body is None:
        start_response("204 No Content", EMPTY)
        return []
    start_response("200 OK", XML)
    return body


class Rest:
    """POSTs to the REST callable in this process."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        token = base64.b64encode(f"{emulator.account_sid}:{emulator.auth_token}".encode()).decode()
        self._authorization = f"Basic {token}"

    def post(self, path: str, form: list[tuple[str, str]]) -> None:
        body = urlencode(form).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": f"/2010-04-01/Accounts/{self._emulator.account_sid}/{path}",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "HTTP_AUTHORIZATION": self._authorization,
        }
        for _ in self._emulator.wsgi(environ, lambda status, headers, exc_info=None: None):
            pass


def one_call(emulator: Emulator, rest: Rest) -> None:
    clock = emulator.clock
    assert isinstance(clock, VirtualClock)
    caller, agent = emulator.phone(CALLER), emulator.phone(AGENT)
    caller.call(LINE)
    clock.run_for(0.1)
    caller.press("1")
    clock.run_for(3)
    callback = [("StatusCallbackEvent", name) for name in ("initiated", "ringing", "answered", "completed")]
    form = [("To", AGENT), ("From", LINE), ("Url", f"{APP}/agent"), ("StatusCallback", f"{APP}/status"), *callback]
    rest.post("Calls.json", form)
    clock.run_for(3)
    agent.press("1")
    clock.run_for(60)
    agent.press("*")
    clock.run_for(1)
    leg = caller.leg
    room = emulator.rooms["room"]
    assert leg is not None
    hold = [("Hold", "true"), ("HoldUrl", f"{APP}/hold"), ("HoldMethod", "POST")]
    rest.post(f"Conferences/{room.sid}/Participants/{leg.sid}.json", hold)
    clock.run_for(2)
    agent.press("1")
    clock.run_for(1)
    rest.post(f"Conferences/{room.sid}/Participants/{leg.sid}.json", [("Hold", "false")])
    clock.run_for(60)
    agent.hang_up()
    caller.hang_up()
    clock.run_for(1)


def measure(calls: int) -> tuple[float, int]:
    """CPU seconds for that many calls, and the number of webhooks."""
    emulator = Emulator(
        clock=VirtualClock(datetime(2026, 1, 5, tzinfo=UTC)), app_client=WsgiAppClient(constant_app), cps=0
    )
    emulator.add_number(LINE, voice_url=f"{APP}/voice", status_callback=f"{APP}/status")
    webhooks = 0

    def count(event: Event) -> None:
        nonlocal webhooks
        webhooks += isinstance(event, DocumentFetched | WebhookSent)

    emulator.on_event(count)
    rest = Rest(emulator)
    begun = time.process_time()
    for number in range(calls):
        one_call(emulator, rest)
        if number % 500 == 499:
            emulator.forget_finished()
    seconds = time.process_time() - begun
    assert not emulator.errors, emulator.errors[:3]
    return seconds, webhooks


def main(calls: int) -> None:
    gc.set_threshold(50_000)  # as a long simulation would
    measure(50)
    seconds, webhooks = measure(calls)
    line = f"{calls} calls, {webhooks / calls:.1f} webhooks a call: {calls / seconds:.0f} calls per CPU second"
    sys.stdout.write(f"{line}, {webhooks / seconds:.0f} webhooks/s, {seconds / webhooks * 1e6:.0f} us a webhook\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
