"""What the experiments work with: two numbers, documents of ours by their path, and every request that arrived.

A call goes from the first number to the second. The calling leg fetches the document of the experiment; the called leg
fetches its own, which plays keys (<Play digits>) as a person would press them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from threading import RLock
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

from callflow.service.ports import GatewayFailure
from callflow.telephony.rest_client import gateway_failures

LOOK_SECONDS: Final = 0.25
SILENT_WAV: Final = bytes.fromhex(
    "524946462400000057415645666d74201000000001000100401f0000401f0000010008006461746100000000"
)
"""A WAV file without sound: RIFF, 8 kHz, mono."""
STAY: Final = '<Response><Play digits="w"/><Pause length="40"/></Response>'
"""Answers and stays: a Pause as the first verb would not answer an inbound call (twilio.md 3.3)."""
DOCUMENT: Final = "<Response><Dial><Conference>{{room}}</Conference></Dial></Response>"
Start = Callable[..., Any]


class Arrived(NamedTuple):
    """A request of the provider. ``path`` is that of the document; ``at`` is in seconds of the lab's clock."""

    at: float
    path: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


class Unsettled(Exception):
    """The experiment did not show it. The message says what was missing."""


class Lab:
    """``client``: of the account; ``base``: where the provider reaches ``app``; ``wait`` lets seconds pass.

    ``keep`` gets each request as one line of JSON.
    """

    def __init__(self, client: Any, numbers: tuple[str, str], base: str, seconds: Callable[[], float],
                 wait: Callable[[float], None], keep: Callable[[str], None] = lambda _: None) -> None:  # fmt: skip
        self.client, self.numbers, self.base = client, numbers, base.rstrip("/")
        self.seconds, self.wait = seconds, wait
        self._keep, self._mutex = keep, RLock()
        self._documents: dict[str, str | int | bytes] = {}
        self._calls: list[str] = []
        self._name, self.arrived = "", list[Arrived]()
        self.document = ""
        """The URL of a document that the provider hosts, with DOCUMENT as its text; "" for none."""

    # -- what the provider asks

    def app(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """The WSGI application that the provider reaches."""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode("utf-8", "replace")
        path = environ["PATH_INFO"]
        headers = {name[5:].replace("_", "-").title(): str(value) for name, value in environ.items()
                   if name.startswith("HTTP_")}  # fmt: skip
        with self._mutex:
            found = Arrived(self.seconds(), path, dict(parse_qsl(body, keep_blank_values=True)), headers)
            self.arrived.append(found)
            self._keep(json.dumps({"experiment": self._name, "method": environ["REQUEST_METHOD"],
                                   "query": environ.get("QUERY_STRING", ""), **found._asdict()}))  # fmt: skip
            answer = self._documents.get(path, 404)
        if isinstance(answer, int):
            start_response(f"{answer} Probe", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        kind, content = ("audio/wav", answer) if isinstance(answer, bytes) else ("text/xml", answer.encode())
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(content)))])
        return [content]

    # -- what experiments do

    def begin(self, name: str) -> None:
        """A new experiment: nothing has arrived, and no document is there."""
        self._name = name
        with self._mutex:
            self.arrived, self._documents = [], {}

    def url(self, name: str, answer: str | int | bytes = STAY) -> str:
        """The URL of a document of this experiment; ``answer`` is its text, a file, or the status of a failure."""
        path = f"/{self._name}/{name}"
        self._documents[path] = answer
        return self.base + path

    def call(self, document: str, called: str = STAY, **options: Any) -> str:
        """Call the second number from the first; returns the SID of the calling leg."""
        number = f"call{len(self._calls)}"
        sid = self.call_with(self.url(number, document), called, **options)
        self.until(lambda: self.came(number), 30, "the call was not answered")
        return sid

    def call_with(self, url: str, called: str = STAY, **options: Any) -> str:
        """The same with a document that stands anywhere. Does not wait for it to be requested."""
        self._documents["/answer"] = called
        with gateway_failures("placing a call of the probe"):
            made = self.client.calls.create(from_=self.numbers[0], to=self.numbers[1], timeout=20, url=url, **options)
        self._calls.append(str(made.sid))
        return str(made.sid)

    def came(self, name: str, **form: str) -> list[Arrived]:
        """The requests for a document of this experiment, with these parameters."""
        path = f"/{self._name}/{name}"
        with self._mutex:
            return [one for one in self.arrived if one.path == path and form.items() <= one.form.items()]

    def until(self, so: Callable[[], Any], seconds: float, otherwise: str = "") -> bool:
        """Wait until ``so``. After ``seconds`` raise Unsettled with ``otherwise``, or return False if that is empty."""
        end = self.seconds() + seconds
        while not so():
            if self.seconds() >= end:
                if otherwise:
                    raise Unsettled(otherwise)
                return False
            self.wait(LOOK_SECONDS)
        return True

    def refused(self, ask: Callable[[], object]) -> str:
        """What the provider refused this request with, or "" if it accepted it."""
        try:
            with gateway_failures("probing"):
                ask()
        except GatewayFailure as failure:
            return str(failure)
        return ""

    def hang_up(self) -> None:
        """End every call of the experiment."""
        while self._calls:
            sid = self._calls.pop()
            with suppress(GatewayFailure), gateway_failures("ending a call of the probe"):
                self.client.calls(sid).update(status="completed")
        self.wait(1)
