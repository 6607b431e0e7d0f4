"""Our connections, direct or through a proxy, and a session of requests send the same and return the same."""

import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from callflow.fast_path import http_connections
from callflow.fast_path.http_connections import HttpConnections, ThroughRequests
from tests.conftest import skip_or_fail

HEADERS = {"Authorization": "Basic eDp5", "User-Agent": "callflow", "Accept": "application/json"}
FORM = {**HEADERS, "Content-Type": "application/x-www-form-urlencoded"}
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class Request(NamedTuple):
    line: str
    headers: Mapping[str, str]
    body: bytes


class Server(http.server.BaseHTTPRequestHandler):
    """Answers by the path that was asked for, and remembers what came."""

    protocol_version = "HTTP/1.1"
    seen: list[Request]
    connections: set[Any]
    closed: threading.Event

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        type(self).seen.append(Request(self.requestline, dict(self.headers), body))
        type(self).connections.add(self.client_address)
        kind = self.path.rpartition("/")[2].partition("?")[0]
        getattr(self, f"answer_{kind}", self.answer_status)(kind)

    do_GET = do_POST

    def answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer_status(self, kind: str) -> None:
        status = int(kind) if kind.isdecimal() else 200
        self.answer(status, b"" if status == 204 else b'{"sid": "CA1"}', {"Content-Type": "application/json"})

    def answer_gzip(self, kind: str) -> None:
        self.answer(200, gzip.compress("ä".encode(), mtime=0), {"Content-Encoding": "gzip"})

    def answer_chunked(self, kind: str) -> None:
        self.answer_parts(b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")

    def answer_broken(self, kind: str) -> None:
        self.answer_parts(b"3\r\nabc\r\nno number\r\n")
        self.close_connection = True

    def answer_pieces(self, kind: str) -> None:
        """As through TLS: the head first, then the body in two."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nX-Empty:\r\n\r\n")
        for part in (b"ab", b"cd"):
            threading.Event().wait(0.02)
            self.wfile.write(part)

    def answer_long(self, kind: str) -> None:
        """More than is read at once, in parts, like a recording."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n")
        for n in range(300):
            self.wfile.write(bytes([n % 256]) * 1000)

    def answer_head(self, kind: str) -> None:
        """Half of the head, then the rest."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
        threading.Event().wait(0.02)
        self.wfile.write(b"ngth: 2\r\n\r\nok")

    def answer_odd(self, kind: str) -> None:
        """A reason and a header that are not ASCII."""
        self.wfile.write(b"HTTP/1.1 200 Gr\xfc\xdfe\r\nX-Two: a\r\nX-A: \xe4\r\nContent-Length: 2\r\n\r\nok")

    def answer_old(self, kind: str) -> None:
        """Ends with the connection."""
        self.wfile.write(b"HTTP/1.1 200 OK\r\n\r\nuntil the end")
        self.close_connection = True

    def answer_cut(self, kind: str) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\ncut")
        self.close_connection = True

    def answer_parts(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(body)

    def answer_redirect(self, kind: str) -> None:
        self.answer(302, b"", {"Location": "/elsewhere/200"})

    def answer_headers(self, kind: str) -> None:
        self.answer(200, b"", {"Retry-After": "7", "X-Two": "a"})

    def answer_hangup(self, kind: str) -> None:
        self.close_connection = True

    def answer_last(self, kind: str) -> None:
        """As a host that closes an idle connection without having said so."""
        self.answer(200, b"", {})
        self.close_connection = True

    def finish(self) -> None:
        super().finish()
        self.connection.close()
        type(self).closed.set()

    def answer_silence(self, kind: str) -> None:
        threading.Event().wait(0.5)
        self.close_connection = True

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    Server.seen, Server.connections, Server.closed = [], set(), threading.Event()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def with_session(method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
    with requests.Session() as session:
        session.headers.clear()
        return session.request(method, url, headers=headers, data=body or None, timeout=http_connections.TIMEOUT,
                               allow_redirects=False)  # fmt: skip


def with_the_adapter(method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
    connections = ThroughRequests()
    try:
        return connections.carry(method, url, headers, body)
    finally:
        connections.close()


def with_ours(method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
    connections = HttpConnections(url)
    try:
        return connections.carry(method, url, headers, body)
    finally:
        connections.close()


def outcome(send: Any, *request: Any) -> tuple[Any, ...]:
    """What was answered, or the most general of the errors that callers of ``carry`` tell apart."""
    try:
        answer = send(*request)
    except requests.RequestException:
        return (requests.RequestException,)
    kept = {name: value for name, value in answer.headers.items() if name != "Date"}
    return answer.status_code, answer.reason, kept, answer.content, answer.text, answer.url


def every_way(method: str, url: str, headers: Mapping[str, str] = HEADERS, body: str = "", *,
              ways: Sequence[Any] = (with_session, with_the_adapter, with_ours)) -> tuple[Any, ...]:  # fmt: skip
    """What came of the request, the same each way; the server has seen the same each time."""
    outcomes = [outcome(send, method, url, headers, body) for send in ways]
    assert outcomes == outcomes[:1] * len(ways)
    each = len(Server.seen) // len(ways)
    assert Server.seen == Server.seen[:each] * len(ways)
    return outcomes[0]


@pytest.mark.parametrize("path", ["200", "201", "204", "400", "404", "429", "503", "gzip", "chunked", "headers",
                                  "redirect", "pieces", "long", "head", "odd", "old"])  # fmt: skip
@pytest.mark.parametrize(("method", "body"), [("GET", ""), ("POST", ""), ("POST", "To=%2B1555&x=")])
def test_any_answer(address: str, method: str, body: str, path: str) -> None:
    came = every_way(method, f"{address}/v1/{path}?x=%2B1&y=a+b", FORM if body else HEADERS, body)
    assert came[0] == {"redirect": 302}.get(path, int(path) if path.isdecimal() else 200)
    assert len(Server.seen) == 3


@pytest.mark.parametrize("path", ["hangup", "broken", "cut", "silence"])
def test_any_failure(address: str, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connections, "TIMEOUT", (0.2, 0.2))
    came = every_way("POST", f"{address}/{path}", FORM, "a=b")
    assert came == (requests.RequestException,)


def test_nobody_there(address: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        assert every_way("GET", f"http://127.0.0.1:{closed.getsockname()[1]}/200") == (requests.RequestException,)


def test_a_proxy_of_the_environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", address)
    assert every_way("GET", "http://api.test/200", ways=(with_session, with_ours))[0] == 200
    assert Server.seen[0].line == "GET http://api.test/200 HTTP/1.1"


def test_a_host_that_needs_no_proxy(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    assert every_way("GET", f"{address}/200", ways=(with_session, with_ours))[0] == 200


def test_certificates_of_the_environment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    with pytest.raises(OSError, match=r"/nowhere/ca\.pem"):
        with_session("GET", address.replace("http", "https"), HEADERS, "")
    with pytest.raises(OSError, match=r"/nowhere/ca\.pem"):
        with_ours("GET", address.replace("http", "https"), HEADERS, "")


def test_a_certificate_is_checked(address: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """One that we know is accepted, for its own host; by default a stranger's is not."""
    key, known = tmp_path / "key.pem", tmp_path / "known.pem"
    if not shutil.which("openssl"):
        skip_or_fail("openssl, which makes a certificate")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", known,
                    "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                   check=True, capture_output=True)  # fmt: skip
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(known, key)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        server.daemon_threads, server.block_on_close = True, False
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        port = server.server_port
        with pytest.raises(requests.ConnectionError):
            with_ours("GET", f"https://localhost:{port}/200", HEADERS, "")
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(known))
        assert with_ours("GET", f"https://localhost:{port}/200", HEADERS, "").status_code == 200
        with pytest.raises(requests.ConnectionError):
            with_ours("GET", f"https://127.0.0.1:{port}/200", HEADERS, "")
        server.shutdown()


def test_one_connection_is_kept_as_in_a_session(address: str) -> None:
    connections = HttpConnections(address)
    for _ in range(3):
        connections.carry("POST", f"{address}/200", FORM, "a=b")
    connections.close()
    assert len(Server.connections) == 1


def test_a_connection_that_the_host_closed_is_not_used_again(address: str) -> None:
    connections = HttpConnections(address)
    assert connections.carry("POST", f"{address}/last", FORM, "a=b").status_code == 200
    Server.closed.wait(5)
    assert connections.carry("POST", f"{address}/200", FORM, "a=b").status_code == 200
    connections.close()
    assert len(Server.connections) == 2


def test_a_slow_answer_and_nobody_there_are_told_apart(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_connections, "TIMEOUT", (0.2, 0.2))
    with pytest.raises(requests.Timeout):
        with_ours("POST", f"{address}/silence", FORM, "a=b")
    with pytest.raises(requests.ConnectionError):
        with_ours("POST", f"{address}/hangup", FORM, "a=b")


def test_many_threads_at_once(address: str) -> None:
    connections = HttpConnections(address)
    with ThreadPoolExecutor(8) as threads:
        sent = [threads.submit(connections.carry, "POST", f"{address}/{200 + n % 2}", FORM, "a=b") for n in range(64)]
        answers = [one.result().status_code for one in sent]
    connections.close()
    assert answers == [200, 201] * 32
    assert len(Server.connections) <= 8
