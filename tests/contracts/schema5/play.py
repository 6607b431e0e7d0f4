"""Run by the Callflow of schema version 5 (``callflow.tar.xz``): ``python play.py URL AUDIO SEED``.

A call that is over, and one that is at its first menu, on the database at URL; prints the reference of each.
"""

import sys
from pathlib import Path

import callflow
from callflow import bootstrap
from callflow.configuration.loading import load
from callflow.emulator.script import HangUp, InRoom, Press, Script, Started, Step
from callflow.simulator import demo_script
from callflow.simulator.world import World
from callflow.store import open_store

ROOT = Path(callflow.__file__).parents[1]
WHOLE = [
    *demo_script.ARRIVAL, *demo_script.CONSENTED_HOLD,
    Step("caller", HangUp(), InRoom(2), after=5), Step("ana", Press("1"), Started("1 resolved"), after=1),
    Step("ana", Press("#"), Started("Saved"), after=1),
]  # fmt: skip
BEGUN = demo_script.ARRIVAL[:1]


def main(url: str, audio: Path, seed: int) -> None:
    for number, steps in enumerate((WHOLE, BEGUN)):
        store = open_store(url)
        before = {call.id for call in store.calls(live=False)}
        world = World(seed=seed + number)
        bootstrap.rehearse(load(ROOT / "config", audio), audio, world, store)
        Script(steps, phones=demo_script.PHONES).run(world.emulator)
        world.clock.run_for(4 - 3 * number)
        (call,) = [one for one in store.calls(live=False) if one.id not in before]
        sys.stdout.write(f"{call.reference}\n")
        store.close()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
