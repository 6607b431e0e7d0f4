"""A second node of which only the fallback address can be reached: it shares the secret key and nothing else."""

from collections.abc import Callable, Iterable
from typing import Any

from callflow.simulator.world import WsgiApp

FALLBACK = "/voice/fallback"


def only_fallback(app: WsgiApp) -> WsgiApp:
    """The app, deaf on every other address (as a balancer sees a node that is being drained)."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == FALLBACK:
            return app(environ, start_response)
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"that node is gone"]

    return answer
