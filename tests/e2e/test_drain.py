"""A server that is stopped (SIGTERM) finishes what it has begun: a rolling restart loses no webhook."""

import re
import signal
import threading
import time
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.servers import Server, running

SENDERS = 12
LOAD_SECONDS = 1.5
STOP_SECONDS = 10.0


class Load:
    """New calls, one after the other from each of ``SENDERS`` threads, until the server takes no more connections."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.begun: list[str] = []
        """The provider's ids of the calls that were answered with their document."""
        self.unanswered: list[str] = []
        """What became of requests that were taken and not answered."""
        self._numbers = count(1)
        self.threads = [threading.Thread(target=self._send, name=f"load-{n}") for n in range(SENDERS)]

    def _send(self) -> None:
        while True:
            sid = f"CA{next(self._numbers):032x}"
            try:
                self.server.connected().close()
            except OSError:
                return  # it takes no more
            try:
                status, body = self.server.post("/voice/inbound", f"{self.server.base}/voice/inbound", CallSid=sid)
            except ConnectionRefusedError:
                return
            except (OSError, IndexError) as error:
                self.unanswered.append(f"{type(error).__name__} {error}")
                continue
            if status == 200 and b"caller" in body:
                self.begun.append(sid)
            else:
                self.unanswered.append(f"{status} {body[:300]!r}")


@pytest.mark.long
def test_a_server_that_is_stopped_answers_what_it_has_taken(tmp_path: Path) -> None:
    with running("serve", tmp_path) as server:
        load = Load(server)
        for thread in load.threads:
            thread.start()
        time.sleep(LOAD_SECONDS)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        for thread in load.threads:
            thread.join(STOP_SECONDS)
        server.process.wait(STOP_SECONDS)
        took = time.monotonic() - began
    with closing(open_store(f"sqlite:///{tmp_path / 'calls.db'}", SECRETS)) as store:
        stored = {call.caller.sid for call in store.calls(limit=1_000_000)}
    assert load.unanswered == []
    assert len(load.begun) > SENDERS
    assert stored >= set(load.begun)
    assert not re.search("refused to gracefully stop|Traceback", server.log.read_text())
    assert took < STOP_SECONDS
