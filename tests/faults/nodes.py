"""Servers that are killed, that lose their network while they live, or that come back with another clock or
configuration."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import requests

from callflow.bootstrap import rehearse
from callflow.core.configuration import Configuration
from callflow.service.node_clock import NodeClock
from callflow.service.ports import Store
from callflow.simulator.world import TICK_SECONDS, World
from callflow.simulator.wsgi_transport import WsgiTransport
from callflow.store.memory import MemoryStore
from tests.e2e.conversation import AUDIO, Conversation
from tests.faults.databases import Cable


def dies(talk: Conversation) -> None:
    talk.world.disconnect()


def is_back(talk: Conversation) -> None:
    """The server starts again, on the same database."""
    starts(talk, talk.callflow.store)


def starts(talk: Conversation, store: Store, configuration: Configuration | None = None, ahead: float = 0.0) -> None:
    """A server starts; its clock is so many seconds ahead."""
    talk.world.disconnect()
    clock = (lambda: talk.clock.now() + timedelta(seconds=ahead)) if ahead else None
    talk.callflow = rehearse(configuration or talk.configuration, AUDIO, talk.world, store, clock).callflow


class SteppedClock:
    """The machine's clock is set while the server runs, whose own clock counts on."""

    def __init__(self, seconds: float) -> None:
        self._by, self._seconds = 0.0, seconds

    def how(self, folder: Path) -> dict[str, Any]:
        self._by = 0.0
        return {"clock_of": self._of}

    def _of(self, world: World) -> NodeClock:
        def machine() -> datetime:
            return world.clock.now() + timedelta(seconds=self._by)

        return NodeClock(machine, world.clock.monotonic, by_database=False)

    def begin(self, talk: Conversation) -> None:
        self._by = self._seconds


class CutOff:
    """Of two servers on one database, the one that has the call loses its network, and lives on: it reaches neither the
    database nor the provider, and its deadlines pass. When it is back, both work."""

    def how(self, folder: Path) -> dict[str, Any]:
        return {"store": Cable(MemoryStore())}

    def begin(self, talk: Conversation) -> None:
        self._first, self._cable = talk.callflow, talk.callflow.store
        self._wire, self._carry = talk.world.transport, talk.world.transport.carry
        setattr(self._wire, "carry", _unreachable)  # noqa: B010
        self._cable.cut = True  # type: ignore[attr-defined]
        talk.world.transport = WsgiTransport(talk.emulator.wsgi, talk.clock.now)
        starts(talk, self._cable.store)  # type: ignore[attr-defined]
        self._lives_on(talk)

    def _lives_on(self, talk: Conversation) -> None:
        self._first.runner.run_due()  # type: ignore[union-attr]
        talk.clock.after(TICK_SECONDS, lambda: self._lives_on(talk))

    def end(self, talk: Conversation) -> None:
        self._cable.cut = False  # type: ignore[attr-defined]
        setattr(self._wire, "carry", self._carry)  # noqa: B010


def _unreachable(*_: Any) -> NoReturn:
    raise requests.ConnectionError
