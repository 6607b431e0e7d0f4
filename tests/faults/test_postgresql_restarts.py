"""PostgreSQL goes away for ten seconds in each stage of a call, and its old connections are dead afterwards."""

import uuid
from pathlib import Path
from typing import Any, LiteralString

import pytest

from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import Conversation
from tests.faults.outcome import Fault, figures

pytestmark = [pytest.mark.postgres, pytest.mark.long]
GONE: LiteralString = "ALTER DATABASE {name} ALLOW_CONNECTIONS false"
CUT: LiteralString = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
BACK: LiteralString = "ALTER DATABASE {name} ALLOW_CONNECTIONS true"
FIGURE = "0 of 14 calls lost; together after 64 s at most, a caller without an agent yet after 43 s"


class Restarted:
    """``tell`` runs statements on the server, in which ``{name}`` is the database."""

    def __init__(self, server: str) -> None:
        self._server, self._name = server, ""

    def how(self, folder: Path) -> dict[str, Any]:
        self._name = f"t{uuid.uuid4().hex}"
        self._tell("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")
        return {"store": open_store(self._server.replace("/postgres?", f"/{self._name}?"), SECRETS)}

    def begin(self, talk: Conversation) -> None:
        talk.callflow.store._pool.timeout = 0.01  # type: ignore[attr-defined]
        self._tell(GONE, CUT)

    def end(self, talk: Conversation) -> None:
        talk.callflow.store._pool.timeout = 10  # type: ignore[attr-defined]
        self._tell(BACK)

    def _tell(self, *statements: LiteralString) -> None:
        import psycopg

        with psycopg.connect(self._server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.format(name=self._name))


def test_nobody_is_lost_when_postgresql_is_restarted(postgres_server: str) -> None:
    made = Restarted(postgres_server)
    found = figures(Fault(made.begin, made.end, made.how))
    assert str(found) == FIGURE
    assert all(one.star or one.closed for one in found.outcomes)
