"""Which requests take a place of a webhook."""

from types import SimpleNamespace
from typing import Any

import pytest

from callflow.runtime.granian_requests import Request


@pytest.mark.parametrize(("method", "path", "kind"), [
    ("POST", b"/voice/inbound", "webhook"), ("POST", b"/line/voice/c1/room", "webhook"),
    ("GET", b"/voice/inbound", "other"),
    ("POST", b"/sign-in", "other"), ("POST", b"/board/calls/4F7K", "other"), ("GET", b"/board", "other"),
])  # fmt: skip
def test_what_people_do_on_pages_takes_no_place_of_a_webhook(method: str, path: bytes, kind: str) -> None:
    taken: list[str] = []
    threads = SimpleNamespace(webhook=lambda _: taken.append("webhook"), other=lambda _: taken.append("other"))
    scope: Any = {"method": method, "raw_path": path, "headers": []}
    everything: Any = SimpleNamespace(threads=threads, largest=1)
    Request(everything, SimpleNamespace(scope=scope, proto=None)).hand_over()
    assert taken == [kind]
