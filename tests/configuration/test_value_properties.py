"""Whatever a house of any country writes in any language is read, spoken and told of as it stands there.

Each field of each file has a value from one of ``COUNTRIES`` and a language of ``TONGUES`` (tests/world). ``make test``
takes a few of them, ``make properties`` thousands (CALLFLOW_TESTS_HOUSES).
"""

import json
import os
import types
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from random import Random
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from callflow.cli.check import command as check
from callflow.cli.simulate import composer
from callflow.configuration.loading import examine, load
from callflow.configuration.reading.source import read
from callflow.configuration.schema import KINDS
from callflow.simulator.scenario_file import ChaosShape, ScenarioFile, SwitchesShape, read_scenarios
from callflow.simulator.scenario_run import play
from tests.configuration.workbench import TODAY, plain_audio
from tests.world.places import COUNTRIES
from tests.world.spoken import Call
from tests.world.tongues import TONGUES
from tests.world.written import PARTS, House, write

HOUSES = int(os.environ.get("CALLFLOW_TESTS_HOUSES", "0"))
FEW = (("JP", 1), ("IL", 2), ("CH", 3), ("TH", 4), ("VN", 5), ("TR", 6), ("IN", 7))
FILES = {
    "callflow.yaml": KINDS["callflow"], "people.yaml": KINDS["people"], "deescalation.yaml": KINDS["deescalation"],
    "guidance.yaml": KINDS["guidance"], "practice/": KINDS["practice"],
    "calendars.yaml": KINDS["calendars"], "flows/": KINDS["flow"],
    "scripts/": KINDS["scripts"], "scenarios/": ScenarioFile, "shared/lines": KINDS["shared_lines"],
    "shared/more_lines": KINDS["shared_lines"], "shared/steps": KINDS["shared_steps"],
    "shared/more_steps": KINDS["shared_steps"],
}  # fmt: skip
NO_VALUES_OF_A_COUNTRY = (SwitchesShape, ChaosShape)
NOT_KEPT = (
    ("guidance.yaml",), ("deescalation.yaml", "menu"), ("callflow.yaml", "recording"), ("*", "flow"),
    ("callflow.yaml", "show_caller_number"), ("*", "description"), ("*", "weekly"), ("*", "special_hours", "*"),
    ("*", "starts"), ("*", "answers"), ("*", "audio"), ("*", "headers"), ("*", "menu"), ("*", "fallback"),
    ("*", "settings"), ("*", "eli"), ("*", "continues"), ("*", "people", "ben"), ("*", "include"), ("*", "parameters"),
    ("*", "signed_by"), ("*", "offline"), ("*", "offline_staff"), ("callflow.yaml", "consultation"),
    ("callflow.yaml", "conduct_notice"),
)  # fmt: skip
"""For readers only, or a number, a path or a class when it is read."""


def houses() -> Iterator[House]:
    """The same in every run."""
    regions = {one.region: one for one in COUNTRIES}
    chosen = [(COUNTRIES[seed % len(COUNTRIES)], seed) for seed in range(HOUSES)]
    for country, seed in chosen or [(regions[region], seed) for region, seed in FEW]:
        yield House(country, Random(seed))


# -- every field has a value


def given(kind: type[BaseModel], node: Any, found: dict[type[BaseModel], set[str]]) -> None:
    """Note the fields that a node of this shape has, and those of the shapes inside it."""
    known = found.setdefault(kind, set())
    for field, info in kind.model_fields.items():
        name = info.alias or field
        if isinstance(node, Mapping) and name in node:
            known.add(name)
            inner = shape_in(info.annotation)
            for one in inside(node[name], info.annotation) if inner else ():
                given(inner, one, found)


def bare(annotation: Any) -> Any:
    while get_origin(annotation) in (Annotated, Union, types.UnionType):
        annotation = get_args(annotation)[0]
    return annotation


def shape_in(annotation: Any) -> type[BaseModel] | None:
    """The shape of a field, of the entries of its list, or of the values of its mapping."""
    kind = bare(annotation)
    if get_origin(kind) in (list, dict):
        return shape_in(get_args(kind)[-1])
    return (
        kind if isinstance(kind, type) and issubclass(kind, BaseModel) and kind not in NO_VALUES_OF_A_COUNTRY else None
    )


def inside(value: Any, annotation: Any) -> Iterable[Any]:
    kind = bare(annotation)
    if get_origin(kind) is dict and isinstance(value, Mapping):
        return [one for entry in value.values() for one in inside(entry, get_args(kind)[-1])]
    if get_origin(kind) is list and isinstance(value, list):
        return [one for entry in value for one in inside(entry, get_args(kind)[-1])]
    return [value]


def test_every_field_of_every_file_has_a_value_from_every_country() -> None:
    """A new field fails here until ``tests/world`` gives it one."""
    for country in COUNTRIES:
        found: dict[type[BaseModel], set[str]] = {}
        for name, content in House(country, Random(0)).files.items():
            given(next(FILES[start] for start in FILES if name.startswith(start)), content, found)
        lost = {kind.__name__: {info.alias or name for name, info in kind.model_fields.items()} - names
                for kind, names in found.items()}  # fmt: skip
        assert {kind: names for kind, names in lost.items() if names} == {}
        assert {*KINDS.values(), ScenarioFile} <= {*found}


def test_there_are_thirty_countries_and_twenty_languages() -> None:
    assert len({one.region for one in COUNTRIES}) >= 30
    assert len(TONGUES) >= 20
    assert {code for one in COUNTRIES for code in one.languages} == set(TONGUES)


# -- and comes out as it was written


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def written_texts(node: Any, at: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every text with its path, keys among them."""
    if isinstance(node, Mapping):
        for key, value in node.items():
            yield (*at, key), key
            yield from written_texts(value, (*at, key))
    elif isinstance(node, list):
        for one in node:
            yield from written_texts(one, at)
    elif isinstance(node, str):
        yield at, node


def is_kept(path: tuple[str, ...], text: str) -> bool:
    if text == path[-1] or text.startswith("$") or path[0].startswith("scenarios/"):
        return False
    for pattern in NOT_KEPT:
        first, rest = pattern[0], pattern[1:]
        if first in ("*", path[0]) and all(one == "*" or one in path for one in rest):
            return False
    return True


def texts_of(value: Any) -> Iterator[str]:
    """Every text in a value of the core, at any depth."""
    if isinstance(value, str):
        yield nfc(value)
    elif is_dataclass(value):
        for one in fields(value):
            yield from texts_of(getattr(value, one.name))
    elif isinstance(value, Mapping):
        yield from texts_of([*value.keys(), *value.values()])
    elif isinstance(value, list | tuple | set | frozenset):
        for one in value:
            yield from texts_of(one)


def in_each(count: int | None = None) -> Any:
    """For each house, or for the first few."""
    return pytest.mark.parametrize(
        "house", [*houses()][:count], ids=lambda one: f"{one.country.region}-{one.tongue.code}"
    )


@in_each()
@pytest.mark.usefixtures("quick")
def test_what_is_written_anywhere_in_the_world_is_read_and_spoken(house: House, tmp_path: Path) -> None:
    write(house.files, tmp_path / "config")
    examined = examine(tmp_path / "config", plain_audio(), today=TODAY)
    assert [str(one) for one in examined.problems] == []
    assert examined.configuration
    for part in PARTS:
        written = house.files["deescalation.yaml"][part].items()
        read_as = getattr(examined.configuration.policy, part)
        assert [name for name, value in written if type(value) is int and getattr(read_as, name) != value] == []
    scenarios = read_scenarios(tmp_path / "config", examined.configuration)
    kept = {*texts_of(examined.configuration)}
    for file, content in house.files.items():
        lost = [
            (path, text)
            for path, text in written_texts(content, (file,))
            if is_kept(path, text) and nfc(text) not in kept
        ]
        assert lost == []
    played = {*texts_of([(one.name, one.steps, one.callers) for one in scenarios])}
    assert {nfc(text) for one in house.files["scenarios/known.yaml"]["steps"] for text in said_in(one)} <= played
    for language in (house.language, house.other_language):
        spoken = nfc(Call(house, examined.configuration, language).spoken())
        names = house.files[f"scripts/{language}.yaml"].get("names", {})
        said = {nfc(name): nfc(text) for name, text in names.items()}
        wanted = [nfc(one) for one in spoken_to_staff(house)]
        wanted += [said.get(nfc(one), nfc(one)) for one in spoken_to_callers(house)]
        assert [one for one in wanted if one not in spoken] == []


def said_in(step: Mapping[str, Any]) -> Iterator[str]:
    for action in step.values():
        if isinstance(action, Mapping):
            yield from (action[key] for key in ("saying", "says") if key in action)


def spoken_to_callers(house: House) -> Iterator[str]:
    organisation, people = house.files["callflow.yaml"]["organisation"], house.files["people.yaml"]
    rules, flow = house.files["deescalation.yaml"], house.files["flows/front_desk.yaml"]
    yield from (organisation["name"], organisation["contact"], " ".join(organisation["emergency_number"]))
    yield from (people["agents"]["ana"]["name"], people["supervisors"]["sam"]["role"], rules["time_out"]["reason"])
    yield from (rules["draw_the_line"]["conduct"]["3"]["name"], flow["variables"]["customer_name"]["default"])


def spoken_to_staff(house: House) -> Iterator[str]:
    """To Ana, in the first language."""
    people, flow = house.files["people.yaml"], house.files["flows/front_desk.yaml"]
    yield from (people["supervisors"]["sam"]["name"], people["teams"]["energy_desk"]["name"])
    yield from (one["name"] for one in house.files["deescalation.yaml"]["draw_the_line"]["conduct"].values())
    yield flow["steps"]["reason"]["choices"]["1"]["reason"]


@in_each(HOUSES or 3)
@pytest.mark.usefixtures("quick")
def test_what_is_wrong_anywhere_in_the_world_is_told_in_its_own_letters(house: House, tmp_path: Path) -> None:
    """``callflow check --json`` quotes a value as it was written."""
    wrong = [house.phrase(number) for number in range(6)] + [house.name(number) for number in range(4)]
    steps = house.files["flows/front_desk.yaml"]["steps"] | {
        f"step_{number}": {"connect": one, "otherwise": "message"} for number, one in enumerate(wrong)
    }
    write(house.files | {"flows/front_desk.yaml": house.files["flows/front_desk.yaml"] | {"steps": steps}}, tmp_path)
    result = CliRunner().invoke(check, [str(tmp_path), "--audio", str(plain_audio()), "--json"])
    assert result.exit_code == 1, result.output
    told = [one["message"] for one in json.loads(result.stdout) if one["code"] == "CF023"]
    assert [one for one in wrong if not any(f'"{nfc(one)}"' in message for message in told)] == []


@in_each(HOUSES or 3)
def test_what_cannot_be_seen_is_named_with_its_place_wherever_it_stands(house: House, tmp_path: Path) -> None:
    """In texts of ASCII: other scripts need some of these characters."""
    chance = Random(len(house.tongue.words))
    plain = [(file, path) for file, content in house.files.items() for path in ascii_texts(content, ())]
    for file, path in chance.sample(plain, min(len(plain), 12)):
        hidden = chance.choice("\u00ad\u200b\u200e\u202c\u2060\ufeff")
        write({file: changed(house.files[file], path, hidden)}, tmp_path)
        found = read(tmp_path, file).problems
        lines = (tmp_path / file).read_text(encoding="utf-8").splitlines()
        (line,) = [number for number, text in enumerate(lines, 1) if hidden in text]
        places = [(one.code, one.line, one.column) for one in found]
        assert places == [("CF080", line, lines[line - 1].index(hidden) + 1)]
        assert f"U+{ord(hidden):04X}" in found[0].message


def ascii_texts(node: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    """The path of every text that is longer than a letter."""
    if isinstance(node, Mapping | list):
        for key, value in node.items() if isinstance(node, Mapping) else enumerate(node):
            yield from ascii_texts(value, (*at, key))
    elif isinstance(node, str) and node.isascii() and len(node) > 1:
        yield at


def changed(node: Any, path: tuple[str | int, ...], hidden: str) -> Any:
    """A copy in which the text at this path has one more character."""
    if not path:
        return f"{node[:1]}{hidden}{node[1:]}"
    first, rest = path[0], path[1:]
    entries = node.items() if isinstance(node, Mapping) else enumerate(node)
    copy = {key: changed(value, rest, hidden) if key == first else value for key, value in entries}
    return copy if isinstance(node, Mapping) else [*copy.values()]


@in_each()
@pytest.mark.slow
@pytest.mark.usefixtures("quick")
def test_a_scenario_plays_anywhere_in_the_world(house: House, tmp_path: Path) -> None:
    write(house.files, tmp_path / "config")
    for one in read_scenarios(tmp_path / "config", load(tmp_path / "config", plain_audio())):
        outcome = play(one, composer(plain_audio()))
        assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))
