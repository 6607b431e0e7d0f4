"""The troubles of docs/promises.md. Each begins when its function is called, and does not end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Trouble:
    """``how`` are the arguments of Conversation before it, ``begin`` begins it."""

    begin: Callable[[Conversation], None]
    how: Mapping[str, Any] = field(default_factory=dict)


TROUBLES: Mapping[str, Trouble] = {
    "The server dies, and nobody else answers": Trouble(server_dies),
    "The server dies, and the document hosted by the provider answers": Trouble(server_dies, {"hosted": True}),
    "The server dies, and another node answers the fallback URL": Trouble(server_dies_beside_another),
    "The database cannot be reached": Trouble(database_away),
    "The provider's REST API cannot be reached": Trouble(rest_away),
}
