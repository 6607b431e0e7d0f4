"""The listener of health and metrics."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from callflow.web import operations
from callflow.web.health import HealthPages
from callflow.web.operations import OperationsListener
from tests.e2e.servers import free_port
from tests.web.edge import Edge


@pytest.fixture
def listening() -> Iterator[tuple[Edge, str]]:
    edge, port = Edge(), free_port()
    with OperationsListener(("127.0.0.1", port), HealthPages(edge.callflow.web.dependencies)):
        yield edge, f"http://127.0.0.1:{port}"


def test_it_answers_everything_that_ops_may_know_and_nothing_else(listening: tuple[Edge, str]) -> None:
    edge, base = listening
    edge.rings()
    assert urlopen(f"{base}/healthz").read() == b"alive\n"
    assert b"callflow_webhooks_total 1.0" in urlopen(f"{base}/metrics?now").read()
    with pytest.raises(HTTPError, match="404"):
        urlopen(f"{base}/voice/inbound")


def test_a_client_that_says_nothing_holds_up_no_other(listening: tuple[Edge, str]) -> None:
    _, base = listening
    with socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2]))):
        assert urlopen(f"{base}/healthz").read() == b"alive\n"


def test_it_goes_on_after_a_moment_without_threads(
    listening: tuple[Edge, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, base = listening

    def none(**_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as without:
        without.setattr(operations, "Thread", none)
        with pytest.raises(OSError, match=r"reset|closed"):
            urlopen(f"{base}/healthz", timeout=5)
    assert urlopen(f"{base}/healthz", timeout=5).read() == b"alive\n"


def test_a_page_that_fails_is_logged_without_what_the_error_says(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> dict[str, str]:
        raise RuntimeError("+15550100199")

    port, parts = free_port(), replace(Edge().callflow.web.dependencies, ready=fail)
    with OperationsListener(("127.0.0.1", port), HealthPages(parts)), pytest.raises(OSError, match="closed"):
        urlopen(f"http://127.0.0.1:{port}/readyz")
    assert "RuntimeError" in caplog.text
    assert "0199" not in caplog.text
