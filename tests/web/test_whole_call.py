"""The demo's whole call with all three steps, with every webhook sent twice, and what is logged about it."""

import io
import logging
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from callflow.core.stages import Stage
from callflow.emulator.script import Say
from callflow.simulator import demo_script
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import PHONES, Conversation
from tests.web.edge import Edge

Start = Callable[..., Any]


class Twice:
    """A WSGI application that gets every request twice, and must have the same answer and no effect the second time."""

    def __init__(self, talk: Conversation) -> None:
        self.app, self.talk, self.asked = talk.callflow.web.front, talk, 0
        talk.callflow.web.front = self

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        first = self.answer(environ, body, start)
        if environ["REQUEST_METHOD"] == "POST":
            self.asked += 1
            before = self.state()
            assert self.answer(environ, body, lambda *_: None) == first, environ["PATH_INFO"]
            assert self.state() == before, environ["PATH_INFO"]
        return [first]

    def answer(self, environ: dict[str, Any], body: bytes, start: Start) -> bytes:
        return b"".join(self.app({**environ, "wsgi.input": io.BytesIO(body)}, start))

    def state(self) -> tuple[dict[str, Any], int]:
        runner: Any = self.talk.callflow.runner
        return Edge.kept_by(self.talk.callflow.store), len(runner._tasks)


def test_every_webhook_of_the_call_may_come_twice() -> None:
    talk = Conversation(demo_configuration())
    twice = Twice(talk)
    demo_script.script().run(talk.emulator)
    talk.over()
    assert twice.asked > 60
    talk.noted("call_ended", outcome="closed")


def test_nothing_of_what_was_said_or_typed_and_no_number_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    talk = Conversation(demo_configuration())
    demo_script.script().run(talk.emulator)
    talk.over()
    spoken = [step.do.text for step in demo_script.script().steps if isinstance(step.do, Say)]
    assert len(spoken) > 5
    assert talk.call.stage is Stage.ENDED
    for secret in [*PHONES.values(), *(number[1:] for number in PHONES.values()), *spoken]:
        assert secret not in caplog.text
