"""A rehearsal in real time, with a server in a process of its own, which can be killed. The visitor plays everybody."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event, Lock, Thread
from typing import Any

from callflow.configuration.loading import load
from callflow.emulator import Emulator, Manual, Switches, Voices
from callflow.live_rehearsal import provider
from callflow.live_rehearsal.app_process import AppProcess, ServerDidNotStart, free_port
from callflow.live_rehearsal.guide import Guide
from callflow.live_rehearsal.recording import Recording
from callflow.live_rehearsal.stage import Captions, cast
from callflow.service.ports import Entry, Store, StoreUnavailable
from callflow.simulator import rehearsal
from callflow.simulator.expectations import Prompts
from callflow.simulator.scenario import CALLER, CALLERS_NUMBER
from callflow.store import open_store

SETTINGS = {"time_out": {"seconds": 15}}
"""Changes to the rules: the shortest hold, so that nobody waits."""
READ_SECONDS = 0.3
"""How often the journal is read."""


class LiveStage:
    """``folder`` has the files of the server. Raises ServerDidNotStart, ConfigurationError."""

    def __init__(self, config: Path, audio: Path, folder: Path) -> None:
        shorter = rehearsal.shortened(config, folder / "config", SETTINGS)
        self.configuration = load(shorter, audio)
        port = free_port()
        base = f"http://127.0.0.1:{port}"
        self.emulator: Emulator = provider.provider(self.configuration, base, Switches())
        self.emulator.keep_sounds(Voices(self.configuration.languages[self.configuration.language].tag),
                                  cast(self.configuration, [(CALLER, CALLERS_NUMBER)]),
                                  Captions(self.configuration).of)  # fmt: skip
        for one in self.emulator.exchange.cast:
            self.emulator.phone(one.number).behave(Manual())
        settings = provider.settings(self.emulator, self.configuration, shorter, audio, base, folder)
        self.server = AppProcess(port, settings, folder / "server.log")
        self._starting = Lock()
        self._wrong = ""
        self._entries: Sequence[Entry] = ()
        self._closed = Event()
        try:
            self.server.start()
            self._store: Store = open_store(provider.database(folder), (provider.SECRET,))
        except BaseException:
            self.server.kill()
            self.emulator.close()
            raise
        prompts = Prompts(self.configuration)
        self.recording = Recording(self.emulator, self.configuration, prompts)
        self.guide = Guide(self.emulator, self.configuration, prompts, self.kill)
        self._reader = Thread(target=self._read, name="journal", daemon=True)
        self._reader.start()

    # -- the server

    def kill(self) -> None:
        """Kill the server now."""
        if self.server.pid:
            self.recording.server("dies")
            self.server.kill()

    def start_server(self) -> None:
        """Start the server again, if it is dead, in a thread of its own."""
        Thread(target=self._start_server, name="starts the server", daemon=True).start()

    def _start_server(self) -> None:
        with self._starting:
            if self.server.pid:
                return
            try:
                self.server.start()
                self.recording.server("returns")
                self._wrong = ""
            except ServerDidNotStart as error:
                self._wrong = str(error)

    # -- the journal

    def entries(self) -> Sequence[Entry]:
        """The entries of all calls, in the order of their times."""
        return self._entries

    def _read(self) -> None:
        version, alive = "", True
        while not self._closed.wait(READ_SECONDS):
            try:
                now = self._store.page_version()
                if now != version or not alive:
                    self._read_once()
                version, alive = now, bool(self.server.pid)
            except StoreUnavailable:
                continue

    def _read_once(self) -> None:
        found = [entry for call in self._store.calls(live=False, limit=20) for entry in self._store.journal(call.id)]
        self._entries = sorted(found, key=lambda entry: entry.at)

    # -- the page

    def state(self) -> dict[str, Any]:
        """Its part of the page, as plain data."""
        return {
            "kind": "live", "speed": 1, "over": False, "outcome": "", "happened": [],
            "server": {"pid": self.server.pid, "starting": self._starting.locked(), "wrong": self._wrong},
            "guide": self.guide.state(), "recorded": self.recording.count,
        }  # fmt: skip

    def close(self) -> None:
        """End the server, the emulator, and the threads."""
        self._closed.set()
        self._reader.join(timeout=5)
        self.server.stop()
        self.emulator.close()
        self._store.close()
