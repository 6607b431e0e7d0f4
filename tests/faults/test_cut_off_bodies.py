"""Webhooks whose body is cut off on the way, byte for byte on a real server."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e.servers import COMMANDS, FORM, TOKEN, Server, running
from tests.web.edge import signature

CUT_OFF = 40


def begins_and_goes(server: Server, form: dict[str, str]) -> None:
    """A signed webhook of which half of the body arrives; then the connection is closed."""
    body = urlencode(form).encode()
    with server.connected() as connection:
        connection.sendall(
            f"POST /voice/inbound HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n"
            f"X-Twilio-Signature: {signature(f'{server.base}/voice/inbound', form, TOKEN)}\r\n"
            f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body[: len(body) // 2]
        )


@pytest.mark.parametrize("command", COMMANDS)
def test_a_body_that_is_cut_off_decides_nothing_and_costs_nobody_a_thread(tmp_path: Path, command: str) -> None:
    """Forty calls begin with half a body; then the provider sends the first one again, whole."""
    with running(command, tmp_path) as server:
        for number in range(CUT_OFF):
            begins_and_goes(server, {**FORM, "CallSid": f"CA{number:032x}"})
        again = server.post("/voice/inbound", f"{server.base}/voice/inbound", CallSid=f"CA{0:032x}")
        assert (again[0], b"<Response>" in again[1]) == (200, True)
        metrics = server.get("/metrics", server.operations)[1]
        assert b"\ncallflow_webhooks_total 1.0\n" in metrics
        assert b"\ncallflow_failures_total 0.0\n" in metrics
        assert b'callflow_calls{stage="arriving"} 1.0' in metrics
