"""G8: whole calls on the virtual clock, every webhook signed and sent through the app's WSGI door; all scenarios."""

import gc
import time
from math import inf
from pathlib import Path

from callflow import bootstrap
from callflow.configuration.loading import load
from callflow.store.memory import MemoryStore
from tests.bench import anchor, shipped
from tests.bench.goals import Measured, at_least, at_most
from tests.bench.recorded import PLAY, Recording
from tests.simulator import suite

SCENARIOS = 40
BATCHES = 8


def measure(folder: Path, calls: int) -> list[Measured]:
    configuration = load(shipped.ROOT / "config", shipped.AUDIO)
    stage = bootstrap.rehearse(configuration, shipped.AUDIO)
    one_call(stage)
    gc.collect()
    gc.disable()  # as `callflow simulate` does
    batch = max(1, calls // BATCHES)
    with anchor.floor(folder, Recording()) as floor:
        each, one_floor = inf, inf
        for _ in range(BATCHES):  # of both the one that others disturbed least
            each = min(each, batch_seconds(stage, batch) / batch)
            floor.round(0.5)
            one_floor = min(one_floor, floor.micros[-1])
    gc.enable()
    assert all(call.outcome for call in stage.callflow.store.calls(live=False, limit=calls))
    slower = anchor.slower(one_floor)
    note = f"{each * 1000:.1f} ms for 20 webhooks, 5 orders; 250 on a machine {slower:.2f} times as fast"
    return [
        at_least("G8 rehearsed calls a second, in floors", round(250 / slower), 1 / each, note=note),
        at_most(f"G8 {SCENARIOS} scenarios", 5, scenarios(configuration), " s", "each in a world of its own"),
        shipped_scenarios_played(),
    ]


def batch_seconds(stage: bootstrap.Rehearsal, calls: int) -> float:
    begun = time.process_time()
    for _ in range(calls):
        one_call(stage)
    return time.process_time() - begun


def one_call(stage: bootstrap.Rehearsal) -> None:
    PLAY.run(stage.world.emulator)
    stage.world.clock.run_for(2)
    stage.world.emulator.forget_finished()


def scenarios(configuration: bootstrap.Configuration) -> float:
    begun = time.perf_counter()
    for _ in range(SCENARIOS):
        one_call(bootstrap.rehearse(configuration, Path(shipped.AUDIO)))
    return time.perf_counter() - begun


def shipped_scenarios_played() -> Measured:
    """CPU of all scenarios in config/scenarios, once each on one core."""
    names = [*suite.shipped_scenarios()]
    begun = time.process_time()
    for name in names:
        suite.played_into(MemoryStore(), name)
    return at_most("G8 the shipped scenarios", 5, time.process_time() - begun, " s", f"CPU for {len(names)}")
