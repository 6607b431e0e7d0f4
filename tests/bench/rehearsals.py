"""G8: whole calls on the virtual clock, every webhook signed and sent through the app's WSGI door."""

import gc
import time
from pathlib import Path

from callflow import bootstrap
from callflow.configuration.loading import load
from tests.bench import house
from tests.bench.goals import Measured, at_least, at_most
from tests.bench.recorded import PLAY

SCENARIOS = 40
BATCHES = 8


def measure(calls: int) -> list[Measured]:
    configuration = load(house.ROOT / "config", house.AUDIO)
    stage = bootstrap.rehearse(configuration, house.AUDIO)
    one_call(stage)
    gc.collect()
    gc.disable()  # as `callflow simulate` does
    batch = max(1, calls // BATCHES)
    each = min(batch_seconds(stage, batch) for _ in range(BATCHES)) / batch  # the one that others disturbed least
    gc.enable()
    assert all(call.outcome for call in stage.callflow.store.calls(live=False, limit=calls))
    return [
        at_least("G8 rehearsed calls a second", 100, 1 / each, note=f"{each * 1000:.1f} ms for 21 webhooks, 5 orders"),
        at_most(f"G8 {SCENARIOS} scenarios", 5, scenarios(configuration), " s", "each in a world of its own"),
    ]


def batch_seconds(stage: bootstrap.Stage, calls: int) -> float:
    begun = time.process_time()
    for _ in range(calls):
        one_call(stage)
    return time.process_time() - begun


def one_call(stage: bootstrap.Stage) -> None:
    PLAY.run(stage.world.emulator)
    stage.world.clock.run_for(2)
    stage.world.emulator.forget_finished()


def scenarios(configuration: bootstrap.Configuration) -> float:
    begun = time.perf_counter()
    for _ in range(SCENARIOS):
        one_call(bootstrap.rehearse(configuration, Path(house.AUDIO)))
    return time.perf_counter() - begun
