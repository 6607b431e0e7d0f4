"""Everybody in a scenario and the world they are in: telephones by name, time, the server, and what is so now."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.emulator import Phone
from callflow.emulator.legs import Heard
from callflow.runtime.metrics import Metrics
from callflow.service.ports import Entry, Presence, Store
from callflow.simulator import scenario as s
from callflow.simulator.expectations import Lines, company
from callflow.simulator.second_node import only_fallback
from callflow.simulator.story import Story
from callflow.simulator.world import World, WsgiApp
from callflow.store.memory import MemoryStore


class Playing(Protocol):
    """A composed Callflow, as far as a scenario needs it (``bootstrap.Callflow``)."""

    @property
    def app(self) -> WsgiApp: ...
    @property
    def store(self) -> Store: ...
    @property
    def metrics(self) -> Metrics: ...


Composer = Callable[[Configuration, World, Store], Playing]
"""Puts a Callflow into a world (``bootstrap.rehearse``); again for a server that returns, on the same store."""


class StepFailed(Exception):
    """What a step expects did not come about; ``happened`` did."""

    def __init__(self, *happened: str) -> None:
        super().__init__("; ".join(happened))
        self.happened = happened


class ScenarioPhones:
    """The people of one scenario with their telephones, in a world of their own."""

    def __init__(self, scenario: s.Scenario, compose: Composer, write: Callable[[str], None] | None = None,
                 store: Store | None = None) -> None:  # fmt: skip
        self.scenario, self._compose = scenario, compose
        configuration = scenario.configuration
        self.world = World(switches=scenario.switches, chaos=scenario.chaos)
        self.store = store or MemoryStore()
        self.playing = compose(configuration, self.world, self.store)
        self.lines = Lines(configuration)
        people = {**configuration.agents, **configuration.supervisors, "security": configuration.security}
        self.numbers = {id: one.phone for id, one in people.items()}
        self.names = {number: who for who, number in self.numbers.items()}
        self._shown_as: dict[str, str] = {}
        for who, number in scenario.callers.items():
            self.add_caller(who, number)
        self._shown_as |= {number: who.capitalize() for number, who in self.names.items()}
        self.told: list[str] = []
        Story(self.world.emulator, self._shown_as, configuration, write or self.told.append)
        for who, made in scenario.people.items():
            self.phone(who).behave(made)

    def add_caller(self, who: str, number: str) -> None:
        """One more who may call."""
        self.scenario = replace(self.scenario, callers={**self.scenario.callers, who: number})
        handset = self.numbers[who] = _handset(who, number)
        self.names[handset], self._shown_as[handset] = who, who.capitalize()

    def phone(self, who: str) -> Phone:
        return self.world.emulator.phone(self.numbers[who])

    def who(self, sid: str) -> str:
        """Whose telephone a leg of the provider's is, "" for nobody's."""
        leg = self.world.emulator.legs.get(sid)
        return self.names.get(leg.person, "") if leg else ""

    # -- time

    @property
    def now(self) -> float:
        return self.world.clock.monotonic()

    def until(self, so: Callable[[], bool], times: s.Times, *happened: Callable[[], Sequence[str]]) -> None:
        """Let time pass until it is so. What is so already is so at once. Raises StepFailed."""
        begin = self._end_of(times.since) if times.since else self.now
        if not self.world.clock.run_until_true(so, max(0.0, begin + times.within - self.now)):
            raise StepFailed(f"not within {times.within:g} s", *(line for some in happened for line in some()))
        if self.now < begin + times.at_least:
            raise StepFailed(f"after {self.now - begin:.1f} s already, not after {times.at_least:g}")

    def _end_of(self, since: s.Since) -> float:
        """When that person had heard that line to its end; waits for it."""
        found: list[float] = []

        def heard() -> bool:
            for sound in reversed(self.phone(since.who).heard):
                if sound.ended and self.lines.fits(sound, since.line):
                    found.append(sound.monotonic + sound.seconds_heard)
                    return True
            return False

        if not self.world.clock.run_until_true(heard, s.ANY_SECONDS):
            sounds = self.sounds(since.who, self.phone(since.who).heard)
            raise StepFailed(f"{since.who} never heard {since.line}", *sounds)
        return found[0]

    # -- the server

    def server(self, does: str) -> None:
        """It dies, as after SIGKILL, with or without another node's fallback; or it is back, on the same database."""
        self.world.disconnect()
        if does == s.RETURNS:
            self.playing = self._compose(self.scenario.configuration, self.world, self.store)
        elif does == s.SECOND_NODE:
            apart = self._compose(self.scenario.configuration, World(), MemoryStore())
            self.world.connect(only_fallback(apart.app), _nothing, _nothing, ())

    # -- what is so

    @property
    def journal(self) -> list[Entry]:
        """The entries of all calls, in the order in which they were written."""
        entries = [entry for call in reversed(self.store.calls(live=False)) for entry in self.store.journal(call.id)]
        return sorted(entries, key=lambda entry: entry.at)

    def stage(self) -> Stage | None:
        """Of the latest call."""
        calls = self.store.calls(live=False, limit=1)
        return calls[0].stage if calls else None

    def presence(self, who: str) -> Presence:
        known = {one.person: one.presence for one in self.store.people(self.world.clock.now())}
        return known.get(who, Presence.FREE)

    def places(self) -> list[str]:
        """Where everybody is, as their telephones know it."""
        lines = []
        for who, number in self.numbers.items():
            phone = self.world.emulator.phone(number)
            others = sorted(self.names[one] for one in company(self.world.emulator, phone) - {number})
            where = phone.leg.where.partition(" call-")[0] if phone.leg else "gone"
            if phone.legs:
                lines.append(f"{who}: {where}" + (f", with {', '.join(others)}" if others else ""))
        return lines or ["nobody is on the line"]

    def sounds(self, who: str, sounds: Sequence[Heard]) -> list[str]:
        """What this person heard, line by line."""
        told = []
        for sound in sounds:
            state = "" if sound.complete else " (cut)" if sound.ended else " (now)"
            words = self.lines.words(sound)
            if sound.kind in ("say", "play", "music"):
                id = self.lines.id(sound) or "no line of ours"
                told.append(f"{who} heard {id}{state}" + (f': "{words}"' if words else ""))
        return told or [f"{who} heard nothing"]


def _handset(who: str, number: str) -> str:
    """The number of a caller's own telephone, also of one who shows none."""
    return f"+1555010{sum(map(ord, who)) % 1000 + 2000}" if number == s.WITHHELD else number


def _nothing() -> None:
    """Nobody sends and nobody looks after anything."""
