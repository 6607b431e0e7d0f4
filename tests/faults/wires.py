"""What can go wrong between Callflow and the provider: late answers, documents and forms that are cut off."""

import io
from collections.abc import Callable, Iterable
from typing import Any

from callflow.emulator.app_clients import MODELLED_SECONDS
from callflow.simulator.world import WsgiApp
from tests.e2e.conversation import Conversation

Undo = Callable[[], None]


def between(talk: Conversation, wire: Callable[[WsgiApp], WsgiApp]) -> Undo:
    """Put ``wire`` between the provider and the server that is connected now."""
    app = talk.world._app
    assert app
    talk.world._app = wire(app)

    def undo() -> None:
        talk.world._app = app

    return undo


def slow_replies(talk: Conversation, seconds: float) -> Undo:
    """Every answer takes so long."""

    def wire(app: WsgiApp) -> WsgiApp:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            def slowly(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Any:
                return start_response(status, [*headers, (MODELLED_SECONDS, str(seconds))])

            return app(environ, slowly)

        return answer

    return between(talk, wire)


def half_documents(talk: Conversation) -> Undo:
    """The second half of every answer is lost on the way."""

    def wire(app: WsgiApp) -> WsgiApp:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            body = b"".join(app(environ, start_response))
            return [body[: len(body) // 2]]

        return answer

    return between(talk, wire)


def half_forms(talk: Conversation) -> Undo:
    """The second half of every webhook's form is lost on the way."""

    def wire(app: WsgiApp) -> WsgiApp:
        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            body = environ["wsgi.input"].read()
            return app({**environ, "wsgi.input": io.BytesIO(body[: len(body) // 2])}, start_response)

        return answer

    return between(talk, wire)
