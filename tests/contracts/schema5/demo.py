"""Run by the Callflow of schema version 5: ``python demo.py AUDIO``. Plays its demo, and prints every state of the call
as it stores it."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import callflow
from callflow import bootstrap
from callflow.configuration.loading import load
from callflow.core import codec
from callflow.emulator import Switches
from callflow.simulator import demo_script, rehearsal
from callflow.simulator.world import World
from callflow.store import memory

ROOT = Path(callflow.__file__).parents[1]


class Printing(memory.MemoryStore):
    def transact(self, work: Callable[[Any], Any]) -> Any:
        done = super().transact(work)
        for call in self.calls(live=False):
            sys.stdout.write(f"{codec.encode(call)}\n")
        return done


def main(audio: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        changed = rehearsal.shortened(ROOT / "config", Path(folder) / "config", demo_script.SHORTER)
        configuration = load(changed, audio)
    world = World(switches=Switches(pace=demo_script.PACE))
    bootstrap.rehearse(configuration, audio, world, Printing())
    demo_script.script().run(world.emulator)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
