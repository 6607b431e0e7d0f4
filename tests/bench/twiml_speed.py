"""How fast documents are made: ``python tests/bench/twiml_speed.py [rounds]``.

CPU time of ``render`` for every document of ``tests/golden``, the best of five goes, slowest first. Goal: 15 us a
document (the provider's own builder takes 41 us for a simple one, perf.md 1b). No assertion: this prints a measurement.
"""

import gc
import sys
import time
from statistics import median

from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.telephony.place_documents import render
from tests.telephony.test_twiml_places import CASES, URLS, configuration, on_call

GOES = 5


def microseconds(call: Call, leg: Leg, configured: Configuration, rounds: int) -> float:
    best = float("inf")
    for _ in range(GOES):
        began = time.process_time()
        for _ in range(rounds):
            render(call, leg, configured, URLS)
        best = min(best, time.process_time() - began)
    return best / rounds * 1e6


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    configured = configuration()
    gc.freeze()
    spent = {case: microseconds(*on_call(*CASES[case]), configured, rounds) for case in CASES}
    for case, each in sorted(spent.items(), key=lambda item: -item[1]):
        print(f"{case:22} {each:6.1f} us")  # noqa: T201
    print(f"{'median':22} {median(spent.values()):6.1f} us")  # noqa: T201


if __name__ == "__main__":
    main()
