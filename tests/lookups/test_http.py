"""Asking other lookup_client: what is answered, what is refused, and how long it may take at the most."""

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from callflow.core.configuration import LookupRules
from callflow.lookups.http import HttpLookupClient, is_public
from callflow.service.lookup_client import LookupFailure, LookupRequest

HOST = "crm.test"
RULES = LookupRules(allow_private=frozenset({HOST}), allow_http=frozenset({HOST}))


class System(BaseHTTPRequestHandler):
    """Another system: each path is one way to behave. ``seen`` is what it was asked."""

    seen: list[tuple[str, str, dict[str, str], bytes]] = []  # noqa: RUF012 - one server a test run, cleared by each

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append((self.command, self.path, dict(self.headers), body))
        getattr(self, f"say_{self.path.strip('/').partition('?')[0]}")()

    do_POST = do_GET

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def say_good(self) -> None:
        self.reply(200, b'{"customer": {"name": "Ana"}}')

    def say_gone(self) -> None:
        self.reply(404)

    def say_broken(self) -> None:
        self.reply(503)

    def say_once_broken(self) -> None:
        self.reply(200 if len(self.seen) > 1 else 502, b"{}")

    def say_large(self) -> None:
        self.reply(200, b"x" * (64 * 1024 + 1))

    def say_packed(self) -> None:
        self.reply(200, b"x", Content_Encoding="gzip")

    def say_moved(self) -> None:
        self.reply(302, Location="/good")

    def say_elsewhere(self) -> None:
        self.reply(302, Location="http://other.test/good")

    def say_round(self) -> None:
        self.reply(302, Location="/round")

    def say_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for _ in range(100):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        """Nothing is printed."""


@pytest.fixture
def port() -> Iterator[int]:
    System.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), System)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()
    thread.join()


def resolve(host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]


def ask(port: int, path: str, *, rules: LookupRules = RULES, environ: dict[str, str] | None = None,
        **changes: Any) -> bytes:  # fmt: skip
    given = {"method": "GET", "url": f"http://{HOST}:{port}/{path}", "seconds": 2, "tries": 1} | changes
    return HttpLookupClient(environ or {}, resolve).answer(LookupRequest(**given), rules)


def test_a_good_answer(port: int) -> None:
    assert ask(port, "good?a=%2B1") == b'{"customer": {"name": "Ana"}}'
    assert System.seen[0][:2] == ("GET", "/good?a=%2B1")
    assert System.seen[0][2]["Host"] == f"{HOST}:{port}"


def test_secrets_come_from_the_environment_by_name(port: int) -> None:
    ask(port, "good", headers={"Authorization": "CRM_TOKEN"}, environ={"CRM_TOKEN": "Bearer 1"})
    assert System.seen[0][2]["Authorization"] == "Bearer 1"


@pytest.mark.parametrize("name", ["CRM_TOKEN", "TWILIO_AUTH_TOKEN", "CALLFLOW_SECRET_KEY"])
def test_a_secret_that_is_missing_or_ours_is_not_sent(port: int, name: str) -> None:
    with pytest.raises(LookupFailure, match="a secret is missing"):
        ask(port, "good", headers={"X-Key": name}, environ={"TWILIO_AUTH_TOKEN": "t", "CALLFLOW_SECRET_KEY": "k"})
    assert not System.seen


def test_a_header_cannot_be_two(port: int) -> None:
    with pytest.raises(LookupFailure):
        ask(port, "good", headers={"X-Key": "KEY"}, environ={"KEY": "a\r\nX-Other: b"})
    assert not System.seen


def test_post_carries_json_and_is_sent_once(port: int) -> None:
    ask(port, "good", method="POST", body=b'{"a": "1"}')
    assert System.seen[0][3] == b'{"a": "1"}'
    System.seen.clear()
    with pytest.raises(LookupFailure, match="HTTP 502"):
        ask(port, "once_broken", method="POST", tries=3)
    assert len(System.seen) == 1


@pytest.mark.parametrize(
    ("path", "why"),
    [("gone", "HTTP 404"), ("broken", "HTTP 503"), ("large", "64 kB"), ("packed", "compressed"),
     ("elsewhere", "a redirect"), ("round", "too many"), ("missing", "no answer")],
)  # fmt: skip
def test_what_cannot_be_used(port: int, path: str, why: str) -> None:
    with pytest.raises(LookupFailure, match=why):
        ask(port, path)


def test_again_after_a_failure_of_the_moment(port: int) -> None:
    assert ask(port, "once_broken", tries=2) == b"{}"


def test_a_redirect_on_the_same_host(port: int) -> None:
    assert b"Ana" in ask(port, "moved")


def test_an_answer_that_drips_has_an_end(port: int) -> None:
    """Every byte comes in time, and after five seconds the answer would be whole."""
    with pytest.raises(LookupFailure, match="no answer in time"):
        ask(port, "drip", seconds=0.4, tries=2)


def test_nobody_listens(port: int) -> None:
    with pytest.raises(LookupFailure, match="no connection"):
        ask(1, "good")


def test_no_such_host() -> None:
    def unknown(*_: Any, **__: Any) -> list[tuple[Any, ...]]:
        raise socket.gaierror

    with pytest.raises(LookupFailure, match="no such host"):
        HttpLookupClient({}, unknown).answer(LookupRequest(method="GET", url=f"https://{HOST}/", seconds=1), RULES)


def test_a_name_that_means_this_machine_is_refused(port: int) -> None:
    """Also one that meant a public address a moment ago: what is judged is what is connected to (DNS rebinding)."""
    with pytest.raises(LookupFailure, match="not allowed"):
        ask(port, "good", rules=LookupRules(allow_http=frozenset({HOST})))
    assert not System.seen


def test_without_encryption_only_where_ops_allowed_it(port: int) -> None:
    with pytest.raises(LookupFailure, match="not https"):
        ask(port, "good", rules=LookupRules(allow_private=frozenset({HOST})))


def test_a_certificate_is_asked_for(port: int) -> None:
    with pytest.raises(LookupFailure, match="no answer"):
        ask(port, "good", url=f"https://{HOST}:{port}/good")
    assert not System.seen


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("10.0.0.1", False), ("127.0.0.1", False),
        ("169.254.169.254", False), ("192.168.1.1", False), ("100.64.0.1", False), ("0.0.0.0", False),
        ("224.0.0.1", False), ("::1", False), ("fe80::1%eth0", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::5db8:d822", True), ("2002:7f00:1::", False), ("ff0e::1", False),
        ("::127.0.0.1", False), ("::93.184.216.34", False), ("::ffff:0:127.0.0.1", False), ("fec0::1", False),
        ("64:ff9b:1::5db8:d822", False), ("64:ff9b:1:ffff::a00:1", False), ("192.88.99.1", False),
        ("3fff::1", False), ("4000::1", False), ("100::1", False), ("2606:2800:220:1:0:5efe:a00:1", False),
        ("2606:2800:220:1:0:5efe:5db8:d822", True), ("2001::1", False), ("::ffff:93.184.216.34", True),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public
