"""Two real servers on one PostgreSQL: the network of the one that has the call is cut off while its process lives."""

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Emulator
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.configurations import brief
from tests.e2e.conversation import LINE, PHONES
from tests.e2e.processes import Server, environment, free_port, provider, until
from tests.e2e.test_killed_server import HOLD, STAR, in_room, play, promised_end, together
from tests.faults.proxies import Proxy

pytestmark = [pytest.mark.long, pytest.mark.postgres]
TOGETHER_SECONDS = 20
"""From the cut on: the hold of 15 s ends by itself."""
CUT_SECONDS = 30


class Nodes:
    """``first`` reaches database and provider by cables; ``front`` leads the provider's requests to one of the two."""

    def __init__(self, emulator: Emulator, folder: Path, url: str) -> None:
        host, name = url.partition("host=")[2], url.partition("?")[0].rpartition("/")[2]
        self.database = Proxy(f"{host}/.s.PGSQL.5432")
        self.rest = Proxy(("127.0.0.1", emulator.serve()))
        ports = free_port(), free_port()
        self.front = Proxy(("127.0.0.1", ports[0]))
        config = brief(folder)
        common = environment(emulator, config, folder / "none.db", self.front.port, self.front.port)
        by_cable = {
            "CALLFLOW_DATABASE_URL": f"postgresql://postgres@127.0.0.1:{self.database.port}/{name}",
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{self.rest.port}",
        }
        self.first = Server(folder, {**common, **by_cable}, ports[0])
        self.second = Server(folder, {**common, "CALLFLOW_DATABASE_URL": url}, ports[1])
        base = f"http://127.0.0.1:{self.front.port}/voice"
        emulator.add_number(LINE, voice_url=f"{base}/inbound", voice_fallback_url=f"{base}/fallback",
                            status_callback=f"{base}/status")  # fmt: skip

    def cut(self) -> None:
        self.database.cut()
        self.rest.cut()
        self.front.lead_to(("127.0.0.1", self.second.port))

    def mend(self) -> None:
        self.database.mend()
        self.rest.mend()


@contextmanager
def nodes(emulator: Emulator, folder: Path, url: str) -> Iterator[Nodes]:
    with ExitStack() as stack:
        found = Nodes(emulator, folder, url)
        for proxy in (found.database, found.rest, found.front):
            stack.callback(proxy.close)
        for server in (found.first, found.second):
            stack.callback(server.stop)
            server.start()
        yield found


def rung(emulator: Emulator) -> list[int]:
    return [len(emulator.phone(PHONES[name]).legs) for name in ("ana", "ben", "sam", "sky")]


def test_a_node_that_is_cut_off_and_lives_on_does_no_harm(tmp_path: Path, postgres_url: str) -> None:
    """The hold ends on time; the other node has the stage and the menu; when the first is back nobody is disturbed."""
    with provider() as emulator, nodes(emulator, tmp_path, postgres_url) as two:
        play(emulator, HOLD)
        cut = emulator.clock.monotonic()
        two.cut()
        until(lambda: together(emulator), "the two to be together", TOGETHER_SECONDS)
        assert emulator.clock.monotonic() <= promised_end(emulator) + 0.3
        play(emulator, STAR)
        emulator.phone(PHONES["ana"]).press("*")
        until(lambda: not together(emulator), "the lead at the menu", 10)
        until(lambda: together(emulator), "the two to be together again", 20)
        until(lambda: emulator.clock.monotonic() > cut + CUT_SECONDS, "the end of the cut", CUT_SECONDS)
        two.mend()
        until(two.first.ready, "the first node to be ready again", 20)
        undisturbed = emulator.clock.monotonic() + 5
        until(lambda: emulator.clock.monotonic() > undisturbed, "five seconds", 10)
        assert together(emulator)
        assert in_room(emulator, "caller")
        assert rung(emulator) == [1, 0, 0, 0]
        with closing(open_store(postgres_url, SECRETS)) as store:
            call = store.calls()[0]
            assert call.stage is Stage.TALKING
            held = [one.note.outcome for one in store.journal(call.id) if one.note.kind == "hold"]
            assert held == ["begun", "returned on time"]
        for server in (two.first, two.second):
            assert "\ncallflow_failures_total 0.0\n" in server.get("/metrics"), server.told
        emulator.phone(PHONES["caller"]).hang_up()
