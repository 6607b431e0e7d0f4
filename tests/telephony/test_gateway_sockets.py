"""Over real sockets: the base URL, persistent connections, refused connections, timeouts."""

import http.server
import json
import socket
import threading

import pytest

from callflow.service.ports import GatewayFailure
from tests.telephony.orders import ACCOUNT, LEG, REDIRECT, RELEASE, RING, gateway


class Provider(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen: list[tuple[str, str, tuple[str, int]]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.seen.append((self.path, self.headers["Authorization"], self.client_address))
        body = json.dumps({"sid": LEG}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        pass


def test_another_base_address_and_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    Provider.seen = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Provider) as server:
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, daemon=True).start()
        made = gateway(f"http://127.0.0.1:{server.server_port}/prefix")
        assert [made.send(REDIRECT), made.send(RELEASE)] == [LEG, LEG]
        made.close()
        server.shutdown()
    assert {path for path, _, _ in Provider.seen} == {f"/prefix/2010-04-01/Accounts/{ACCOUNT}/Calls/{LEG}.json"}
    assert all(authorization.startswith("Basic ") for _, authorization, _ in Provider.seen)
    assert len({address for _, _, address in Provider.seen}) == 1


def test_nobody_there() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    with pytest.raises(GatewayFailure, match="ring: ConnectionError") as caught:
        gateway(f"http://127.0.0.1:{port}").send(RING)
    assert (caught.value.retry, caught.value.gone) == (True, False)


def test_somebody_silent_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callflow.fast_path.http_connections.TIMEOUT", (0.2, 0.2))
    with socket.create_server(("127.0.0.1", 0)) as silent:
        made = gateway(f"http://127.0.0.1:{silent.getsockname()[1]}")
        with pytest.raises(GatewayFailure, match="redirect: ReadTimeout") as caught:
            made.send(REDIRECT)
        made.close()
    assert caught.value.retry
