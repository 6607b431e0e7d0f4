"""A second node of which only the fallback address can be reached. It shares the secret key and nothing else."""

from collections.abc import Callable, Iterable
from typing import Any

from callflow.bootstrap import rehearse
from tests.e2e.conversation import AUDIO, Conversation, shipped

FALLBACK = "/voice/fallback"


def only_the_second_node(talk: Conversation) -> Conversation:
    """The first node is down, as after SIGKILL. The second one, with its own empty database, is up."""
    talk.world.disconnect()
    app = rehearse(shipped(), AUDIO).callflow.app

    def fallback_only(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == FALLBACK:
            return app(environ, start_response)
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"that node is gone"]

    talk.world.connect(fallback_only, None, ())
    return talk
