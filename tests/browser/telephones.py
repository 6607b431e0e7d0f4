"""Telephones for the tests of their page: an emulator that runs in real time, with an app and voices that are sure."""

import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Thread
from typing import Any

from playwright.sync_api import Page

from callflow.emulator import Emulator, Manual, Person, Voices, WsgiAppClient
from callflow.simulator.paced_clock import PacedClock, Stopped
from tests.emulator.world import ANA, BASE, CALLER, LINE, SAM, Answer, LittleApp, Rest, conference, twiml

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
CAST = (
    Person(CALLER, "Caller", "caller", "left"),
    Person(ANA, "Ana", "agent", "centre"),
    Person(SAM, "Sam", "a team leader", "right"),
)


def tone(seconds: float, hertz: float = 800.0) -> bytes:
    """A WAV file that is not silent."""
    samples = [round(9000 * math.sin(2 * math.pi * hertz * at / 8000)) for at in range(round(seconds * 8000))]
    body = struct.pack(f"<{len(samples)}h", *samples)
    inside = b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 16000, 2, 16) + b"data"
    inside += struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


class Humming(Voices):
    """Says everything as a tone, as long as it takes to say it."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "humming"

    def speak(self, text: str, speaker: str) -> bytes:
        return tone(max(0.5, len(text) / 14))


OTHER_LINE = "+15550100101"
PAGES: dict[str, Any] = {
    "/other": twiml("<Say>Welcome to the other line.</Say>"),
    "/voice": twiml("<Say>Welcome to us.</Say><Gather numDigits='1' action='/room'><Play>/long.wav</Play></Gather>"),
    "/room": twiml(conference()),
    "/agent": twiml(conference()),
    "/long.wav": Answer(tone(30), content_type="audio/wav", headers=(("Cache-Control", "max-age=60"),)),
}


class Telephones:
    """``url`` is the page's. Time is that of the emulator, which runs as fast as real time."""

    def __init__(self) -> None:
        self.clock = PacedClock(START)
        self.emulator = Emulator(clock=self.clock, app_client=WsgiAppClient(LittleApp(PAGES)), cps=0.0)
        self.emulator.add_number(LINE, voice_url=f"{BASE}/voice")
        self.emulator.add_number(OTHER_LINE, voice_url=f"{BASE}/other")
        self.emulator.keep_sounds(Humming(), CAST, words=lambda url: url.rpartition("/")[2])
        for one in CAST:
            self.emulator.phone(one.number).behave(Manual())
        self.url = f"http://127.0.0.1:{self.emulator.serve()}/"
        self.caller, self.ana = self.emulator.phone(CALLER), self.emulator.phone(ANA)
        self.rest = Rest(self.emulator)
        self._runs = Thread(target=self._run, daemon=True)
        self._runs.start()

    def _run(self) -> None:
        try:
            while True:
                self.clock.run_for(60.0)
        except Stopped:
            return

    def ring(self, number: str) -> None:
        self.rest.post("Calls.json", {"To": number, "From": LINE, "Url": f"{BASE}/agent"})

    def close(self) -> None:
        self.clock.stop()
        self._runs.join(5)
        self.emulator.close()


@contextmanager
def telephones() -> Iterator[Telephones]:
    found = Telephones()
    try:
        yield found
    finally:
        found.close()


def card(page: Page, who: str) -> Any:
    return page.get_by_role("article", name=f"{who}'s telephone")


def played(page: Page) -> list[dict[str, Any]]:
    """What the page has played: side, kind, text, begun and until, in seconds of the emulator."""
    return list(page.evaluate("callflowPhones.sound.log"))


__all__ = ["OTHER_LINE", "Telephones", "card", "played", "telephones"]
