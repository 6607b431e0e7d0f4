"""G1 to G3: the whole webhook against the floor, the textbook and a REST call inside the webhook; and a slow provider.

All servers are up at once, on one core, and take turns under full load: what else this machine does falls on all of
them. The figure is the CPU time of the process that answers, for each webhook; everything it does is in it, its own
REST orders (5 for 21 webhooks) and its housekeeping too.

The goals count with the server that Callflow has (``callflow serve``); with gunicorn, as all the others, it is told.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from statistics import median

from tests.bench import shipped
from tests.bench.generator import Calls, Generator
from tests.bench.goals import Measured, at_least, say, told
from tests.bench.recorded import Recording
from tests.bench.servers import OUR_CORE, Server, free_port, gunicorn, running, serve

LIVE = 200
SLOW_SECONDS = 0.15
SERVE = ""
APPS = {
    "floor": "tests.bench.apps.floor:app",
    "callflow": SERVE,
    "slow": SERVE,
    "gunicorn": "wsgi:app",
    "textbook": "tests.bench.apps.textbook:app",
    "transfer": "tests.bench.apps.transfer:app",
    "slow transfer": "tests.bench.apps.transfer:app",
}


@dataclass
class Variant:
    server: Server
    calls: Calls
    micros: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    errors: list[bytes] = field(default_factory=list)

    @cached_property
    def generator(self) -> Generator:
        """Connected when it is used first, because Callflow closes a connection on which nothing comes for 5 s."""
        return Generator(self.server.port, self.calls)

    def round(self, seconds: float) -> None:
        before = self.server.cpu_seconds()
        found = self.generator.run(seconds)
        self.micros.append((self.server.cpu_seconds() - before) / len(found.waits) * 1e6)
        self.rates.append(found.rate)
        self.errors += found.errors


@contextmanager
def provider(folder: Path, seconds: float) -> Iterator[Server]:
    port = free_port()
    with running(["-m", "tests.bench.provider", str(port), str(seconds)], folder, {}, port, core=OUR_CORE) as server:
        yield server


@contextmanager
def variant(app: str, folder: Path, recording: Recording, rest: int, ahead: int = 0) -> Iterator[Variant]:
    """One app under gunicorn, or ``callflow serve``, with a generator that has its calls ready."""
    port = free_port()
    settings = shipped.environment(folder, port, rest, LIVE)
    started = gunicorn(app, folder, settings, port) if app else serve(folder, settings, port)
    with started as server:
        make: Callable[[int, int], list[bytes]] = partial(copy, recording, f"http://127.0.0.1:{port}")
        calls = Calls(LIVE, make, ahead)
        made = Variant(server, calls)
        yield made
        made.generator.close()


def copy(recording: Recording, base: str, number: int, team: int) -> list[bytes]:
    return recording.copy(number, base, team)


def measure(folder: Path, rounds: int, seconds: float) -> list[Measured]:
    recording = Recording()
    with ExitStack() as stack:
        rest = {slow: stack.enter_context(provider(folder, SLOW_SECONDS * slow)) for slow in (False, True)}
        some = {
            name: stack.enter_context(variant(app, folder, recording, rest["slow" in name].port, 200))
            for name, app in APPS.items()
        }
        for one in some.values():
            one.round(1.0)  # warm
            one.micros.clear(), one.rates.clear()
        for _ in range(rounds):
            for one in some.values():
                one.round(seconds)
    for name, one in some.items():
        say(f"  {name:14} {median(one.micros):6.0f} us  {median(one.rates):6.0f}/s  errors {len(one.errors)}  "
            f"rounds {' '.join(f'{micros:.0f}' for micros in one.micros)}")  # fmt: skip
    return judged(some)


def judged(some: dict[str, Variant]) -> list[Measured]:
    """Ratios within a round, then their median."""

    def cheaper(one: str, than: str) -> float:
        return median([b / a for a, b in zip(some[one].micros, some[than].micros, strict=True)])

    def faster(one: str, than: str) -> float:
        return median([a / b for a, b in zip(some[one].rates, some[than].rates, strict=True)])

    micros = {name: median(one.micros) for name, one in some.items()}
    wrong = len(some["callflow"].errors) + len(some["slow"].errors)
    note = f"callflow serve: {micros['callflow']:.0f} us of CPU a webhook, floor {micros['floor']:.0f}"
    return [
        at_least("G1 whole webhook / floor", 1.3, cheaper("callflow", "floor"), note=note),
        told("G1 the same with gunicorn", f"{cheaper('gunicorn', 'floor'):.2f}", f"{micros['gunicorn']:.0f} us"),
        at_least("G2 / textbook ORM app", 7, cheaper("callflow", "textbook"), "x", f"{micros['textbook']:.0f} us"),
        at_least("G3 with a slow provider / with a fast one", 0.95, cheaper("slow", "callflow"),
                 note="REST takes 150 ms"),
        at_least("G3 / REST call in the webhook", 12, cheaper("callflow", "transfer"), "x",
                 f"{micros['transfer']:.0f} us; requests a second when REST takes 150 ms: "
                 f"{faster('slow', 'slow transfer'):.0f}x"),
        told("G1-G3 errors", str(wrong)),
    ]  # fmt: skip
