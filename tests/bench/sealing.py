"""G12: what sealing costs a webhook. The same call is played with and without it, in turns, in one process."""

from pathlib import Path
from time import thread_time
from typing import Any

from callflow.bootstrap import rehearse
from callflow.emulator.script import HangUp, InRoom, Press, Script, Started, Step
from callflow.simulator import demo_script
from callflow.simulator.world import World
from callflow.store.keys import Keys, Unit
from callflow.store.sealing import NO_KEY, CallKey
from callflow.store.sqlite import SqliteStore
from tests.bench.goals import Measured, at_most
from tests.contracts.sample import SECRETS
from tests.simulator.suite import AUDIO, shipped

STEPS = [
    *demo_script.ARRIVAL, *demo_script.CONSENTED_HOLD,
    Step("caller", HangUp(), InRoom(2), after=5), Step("ana", Press("1"), Started("1 resolved"), after=1),
    Step("ana", Press("#"), Started("Saved"), after=1),
]  # fmt: skip


class WithoutSealing(Keys):
    def new_key(self, unit: Unit, call: str) -> CallKey:
        return NO_KEY


def measure(folder: Path, calls: int) -> list[Measured]:
    """The least time of each webhook in ``calls`` of each kind, so that other work on the machine counts little."""
    stores = [SqliteStore(str(folder / f"{kind.__name__}.db"), kind(SECRETS)) for kind in (Keys, WithoutSealing)]
    least: list[list[float]] = [[], []]
    for number in range(calls):
        for store, known in zip(stores, least, strict=True):
            spent = webhooks(store, number)
            known[:] = map(min, known or spent, spent)
    for store in stores:
        store.close()
    sealed, plain = (sum(known) / len(known) for known in least)
    note = f"{plain * 1e6:.0f} us without, {sealed * 1e6:.0f} us with"
    return [at_most("G12 sealing / a webhook", 5.0, (sealed / plain - 1) * 100, " %", note)]


def webhooks(store: SqliteStore, seed: int) -> list[float]:
    """Seconds of CPU for each webhook of one call, with its transaction."""
    stage = rehearse(shipped(), AUDIO, World(seed=seed), store)
    app: Any = stage.world._app
    spent: list[float] = []

    def timed(environ: Any, start: Any) -> Any:
        begun = thread_time()
        try:
            return app(environ, start)
        finally:
            spent.append(thread_time() - begun)

    stage.world._app = timed
    Script(STEPS, phones=demo_script.PHONES).run(stage.world.emulator)
    stage.world.clock.run_for(4)
    return spent
