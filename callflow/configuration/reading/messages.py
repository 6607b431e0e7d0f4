"""Turns pydantic's errors into a code and a sentence for ops, with the range and the policy rule."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.fields import field_at, keys_at, possible_values
from callflow.configuration.reading.shapes import PATTERNS, SECRET
from callflow.configuration.reading.source import Loc
from callflow.configuration.reading.systems import SECRET_NAME

KINDS = {
    "string_type": "text", "int_type": "a whole number", "bool_type": "true or false", "list_type": "a list",
    "dict_type": "keys with values", "model_type": "keys with values", "float_type": "a number",
}  # fmt: skip
NAMES = {
    bool: "true or false",
    int: "a number",
    float: "a decimal number",
    str: "text",
    list: "a list",
    dict: "keys with values",
}
LONGEST_SHOWN = 40
SWITCHES = {"yes": "true", "on": "true", "y": "true", "no": "false", "off": "false", "n": "false"}
"""Words that YAML 1.1 read as true and false. YAML 1.2 reads them as texts."""
MOVED: Mapping[Loc, str] = {
    (
        f"{old}_words",
    ): f'what callers say is in the file of their language, scripts/<language>.yaml: "{new}" of "answers"'
    for old, new in (("yes", "yes"), ("no", "no"), ("courtesy", "courtesies"))
}
"""Keys of files as they were written before, and where they are written now."""
NEWEST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Wrong:
    """One error: the shape of the file, the place, its field and value, and pydantic's limits."""

    model: type[BaseModel]
    loc: Loc
    kind: str
    value: Any
    limits: dict[str, Any]

    @property
    def name(self) -> str:
        if not self.loc:
            return "this file"
        *way, last = self.loc
        return f'entry {last + 1} of "{way[-1]}"' if isinstance(last, int) and way else f'"{last}"'

    @property
    def field(self) -> FieldInfo | None:
        return field_at(self.model, self.loc)

    @property
    def rule(self) -> str:
        """The policy rule of this field in brackets, with a space before it; or ""."""
        extra = self.field.json_schema_extra if self.field else None
        return f" (policy rule {extra['rule']}: {extra['says']})" if isinstance(extra, dict) and "rule" in extra else ""


def say(model: type[BaseModel], loc: Loc, error: ErrorDetails) -> tuple[str, str]:
    """Code and message."""
    wrong = Wrong(model, loc, error["type"], error["input"], error.get("ctx", {}))
    return SAYINGS.get(wrong.kind, _of_wrong_kind)(wrong)


def _unknown(wrong: Wrong) -> tuple[str, str]:
    known = keys_at(wrong.model, wrong.loc[:-1])
    if moved := MOVED.get(wrong.loc):
        return "CF010", f"{wrong.name} has moved: {moved}"
    return "CF010", f"unknown key {wrong.name}{did_you_mean(str(wrong.loc[-1]), known)}"


def _missing(wrong: Wrong) -> tuple[str, str]:
    code = "CF122" if "rule 36" in wrong.rule else "CF011"
    return code, f"{wrong.name} is missing{wrong.rule}"


def _of_wrong_kind(wrong: Wrong) -> tuple[str, str]:
    named = NAMES.get(type(wrong.value), "nothing")
    if wrong.kind == "string_type" and isinstance(wrong.value, bool | int | float):
        return (
            "CF013",
            f"{wrong.name} must be text, but YAML reads {_written(wrong.value)} as {named}: write it in quotes",
        )
    if wrong.value is None:
        return "CF012", f"{wrong.name} has no value: write {KINDS.get(wrong.kind, 'one')}{_as_text(wrong)}{wrong.rule}"
    wanted = KINDS.get(wrong.kind, "something else")
    return "CF012", f"{wrong.name} must be {wanted}, not {named}{_hint(wrong)}{wrong.rule}"


def _hint(wrong: Wrong) -> str:
    """What was probably meant, after a colon; or ""."""
    if not isinstance(wrong.value, str):
        return ""
    if wrong.kind == "list_type":
        dash = wrong.value.startswith("-")
        return ": a blank is missing after the dash" if dash else f": write [{wrong.value[:LONGEST_SHOWN]}]"
    meant = SWITCHES.get(wrong.value.lower()) if wrong.kind == "bool_type" else None
    return f": write {meant}" if meant else ""


def _as_text(wrong: Wrong) -> str:
    return ', in quotes if it is the word "null"' if wrong.kind == "string_type" else ""


def _out_of_range(wrong: Wrong) -> tuple[str, str]:
    least = most = "?"
    for limit in wrong.field.metadata if wrong.field else ():
        least, most = getattr(limit, "ge", least), getattr(limit, "le", most)
    return "CF014", f"{wrong.name} is {wrong.value}; it must be from {least} to {most}{wrong.rule}"


def _not_one_of(wrong: Wrong) -> tuple[str, str]:
    possible = possible_values(wrong.field)
    if wrong.name == '"version"':
        if isinstance(wrong.value, int) and wrong.value > NEWEST_VERSION:
            return "CF009", f"this file is of version {wrong.value}; this program reads version {NEWEST_VERSION}"
        return "CF015", f"{wrong.name} is {_shown(wrong.value)}; this program reads version 1"
    words = [str(one) for one in possible]
    hint = did_you_mean(str(wrong.value), words)
    return "CF015", f"{wrong.name} is {_shown(wrong.value)}; it must be one of {', '.join(words)}{hint}{wrong.rule}"


def _too_short(wrong: Wrong) -> tuple[str, str]:
    return "CF016", f"{wrong.name} must not be empty{wrong.rule}"


def _too_long(wrong: Wrong) -> tuple[str, str]:
    most = wrong.limits.get("max_length")
    return "CF016", f"{wrong.name} has {len(str(wrong.value))} characters; at most {most} are possible{wrong.rule}"


def _misspelt(wrong: Wrong) -> tuple[str, str]:
    wanted = PATTERNS.get(str(wrong.limits.get("pattern")), "written differently")
    if wrong.limits.get("pattern") in (SECRET, SECRET_NAME):  # not shown, because the value may be the secret itself
        return "CF016", f"{wrong.name} is not {wanted}"
    return "CF016", f"{wrong.name}: {_shown(wrong.value)} is not {wanted}"


def _too_few(wrong: Wrong) -> tuple[str, str]:
    return "CF017", f"{wrong.name} must have at least {wrong.limits.get('min_length')} entry{wrong.rule}"


def _too_many(wrong: Wrong) -> tuple[str, str]:
    return "CF017", f"{wrong.name} can have at most {wrong.limits.get('max_length')} entries{wrong.rule}"


def _written(value: Any) -> str:
    """As it is written in YAML."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(value: Any) -> str:
    if value is None or isinstance(value, list | dict):
        return NAMES.get(type(value), "nothing")
    text = _written(value)
    return f'"{text[:LONGEST_SHOWN]}..."' if len(text) > LONGEST_SHOWN else f'"{text}"'


SAYINGS: dict[str, Callable[[Wrong], tuple[str, str]]] = {
    "extra_forbidden": _unknown,
    "missing": _missing,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
    "literal_error": _not_one_of,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "string_pattern_mismatch": _misspelt,
    "too_short": _too_few,
    "too_long": _too_many,
}
"""By pydantic's error type. Every other type is reported as a value of the wrong kind."""
