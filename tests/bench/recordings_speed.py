"""G14: recordings cost nothing. A document with every line recorded against one that is spoken, and webhooks while ten
thousand files are fetched.

The first is CPU time of ``render`` for every document of ``tests/golden``, in turns in one process. The second runs
``callflow serve``: webhooks at a steady rate, alone and while another process fetches recordings, in turns.
"""

import gc
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TypeVar, cast

from callflow.configuration.loading import load
from callflow.configuration.recorded_lines import VARIABLE
from callflow.configuration.recordings import paths_of
from callflow.core.call import Call, Leg
from callflow.core.configuration import Audio, Configuration, Script
from callflow.telephony.place_documents import render
from tests.bench.generator import Outcome
from tests.bench.goals import Measured, at_most, say, told
from tests.bench.load import Serving, nothing_wrong, serving, waits
from tests.bench.recorded import Recording
from tests.bench.servers import OUR_CORE
from tests.bench.shipped import AUDIO, ROOT
from tests.telephony.test_twiml_places import CASES, URLS, configuration, on_call

T = TypeVar("T")
FILES = 10_000
LIVE, RATE = 200, 50
FETCH = """
import http.client, os, sys, threading
os.sched_setaffinity(0, {int(sys.argv[1])})
port, count, paths = int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:]
def fetch(first):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for number in range(first, count, 8):
        connection.request("GET", paths[number % len(paths)])
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200, answer.status
threads = [threading.Thread(target=fetch, args=(first,)) for first in range(8)]
[one.start() for one in threads]
[one.join() for one in threads]
"""


class Everything(dict[str, Audio]):
    """A recording of whatever is filled in."""

    def __contains__(self, value: object) -> bool:
        return True

    def __missing__(self, value: str) -> Audio:
        return self.setdefault(value, recording(value))


def recording(name: str) -> Audio:
    return Audio(path=f"en/{abs(hash(name))}.wav", digest=f"{abs(hash(name)):064x}", seconds=1.5)


def recorded(spoken: Configuration) -> Configuration:
    """The same with a recording of every line, in pieces around its variables."""

    def of(script: Script) -> Script:
        parts = [part for part in VARIABLE.split(script.text) if part.strip()]
        pieces = tuple(part.strip("{}") if VARIABLE.fullmatch(part) else recording(part) for part in parts)
        return replace(script, pieces=pieces) if len(parts) > 1 else replace(script, audio={"": recording(script.text)})

    languages = {
        code: replace(one, scripts={id: of(script) for id, script in one.scripts.items()},
                      values=cast(Mapping[str, Audio], Everything()))
        for code, one in spoken.languages.items()
    }  # fmt: skip
    return replace(spoken, languages=languages)


def microseconds(call: Call, leg: Leg, configured: Configuration, rounds: int) -> float:
    began = time.process_time()
    for _ in range(rounds):
        render(call, leg, configured, URLS)
    return (time.process_time() - began) / rounds * 1e6


def documents(rounds: int) -> Measured:
    """The middle of all documents, recorded over spoken."""
    spoken = configuration()
    kinds = {"spoken": spoken, "recorded": recorded(spoken)}
    best: dict[tuple[str, str], float] = {}
    gc.freeze()
    for _ in range(5):
        for case in CASES:
            for kind, configured in kinds.items():
                took = microseconds(*on_call(*CASES[case]), configured, rounds)
                best[case, kind] = min(took, best.get((case, kind), took))
    sums = {kind: sum(best[case, kind] for case in CASES) for kind in kinds}
    middle = {kind: median(best[case, kind] for case in CASES) for kind in kinds}
    note = f"median {middle['spoken']:.1f} us spoken, {middle['recorded']:.1f} us recorded; {len(CASES)} documents"
    return at_most("G14 CPU of documents with every line recorded", 1.0, sums["recorded"] / sums["spoken"], "x", note)


def paths() -> list[str]:
    found = paths_of(load(ROOT / "config", AUDIO))
    music = found.pop("hold_music.wav")
    return [f"/audio/{one.digest}/{path}" for path, one in found.items()] + [f"/audio/music/{music.digest}/27.wav"]


def measure(folder: Path, seconds: float) -> list[Measured]:
    rows = [documents(300)]
    with serving("sqlite", folder / "audio", Recording(), LIVE) as served:
        alone, alone_cpu, _ = costs(served, lambda: steady(served, seconds))
        _, files_cpu, _ = costs(served, lambda: fetched(served))
        during, both_cpu, took = costs(served, lambda: fetched(served, seconds))
    assert during
    row = f"G14 {RATE} webhooks/s while {FILES:,} recordings are fetched"
    say(f"  {row}: alone {waits(alone)}; meanwhile {waits(during)}")
    slower = during.milliseconds(0.5) / alone.milliseconds(0.5)
    note = f"alone {waits(alone)}; all files in {took:.1f} s, {files_cpu / FILES * 1e6:.0f} us of CPU each"
    more = f"{alone_cpu:.2f} s of CPU for the webhooks, {files_cpu:.2f} for the files, {both_cpu:.2f} for both at once"
    return [
        *rows,
        told(row, waits(during), note),
        at_most(f"{row}: CPU of both at once over each alone", 1.1, both_cpu / (alone_cpu + files_cpu), "x", more),
        at_most(f"{row}: p50 over alone (on an idle machine)", 1.5, slower, "x"),
        nothing_wrong(row, during),
    ]


def costs(served: Serving, what: Callable[[], T]) -> tuple[T, float, float]:
    """What came of it, the server's seconds of CPU, and the seconds that passed."""
    used, began = served.server.cpu_seconds(), time.perf_counter()
    found = what()
    return found, served.server.cpu_seconds() - used, time.perf_counter() - began


def fetched(served: Serving, seconds: float = 0) -> Outcome | None:
    """Fetch all files, and have webhooks sent meanwhile for so many seconds."""
    argv = [sys.executable, "-c", FETCH, str(OUR_CORE), str(served.port), str(FILES), *paths()]
    with subprocess.Popen(argv) as fetcher:
        found = steady(served, seconds) if seconds else None
    assert fetcher.returncode == 0
    return found


def steady(served: Serving, seconds: float) -> Outcome:
    generator = served.generator(16)
    served.calls.out_of_step(generator)
    found = generator.run(seconds, RATE)
    generator.close()
    return found
