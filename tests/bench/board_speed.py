"""G20: what open boards cost. 200 of them beside webhooks of ``callflow serve``; and 500 live calls on one board."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from callflow.bootstrap import system_clock
from callflow.service.accounts import Session, Way
from callflow.service.ports import Change, Store, Transaction
from callflow.service.sign_in import LASTS, digest_of
from callflow.store import open_store
from tests.bench import anchor, shipped
from tests.bench.generator import Calls, Generator
from tests.bench.goals import Measured, at_most, say, told
from tests.bench.latency import SERVE_RATE, Window, quietest, serve, window
from tests.bench.recorded import Recording
from tests.bench.servers import OUR_CORE
from tests.bench.throughput import LIVE, copy
from tests.web.edge import START, Edge
from tests.web.pages import board_scenes as scenes
from tests.web.pages.signed_in import pages_of, signed_in

BOARDS = 200
LIVE_CALLS = 500
PAGE_BYTES = 120_000


def measure(folder: Path, windows: int, seconds: float) -> list[Measured]:
    recording = Recording()
    with serve(folder) as (server, port, rest), anchor.floor(folder, recording) as floor:
        make = partial(copy, recording, f"http://127.0.0.1:{port}")
        calls = Calls(LIVE, make, int(SERVE_RATE * (2 * seconds * windows + 4) / len(recording.webhooks) * 1.5))
        generator = Generator(port, calls)
        pids = (server.pid, rest.pid, floor.server.pid, os.getpid())
        calls.out_of_step(generator)
        generator.run(1.0, SERVE_RATE)
        floor.round(2.0)
        tokens = signed_in_boards(f"sqlite:///{folder / f'callflow-{port}.db'}")
        without, beside, polls = [], [], []  # type: list[Window], list[Window], list[str]
        for _ in range(windows):
            without.append(window(generator, pids, server, SERVE_RATE, seconds))
            with boards(port, tokens, seconds) as polling:
                beside.append(window(generator, (*pids, polling.pid), server, SERVE_RATE, seconds))
                polls.append(polling.communicate()[0].strip())
        generator.close()
        slower = anchor.slower(median(floor.micros))
    for name, some in (("no board", without), (f"{BOARDS} boards", beside)):
        for one in some:
            say(f"  {name}: {one}")
    return [*judged(without, beside, polls), *one_board(folder, slower)]


def boards(port: int, tokens: list[str], seconds: float) -> "subprocess.Popen[str]":
    found = subprocess.Popen(["taskset", "-c", str(OUR_CORE), sys.executable, "-m", "tests.bench.boards", str(port),
                              str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                             cwd=shipped.ROOT)  # fmt: skip
    assert found.stdin
    found.stdin.write("\n".join(tokens) + "\n")
    found.stdin.close()
    found.stdin = None
    return found


def signed_in_boards(database: str) -> list[str]:
    """Sessions of a supervisor, as many as there are boards."""
    store, at = open_store(database, (shipped.SECRET,)), system_clock()
    tokens = [f"board-{number}" for number in range(BOARDS)]
    for token in tokens:
        store.add_page_session(Session(digest=digest_of(token), person="sam", way=Way.PASSKEY, at=at, used=at,
                                       until=at + LASTS))  # fmt: skip
    store.close()
    return tokens


def judged(without: list[Window], beside: list[Window], polls: list[str]) -> list[Measured]:
    best, alone = quietest(beside), quietest(without)
    ratio = median(one.outcome.milliseconds(0.99) / other.outcome.milliseconds(0.99)
                   for one, other in zip(beside, without, strict=True))  # fmt: skip
    answered, changed, errors, busy = (sum(int(one.split()[place]) for one in polls) for place in range(4))
    wrong = sum(len(one.outcome.errors) for one in (*without, *beside)) + errors
    return [
        at_most(f"G20 p99 of webhooks with {BOARDS} boards / none, median of turns", 1.5, ratio, "", f"with: {best}"),
        Measured("G20 errors, of webhooks and of polls", "0", str(wrong), wrong == 0),
        told("no board", "see right", str(alone)),
        told("polls; with a change; told to ask again", f"{answered}; {changed}; {busy}"),
    ]


# -- one board with many calls


def one_board(folder: Path, slower: float) -> list[Measured]:
    store = open_store(f"sqlite:///{folder}/board.db", ("a secret of sixteen",))
    edge = Edge(scenes.BUSY, store=store)
    edge.now = START + timedelta(hours=3)
    books = [scene() for scene in scenes.SCENES.values()]
    for number in range(LIVE_CALLS):
        scenes.put(store, books[number % len(books)], edge.now - timedelta(seconds=number), id=f"c{number}",
                   reference=f"R{number}", digest=scenes.BUSY.digest, agent=scenes.AGENTS[number % 14])  # fmt: skip
    web = signed_in(edge.callflow.app, "sam")
    pages_of(edge.callflow.app).extensions["board"].live.least_seconds = 0.0
    page = web.get("/board").text
    files = set(re.findall(r'(?:src|href)="(/pages/[^"]+)"', page))
    weight = len(page.encode()) + sum(len(web.get(one).data) for one in files)
    poll = page.partition('hx-get="')[2].partition('"')[0].replace("&amp;", "&")
    web.get(poll)
    quiet = milliseconds(lambda: web.get(poll), 300)
    changes = iter(range(10_000))
    both = milliseconds(lambda: (change(store, next(changes)), web.get(poll)), 150)
    changed = both - milliseconds(lambda: change(store, next(changes)), 150)
    store.close()
    note = f"CPU of the whole request, with {LIVE_CALLS} live calls; {slower:.2f} times as slow a machine"
    return [
        at_most("G20 a poll while nothing changes, in floors", round(1 * slower, 2), quiet, " ms", note),
        at_most("G20 a poll with a change, in floors", round(3 * slower, 2), changed, " ms", note),
        at_most("G20 page with all files", PAGE_BYTES / 1000, weight / 1000, " kB"),
    ]


def milliseconds(work: Callable[[], object], times: int) -> float:
    """CPU of one, in the quietest of ten batches: other programs take a share of the caches, too."""

    def batch() -> float:
        begun = time.process_time()
        for _ in range(times // 10):
            work()
        return (time.process_time() - begun) / (times // 10) * 1000

    return min(batch() for _ in range(10))


def change(store: Store, number: int) -> None:
    def work(unit: Transaction) -> None:
        before = unit.load(f"c{number * 7 % LIVE_CALLS}")
        assert before
        unit.save(Change(call=before.but(seq=before.seq + 1), before=before, lease_until=before.at))

    store.transact(work)
