"""PostgreSQL fails over to a replica that lacks the last seconds, under a real server with a live call."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Emulator
from callflow.emulator.conditions import Call, Heard, InRoom, Nothing, Press, Started, Step
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.configurations import brief
from tests.e2e.conversation import LINE, PHONES
from tests.e2e.processes import Server, environment, free_port, provider, until
from tests.e2e.test_killed_server import STAR, play, together
from tests.faults.clusters import Cluster, cluster

pytestmark = [pytest.mark.long, pytest.mark.postgres]
TALKING = [
    Step("caller", Call(LINE)),
    Step("caller", Press("1"), Started("Press 1 for a bill"), after=0.1),
    Step("ana", Press("1"), Started("Press 1 to accept"), after=0.1),
    Step("ana", Nothing(), InRoom(2), after=0.3),
]
HOLD = [
    Step("ana", Press("*"), InRoom(2), after=0.3),
    Step("ana", Press("1"), Started("6 threat"), after=0.2),
    Step("caller", Press("1"), Heard("to look at your account?"), after=0.2),
    Step("caller", Nothing(), Heard("or press 2 to talk."), after=0.0),
]
TOGETHER_SECONDS = 20
"""From the failover on: the hold of 15 s ends by itself."""


@contextmanager
def serving(emulator: Emulator, folder: Path, database: Cluster) -> Iterator[Server]:
    port = free_port()
    ours = environment(emulator, brief(folder), folder / "none.db", port, port)
    server = Server(folder, {**ours, "CALLFLOW_DATABASE_URL": database.url}, port)
    emulator.add_number(LINE, voice_url=f"http://127.0.0.1:{port}/voice/inbound",
                        voice_fallback_url=f"http://127.0.0.1:{port}/voice/fallback",
                        status_callback=f"http://127.0.0.1:{port}/voice/status")  # fmt: skip
    server.start()
    try:
        yield server
    finally:
        server.stop()


def test_a_call_goes_on_whose_hold_the_replica_does_not_know(tmp_path: Path) -> None:
    """The hold ends on time by itself, both are together, star opens the menu, nobody's phone rang twice, and the
    journal says that moments were lost."""
    with cluster() as database, provider() as emulator, serving(emulator, tmp_path, database) as server:
        play(emulator, TALKING)
        database.cut()
        play(emulator, HOLD)
        database.kill()
        database.promote()
        until(lambda: together(emulator), "the two to be together", TOGETHER_SECONDS)
        until(lambda: server.ready(), "the server to be ready again", 15)
        play(emulator, STAR)
        with closing(open_store(database.url, SECRETS)) as store:
            call = store.calls()[0]
            until(lambda: store.calls()[0].stage is Stage.TALKING, "the stage", 10)
            kinds = [one.note.kind for one in store.journal(call.id)]
            assert "moments_lost" in kinds, kinds
            assert "hold" not in kinds, "the replica knows of the hold"
            assert [one.seq for one in store.journal(call.id)] == list(range(1, len(kinds) + 1))
        assert [len(emulator.phone(PHONES[name]).legs) for name in ("ana", "ben", "sam")] == [1, 0, 0]
        emulator.phone(PHONES["caller"]).hang_up()
        assert "\ncallflow_failures_total 0.0\n" in server.get("/metrics"), server.told
