"""Errors, provoked with personal data and secrets in their messages: nothing of it reaches a log or a page."""

from collections.abc import Callable
from copy import copy
from typing import Any

import pytest

from callflow.service.ports import GatewayFailure, StoreUnavailable
from callflow.store import open_store
from tests.simulator.readable import found_in, pages, recorded
from tests.web.edge import CALLER, NEXT, SID, SUB, TOKEN, Edge

DIGITS, SPEECH, NAME = "4929871", "my doctor said so", "Marguerite"
PRIVATE = {
    CALLER.lstrip("+"): "a number", "15550190042": "a number", DIGITS: "digits typed", SPEECH: "words said",
    NAME: "a name", TOKEN: "a secret", NEXT: "a secret", SUB: "a secret", "a secret of sixteen": "a secret",
}  # fmt: skip
FORM = {"Digits": DIGITS, "SpeechResult": SPEECH, "CallerName": NAME, "RecordingUrl": f"https://x.test/{DIGITS}"}
MESSAGE = f"{CALLER} typed {DIGITS} and said {SPEECH}; {NAME}; {TOKEN}; a secret of sixteen"


class Broken:
    """A store whose methods fail, one after the other: ``left`` more calls of them succeed."""

    def __init__(self) -> None:
        self.store: Any = open_store("memory:")
        self.left = 1_000_000
        self.error: Exception = KeyError(MESSAGE)

    def __getattr__(self, name: str) -> Any:
        served = getattr(self.store, name)
        return self._counted(served) if callable(served) else served

    def _counted(self, served: Callable[..., Any]) -> Callable[..., Any]:
        def use(*what: Any, **how: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise copy(self.error).with_traceback(None)
            return served(*what, **how)

        return use


def every_request(edge: Edge) -> None:
    """Signed, forged and malformed requests to every address, with personal data in all of their parts."""
    (call,) = edge.store.store.calls()
    lead = call.lead
    paths = ["inbound", "status", "fallback", f"fallback?room=call-{DIGITS}&sig={NAME}", f"{call.id}/room",
             f"{call.id}/caller/1/hold_question", f"{call.id}/{lead}/1/menu", f"{call.id}/caller/status",
             f"{call.id}/caller/waiting", f"{DIGITS}/caller/1/{NAME}"]  # fmt: skip
    for path in paths:
        for form in (
            {**edge.form(SID), **FORM},
            {**edge.form(MESSAGE), **FORM},
            {**FORM, "CallSid": MESSAGE, "To": MESSAGE},
        ):
            for more in ({}, {"signed": ""}, {"token": SPEECH}):
                edge.post(f"/voice/{path}", {**form, "ErrorUrl": MESSAGE, "ErrorCode": DIGITS}, **more)  # type: ignore[arg-type]
    edge.flush()


@pytest.fixture
def edge() -> Edge:
    return Edge(store=Broken()).talking()  # type: ignore[arg-type]


TROUBLES = {
    "none": None, "a bug": KeyError(MESSAGE), "a database that is away": StoreUnavailable("away"),
    "values in a driver's message": ValueError(f"DETAIL: Failing row contains ({MESSAGE})"),
}  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("left", [0, 1, 2])
def test_an_error_tells_where_and_never_whom(edge: Edge, trouble: str, left: int) -> None:
    store: Any = edge.store
    with recorded() as texts:
        if error := TROUBLES[trouble]:
            store.error, store.left = error, left
        every_request(edge)
        texts += pages(edge.callflow.app)
    assert found_in(texts, PRIVATE) == []
    assert texts[-1], "nothing was logged"


@pytest.mark.parametrize("refusal", [RuntimeError(MESSAGE), GatewayFailure("ring: HTTP 400, code 21211", code="21211")])
def test_a_request_that_the_provider_refuses_quotes_nobody(refusal: Exception) -> None:
    with recorded() as texts:
        edge = Edge()
        edge.provider.refusal = refusal
        edge.waiting()
        for _ in range(4):
            edge.flush().later(30)
        texts += pages(edge.callflow.app)
    assert found_in(texts, PRIVATE) == []
    assert texts[-1], "nothing was logged"
