"""From the plain values of a scenario file to steps, with a problem at file:line:column for whatever is no step."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.source import Loc, Source
from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.simulator import scenario as s
from callflow.simulator.expectations import FACTS, KINDS, MUSIC, Lines
from callflow.simulator.scenario_words import (
    BEHAVIOURS,
    DEEDS,
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
FOR_ALL = ("together", "after", "server", "stage")


class WrongStep(Exception):
    """This value is no step. ``way`` leads to it from the step, ``key``: its key is meant."""

    def __init__(self, message: str, *way: str | int, code: str = "CF015", key: bool = False) -> None:
        super().__init__(message)
        self.way, self.code, self.key = way, code, key


class Reading:
    """Reads the steps and expectations of one file, and notes what is wrong in its source."""

    def __init__(self, source: Source, configuration: Configuration, callers: Iterable[str]) -> None:
        self._source = source
        self._lines = Lines(configuration)
        self._people = [*callers, *configuration.agents, *configuration.supervisors, "security"]

    def steps(self, values: Sequence[Any]) -> list[s.Step]:
        return [found for found in self._each("steps", values, self.step) if found]

    def journal(self, values: Sequence[Any]) -> tuple[s.Written, ...]:
        return tuple(found for found in self._each("journal", values, self._written) if found)

    def never(self, values: Sequence[Any]) -> tuple[s.Written | s.NeverHeard, ...]:
        return tuple(found for found in self._each("never", values, self._never) if found)

    def _each(self, part: str, values: Sequence[Any], made: Any) -> Iterator[Any]:
        for number, value in enumerate(values):
            loc: Loc = (part, number)
            try:
                yield made(value, f"{self._source.label}:{self._source.place(loc)[0]}")
            except WrongStep as wrong:
                found = self._source.problem((*loc, *wrong.way), wrong.code, str(wrong), key=wrong.key)
                if found not in self._source.problems:
                    self._source.problems.append(found)

    # -- steps

    def step(self, value: Any, at: str) -> s.Step:
        """One step, written at ``at``. Raises WrongStep."""
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
        stage = Stage(_one_of(str(given), [*Stage], what))
        return s.InStage(at=at, written=written, stage=stage, times=self._times(others))

    def _acts(self, who: str, value: Any, at: str) -> s.Acts:
        does = self._short(value, who) if isinstance(value, str) else value
        if not isinstance(does, Mapping):
            raise WrongStep(f'what does {who} do? "{who}: presses 1", or in braces {{hears: menu, presses: "1"}}', who)
        given = {spaced(key): one for key, one in does.items()}
        way = () if isinstance(value, str) else (who,)
        self._known(given, (*DEEDS, *EXPECTED, *FURTHER), way)
        deeds = [verb for verb in given if verb in DEEDS]
        if len(deeds) > 1:
            raise WrongStep(f"one deed a step, here are {' and '.join(deeds)}", who)
        deed = deeds[0] if deeds else ""
        return s.Acts(
            at=at, written=_shown({who: value}), who=who, state=self._state(given, who),
            hears=self._heard(given, "hears"), hears_start=self._heard(given, "hears start"),
            deed=deed, value=self._value(deed, given.get(deed), who),
            after=_seconds(given.get("after", s.REACTION_SECONDS), who), times=self._times(given),
        )  # fmt: skip

    def _short(self, text: str, who: str) -> dict[str, Any]:
        found = split(text)
        if found is None:
            first = text.split(" ", 1)[0]
            hint = did_you_mean(first, [*DEEDS, *EXPECTED]) or f"; it can be: {', '.join((*DEEDS, *EXPECTED))}"
            raise WrongStep(f'"{text}" is nothing a person does{hint}', who)
        verb, rest = found
        return {verb: rest}

    def _state(self, given: Mapping[str, Any], who: str) -> str:
        return _one_of(str(given["is"]), STATES, who) if "is" in given else ""

    def _value(self, deed: str, value: Any, who: str) -> str:
        text = "" if value in (None, True) else str(value)
        if deed in WITH_VALUE and not text:
            hint = ' (a # begins a comment: write "presses #" in quotes)' if deed == "presses" else ""
            raise WrongStep(f"{who} {deed} what?{hint}", who)
        if deed in WITHOUT_VALUE and text:
            raise WrongStep(f'"{deed}" stands alone, without "{text}"', who)
        if deed == "presses" and set(text) - set("0123456789*#"):
            raise WrongStep(f'"{text}" are no keys of a telephone', who)
        if deed == "now" and behaviour(text) is None:
            raise WrongStep(f'"{text}" is nothing a phone does; it can be: {", ".join(BEHAVIOURS)}', who)
        return text

    def _heard(self, given: Mapping[str, Any], verb: str) -> tuple[s.Line, ...]:
        value = given.get(verb, ())
        named = value if isinstance(value, list) else [value] if value else []
        found = [self._line(str(one)) for one in named]
        if found and "saying" in given:
            found[-1] = s.Line(found[-1].named, found[-1].script, str(given["saying"]))
        return tuple(found)

    def _line(self, named: str) -> s.Line:
        """A line by its id, music, or words. One word in small letters can only be meant as an id."""
        if self._lines.knows(named) or named == MUSIC:
            return s.Line(named, True)
        if " " not in named and named == named.lower():
            hint = did_you_mean(named, self._lines.ids)
            raise WrongStep(f'there is no line "{named}" in scripts/{hint}; words are written as they are spoken')
        return s.Line(named, False)

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
        return s.Since(who, self._line(str(line)))

    def _names(self, value: Any, where: str) -> tuple[str, ...]:
        names = value if isinstance(value, list) else [value]
        for name in names:
            if name not in self._people:
                raise WrongStep(f'"{name}" is nobody here{did_you_mean(str(name), self._people)}', where)
        return tuple(names)

    def _known(self, given: Mapping[str, Any], known: Iterable[str], way: tuple[str, ...]) -> None:
        for key in given:
            if key not in known:
                raise WrongStep(f'"{key}" means nothing here{did_you_mean(key, known)}', *way, key.replace(" ", "_"),
                             code="CF010", key=True)  # fmt: skip

    # -- expectations

    def _written(self, value: Any, at: str) -> s.Written:
        if not isinstance(value, Mapping) or "kind" not in value:
            raise WrongStep('an entry of the journal has a "kind"', code="CF011")
        kind = str(value["kind"])
        if kind not in KINDS:
            raise WrongStep(f'no entry of the journal is of the kind "{kind}"{did_you_mean(kind, KINDS)}', "kind")
        for key in value:
            if key not in FACTS:
                raise WrongStep(f'no entry of the journal has "{key}"{did_you_mean(key, FACTS)}', key, code="CF010",
                             key=True)  # fmt: skip
        return s.Written(at, {key: one if isinstance(one, int | float) else str(one) for key, one in value.items()})

    def _never(self, value: Any, at: str) -> s.Written | s.NeverHeard:
        if not isinstance(value, Mapping) or "kind" in value or len(value) != 1:
            return self._written(value, at)
        ((who, what),) = value.items()
        self._names([who], who)
        if what == "rings":
            return s.NeverHeard(at, who)
        named = what.get("hears") if isinstance(what, Mapping) else str(what).removeprefix("hears ")
        if not named or named == what:
            raise WrongStep(f'"{who}: hears hold_start" or "{who}: rings"', who)
        return s.NeverHeard(at, who, self._line(str(named)))


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
    """A step on one line, nearly as it was written."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_inner(one)}" for key, one in value.items())
    return str(value)


def _inner(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{_shown(value)}}}"
    if isinstance(value, list):
        return f"[{', '.join(str(one) for one in value)}]"
    return str(value)
