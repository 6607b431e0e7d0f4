"""A second node that only answers the fallback URL. It shares the secret key with the first, and no database."""

from collections.abc import Callable, Iterable
from typing import Any

from callflow.simulator.world import WsgiApp

FALLBACK = "/voice/fallback"


def only_fallback(app: WsgiApp) -> WsgiApp:
    """Wrap the app so that every other URL answers 503."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == FALLBACK:
            return app(environ, start_response)
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"that node is gone"]

    return answer
