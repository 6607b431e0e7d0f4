"""More webhooks at once than ``callflow serve`` answers: a real server with one place, and a hundred callers."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from tests.e2e.servers import FORM, TOKEN, Server, running
from tests.web.edge import signature

CALLERS = 100


def webhook(server: Server, number: int) -> bytes:
    form = {**FORM, "CallSid": f"CA{number:032x}"}
    body = urlencode(form).encode()
    return (
        f"POST /voice/inbound HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n"
        f"X-Twilio-Signature: {signature(f'{server.base}/voice/inbound', form, TOKEN)}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def test_a_hundred_callers_at_once_all_get_a_document_from_a_server_with_one_place(tmp_path: Path) -> None:
    """Those who cannot wait for the place are told to try again; each webhook counts as one or the other."""
    with running("serve", tmp_path, CALLFLOW_THREADS="1") as server, ExitStack() as stack:
        requests = [webhook(server, number) for number in range(CALLERS)]
        connections = [stack.enter_context(server.connected()) for _ in requests]
        for connection, request in zip(connections, requests, strict=True):
            connection.sendall(request)
        with ThreadPoolExecutor(8) as readers:
            answers = list(readers.map(lambda one: b"".join(iter(lambda: one.recv(65536), b"")), connections))
        assert all(one.startswith(b"HTTP/1.1 200") and b"<Response>" in one for one in answers)
        page = server.get("/metrics", server.operations)[1].decode().splitlines()
        counts = {name: float(value) for name, _, value in [line.rpartition(" ") for line in page if line[0] != "#"]}
        shed = counts["callflow_shed_webhooks_total"]
        assert counts["callflow_webhooks_total"] + shed == CALLERS
        assert sum(b"again=" in one for one in answers) == shed
        assert counts["callflow_webhook_duration_seconds_count"] == CALLERS
