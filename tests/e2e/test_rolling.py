"""A rolling upgrade from the Callflow that this work began from, while nodes are killed and PostgreSQL is restarted.

CALLFLOW_TESTS_CALLS=1000 CALLFLOW_TESTS_CALLS_PER_SECOND=4 pytest -m long -s tests/e2e/test_rolling.py
"""

import itertools
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from callflow.emulator import Emulator
from callflow.store import upgrades
from tests.conftest import skip_or_fail
from tests.e2e.cluster import Cluster, Postgres, postgres, shortened, unpacked
from tests.e2e.conversation import ROOT
from tests.e2e.crowd import Crowd, people
from tests.e2e.processes import Server, provider, until

KILL_EVERY_SECONDS = 10.0
PATIENCE_SECONDS = 90.0
CALLS = int(os.environ.get("CALLFLOW_TESTS_CALLS", "150"))
PER_SECOND = float(os.environ.get("CALLFLOW_TESTS_CALLS_PER_SECOND", "2"))


class Upgrade:
    """Two nodes of before, and two of now that take their place one by one."""

    def __init__(self, emulator: Emulator, folder: Path, database: Postgres, agents: int) -> None:
        self.database, self.cluster = database, Cluster(emulator, folder, database.url)
        (folder / "before").mkdir()
        code = unpacked(folder / "before")
        changes = people(agents)
        former = shortened(code / "config", changes)
        shutil.copytree(ROOT / "config", folder / "config")
        config = shortened(folder / "config", changes)
        self.old = [self.cluster.node(former, code) for _ in range(2)]
        self.new = [self.cluster.node(config) for _ in range(2)]
        self.serving: list[Server] = []
        self.kills = 0
        self._changing = threading.Lock()

    def serve(self, *nodes: Server) -> None:
        """From now on these answer. Those that did are stopped as by systemd, after the others have begun."""
        with self._changing:
            for node in nodes:
                if not node.running:
                    node.start()
            self.cluster.balancer.nodes = tuple(node.port for node in nodes)
            for node in set(self.serving) - set(nodes):
                node.stop()
            self.serving = list(nodes)

    def upgrade(self, *, finish: bool) -> None:
        with upgrades.opened(self.database.url) as tables:
            for _ in tables.upgrade(finish=finish):
                pass

    def kill(self, number: int) -> None:
        """SIGKILL one of the nodes, and start it again."""
        with self._changing:
            node = self.serving[number % len(self.serving)]
            node.kill()
            node.start()
            self.kills += 1


@contextmanager
def upgrading(folder: Path, agents: int) -> Iterator[tuple[Emulator, Upgrade]]:
    try:
        server = postgres()
        database = server.__enter__()
    except ImportError as error:
        skip_or_fail(f"PostgreSQL cannot be started: {error!r}")
    try:
        with provider() as emulator:
            upgrade = Upgrade(emulator, folder, database, agents)
            try:
                yield emulator, upgrade
            finally:
                upgrade.cluster.close()
    finally:
        server.__exit__(None, None, None)


def told(crowd: Crowd, upgrade: Upgrade, emulator: Emulator) -> str:
    return (f"{len(crowd.callers)} calls, {len(crowd.lost)} lost, {len(crowd.promised)} holds, {len(crowd.late)} late; "
            f"{upgrade.kills} kills, {upgrade.cluster.balancer.broken} requests cut off by one, "
            f"{len(emulator.errors)} errors at the provider, of lost calls: "
            f"{[one for one in emulator.errors if any((one.leg or '-') in lost for lost in crowd.lost)]}")  # fmt: skip


@pytest.mark.long
@pytest.mark.ci
@pytest.mark.postgres
def test_no_call_is_lost_by_a_kill_and_a_rolling_upgrade(tmp_path: Path) -> None:
    """Short: callers arrive while an old node answers, then one of each kind; PostgreSQL restarts; the old one dies."""
    with upgrading(tmp_path, 8) as (emulator, upgrade):
        upgrade.serve(upgrade.old[0])
        crowd = Crowd(emulator, 8, 8, 6.0, holds=False)
        crowd.arrive()
        upgrade.upgrade(finish=False)
        upgrade.serve(upgrade.old[0], upgrade.new[0])
        upgrade.database.restart()
        upgrade.old[0].kill()
        until(lambda: crowd.gone == 8, "the callers to be gone", 60)
        assert crowd.lost == [], told(crowd, upgrade, emulator)


@pytest.mark.long
@pytest.mark.postgres
def test_no_call_is_lost_by_kills_restarts_of_the_database_and_a_rolling_upgrade(tmp_path: Path) -> None:
    """A node of two is killed every 10 seconds; in between the nodes are replaced, and PostgreSQL restarts twice."""
    agents, seconds = min(CALLS, 200), CALLS / PER_SECOND
    with upgrading(tmp_path, agents) as (emulator, upgrade):
        upgrade.serve(*upgrade.old)
        crowd, begun = Crowd(emulator, CALLS, agents, seconds, patience_seconds=45), time.monotonic()
        crowd.arrive()
        due: list[tuple[float, Callable[[], object]]] = [
            (0.15, upgrade.database.restart),
            (0.3, lambda: upgrade.upgrade(finish=False)),
            (0.35, lambda: upgrade.serve(upgrade.old[0], upgrade.new[0])),
            (0.5, upgrade.database.restart),
            (0.65, lambda: upgrade.serve(*upgrade.new)),
            (0.75, lambda: upgrade.upgrade(finish=True)),
        ]
        kills = itertools.count(1)
        next_kill = begun + KILL_EVERY_SECONDS
        until_seconds = seconds + PATIENCE_SECONDS
        while crowd.gone < CALLS and time.monotonic() < begun + until_seconds:
            if due and time.monotonic() > begun + due[0][0] * seconds:
                due.pop(0)[1]()
            elif time.monotonic() > next_kill and crowd.gone < CALLS:
                upgrade.kill(next(kills))
                next_kill = time.monotonic() + KILL_EVERY_SECONDS
            time.sleep(0.1)
        sys.stdout.write(f"{told(crowd, upgrade, emulator)}\n")
        assert (len(crowd.callers), crowd.lost, due) == (CALLS, [], []), told(crowd, upgrade, emulator)
