"""Fills in the parameters of flows, before the files get their shapes. Each use with other values is an instance: a
flow of its own, named after the file and where it is used (``practice:north``), so nothing else knows of parameters.

``$desk`` as a whole value stands for the parameter ``desk``. A parameter is a variable as well, so lines speak it as
``{desk}``.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from callflow.configuration.problems import Problem, did_you_mean
from callflow.configuration.reading.source import Loc, Source
from callflow.core.configuration import INSTANCE

PARAMETER = re.compile(r"\$([a-z][a-z0-9_]*)")
IN_A_NAME = re.compile(r"[^\w.@-]+")
PLAIN_KEYS = ("version", "include", "parameters")
"""Keys of a flow in which no parameter can stand."""


class Given(NamedTuple):
    """A value for a parameter, and where it is written."""

    value: Any
    source: Source
    loc: Loc


class Use(NamedTuple):
    """Where a flow is used: the file, the place of its name, and that of ``with`` beside it."""

    source: Source
    name_loc: Loc
    with_loc: Loc
    names: tuple[str, ...]
    """What an instance may be called after the colon, the shortest first."""
    chain: tuple[str, ...]
    """The files of the flows around it."""


@dataclass(slots=True)
class Filled:
    """``flows``: by name, instances among them. ``templates``: the files that have parameters, by name."""

    callflow: Source
    flows: dict[str, Source]
    templates: dict[str, Source]
    problems: list[Problem]


def fill(callflow: Source, flows: Mapping[str, Source], reserved: Collection[str]) -> Filled:
    """``reserved``: names that mean something else in lines, so a parameter of such a name is not spoken."""
    templates = {name: one for name, one in flows.items() if _parameters(one)}
    filling = _Filling(templates, frozenset(flows), frozenset(reserved))
    for name, source in flows.items():
        if name not in filling.templates:
            filling.flows[name] = filling.filled(source, name, {}, (name,))
    return Filled(filling.numbers(callflow), filling.flows, filling.templates, filling.problems)


def parameters_in(value: Any) -> set[str]:
    """The names of the parameters that stand in a part of a file."""
    if isinstance(value, dict):
        return set().union(*(parameters_in(one) for one in value.values()))
    if isinstance(value, list):
        return set().union(*map(parameters_in, value))
    found = PARAMETER.fullmatch(value) if isinstance(value, str) else None
    return {found[1]} if found else set()


def _parameters(source: Source) -> dict[str, Any]:
    """What a file declares, if it is a mapping; anything else is reported by the shape."""
    declared = source.value.get("parameters") if isinstance(source.value, dict) else None
    return declared if isinstance(declared, dict) else {}


@dataclass(slots=True)
class _Filling:
    templates: dict[str, Source]
    files: frozenset[str]
    reserved: frozenset[str]
    flows: dict[str, Source] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    _known: dict[tuple[str, str], str] = field(default_factory=dict)
    """The file and the values of every instance -> its name."""

    def numbers(self, callflow: Source) -> Source:
        numbers = callflow.value.get("numbers") if isinstance(callflow.value, dict) else None
        if not isinstance(numbers, dict):
            return callflow
        lead = {number: self._number(callflow, number, entry) for number, entry in numbers.items()}
        if lead == numbers:
            return callflow
        return replace(callflow, value={**callflow.value, "numbers": lead}, problems=list(callflow.problems))

    def _number(self, callflow: Source, number: str, entry: Any) -> Any:
        loc: Loc = ("numbers", number)
        whole = {"flow": entry} if isinstance(entry, str) else entry
        if not isinstance(whole, dict) or not isinstance(whole.get("flow"), str):
            return entry
        at = loc if isinstance(entry, str) else (*loc, "flow")
        use = Use(callflow, at, (*loc, "with"), (_named(number),), ())
        name = self.called(whole["flow"], whole.get("with"), use)
        rest = {key: one for key, one in whole.items() if key != "with"}
        return name if isinstance(entry, str) else {**rest, "flow": name}

    def called(self, flow: str, values: Any, use: Use) -> str:
        """The name of the flow or instance that is called. If the values do not fit, the name as it is written."""
        declared = _parameters(self.templates[flow]) if flow in self.templates else {}
        values = {} if values is None else values
        if flow not in self.files:  # a check says so
            return flow
        if not isinstance(values, dict):
            self._report(use, use.with_loc, "CF012", '"with" must be keys with values')
            return flow
        given = {name: Given(value, use.source, (*use.with_loc, name)) for name, value in values.items()}
        if not self._fits(flow, declared, given, use) or not declared:
            return flow
        key = (flow, json.dumps(values, sort_keys=True, default=str))
        if key not in self._known:
            names = (f"{flow}{INSTANCE}{one}" for one in use.names)
            self._known[key] = name = next(one for one in names if one not in self._known.values())
            self.flows[name] = self.filled(self.templates[flow], name, given, (*use.chain, flow))
        return self._known[key]

    def _fits(self, flow: str, declared: Mapping[str, Any], given: Mapping[str, Given], use: Use) -> bool:
        before = len(self.problems)
        for name in given:
            if name not in declared:
                message = f'the flow "{flow}" has no parameter "{name}"{did_you_mean(name, declared)}'
                self._report(use, (*use.with_loc, name), "CF205", message, key=True)
        if missing := [name for name in declared if name not in given]:
            values = ", ".join(f"{name}: ..." for name in missing)
            self._report(use, use.name_loc, "CF205", f'the flow "{flow}" also needs with: {{{values}}}')
        if flow in use.chain and declared:
            way = " -> ".join([*use.chain[use.chain.index(flow) :], flow])
            self._report(use, use.name_loc, "CF076", f"this goes round in a circle: {way}")
        return len(self.problems) == before

    def _report(self, use: Use, loc: Loc, code: str, message: str, *, key: bool = False) -> None:
        self.problems.append(use.source.problem(loc, code, message, key=key))

    def filled(self, source: Source, name: str, given: Mapping[str, Given], chain: tuple[str, ...]) -> Source:
        """A copy of a file with these values, and with the names of instances where it calls them."""
        if not isinstance(source.value, dict):
            return source
        problems = [] if given else list(source.problems)  # those of a file with parameters are its own
        made = replace(source, value={}, problems=problems, origins=dict(source.origins))
        value = {key: one if key in PLAIN_KEYS else self._value(made, one, (key,), given)
                 for key, one in source.value.items()}  # fmt: skip
        made.value = value
        self._speak(made, given)
        if isinstance(steps := value.get("steps"), dict):
            value["steps"] = {step: self._step(made, name, step, one, chain) for step, one in steps.items()}
        return source if value == source.value else made

    def _value(self, made: Source, value: Any, loc: Loc, given: Mapping[str, Given]) -> Any:
        if isinstance(value, dict):
            return {key: self._value(made, one, (*loc, key), given) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(made, one, (*loc, number), given) for number, one in enumerate(value)]
        found = PARAMETER.fullmatch(value) if isinstance(value, str) else None
        if not found:
            return value
        if found[1] in given:
            made.origins[loc] = given[found[1]].source, given[found[1]].loc
            return given[found[1]].value
        hint = did_you_mean(found[1], given)
        message = f'"{value}" is no parameter of this flow{hint}: write it under parameters:'
        self.problems.append(made.problem(loc, "CF205", message))
        return value

    def _speak(self, made: Source, given: Mapping[str, Given]) -> None:
        """A parameter with a text is a variable with that value."""
        variables = made.value.get("variables") or {}
        if not given or not isinstance(variables, dict):
            return
        spoken = {name: one for name, one in given.items() if isinstance(one.value, str)}
        added = {name: one for name, one in spoken.items() if name not in variables and name not in self.reserved}
        about = _parameters(made)
        for name, one in added.items():
            made.origins[("variables", name)] = made, ("parameters", name)
            made.origins[("variables", name, "default")] = one.source, one.loc
        new = {name: {"description": about[name], "default": one.value} for name, one in added.items()}
        made.value["variables"] = {**variables, **new}

    def _step(self, made: Source, flow: str, step: str, body: Any, chain: tuple[str, ...]) -> Any:
        if not isinstance(body, dict) or not ("with" in body or isinstance(body.get("flow"), str)):
            return body
        loc, rest = ("steps", step), {key: one for key, one in body.items() if key != "with"}
        if not isinstance(body.get("flow"), str):
            self.problems.append(made.problem((*loc, "with"), "CF032", '"with" belongs to a "flow" step', key=True))
            return rest
        _, colon, around = flow.partition(INSTANCE)
        names = (f"{around}.{step}" if colon else step, f"{flow.replace(INSTANCE, '.')}.{step}")
        use = Use(made, (*loc, "flow"), (*loc, "with"), names, chain)
        return {**rest, "flow": self.called(body["flow"], body.get("with"), use)}


def _named(number: str) -> str:
    """A called number as part of the name of an instance: ``15550100200``."""
    return IN_A_NAME.sub("_", number).strip("_")
