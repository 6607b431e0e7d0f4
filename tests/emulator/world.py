"""A little app and an emulator around it: what the emulator's tests are written with."""

from __future__ import annotations

import base64
import io
import json
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from callflow.emulator import Chaos, Emulator, Leg, Phone, Switches, VirtualClock, WsgiAppClient

BASE = "https://app.example"
LINE, CALLER, ANA, BEN, SAM = "+15550100100", "+15550100199", "+15550100111", "+15550100112", "+15550100121"
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
ALL_EVENTS = "start end join leave hold mute modify announcement"


@dataclass(frozen=True)
class Seen:
    """A request that the little app got."""

    at: float
    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    headers: dict[str, str]
    body: str

    def __getitem__(self, name: str) -> str:
        return self.form[name]


@dataclass(frozen=True)
class Answer:
    """What the little app answers when it is not just TwiML."""

    body: bytes | str = b""
    status: int = 200
    content_type: str | None = "text/xml"
    headers: tuple[tuple[str, str], ...] = ()


Page = str | Answer | Callable[[Seen], "str | Answer"]


class LittleApp:
    """A WSGI app of fixed pages. A path without a page answers 204, as a callback endpoint does."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self.pages = pages
        self.seen: list[Seen] = []
        self.now: Callable[[], float] = lambda: 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        headers = {name[5:]: value for name, value in environ.items() if name.startswith("HTTP_")}
        query = dict(parse_qsl(environ["QUERY_STRING"], keep_blank_values=True))
        form = dict(parse_qsl(body, keep_blank_values=True))
        seen = Seen(self.now(), environ["REQUEST_METHOD"], environ["PATH_INFO"], query, form, headers, body)
        self.seen.append(seen)
        page = self.pages.get(seen.path, Answer(status=204, content_type=None))
        if callable(page):
            page = page(seen)
        answer = page if isinstance(page, Answer) else Answer(page)
        kind = [("Content-Type", answer.content_type)] if answer.content_type else []
        start_response(f"{answer.status} X", [*kind, *answer.headers])
        return [answer.body.encode() if isinstance(answer.body, str) else answer.body]

    def of(self, path: str) -> list[Seen]:
        """The requests for `path`, in order."""
        return [seen for seen in self.seen if seen.path == path]

    def one(self, path: str) -> Seen:
        """The only request for `path`."""
        found = self.of(path)
        assert len(found) == 1, f"{len(found)} requests for {path}: {[seen.path for seen in self.seen]}"
        return found[0]


@dataclass
class World:
    """An app, an emulator, and the people."""

    app: LittleApp
    emulator: Emulator
    clock: VirtualClock
    rest: Rest = field(init=False)

    def __post_init__(self) -> None:
        self.rest = Rest(self.emulator)

    @property
    def caller(self) -> Phone:
        return self.emulator.phone(CALLER)

    @property
    def ana(self) -> Phone:
        return self.emulator.phone(ANA)

    @property
    def ben(self) -> Phone:
        return self.emulator.phone(BEN)

    def dial_in(self, seconds: float = 0.1, caller_id: str | None = None) -> Leg:
        """The caller dials the line; `seconds` pass."""
        leg = self.caller.call(LINE, caller_id)
        self.clock.run_for(seconds)
        return leg

    def call_out(self, path: str = "/agent", to: str = ANA, seconds: float = 3.0, **form: Any) -> Leg:
        """The app calls `to`, who answers after 2 s; `seconds` pass."""
        body = self.rest.post("Calls.json", {"To": to, "From": LINE, "Url": BASE + path, **form})
        self.clock.run_for(seconds)
        return self.emulator.legs[body["sid"]]

    def heard(self, leg: Leg) -> list[str]:
        """What the person heard as `kind text`, a `~` before what was cut."""
        return [f"{'' if one.complete else '~'}{one.kind} {one.text_or_url}" for one in leg.heard]

    def codes(self) -> list[int]:
        return [error.code for error in self.emulator.errors]

    def events(self, path: str = "/conference") -> list[str]:
        """The StatusCallbackEvents that `path` was told of, in order."""
        return [seen["StatusCallbackEvent"] for seen in self.app.of(path)]


def world(
    pages: dict[str, Page], switches: Switches | None = None, chaos: Chaos | None = None, **options: Any
) -> World:
    """An emulator on a virtual clock whose line asks /voice of a little app."""
    app, clock = LittleApp(pages), VirtualClock(START)
    app.now = clock.monotonic
    options = {"cps": 0.0, **options}
    emulator = Emulator(
        app_client=WsgiAppClient(app, raise_errors=True), clock=clock, switches=switches, chaos=chaos, **options
    )
    emulator.add_number(LINE, voice_url=f"{BASE}/voice", status_callback=f"{BASE}/line-status")
    return World(app, emulator, clock)


class RestFailed(AssertionError):
    """The REST API answered an error."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.code = body.get("code")


class Rest:
    """The REST API in this process."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def request(self, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, bytes]:
        pairs = [
            (name, one)
            for name, value in (form or {}).items()
            for one in (value if isinstance(value, list) else [value])
        ]
        text = urlencode(pairs)
        body = text.encode() if method == "POST" else b""
        user = f"{self._emulator.account_sid}:{self._emulator.auth_token}"
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": f"/2010-04-01/Accounts/{self._emulator.account_sid}/{path}",
            "QUERY_STRING": "" if method == "POST" else text,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": io.BytesIO(body),
            "HTTP_AUTHORIZATION": "Basic " + base64.b64encode(user.encode()).decode(),
        }
        status: list[str] = []
        answer = b"".join(self._emulator.wsgi(environ, lambda line, headers, exc_info=None: status.append(line)))
        return int(status[0][:3]), answer

    def call(self, method: str, path: str, form: dict[str, Any] | None = None) -> dict[str, Any]:
        """The JSON of the answer. Raises RestFailed."""
        status, answer = self.request(method, path, form)
        body: dict[str, Any] = json.loads(answer) if answer else {}
        if status >= 400:
            raise RestFailed(status, body)
        return body

    def post(self, path: str, form: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.call("POST", path, form)

    def get(self, path: str, form: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.call("GET", path, form)


def twiml(*parts: str) -> str:
    return "<Response>" + "".join(parts) + "</Response>"


def conference(name: str = "room", dial: str = "", **attributes: str) -> str:
    """`<Dial><Conference>` with silence while waiting, and all events to /conference, unless told otherwise."""
    chosen = {"waitUrl": "", "statusCallback": "/conference", "statusCallbackEvent": ALL_EVENTS, **attributes}
    text = " ".join(f'{key}="{value}"' for key, value in chosen.items())
    return f"<Dial {dial}><Conference {text}>{name}</Conference></Dial>"


def wav(seconds: float, rate: int = 8000, code: int = 7) -> bytes:
    """A mu-law (7), A-law (6) or 16-bit PCM (1) WAV file."""
    width = 2 if code == 1 else 1
    data = bytes(int(seconds * rate) * width)
    layout = struct.pack("<HHIIHH", code, 1, rate, rate * width, width, 8 * width)
    inside = b"WAVEfmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def audio(seconds: float) -> Answer:
    return Answer(wav(seconds), content_type="audio/wav")
