"""Turns the plain values of a scenario file into steps. Invalid ones become problems with file, line and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.source import Loc, Source
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.stages import Stage
from callflow.simulator import scenario as s
from callflow.simulator.expectations import BEEP, FACTS, KINDS, MUSIC, Prompts
from callflow.simulator.scenario_words import (
    ACTIONS,
    BEHAVIOURS,
    EXPECTED,
    FURTHER,
    STATES,
    WITH_VALUE,
    WITHOUT_VALUE,
    behaviour,
    spaced,
    split,
)

TIMES = ("within", "at least", "since")
FOR_ALL = ("together", "after", "server", "stage", "close", "open")


class WrongStep(Exception):
    """A value is invalid. ``loc`` is its path inside the step; with ``key`` the key itself is wrong, not its value."""

    def __init__(self, message: str, *loc: str | int, code: str = "CF015", key: bool = False) -> None:
        super().__init__(message)
        self.loc, self.code, self.key = loc, code, key


class Reading:
    """Reads the steps and expectations of one file. Problems are added to its source."""

    def __init__(self, source: Source, configuration: Configuration, callers: Iterable[str]) -> None:
        self._source = source
        self._prompts = Prompts(configuration)
        self._flows = list(configuration.flows)
        self._people = [*callers, *configuration.agents, *configuration.supervisors, "security"]

    def steps(self, values: Sequence[Any]) -> list[s.Step]:
        return [found for found in self._each("steps", values, self.step) if found]

    def journal(self, values: Sequence[Any]) -> tuple[s.ExpectedEntry, ...]:
        return tuple(found for found in self._each("journal", values, self._written) if found)

    def never(self, values: Sequence[Any]) -> tuple[s.ExpectedEntry | s.NeverHeard, ...]:
        return tuple(found for found in self._each("never", values, self._never) if found)

    def _each(self, part: str, values: Sequence[Any], made: Any) -> Iterator[Any]:
        for number, value in enumerate(values):
            loc: Loc = (part, number)
            try:
                yield made(value, f"{self._source.label}:{self._source.place(loc)[0]}")
            except WrongStep as wrong:
                found = self._source.problem((*loc, *wrong.loc), wrong.code, str(wrong), key=wrong.key)
                if found not in self._source.problems:
                    self._source.problems.append(found)

    # -- steps

    def step(self, value: Any, at: str) -> s.Step:
        """Read one step; ``at`` is its file:line. Raises WrongStep."""
        if not isinstance(value, Mapping) or not value:
            raise WrongStep('a step is "who: does what"', code="CF012")
        who = next(iter(value))
        if who in FOR_ALL:
            return self._for_all(who, value, at)
        if who not in self._people:
            raise WrongStep(f'"{who}" is nobody here{did_you_mean(who, [*self._people, *FOR_ALL])}', who, key=True)
        if len(value) > 1:
            raise WrongStep("one person a step: put what belongs to it in braces", next(iter([*value][1:])), key=True)
        return self._acts(who, value[who], at)

    def _for_all(self, what: str, value: Mapping[str, Any], at: str) -> s.Step:
        others = {spaced(key): one for key, one in value.items() if key != what}
        self._known(others, TIMES if what in ("together", "stage") else (), ())
        written, given = _shown(value), value[what]
        if what == "together":
            return s.Together(at=at, written=written, people=self._names(given, what), times=self._times(others))
        if what == "after":
            return s.Passes(at=at, written=written, seconds=_seconds(given, what))
        if what == "server":
            return s.ServerDoes(at=at, written=written, does=_one_of(str(given), s.SERVER, what))
        if what in ("close", "open"):
            flow = _one_of(str(given), self._flows, what)
            return s.FlowCloses(at=at, written=written, flow=flow, opens=what == "open")
        stage = Stage(_one_of(str(given), [*Stage], what))
        return s.InStage(at=at, written=written, stage=stage, times=self._times(others))

    def _acts(self, who: str, value: Any, at: str) -> s.Acts:
        does = self._short(value, who) if isinstance(value, str) else value
        if not isinstance(does, Mapping):
            raise WrongStep(f'what does {who} do? "{who}: presses 1", or in braces {{hears: menu, presses: "1"}}', who)
        given = {spaced(key): one for key, one in does.items()}
        loc = () if isinstance(value, str) else (who,)
        self._known(given, (*ACTIONS, *EXPECTED, *FURTHER), loc)
        actions = [verb for verb in given if verb in ACTIONS]
        if len(actions) > 1:
            raise WrongStep(f"one action a step, here are {' and '.join(actions)}", who)
        action = actions[0] if actions else ""
        return s.Acts(
            at=at, written=_shown({who: value}), who=who, state=self._state(given, who),
            hears=self._heard(given, "hears"), hears_start=self._heard(given, "hears start"),
            action=action, value=self._value(action, given.get(action), who),
            after=_seconds(given.get("after", s.REACTION_SECONDS), who), times=self._times(given),
        )  # fmt: skip

    def _short(self, text: str, who: str) -> dict[str, Any]:
        found = split(text)
        if found is None:
            first = text.split(" ", 1)[0]
            hint = did_you_mean(first, [*ACTIONS, *EXPECTED]) or f"; it can be: {', '.join((*ACTIONS, *EXPECTED))}"
            raise WrongStep(f'"{text}" is nothing a person does{hint}', who)
        verb, rest = found
        return {verb: rest}

    def _state(self, given: Mapping[str, Any], who: str) -> str:
        return _one_of(str(given["is"]), STATES, who) if "is" in given else ""

    def _value(self, action: str, value: Any, who: str) -> str:
        text = "" if value in (None, True) else str(value)
        if action in WITH_VALUE and not text:
            hint = ' (a # begins a comment: write "presses #" in quotes)' if action == "presses" else ""
            raise WrongStep(f"{who} {action} what?{hint}", who)
        if action in WITHOUT_VALUE and text:
            raise WrongStep(f'"{action}" stands alone, without "{text}"', who)
        if action == "presses" and set(text) - set("0123456789*#"):
            raise WrongStep(f'"{text}" are no keys of a telephone', who)
        if action == "acts" and text.partition(" ")[0] not in [*Act]:
            raise WrongStep(f'"{text}" is no act; it can be: {", ".join(Act)}', who)
        if action == "now" and behaviour(text) is None:
            raise WrongStep(f'"{text}" is nothing a phone does; it can be: {", ".join(BEHAVIOURS)}', who)
        return text

    def _heard(self, given: Mapping[str, Any], verb: str) -> tuple[s.Prompt, ...]:
        value = given.get(verb, ())
        named = value if isinstance(value, list) else [value] if value else []
        found = [self._prompt(str(one)) for one in named]
        if found and "saying" in given:
            found[-1] = s.Prompt(found[-1].named, found[-1].script, str(given["saying"]))
        return tuple(found)

    def _prompt(self, named: str) -> s.Prompt:
        """A script by its id, music, the beep, or words. A single lower-case word is always an id. Raises WrongStep."""
        if self._prompts.knows(named) or named in (MUSIC, BEEP):
            return s.Prompt(named, True)
        if " " not in named and named == named.lower():
            hint = did_you_mean(named, self._prompts.ids)
            raise WrongStep(f'there is no line "{named}" in scripts/{hint}; words are written as they are spoken')
        return s.Prompt(named, False)

    def _times(self, given: Mapping[str, Any]) -> s.Times:
        return s.Times(
            within=_seconds(given.get("within", s.ANY_SECONDS), "within"),
            at_least=_seconds(given.get("at least", 0.0), "at_least"),
            since=self._since(given["since"]) if "since" in given else None,
        )

    def _since(self, value: Any) -> s.Since:
        if not isinstance(value, Mapping) or len(value) != 1:
            raise WrongStep('"since" is who heard which line: {caller: hold_start}', "since", code="CF012")
        ((who, line),) = value.items()
        self._names([who], "since")
        return s.Since(who, self._prompt(str(line)))

    def _names(self, value: Any, where: str) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        for name in names:
            if name not in self._people:
                raise WrongStep(f'"{name}" is nobody here{did_you_mean(str(name), self._people)}', where)
        return tuple(names)

    def _known(self, given: Mapping[str, Any], known: Iterable[str], loc: tuple[str, ...]) -> None:
        for key in given:
            if key not in known:
                raise WrongStep(f'"{key}" means nothing here{did_you_mean(key, known)}', *loc, key.replace(" ", "_"),
                             code="CF010", key=True)  # fmt: skip

    # -- expectations

    def _written(self, value: Any, at: str) -> s.ExpectedEntry:
        if not isinstance(value, Mapping) or "kind" not in value:
            raise WrongStep('an entry of the journal has a "kind"', code="CF011")
        kind = str(value["kind"])
        if kind not in KINDS:
            raise WrongStep(f'no entry of the journal is of the kind "{kind}"{did_you_mean(kind, KINDS)}', "kind")
        for key in value:
            if key not in FACTS:
                raise WrongStep(f'no entry of the journal has "{key}"{did_you_mean(key, FACTS)}', key, code="CF010",
                             key=True)  # fmt: skip
        return s.ExpectedEntry(
            at, {key: one if isinstance(one, int | float) else str(one) for key, one in value.items()}
        )

    def _never(self, value: Any, at: str) -> s.ExpectedEntry | s.NeverHeard:
        if not isinstance(value, Mapping) or "kind" in value or len(value) != 1:
            return self._written(value, at)
        ((who, what),) = value.items()
        self._names([who], who)
        if what == "rings":
            return s.NeverHeard(at, who)
        named = what.get("hears") if isinstance(what, Mapping) else str(what).removeprefix("hears ")
        if not named or named == what:
            raise WrongStep(f'"{who}: hears hold_start" or "{who}: rings"', who)
        return s.NeverHeard(at, who, self._prompt(str(named)))


def _seconds(value: Any, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
        raise WrongStep(f'"{value}" is no number of seconds', where, code="CF012")
    return float(value)


def _one_of(value: str, possible: Iterable[str], where: str) -> str:
    if value not in possible:
        hint = did_you_mean(value, possible)
        raise WrongStep(f'"{value}" must be one of: {", ".join(possible)}{hint}', where)
    return value


def _shown(value: Any) -> str:
    """A step as one line of text, for messages."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_inner(one)}" for key, one in value.items())
    return str(value)


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{_shown(value)}}}"
    if isinstance(value, list):
        return f"[{', '.join(str(one) for one in value)}]"
    return str(value)
