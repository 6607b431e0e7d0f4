"""A whole call as a conversation: Callflow and the local provider on one virtual clock, and people with telephones.

    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_request").presses("1").hears("hold_start")
    talk.together("caller", "ana").noted("hold", outcome="returned on time").over()

Every expectation waits until it is fulfilled, up to a time limit. A failure shows what everybody heard and did so far.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, Self

from callflow.bootstrap import Clock, rehearse
from callflow.configuration.loading import load
from callflow.core.call import Call
from callflow.core.configuration import Configuration, Script
from callflow.core.evidence import CallBack
from callflow.core.stages import Stage
from callflow.emulator import Chaos, Emulator, Phone, Switches
from callflow.emulator.legs import Heard
from callflow.emulator.phones import Behaviour
from callflow.service.ports import Entry, Store
from callflow.service.promises import listed
from callflow.simulator.transcript import JOINED, RecordedWords, Transcript, journal_lines
from callflow.simulator.world import World

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "audio"
LINE = "+15550100100"
PHONES = {"caller": "+15550100199", "ana": "+15550100111", "ben": "+15550100112", "sam": "+15550100121",
          "sky": "+15550100122", "security": "+15550100131"}  # fmt: skip
NAMES = {number: name for name, number in PHONES.items()}
OTHERS: dict[str, Script] = {}
"""Scripts that are not in the shipped configuration, by id. Added by tests with other flows."""


@cache
def shipped() -> Configuration:
    """The shipped configuration."""
    return load(ROOT / "config", AUDIO)


@cache
def words_of(script: str) -> re.Pattern[str]:
    """A pattern for the text of a script with any variables, or for the URL of one of its recordings."""
    known = shipped().languages["en"].scripts.get(script) or OTHERS[script]
    text = "".join(".*" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{\w+\})", known.text))
    recordings = "".join(rf"|.*/{re.escape(one.path)}" for one in known.audio.values())
    return re.compile(f"{text}{recordings}|.*{JOINED}{script}/.*", re.DOTALL)


@cache
def recorded() -> RecordedWords:
    return RecordedWords(shipped())


class Conversation:
    """One call with everybody who may be on it, and its virtual time."""

    def __init__(self, configuration: Configuration | None = None, *, switches: Switches | None = None,
                 chaos: Chaos | None = None, hosted: bool = False, store: Store | None = None, seed: int = 0,
                 clock_of: Callable[[World], Clock] | None = None) -> None:  # fmt: skip
        self.configuration = configuration or shipped()
        world = World(switches=switches, chaos=chaos, hosted=hosted, seed=seed)
        staged = rehearse(self.configuration, AUDIO, world, store, clock_of(world) if clock_of else None)
        self.world, self.callflow = staged.world, staged.callflow
        self.emulator: Emulator = self.world.emulator
        self.clock = self.world.clock
        self.told: list[str] = []
        Transcript(self.emulator, NAMES, self.configuration, lambda told: self.told.append(told.line))
        self.caller, self.ana, self.ben = (Person(self, name) for name in ("caller", "ana", "ben"))
        self.sam, self.sky, self.security = (Person(self, name) for name in ("sam", "sky", "security"))

    def call_backs(self) -> list[tuple[str, CallBack]]:
        """Open promises: the id of the call, and what it was promised."""
        found = [(one.call.id, one.call.call_back) for one in listed(self.callflow.store)]
        return [(id, promise) for id, promise in found if promise]

    # -- time

    def wait(self, seconds: float) -> Self:
        self.clock.run_for(seconds)
        return self

    def until(self, so: Callable[[], bool], what: str, within: float = 45.0) -> Self:
        """Let time pass until ``so()`` is true, which may be at once."""
        if not self.clock.run_until_true(so, within):
            self.fail(f"{what}: not within {within:g} s")
        return self

    # -- what must be so

    @property
    def call(self) -> Call:
        """The latest call."""
        return self.callflow.store.calls(live=False)[0]

    @property
    def journal(self) -> list[Entry]:
        return self.callflow.store.journal(self.call.id)

    def stage(self, wanted: Stage) -> Self:
        return self.until(lambda: self.call.stage is wanted, f"stage {wanted} (it is {self.call.stage})")

    def together(self, *names: str, within: float = 45.0) -> Self:
        """Exactly these people hear each other."""
        return self.until(lambda: self.company(names[0]) == set(names), f"{names} together", within)

    def company(self, name: str) -> set[str]:
        """The people who hear this person, and the person."""
        leg = self.emulator.phone(PHONES.get(name, name)).leg
        room = leg.seat.room if leg and leg.seat else None
        if room is None or leg is None or leg.sid not in room.members:
            return set()
        phones = [self.emulator.legs[sid].phone for sid in room.members]
        return {NAMES.get(phone.number, phone.number) for phone in phones if phone}

    def noted(self, kind: str, actor: str = "", **wanted: Any) -> Self:
        """The journal has or soon gets such an entry. ``wanted`` are its fields and details."""
        return self.until(lambda: bool(self.notes(kind, actor, **wanted)), f"note {kind} {actor} {wanted}", 20)

    def not_noted(self, kind: str, actor: str = "", **wanted: Any) -> Self:
        found = self.notes(kind, actor, **wanted)
        return self.check(not found, f"{found} should not be in the journal")

    def notes(self, kind: str, actor: str = "", **wanted: Any) -> list[Entry]:
        return [one for one in self.journal if one.note.kind == kind and actor in ("", one.note.actor)
                and wanted.items() <= _facts(one).items()]  # fmt: skip

    def over(self) -> Self:
        """The caller hangs up if necessary. All legs end, the call is ENDED, and the provider reported no problem."""
        if self.caller.phone.leg:
            self.caller.hangs_up()
        for person in (self.ana, self.ben, self.sam, self.sky):
            if person.phone.leg and person.phone.leg.answered:
                person.hangs_up()
        self.until(lambda: all(call.stage is Stage.ENDED for call in self.callflow.store.calls(live=False)),
                   "the end of the call", 200)  # fmt: skip
        self.until(lambda: not any(leg.live for leg in self.emulator.legs.values()), "the end of all legs", 60)
        return self.clean()

    def clean(self) -> Self:
        """The provider reported no error or warning, and Callflow has no impossible event and no failure."""
        self.check(not self.emulator.errors, f"errors: {self.emulator.errors}")
        self.check(not self.callflow.metrics.value("failures"), "a webhook failed")
        return self.not_noted("impossible_event")

    def check(self, good: bool, otherwise: str) -> Self:
        if not good:
            self.fail(otherwise)
        return self

    def fail(self, why: str) -> NoReturn:
        calls = self.callflow.store.calls(live=False)
        places = [f"{call.stage}: " + ", ".join(f"{leg.id} {leg.person} {leg.place.name}" for leg in call.legs)
                  for call in calls]  # fmt: skip
        journal = journal_lines(self.journal) if calls else []
        raise AssertionError("\n".join([why, "", *self.told, "", *places, *journal]))


class Person:
    """Somebody with a telephone. ``hears`` and ``heard`` look at what came after the last match of the same method."""

    def __init__(self, talk: Conversation, name: str, number: str = "") -> None:
        self.talk = talk
        self.name = name
        self.phone: Phone = talk.emulator.phone(number or PHONES[name])
        self._marks = {"hears": 0, "heard": 0}

    # -- what they do

    def behaves(self, behaviour: Behaviour) -> Self:
        self.phone.behave(behaviour)
        return self

    def dials(self, caller_id: str | None = None) -> Self:
        self.phone.call(LINE, caller_id)
        return self

    def presses(self, key: str, after: float = 0.4) -> Self:
        self.talk.wait(after)
        self.phone.press(key)
        self.talk.wait(0.2)
        return self

    def says(self, words: str, after: float = 0.4) -> Self:
        self.talk.wait(after)
        self.phone.say(words)
        return self

    def hangs_up(self, after: float = 0.0) -> Self:
        self.talk.wait(after)
        self.phone.hang_up()
        self.talk.wait(0.3)
        return self

    # -- what must be so

    def hears(self, script: str, saying: str = "", within: float = 45.0) -> Self:
        """The script begins, with these words in it."""
        return self._awaits("hears", script, saying, within)

    def heard(self, script: str, saying: str = "", within: float = 60.0) -> Self:
        """The script was heard to its end."""
        return self._awaits("heard", script, saying, within)

    def never_heard(self, *scripts: str) -> Self:
        for script in scripts:
            found = [one for one in self.phone.heard if words_of(script).fullmatch(one.text_or_url)]
            self.talk.check(not found, f"{self.name} heard {script}: {found}")
        return self

    def rings(self, within: float = 45.0) -> Self:
        return self._is(lambda: bool(self.phone.leg and self.phone.leg.rings), "rings", within)

    def answers(self, within: float = 45.0) -> Self:
        return self._is(
            lambda: bool(self.phone.leg and self.phone.leg.answered and not self.phone.leg.rings), "answers", within
        )

    def is_off(self, within: float = 30.0) -> Self:
        """The person is not on the call, or no longer."""
        return self._is(lambda: self.phone.leg is None, "off the line", within)

    def never_rang(self) -> Self:
        self.talk.check(not self.phone.legs, f"{self.name}'s phone rang")
        return self

    def _is(self, so: Callable[[], bool], what: str, within: float) -> Self:
        self.talk.until(so, f"{self.name} {what}", within)
        return self

    def _awaits(self, what: str, script: str, saying: str, within: float) -> Self:
        def found() -> bool:
            sounds = self.phone.heard
            for index in range(self._marks[what], len(sounds)):
                if _fits(sounds[index], script, saying) and (sounds[index].complete or what == "hears"):
                    self._marks[what] = index + 1
                    self._marks["hears"] = max(self._marks.values())
                    return True
            return False

        return self._is(found, f"{what} {script} {saying}", within)


def _fits(sound: Heard, script: str, saying: str) -> bool:
    spoken = sound.kind in ("say", "play") and words_of(script).fullmatch(sound.text_or_url)
    return bool(spoken) and (saying in sound.text_or_url or saying in recorded().of(sound.text_or_url))


def _facts(entry: Entry) -> Mapping[str, Any]:
    note = entry.note
    return {**note.details, "key": note.key, "script": note.script, "outcome": note.outcome}
