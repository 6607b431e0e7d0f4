"""The troubles of docs/promises.md. Each begins when its function is called, and does not end."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import requests

from tests.e2e.conversation import Conversation
from tests.e2e.second_node import only_the_second_node


def server_dies(talk: Conversation) -> None:
    talk.world.disconnect()


def server_dies_beside_another(talk: Conversation) -> None:
    only_the_second_node(talk)


def database_away(talk: Conversation) -> None:
    talk.callflow.store.close()


def rest_away(talk: Conversation) -> None:
    def refused(*_: Any) -> NoReturn:
        raise requests.ConnectionError

    setattr(talk.world.transport, "carry", refused)  # noqa: B010


TROUBLES: Mapping[str, Callable[[Conversation], None]] = {
    "The server dies, and nobody else answers": server_dies,
    "The server dies, and another node answers the fallback URL": server_dies_beside_another,
    "The database cannot be reached": database_away,
    "The provider's REST API cannot be reached": rest_away,
}
