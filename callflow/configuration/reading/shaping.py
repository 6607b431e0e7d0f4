"""Validates the plain values of a file against its shape."""

import copy
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from callflow.configuration.problems import Problem
from callflow.configuration.reading.fields import field_at, keys_at
from callflow.configuration.reading.messages import say
from callflow.configuration.reading.source import Loc, Source
from callflow.configuration.reading.strict import Shape

Wanted = TypeVar("Wanted", bound=Shape)


def shape(source: Source, model: type[Wanted]) -> Wanted | None:
    """The content of a file in its shape. Problems are added to the source.

    To go on with other checks despite problems, unknown keys are dropped and invalid values replaced by their defaults.
    None if that is not possible.
    """
    if source.value is None and source.problems:
        return None
    # Errors of a value that could not be read follow from that problem.
    unread = {(one.line, one.column) for one in source.problems if one.code == "CF005"}
    with_quotes = {(one.line, one.column) for one in source.problems if one.code == "CF258"}  # it names them, too
    try:
        made = model.model_validate(source.value)
        empty = [
            loc for loc in _empty(source.value, model) if loc in source.unwritten and source.place(loc) not in unread
        ]
        source.problems += [_without_value(source, loc) for loc in empty]
        return made
    except ValidationError as error:
        errors = error.errors(include_url=False)
        misspelt = _misspelt(model, errors)
        found = [_problem(source, model, one) for one in errors if one["loc"] not in misspelt]
        hidden = {"CF013": unread | with_quotes}
        source.problems += [one for one in found if (one.line, one.column) not in hidden.get(one.code, unread)]
        return _mended(model, source.value, errors)


def _misspelt(model: type[BaseModel], errors: list[ErrorDetails]) -> set[Loc]:
    """The places of missing keys that stand there misspelt, which is told already: one cause, one message."""
    missing = {one["loc"] for one in errors if one["type"] == "missing"}
    unknown = [one["loc"] for one in errors if one["type"] == "extra_forbidden"]
    meant = ((loc[:-1], get_close_matches(str(loc[-1]), keys_at(model, loc[:-1]), 1)) for loc in unknown)
    return missing & {(*around, *near) for around, near in meant}


def _empty(value: Any, model: type[BaseModel], loc: Loc = ()) -> Iterator[Loc]:
    """The places of known keys without a value, where one is optional. A written ``null`` is a choice: what is kept has
    no end (``retention``); nothing after the colon is none, and what was meant is not in force."""
    if isinstance(value, dict):
        for key, inner in value.items():
            place = (*loc, key)
            info = field_at(model, place)
            if inner is None and info is not None and info.annotation is not Any and key in keys_at(model, loc):
                yield place
            elif inner is not None:
                yield from _empty(inner, model, place)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _empty(inner, model, (*loc, number))


def _without_value(source: Source, loc: Loc) -> Problem:
    """A # after the colon begins a comment, so nothing is left of the value."""
    return source.problem(loc, "CF012", f'"{loc[-1]}" has no value: write one, or delete the line', key=True)


def _problem(source: Source, model: type[BaseModel], error: ErrorDetails) -> Problem:
    loc, at_key = error["loc"], False
    if loc and loc[-1] == "[key]":
        loc, at_key = loc[:-1], True
    code, message = say(model, loc, error)
    return source.problem(loc, code, message, key=at_key or code in ("CF010", "CF011", "CF122"))


def _mended(model: type[Wanted], value: Any, errors: list[ErrorDetails]) -> Wanted | None:
    value = copy.deepcopy(value)
    try:
        whole = all([_repair(value, model, error) for error in errors])
        return model.model_validate(value) if whole else None
    except (ValidationError, LookupError, TypeError, RecursionError):
        return None


def _repair(value: Any, model: type[BaseModel], error: ErrorDetails) -> bool:
    """Remove or convert one invalid value. Returns False if it has no default."""
    if not error["loc"]:
        return False
    *path, last = error["loc"]
    around = value
    for part in path:
        around = around[part]
    if error["type"] == "string_type" and isinstance(error["input"], int | float):
        around[last] = str(error["input"])
        return True
    info = field_at(model, error["loc"])
    if error["type"] != "extra_forbidden" and (info is None or info.is_required()):
        return False
    del around[last]
    return True
