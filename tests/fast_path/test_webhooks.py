"""Both short ways in and Flask give the same answers, whatever comes; and what is not plain goes to Flask unread."""

import io
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

from callflow.fast_path.webhooks import all_headers
from callflow.telephony.signature import Headers, Pairs, Verifier
from tests.web.edge import BASE, SPARE, Edge, signature

FORM = "application/x-www-form-urlencoded"
ODD_PATHS = [
    "/", "/voice", "/voice/", "/voice/inbound/", "//voice/inbound", "/voice//inbound", "/voice/nothing",
    "/voice/c1/rooms", "/voice/c1/a1/state", "/voice/c1/a1/1/enter/more", "/voice/c1/a1//enter",
    "/voice/../voice/inbound", "/voice/c%201/room", "/voice/c1/%61/status", "/voice/%F0%9F%92%A3/room",
    "/voice/c1/a1/%31/enter", "/voice/in.bound", "/voice/c1/a1/-3/enter", "/voice/c1/a1/99999999999/enter",
    "/VOICE/inbound", "/voice/inbound;x=1", "/healthz",
]  # fmt: skip
HOSTS = [
    "app.test",
    "APP.test:443",
    "127.0.0.1:8000",
    "a..b",
    "a" * 64,
    "",
    "ä.test",
    "a b",
    "[::1]:80",
    "x:y",
    "evil.test",
]
LENGTHS = ["", "0", "3", "-1", "x", " 20", "70000", "99999999999", "1e3", "٣"]


class Seen(NamedTuple):
    status: str
    headers: dict[str, str]
    body: bytes


def environ(edge: Edge, target: str, form: dict[str, str], base: str = BASE, **more: Any) -> dict[str, Any]:
    """What a server makes of a signed request; ``more`` is changed afterwards (None: left out)."""
    with edge.callflow.app.test_request_context(target, method="POST", data=form, base_url=base) as asked:
        made = dict(asked.request.environ)
    body = made["wsgi.input"].getvalue()
    for name in [name for name in made if name.startswith("werkzeug.")]:
        del made[name]
    made |= {"HTTP_X_TWILIO_SIGNATURE": signature(base + target, form), "RAW_URI": target, "REQUEST_URI": target}
    made |= {"CONTENT_LENGTH": str(len(body)), "wsgi.input": io.BytesIO(body), **more}
    return {name: value for name, value in made.items() if value is not None}


def asked(app: Callable[..., Iterable[bytes]], with_: dict[str, Any]) -> Seen:
    told: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _fault: object = None) -> None:
        told[:] = [status, {name.lower(): value for name, value in headers}]

    body = b"".join(app({**with_, "wsgi.input": io.BytesIO(with_["wsgi.input"].getvalue())}, start))
    return Seen(told[0], told[1], body)


def both(target: str | Callable[[Edge], str], form: dict[str, str] | None = None, **more: Any) -> tuple[Seen, bool]:
    """The answer, the same from two edges in the same state; and whether it needed Flask."""
    through, around = Edge().talking(), Edge().talking()
    needed: list[bool] = []
    door: Any = through.callflow.web.front
    flask: Any = around.callflow.web.front._otherwise  # type: ignore[attr-defined]
    door._otherwise = lambda *given, before=door._otherwise: needed.append(True) or before(*given)
    seen = []
    for edge, app in ((through, door), (around, flask)):
        address = target if isinstance(target, str) else target(edge)
        seen.append(asked(app, environ(edge, address, edge.form() if form is None else form, **more)))
    assert seen[0] == seen[1]
    assert through.kept() == around.kept()
    assert counted(through) == counted(around)
    assert_the_same_without_an_environment(target, form, more, seen[0], around, bool(needed))
    return seen[0], bool(needed)


def assert_the_same_without_an_environment(
    target: str | Callable[[Edge], str], form: dict[str, str] | None, more: dict[str, Any], seen: Seen, around: Edge,
    needed: bool,
) -> None:  # fmt: skip
    edge = Edge().talking()
    address = target if isinstance(target, str) else target(edge)
    given = environ(edge, address, edge.form() if form is None else form, **more)
    raw, length = given.get("RAW_URI", ""), str(len(given["wsgi.input"].getvalue()))
    if (
        given["SCRIPT_NAME"]
        or given.get("CONTENT_LENGTH") not in (None, length)
        or raw != given["PATH_INFO"] + (f"?{query}" if (query := given["QUERY_STRING"]) else "")
    ):
        return  # granian passes none of these
    answer = edge.callflow.app.extensions["plain"](scope_of(given), given["wsgi.input"].getvalue())
    assert (answer is None) == needed
    if answer:
        headers = {name.lower(): value for name, value in all_headers(answer)}
        assert (f"{answer.status}", headers, answer.body) == (seen.status[:3], seen.headers, seen.body)
        assert edge.kept() == around.kept()
        assert counted(edge) == counted(around)


def scope_of(given: dict[str, Any]) -> dict[str, Any]:
    """The same request as ASGI describes it."""
    names = [name for name in given if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")]
    headers = [(name.removeprefix("HTTP_").lower().replace("_", "-"), given[name]) for name in names]
    path, _, query = given["RAW_URI"].partition("?")
    return {
        "method": given["REQUEST_METHOD"], "raw_path": path.encode("latin-1"), "query_string": query.encode("latin-1"),
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
    }  # fmt: skip


def counted(edge: Edge) -> list[str]:
    page, _ = edge.callflow.metrics.page()
    return [line for line in page.decode().splitlines() if line.startswith("callflow_") and "_seconds_" not in line]


TARGETS: dict[str, Callable[[Edge], str]] = {
    "inbound": lambda edge: "/voice/inbound",
    "again": lambda edge: "/voice/inbound?again=3&again=4",
    "number status": lambda edge: "/voice/status",
    "number fallback": lambda edge: "/voice/fallback",
    "room fallback": lambda edge: edge.callflow.urls.fallback(edge.call.id).partition(SPARE)[2].partition("#")[0],
    "forged room": lambda edge: "/voice/fallback?room=call-0000000000000000&lead=1&sig=0",
    "leg": lambda edge: f"/voice/{edge.call.id}/{edge.lead}/{edge.call.lead_leg.token}/room",
    "enter": lambda edge: f"/voice/{edge.call.id}/caller/1/enter",
    "unknown call": lambda edge: "/voice/0123456789abcdef/caller/1/room",
    "leg status": lambda edge: f"/voice/{edge.call.id}/{edge.lead}/status",
    "room": lambda edge: f"/voice/{edge.call.id}/room",
}


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("signed", [True, False], ids=["signed", "unsigned"])
def test_every_webhook_takes_the_short_way_and_is_answered_as_by_flask(target: str, signed: bool) -> None:
    more = {} if signed else {"HTTP_X_TWILIO_SIGNATURE": "bm90IGEgc2lnbmF0dXJl"}
    seen, needed = both(TARGETS[target], **more)
    assert not needed
    assert seen.status[:3] in (("200", "204") if signed and target != "forged room" else ("403",))
    assert seen.headers.get("cache-control") == ("no-store" if seen.status.startswith("200") else None)


@pytest.mark.parametrize("target", ["leg", "leg status", "inbound"])
def test_a_fault_of_ours_looks_the_same(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    verify = Verifier.verify

    def faulty(self: Verifier, path: str, pairs: Pairs, headers: Headers) -> bool:
        if headers.get("X-Twilio-Signature") == "odd":
            raise ZeroDivisionError
        return verify(self, path, pairs, headers)

    monkeypatch.setattr(Verifier, "verify", faulty)
    assert both(TARGETS[target], HTTP_X_TWILIO_SIGNATURE="odd")[0].status.startswith("500")


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "POSTS"])
@pytest.mark.parametrize("target", ["inbound", "leg", "room"])
def test_other_methods(method: str, target: str) -> None:
    seen, needed = both(TARGETS[target], REQUEST_METHOD=method)
    assert needed
    assert seen.status[:3] == {"post": "204" if target == "room" else "200", "OPTIONS": "200"}.get(method, "405")


@pytest.mark.parametrize("path", ODD_PATHS)
def test_odd_paths(path: str) -> None:
    seen, _ = both(path)
    assert not seen.status.startswith("500")


@pytest.mark.parametrize("query", ["", "a", "=", "&&", "again=%ff", "again=٣", "room=&sig=", "room=%F0%9F%92%A3&sig=ä",
                                   "lead=1&lead=0", "x=1#y", "a;b"])  # fmt: skip
def test_odd_queries(query: str) -> None:
    for path in ("/voice/inbound", "/voice/fallback"):
        quoted = query.encode().decode("latin-1")
        both(path, RAW_URI=f"{path}?{query}", QUERY_STRING=quoted, HTTP_X_TWILIO_SIGNATURE=signature(
            f"{BASE}{path}?{query}", Edge().form()))  # fmt: skip


@pytest.mark.parametrize(
    "raw", ["", "/voice/inbound?x=1", "/voice/room", "//voice/inbound", "http://app.test/voice/inbound"]
)
def test_an_address_that_is_not_what_the_server_made_of_it(raw: str) -> None:
    both("/voice/inbound", RAW_URI=raw, REQUEST_URI=raw)


@pytest.mark.parametrize("host", HOSTS)
def test_odd_hosts(host: str) -> None:
    both("/voice/inbound", HTTP_HOST=host)
    both(TARGETS["leg"], HTTP_HOST=host)


@pytest.mark.parametrize("length", LENGTHS)
def test_odd_lengths(length: str) -> None:
    both("/voice/inbound", CONTENT_LENGTH=length)


@pytest.mark.parametrize("size", [64 * 1024 - 200, 64 * 1024 + 1, 200_000])
def test_a_large_form(size: int) -> None:
    seen, _ = both(TARGETS["leg"], {"CallSid": "CA1", "x": "x" * size})
    assert seen.status[:3] == ("413" if size > 64 * 1024 else "200")


@pytest.mark.parametrize("more", [
    {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True, "CONTENT_LENGTH": None},
    {"HTTP_TRANSFER_ENCODING": "gzip"}, {"CONTENT_LENGTH": None}, {"SCRIPT_NAME": "/under"}, {"HTTP_HOST": None},
    {"RAW_URI": None}, {"RAW_URI": None, "REQUEST_URI": None}, {"CONTENT_TYPE": "application/json"},
    {"CONTENT_TYPE": "multipart/form-data; boundary=x"}, {"HTTP_EXPECT": "100-continue"},
    {"HTTP_X_TWILIO_WEBHOOKS_SIGNATURE_SETTINGS": "key=1,algorithm=HMAC_SHA256"}, {"HTTP_X_TWILIO_SIGNATURE": "ä"},
])  # fmt: skip
def test_odd_requests(more: dict[str, Any]) -> None:
    both("/voice/inbound", **more)
    both(TARGETS["leg"], **more)


@pytest.mark.parametrize("form", [
    {}, {"CallSid": ""}, {"CallSid": "ä\0 &=+%"}, {"CallStatus": "completed"}, {"Digits": "1"},
    {"SpeechResult": "yes, please"}, {"StatusCallbackEvent": "participant-join"},
])  # fmt: skip
@pytest.mark.parametrize("target", TARGETS)
def test_all_kinds_of_forms(target: str, form: dict[str, str]) -> None:
    both(TARGETS[target], {**Edge().form(), **form} if form else {})
