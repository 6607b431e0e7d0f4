"""Recording a scenario: takes commands, prints what everybody hears, and writes a scenario file at the end."""

from collections.abc import Callable
from dataclasses import replace

from callflow.configuration.reading.source import Source, parse
from callflow.configuration.telephone import never_shown
from callflow.core.configuration import Configuration
from callflow.emulator import NotOnACall
from callflow.simulator import scenario as s
from callflow.simulator.expectations import is_said
from callflow.simulator.happened import Happened
from callflow.simulator.recorder_text import Action, Waited, scenario_text
from callflow.simulator.scenario_answers import read_answers
from callflow.simulator.scenario_phones import Composer, ScenarioPhones, StepFailed
from callflow.simulator.scenario_run import ScenarioRunner
from callflow.simulator.scenario_steps import Reading, WrongStep
from callflow.simulator.scenario_words import BEHAVIOURS

HELP = f"""\
caller calls            dials the line; a second caller: new caller dora (a number, or withheld)
ana presses *1          keys, each when the line before it has begun
caller says yes         also: ana hangs up, ben picks up, ben declines
sam now busy            how a phone behaves: {", ".join(BEHAVIOURS)}
wait 5                  five seconds pass; other commands let everybody finish what is being said
ana presses * ...       three dots: do not wait for the lines to end
server dies             also: server returns
answer find {{body: ...}} what another system answers to the lookup "find" from now on; also timeout, {{status: 503}}
close reception         a flow is closed by hand; also: open reception
show                    where everybody is
save                    write the scenario, and play it once to see that it passes
quit                    leave without saving"""
DOTS = "..."
MOST_SECONDS = 40.0
"""How long one command waits at most for prompts to end."""
QUIET_SECONDS = 0.6


class Recorder:
    """One recording session. ``answer`` takes a command and returns the lines to print, until ``over`` is set."""

    def __init__(self, configuration: Configuration, compose: Composer, write: Callable[[str], None]) -> None:
        self._configuration = configuration
        self._phones = ScenarioPhones(
            s.Scenario(id="recording", name="", file="", configuration=configuration, steps=()), compose, write
        )
        self._runner = ScenarioRunner(self._phones)
        self._happened = Happened(self._phones.world.emulator, self._phones.prompts, self._phones.numbers)
        self._items = self._happened.items
        self.over = self.saved = False

    # -- commands

    def answer(self, command: str) -> list[str]:
        """What to print for a command. The transcript is written separately; mistakes are answered, never raised."""
        words = command.split()
        plain: dict[str, Callable[[], list[str]]] = {
            "help": lambda: [HELP], "show": lambda: self._phones.places(), "save": self._save,
            "quit": self._quit,
        }  # fmt: skip
        if not words:
            return []
        if words[0] in plain:
            return plain[words[0]]()
        if words[0] == "answer" and len(words) >= 3:
            return self._answer(words[1], command.split(maxsplit=2)[2])
        if words[:2] == ["new", "caller"] and len(words) >= 3:
            return self._new_caller(words[2], words[3] if len(words) > 3 else "")
        return self._step(command)

    def _quit(self) -> list[str]:
        self.over = True
        return []

    def _save(self) -> list[str]:
        self._finish_prompts()
        self.over = self.saved = True
        return []

    def _new_caller(self, name: str, number: str) -> list[str]:
        taken = len(self._phones.scenario.callers)
        shown = {"": f"+155501003{taken:02d}", "withheld": s.WITHHELD}.get(number, number)
        if shown != s.WITHHELD and (why := never_shown(shown)):
            return [f"{shown} {why}"]
        self._phones.add_caller(name, shown)
        return [f"{name} can call"]

    def _answer(self, step: str, text: str) -> list[str]:
        typed = Source(label="", name="")
        parse(typed, text)
        wrong = [problem.message for problem in typed.problems]
        answers_to = {} if wrong else {step: typed.value}
        found = dict(read_answers(answers_to, self._configuration, lambda *told, **_: wrong.append(told[-1])))
        for name, answers in found.items() if not wrong else ():
            self._phones.stand_ins.answer(name, answers)
        return wrong or [f"{step} answers that from now on"]

    def _step(self, command: str) -> list[str]:
        patient = not command.endswith(DOTS)
        try:
            step = self._read(command.removesuffix(DOTS).strip())
            before = self._phones.now
            self._note(step, before)
            self._runner.play(step)
        except WrongStep as wrong:
            return [f"{wrong}; help lists what can be typed"]
        except (NotOnACall, StepFailed) as error:
            self._items.pop()
            return [str(error)]
        if isinstance(step, s.Acts) and patient:
            self._finish_prompts()
        return []

    def _read(self, command: str) -> s.Step:
        who, _, rest = command.partition(" ")
        reading = Reading(Source(label="", name=""), self._configuration, self._phones.scenario.callers)
        if who == "wait":
            return reading.step({"after": _number(rest)}, "")
        step = reading.step({who: rest}, "")
        if isinstance(step, s.Acts) and not step.action:
            raise WrongStep("what is heard is written down by itself")
        return replace(step, after=0.0) if isinstance(step, s.Acts) else step

    def _note(self, step: s.Step, at: float) -> None:
        match step:
            case s.Acts():
                self._items.append(Action(at, step.who, step.action, step.value))
            case s.ServerDoes():
                self._items.append(Action(at, "server", step.does, ""))
            case s.FlowCloses():
                self._items.append(Action(at, "open" if step.opens else "close", step.flow, ""))
            case s.Passes():
                self._items.append(Waited(at + step.seconds))

    # -- time

    def _finish_prompts(self) -> None:
        """Let time pass until no prompt is playing and no phone is about to be answered."""
        clock = self._phones.world.clock
        end = self._phones.now + MOST_SECONDS
        while self._phones.now < end:
            clock.run_until_true(self._quiet, end - self._phones.now)
            clock.run_for(QUIET_SECONDS)
            if self._quiet():
                return

    def _quiet(self) -> bool:
        for leg in self._phones.world.emulator.legs.values():
            if leg.live and leg.status in ("queued", "ringing") and leg.direction != "inbound":
                return False
            if leg.live and leg.heard and not leg.heard[-1].ended and is_said(leg.heard[-1]):
                return False
        return True

    def text(self, name: str) -> str:
        """The text of the scenario file."""
        callers = {who: number for who, number in self._phones.scenario.callers.items() if who != s.CALLER}
        items, answers = self._happened.in_order(), self._phones.stand_ins.as_played()
        return scenario_text(name, callers, items, self._phones.journal, answers)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise WrongStep(f'wait how many seconds? "{text}" is no number') from None
