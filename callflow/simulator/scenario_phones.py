"""The phones of a scenario by name, its clock and server, and the current state of the call."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from callflow.core import acts
from callflow.core.configuration import Configuration
from callflow.core.duty import on_duty
from callflow.core.events import Act
from callflow.core.stages import Stage
from callflow.emulator import Phone, VirtualClock
from callflow.emulator.extensions import address
from callflow.emulator.legs import Heard
from callflow.runtime.metrics import Metrics
from callflow.service.acts import Acts
from callflow.service.call_service import CallService
from callflow.service.flow_closings import FlowClosing
from callflow.service.outgoing import OutgoingCalls
from callflow.service.people import Presence
from callflow.service.ports import Entry, Store
from callflow.simulator import scenario as s
from callflow.simulator.expectations import Prompts, together_with
from callflow.simulator.second_node import only_fallback
from callflow.simulator.stand_ins import StandIns
from callflow.simulator.transcript import SOUNDS, Transcript
from callflow.simulator.world import START, World, WsgiApp
from callflow.store.memory import MemoryStore


class RunningApp(Protocol):
    """The part of ``bootstrap.Callflow`` that a scenario needs."""

    @property
    def web(self) -> WsgiApp: ...
    @property
    def store(self) -> Store: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def calls(self) -> CallService: ...
    @property
    def outgoing(self) -> OutgoingCalls: ...


Composer = Callable[[Configuration, World, Store], RunningApp]
"""Connects a Callflow to a world (``bootstrap.rehearse``). Called again with the same store when a server restarts."""


class StepFailed(Exception):
    """A step's expectation was not met. ``happened`` says what happened instead."""

    def __init__(self, *happened: str) -> None:
        super().__init__("; ".join(happened))
        self.happened = happened


class ScenarioPhones:
    """The people of one scenario and their phones, in a world of their own."""

    def __init__(self, scenario: s.Scenario, compose: Composer, write: Callable[[str], None] | None = None,
                 store: Store | None = None, clock: VirtualClock | None = None) -> None:  # fmt: skip
        self.scenario, self._compose = scenario, compose
        configuration = scenario.configuration
        self.world = World(switches=scenario.switches, chaos=scenario.chaos, hosted=scenario.hosted,
                           start=scenario.starts or START, clock=clock)  # fmt: skip
        self.world.lookup_client = self.stand_ins = StandIns(scenario.answers, self.world.later)
        self.store = store or MemoryStore()
        self.running = compose(configuration, self.world, self.store)
        self.prompts = Prompts(configuration)
        people = {**configuration.agents, **configuration.supervisors, "security": configuration.security}
        self.numbers = {id: address(one.phone, one.extension) for id, one in people.items()}
        self.names = {number: who for who, number in self.numbers.items()}
        self._shown_as: dict[str, str] = {}
        for who, number in scenario.callers.items():
            self.add_caller(who, number)
        for who, number in self.numbers.items():
            if who not in scenario.callers:  # several people may have one telephone
                shown = self._shown_as.get(number)
                self._shown_as[number] = f"{shown}/{who.capitalize()}" if shown else who.capitalize()
        self.transcript: list[str] = []
        tell = write or self.transcript.append
        Transcript(self.world.emulator, self._shown_as, configuration, lambda told: tell(told.line))
        for who, made in scenario.people.items():
            self.phone(who).behave(made)

    def add_caller(self, who: str, number: str) -> None:
        """Add a caller."""
        self.scenario = replace(self.scenario, callers={**self.scenario.callers, who: number})
        handset = self.numbers[who] = _handset(who, number)
        self.names[handset], self._shown_as[handset] = who, who.capitalize()

    def phone(self, who: str) -> Phone:
        return self.world.emulator.phone(self.numbers[who])

    def who(self, sid: str) -> str:
        """The id of the person on the call with this SID, or ""."""
        leg = self.world.emulator.legs.get(sid)
        return self.names.get(leg.person, "") if leg else ""

    # -- time

    @property
    def now(self) -> float:
        return self.world.clock.monotonic()

    def until(self, so: Callable[[], bool], times: s.Times, *happened: Callable[[], Sequence[str]]) -> None:
        """Let time pass until ``so()`` is true; returns at once if it already is. Raises StepFailed."""
        begin = self._end_of(times.since) if times.since else self.now
        if not self.world.clock.run_until_true(so, max(0.0, begin + times.within - self.now)):
            raise StepFailed(f"not within {times.within:g} s", *(line for some in happened for line in some()))
        if self.now < begin + times.at_least:
            raise StepFailed(f"after {self.now - begin:.1f} s already, not after {times.at_least:g}")

    def _end_of(self, since: s.Since) -> float:
        """When that person had heard that prompt to its end, in clock seconds. Waits for it. Raises StepFailed."""
        found: list[float] = []

        def heard() -> bool:
            for sound in reversed(self.phone(since.who).heard):
                if sound.ended and self.prompts.fits(sound, since.prompt):
                    found.append(sound.monotonic + sound.seconds_heard)
                    return True
            return False

        if not self.world.clock.run_until_true(heard, s.ANY_SECONDS):
            sounds = self.sounds(since.who, self.phone(since.who).heard)
            raise StepFailed(f"{since.who} never heard {since.prompt}", *sounds)
        return found[0]

    # -- the server

    def server(self, does: str) -> None:
        """The server dies as after SIGKILL, with or without a second node's fallback, or returns on the same store."""
        self.world.disconnect()
        if does == s.RETURNS:
            self.running = self._compose(self.scenario.configuration, self.world, self.store)
        elif does == s.SECOND_NODE:
            apart = self._compose(self.scenario.configuration, World(), MemoryStore())
            self.world.connect(only_fallback(apart.web), None, ())

    def call_out(self, who: str, customer: str) -> None:
        """``who``, one of the staff, begins a call to a caller of the scenario, about their latest call if there is
        one. Raises CannotCall."""
        number = self.scenario.callers[customer]
        earlier = [call.reference for call in self.store.calls(live=False) if call.number == number]
        self.running.outgoing.begin(who, number, about=earlier[0] if earlier else "")

    def act(self, who: str, text: str) -> None:
        """``who`` acts on the latest call that is live: the act, and what it is about if it needs that. A refusal is in
        the journal."""
        act, _, what = text.partition(" ")
        for call in self.store.calls()[:1]:
            Acts(self.running.calls).act(call.id, who, Act(act), acts.state(call), what)

    def close(self, flow: str, opens: bool) -> None:
        """Close the flow by hand for a day, or open it again."""
        now = self.world.clock.now()
        until = now if opens else now + timedelta(days=1)
        self.store.close_flow(FlowClosing(flow=flow, at=now, until=until, by="somebody"))

    # -- the current state

    @property
    def journal(self) -> list[Entry]:
        """The entries of all calls, in the order of their times."""
        entries = [entry for call in reversed(self.store.calls(live=False)) for entry in self.store.journal(call.id)]
        return sorted(entries, key=lambda entry: entry.at)

    def stage(self) -> Stage | None:
        """The stage of the latest call, or None."""
        calls = self.store.calls(live=False, limit=1)
        return calls[0].stage if calls else None

    def presence(self, who: str) -> Presence:
        known = {one.person: one.presence for one in self.store.people(self.world.clock.now())}
        return known.get(who, Presence.FREE)

    def away(self, who: str) -> bool:
        return any(one.person == who and one.away for one in self.store.people(self.world.clock.now()))

    def on_duty(self, who: str) -> bool:
        """Whether a person may be rung at this time; a caller never is one."""
        known = self.scenario.configuration
        staff = who in known.agents or who in known.supervisors
        return staff and on_duty(known, who, self.world.clock.now())

    def places(self) -> list[str]:
        """Where everybody's phone is, one line each."""
        lines = []
        for who, number in self.numbers.items():
            phone = self.world.emulator.phone(number)
            others = sorted(self.names[one] for one in together_with(self.world.emulator, phone) - {number})
            where = phone.leg.where.partition(" call-")[0] if phone.leg else "gone"
            if phone.legs:
                lines.append(f"{who}: {where}" + (f", with {', '.join(others)}" if others else ""))
        return lines or ["nobody is on the line"]

    def sounds(self, who: str, sounds: Sequence[Heard]) -> list[str]:
        """What this person heard, one line per sound."""
        lines = []
        for sound in sounds:
            state = "" if sound.complete else " (cut)" if sound.ended else " (now)"
            words = self.prompts.words(sound)
            if sound.kind in ("say", "play", "music") and SOUNDS not in sound.text_or_url:
                id = self.prompts.id(sound) or "no line of ours"
                lines.append(f"{who} heard {id}{state}" + (f': "{words}"' if words else ""))
        return lines or [f"{who} heard nothing"]


def _handset(who: str, number: str) -> str:
    """The number of a caller's phone; an invented one for a caller who withholds it."""
    return f"+1555010{sum(map(ord, who)) % 1000 + 2000}" if number == s.WITHHELD else number
