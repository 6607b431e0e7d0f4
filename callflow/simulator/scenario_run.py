"""Plays scenarios on the virtual clock, and reports where and why one failed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from callflow.emulator import NotOnACall, Phone
from callflow.service.outgoing import CannotCall
from callflow.service.people import Presence
from callflow.service.ports import Store
from callflow.simulator import scenario as s
from callflow.simulator.expectations import MUSIC, is_said, on_hold, together_with
from callflow.simulator.scenario_judgement import judge
from callflow.simulator.scenario_phones import Composer, ScenarioPhones, StepFailed
from callflow.simulator.scenario_words import behaviour
from callflow.simulator.transcript import journal_lines

SETTLE_SECONDS = 0.25
"""Time after an action, so that the next step does not see the state before it."""
NEXT_PROMPT_SECONDS = 1.0
"""How long a person who presses several keys waits for the next prompt before each key."""
A_NUMBER = 7
"""From this many keys on they are a typed number, and not choices in menus."""
END_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Failure:
    """``at`` is file:line, ``expected`` the step written there, ``happened`` what happened instead."""

    at: str
    expected: str
    happened: Sequence[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    scenario: s.Scenario
    failure: Failure | None
    transcript: Sequence[str]
    journal: Sequence[str] = ()


def play(scenario: s.Scenario, compose: Composer, store: Store | None = None) -> Outcome:
    """Play a scenario to its end and return the outcome, also if it fails. ``store`` keeps the calls for later use."""
    return played(ScenarioPhones(scenario, compose, store=store))


def played(phones: ScenarioPhones) -> Outcome:
    """Play the scenario of these phones."""
    scenario, runner = phones.scenario, ScenarioRunner(phones)
    step = s.Step(at=f"{scenario.file}:1", written="the beginning")
    try:
        for step in scenario.steps:
            runner.play(step)
        step = s.Step(at=step.at, written="after the last step: everybody is let go, and the call has ended")
        runner.end()
        wrong = judge(runner.phones)
        failure = Failure(*wrong) if wrong else None
    except StepFailed as failed:
        failure = Failure(step.at, step.written, failed.happened)
    except NotOnACall as error:
        failure = Failure(step.at, step.written, [str(error), *runner.phones.places()])
    return Outcome(scenario, failure, runner.phones.transcript, journal_lines(runner.phones.journal) if failure else ())


@dataclass
class _Progress:
    """How many of a phone's sounds earlier steps have matched: those heard in full, and those that began."""

    phone: Phone
    heard: int = 0
    begun: int = 0


class ScenarioRunner:
    """Plays the steps of one scenario: performs the actions and checks the expectations."""

    def __init__(self, phones: ScenarioPhones) -> None:
        self.phones = phones
        self._progress: dict[str, _Progress] = {}

    def play(self, step: s.Step) -> None:
        """Play one step. Raises StepFailed, NotOnACall."""
        phones = self.phones
        match step:
            case s.Acts():
                self._acts(step)
            case s.Together():
                wanted = {phones.numbers[who] for who in step.people}
                first = phones.phone(step.people[0])
                phones.until(lambda: together_with(phones.world.emulator, first) == wanted, step.times, phones.places)
            case s.InStage():
                phones.until(
                    lambda: phones.stage() is step.stage, step.times, lambda: [f"the call is {phones.stage()}"]
                )
            case s.Passes():
                phones.world.clock.run_for(step.seconds)
            case s.ServerDoes():
                phones.server(step.does)
            case s.FlowCloses():
                phones.close(step.flow, step.opens)

    def _acts(self, step: s.Acts) -> None:
        for prompt in step.hears:
            self._hears(step, prompt)
        for prompt in step.hears_start:
            self._hears(step, prompt, start=True)
        if step.state:
            self._is(step)
        if step.action:
            self.phones.world.clock.run_for(step.after)
            self._does(step.who, step.action, step.value)
            self.phones.world.clock.run_for(SETTLE_SECONDS)

    def _hears(self, step: s.Acts, wanted: s.Prompt, start: bool = False) -> None:
        progress = self._progress.setdefault(step.who, _Progress(self.phones.phone(step.who)))
        fits, first = self.phones.prompts.fits, progress.begun if start else progress.heard
        begun_is_enough = start or wanted.named == MUSIC

        def found() -> bool:
            sounds = progress.phone.heard
            for number in range(first, len(sounds)):
                if (sounds[number].complete or begun_is_enough) and fits(sounds[number], wanted):
                    progress.begun = number + 1
                    progress.heard = number if start else number + 1
                    return True
            return False

        self.phones.until(found, step.times, lambda: self.phones.sounds(step.who, progress.phone.heard[first:]),
                        self.phones.places)  # fmt: skip

    def _is(self, step: s.Acts) -> None:
        who, phone, presence = step.who, self.phones.phone(step.who), self.phones.presence
        states: Mapping[str, Callable[[], bool]] = {
            "ringing": lambda: bool(phone.leg and phone.leg.rings),
            "on the line": lambda: bool(phone.leg and phone.leg.answered and not phone.leg.rings),
            "gone": lambda: bool(phone.legs) and phone.leg is None,
            "alone": lambda: bool(phone.leg) and together_with(self.phones.world.emulator, phone) <= {phone.number},
            "on hold": lambda: on_hold(phone),
            "on a call": lambda: presence(who) is Presence.ON_CALL,
            "wrapping up": lambda: presence(who) is Presence.WRAP_UP,
            "on a break": lambda: presence(who) is Presence.COOL_DOWN,
            "free": lambda: presence(who) is Presence.FREE,
            "away": lambda: self.phones.away(who),
            "on duty": lambda: self.phones.on_duty(who),
            "off duty": lambda: not self.phones.on_duty(who),
        }
        self.phones.until(states[step.state], step.times, self.phones.places)

    def _does(self, who: str, action: str, value: str) -> None:
        phone, scenario = self.phones.phone(who), self.phones.scenario
        shown = s.WITHHELD if scenario.callers.get(who) == s.WITHHELD else None
        actions: Mapping[str, Callable[[], object]] = {
            "calls": lambda: self._calls(who, value, phone, shown),
            "presses": lambda: self._presses(phone, value),
            "says": lambda: phone.say(value),
            "acts": lambda: self.phones.act(who, value),
            "picks up": phone.answer,
            "declines": phone.decline,
            "hangs up": phone.hang_up,
            "now": lambda: phone.behave(behaviour(value)),
        }
        try:
            actions[action]()
        except (ValueError, CannotCall) as error:
            raise StepFailed(str(error), *self.phones.places()) from error

    def _calls(self, who: str, value: str, phone: Phone, shown: str | None) -> None:
        """A caller dials a number of ours; somebody of the staff has a customer called."""
        if value in self.phones.scenario.callers and who not in self.phones.scenario.callers:
            self.phones.call_out(who, value)
        else:
            phone.call(value or next(iter(self.phones.scenario.configuration.numbers)), shown)

    def _presses(self, phone: Phone, keys: str) -> None:
        clock = self.phones.world.clock
        if len(keys) >= A_NUMBER:
            phone.press(keys)
            clock.run_for(len(keys) * 0.2)
            return
        phone.press(keys[0])
        for key in keys[1:]:
            clock.run_until_true(partial(_another_prompt, phone, len(phone.heard)), NEXT_PROMPT_SECONDS)
            clock.run_for(s.REACTION_SECONDS)
            phone.press(key)

    def end(self) -> None:
        """Everybody on a call hangs up, callers first; then wait until all calls have ended. Raises StepFailed."""
        phones, callers = self.phones, self.phones.scenario.callers
        for who in (*callers, *(one for one in phones.numbers if one not in callers)):
            phone = phones.phone(who)
            if phone.leg and (phone.leg.answered or who in callers):
                phone.hang_up()
                phones.world.clock.run_for(SETTLE_SECONDS)
        legs, times = phones.world.emulator.legs, s.Times(within=END_SECONDS)
        phones.until(lambda: not any(leg.live for leg in legs.values()), times, phones.places)
        if phones.scenario.faultless:
            phones.until(lambda: not phones.store.calls(), times, lambda: [f"it is {phones.stage()}"])


def _another_prompt(phone: Phone, before: int) -> bool:
    return any(is_said(sound) for sound in phone.heard[before:])
