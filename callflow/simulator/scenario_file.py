"""Scenarios as ops write them: YAML files in ``scenarios/`` of the configuration directory, read and checked.

Mistakes are reported all at once with file, line, column and code, as in ``callflow.configuration``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal, TypeVar, get_type_hints

from pydantic import Field, TypeAdapter, ValidationError, create_model

from callflow.configuration.convert import policy
from callflow.configuration.problems import ConfigurationError, Problem, did_you_mean
from callflow.configuration.reading.messages import say
from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.shapes import Version
from callflow.configuration.reading.shaping import shape
from callflow.configuration.reading.source import Loc, Source, read
from callflow.configuration.reading.strict import Shape
from callflow.configuration.reading.telephones import Telephone
from callflow.configuration.telephone import is_number, never_shown
from callflow.core.configuration import Configuration, Ring
from callflow.emulator import Chaos, Switches
from callflow.simulator.scenario import CALLER, CALLERS_NUMBER, WITHHELD, Answer, Scenario, Step
from callflow.simulator.scenario_answers import read_answers
from callflow.simulator.scenario_steps import Reading
from callflow.simulator.scenario_time import moment
from callflow.simulator.scenario_words import BEHAVIOURS, behaviour

Faults = TypeVar("Faults", Switches, Chaos)

FOLDER = "scenarios"
NOT_ASKED_FOR = "hang_up_at"
"""The one fault that is a function, and so cannot be written in a file."""

SwitchesShape = create_model(
    "SwitchesShape", __base__=Shape, **{one.name: (Any, None) for one in fields(Switches)}  # type: ignore[call-overload]
)  # fmt: skip
ChaosShape = create_model(
    "ChaosShape", __base__=Shape,
    **{one.name: (Any, None) for one in fields(Chaos) if one.name != NOT_ASKED_FOR},  # type: ignore[call-overload]
)  # fmt: skip


class FaultsShape(Shape):
    switches: SwitchesShape = SwitchesShape()  # type: ignore[valid-type]
    chaos: ChaosShape = ChaosShape()  # type: ignore[valid-type]


class ScenarioFile(Shape):
    """scenarios/<name>.yaml"""

    version: Version
    name: Spoken
    continues: str = Field(default="", description="the scenario whose steps come first")
    starts: str = Field(default="", description='date and time at the beginning, as clocks show it: "2026-12-24 11:59"')
    callers: dict[str, Telephone] = Field(default_factory=dict, description='name -> number, or "withheld"')
    people: dict[str, str] = Field(default_factory=dict, description="how their phones behave")
    steps: list[Any] = Field(min_length=1)
    journal: list[Any] = Field(default_factory=list, description="entries that must be there, in this order")
    never: list[Any] = Field(default_factory=list, description="what must not be there, not be heard, not ring")
    settings: dict[str, Any] = Field(default_factory=dict, description="changes to deescalation.yaml")
    ring: dict[str, Any] = Field(default_factory=dict, description="team -> in_order, longest_idle, all")
    answers: dict[str, Any] = Field(default_factory=dict, description="step with a lookup -> what is answered")
    fallback: Literal["", "document"] = Field(
        default="", description='"document": the provider hosts the document for when no server answers'
    )
    faults: FaultsShape = FaultsShape()


@dataclass(frozen=True, slots=True)
class ScenarioSource:
    """A parsed scenario file, with its source for messages."""

    source: Source
    file: ScenarioFile


def read_scenarios(directory: Path, configuration: Configuration) -> list[Scenario]:
    """All scenarios of a configuration directory, ordered by name. Raises ConfigurationError with all problems."""
    found, problems = readable_scenarios(directory, configuration)
    if problems:
        raise ConfigurationError(problems)
    return found


def readable_scenarios(directory: Path, configuration: Configuration) -> tuple[list[Scenario], list[Problem]]:
    """The scenarios that can be played, and the problems of the others. What continues a broken one cannot, either."""
    names = sorted(path.name for path in (directory / FOLDER).glob("*.yaml"))
    sources = {name.removesuffix(".yaml"): read(directory, f"{FOLDER}/{name}") for name in names}
    shapes = {id: shape(source, ScenarioFile) for id, source in sources.items()}
    written = {id: ScenarioSource(sources[id], file) for id, file in shapes.items() if file}
    rules = read(directory, "deescalation.yaml")
    unreadable = frozenset(sources) - frozenset(written)
    assembly = _Assembly(written, configuration, rules, unreadable)
    made = {id: assembly.scenario(id) for id in written}
    broken = {id for id, source in sources.items() if source.problems}
    found = [one for id, one in made.items() if not broken & assembly.ids(id)]
    return found, [problem for source in sources.values() for problem in source.problems]


def read_scenario(path: Path, configuration: Configuration) -> Scenario:
    """One scenario in any folder; it must not continue another or change settings. Raises ConfigurationError."""
    source = read(path.parent, path.name)
    file = shape(source, ScenarioFile)
    written = {path.stem: ScenarioSource(source, file)} if file else {}
    found = [_Assembly(written, configuration, Source(label="", name="")).scenario(path.stem)] if file else []
    if source.problems:
        raise ConfigurationError(source.problems)
    return found[0]


class _Assembly:
    """Combines a scenario with those that it continues."""

    def __init__(self, written: Mapping[str, ScenarioSource], configuration: Configuration, rules: Source,
                 unreadable: frozenset[str] = frozenset()) -> None:  # fmt: skip
        self.written, self.configuration, self.rules = written, configuration, rules
        self._unreadable = unreadable

    def ids(self, id: str) -> frozenset[str]:
        """The scenario and those it continues, as far as they are there."""
        found: list[str] = []
        while id and id not in found:
            found.append(id)
            id = self.written[id].file.continues if id in self.written else ""
        return frozenset(found)

    def scenario(self, id: str) -> Scenario:
        parts = list(self._chain(id))
        last = parts[-1]
        callers = self._callers(parts)
        readings = [Reading(part.source, self.configuration, callers) for part in parts]
        steps: list[Step] = []
        for part, reading in zip(parts, readings, strict=True):
            steps += reading.steps(part.file.steps)
        reading = readings[-1]
        return Scenario(
            id=id,
            name=last.file.name,
            file=last.source.label,
            configuration=self._changed(parts),
            steps=tuple(steps),
            people={who: made for part in parts for who, made in self._people(part)},
            callers=callers,
            starts=self._starts(parts),
            journal=reading.journal(last.file.journal),
            never=reading.never(last.file.never),
            answers={name: some for part in parts for name, some in self._answers(part)},
            switches=_faults(last, "switches", Switches()),
            chaos=_faults(last, "chaos", Chaos()),
            hosted=last.file.fallback == "document",
        )

    def _chain(self, id: str) -> Iterable[ScenarioSource]:
        """The scenario and those it continues, the earliest first. An unknown name or a cycle is a problem."""
        chain = [self.written[id]]
        ids = {id}
        while before := chain[0].file.continues:
            if before in self._unreadable:  # told at its own place
                break
            if before not in self.written or before in ids:
                hint = did_you_mean(before, self.written) if before not in ids else " : it would begin with itself"
                _problem(chain[0].source, ("continues",), "CF015", f'no scenario "{before}" can come first{hint}')
                break
            ids.add(before)
            chain.insert(0, self.written[before])
        return chain

    def _callers(self, parts: Iterable[ScenarioSource]) -> dict[str, str]:
        for part in parts:
            for name, number in part.file.callers.items():
                if number != "withheld" and (why := never_shown(number)):
                    code, what = ("CF020", "phone number") if is_number(number) else ("CF195", "address")
                    _problem(part.source, ("callers", name), code, f'the {what} "{number}" {why}')
        given = {name: number for part in parts for name, number in part.file.callers.items()}
        named = {CALLER: CALLERS_NUMBER, **given}
        return {name: WITHHELD if number == "withheld" else number for name, number in named.items()}

    def _starts(self, parts: Iterable[ScenarioSource]) -> datetime | None:
        found = None
        for part in parts:
            if part.file.starts:
                try:
                    found = moment(part.file.starts, self.configuration.timezone)
                except ValueError as error:
                    _problem(part.source, ("starts",), "CF012", str(error))
        return found

    def _people(self, part: ScenarioSource) -> Iterable[tuple[str, Any]]:
        known = [*self.configuration.agents, *self.configuration.supervisors, "security"]
        for who, named in part.file.people.items():
            if who not in known:
                message = f'nobody has the id "{who}"{did_you_mean(who, known)}'
                _problem(part.source, ("people", who), "CF015", message, key=True)
            made = behaviour(named)
            if made is None:
                message = f'"{named}" is nothing a phone does; it can be: {", ".join(BEHAVIOURS)}'
                _problem(part.source, ("people", who), "CF015", message)
            else:
                yield who, made

    def _answers(self, part: ScenarioSource) -> Iterable[tuple[str, tuple[Answer, ...]]]:
        return read_answers(part.file.answers, self.configuration, partial(_problem, part.source))

    def _changed(self, parts: Iterable[ScenarioSource]) -> Configuration:
        configuration, values = self.configuration, self.rules.value
        for part in parts:
            if part.file.settings:
                values = _merged(values, part.file.settings)
                configuration = self._ruled(part, values, configuration)
            for team, ring in part.file.ring.items():
                configuration = _ringing(part, configuration, team, ring)
        return configuration

    def _ruled(self, part: ScenarioSource, values: Mapping[str, Any], configuration: Configuration) -> Configuration:
        try:
            rules = DeescalationFile.model_validate(values)
        except ValidationError as error:
            for one in error.errors(include_url=False):
                code, message = say(DeescalationFile, one["loc"], one)
                _problem(part.source, ("settings", *one["loc"]), code, message, key=code == "CF010")
            return configuration
        return replace(configuration, policy=policy(rules), digest=f"{configuration.digest}+{part.source.name}")


def _ringing(part: ScenarioSource, configuration: Configuration, team: str, ring: Any) -> Configuration:
    if team not in configuration.teams:
        message = f'there is no team "{team}"{did_you_mean(team, configuration.teams)}'
        _problem(part.source, ("ring", team), "CF015", message, key=True)
        return configuration
    if ring not in list(Ring):
        _problem(part.source, ("ring", team), "CF015", f'"{ring}" must be one of {", ".join(Ring)}')
        return configuration
    return replace(
        configuration, teams={**configuration.teams, team: replace(configuration.teams[team], ring=Ring(ring))}
    )


def _merged(values: Any, changes: Any) -> Any:
    """``values`` with ``changes`` applied key by key, also in nested mappings."""
    if not isinstance(values, Mapping) or not isinstance(changes, Mapping):
        return changes
    return {**values, **{key: _merged(values.get(key), change) for key, change in changes.items()}}


def _faults(part: ScenarioSource, name: str, none: Faults) -> Faults:
    """The faults that the file sets, converted to the types of the emulator's fields."""
    given = {key: value for key, value in getattr(part.file.faults, name).model_dump().items() if value is not None}
    kinds = get_type_hints(type(none))
    made: dict[str, Any] = {}
    for key, value in given.items():
        try:
            made[key] = TypeAdapter(kinds[key]).validate_python(value)
        except ValidationError as error:
            message = f'"{key}" is {value}: {error.errors()[0]["msg"].lower()}'
            _problem(part.source, ("faults", name, key), "CF012", message)
    return replace(none, **made)


def _problem(source: Source, loc: Loc, code: str, message: str, *, key: bool = False) -> None:
    found = source.problem(loc, code, message, key=key)
    if found not in source.problems:
        source.problems.append(found)
