"""Every field of every file, with six kinds of wrong value: a message with the place, in words that ops know, and with
what to write. And files that are no YAML: the likely cause, at its place.
"""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pydantic import BaseModel
from ruamel.yaml import YAML

from callflow.cli import program
from callflow.configuration.loading import examine
from callflow.configuration.reading.shaping import shape
from callflow.configuration.reading.source import Loc, Source, parse, read
from callflow.configuration.schema import KINDS
from callflow.simulator.scenario_file import ScenarioFile

ROOT = Path(__file__).parents[2]
FILES: list[tuple[str, type[BaseModel]]] = [
    ("callflow.yaml", KINDS["callflow"]), ("people.yaml", KINDS["people"]),
    ("deescalation.yaml", KINDS["deescalation"]), ("guidance.yaml", KINDS["guidance"]),
    ("flows/front_desk.yaml", KINDS["flow"]), ("scenarios/closing.yaml", ScenarioFile),
]  # fmt: skip
MANY_ALIKE = ("guidance.yaml", "scenarios/closing.yaml")
"""They have hundreds of values of a few kinds."""
WRONG: tuple[Any, ...] = (None, True, 7.5, "a word", [1], {"x": 1})
PYTHON = re.compile(
    r"\b(str|int|bool|dict|float|NoneType|None|True|False|tuple|object|pydantic|Input|valid|ctx|loc|\w+Error)\b"
    r"|<[a-z ]+>|\btoken\b|\bscalar\b|\bmapping\b"
)
WHAT_TO_DO = re.compile(
    r"must|write|unknown key|is missing|needs|there is no|delete|not a |not \$|version|has moved|is not"
)


def places(value: Any, loc: Loc = ()) -> Iterator[Loc]:
    yield loc
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places(inner, (*loc, key))


def changed(value: Any, loc: Loc, wrong: Any) -> Any:
    if not loc:
        return wrong
    if isinstance(value, dict):
        return {key: changed(inner, loc[1:], wrong) if key == loc[0] else inner for key, inner in value.items()}
    return [changed(inner, loc[1:], wrong) if at == loc[0] else inner for at, inner in enumerate(value)]


@pytest.mark.parametrize(("name", "model"), [
    pytest.param(name, model, id=name, marks=[pytest.mark.long] if name in MANY_ALIKE else []) for name, model in FILES
])  # fmt: skip
def test_each_wrong_value_is_told_in_words_with_its_place_and_what_to_write(name: str, model: Any) -> None:
    value, yaml, seen = read(ROOT / "config", name).value, YAML(), 0
    for loc in places(value):
        for wrong in WRONG:
            text = StringIO()
            yaml.dump(changed(value, loc, wrong), text)
            source = Source(label=name, name=name)
            parse(source, text.getvalue())
            shape(source, model)
            seen += len(source.problems)
            for problem in source.problems:
                said = re.sub(r'"[^"]*"', '""', problem.message)
                assert not PYTHON.search(said), (loc, wrong, problem.message)
                assert WHAT_TO_DO.search(problem.message), (loc, wrong, problem.message)
                assert problem.line > 1 or len(loc) <= 1, (loc, wrong, problem)
    assert seen > 20


BROKEN = [
    ("people.yaml", "agents:\n", "agents:\n\tx: 1\n", "people.yaml:7:1 CF003 a tab cannot indent a line: use spaces"),
    ("people.yaml", "name: Ana,", 'name: "Ana,', 'people.yaml:7:15 CF003 the quote " that opens here is not closed'),
    ("people.yaml", "agents: [ana, ben]", "agents: [ana, ben", "the [ that opens here is not closed by ]"),
    ("people.yaml", "name: Ana, phone", "name: Ana phone", "CF003 a comma is missing before phone"),
    ("people.yaml", "name: Ana", "name: @Ana", 'CF003 a text that begins with @ needs quotes: "@..."'),
    ("flows/front_desk.yaml", '"1": {next', "*1: {next", 'CF003 a text that begins with * needs quotes: "*..."'),
    ("flows/front_desk.yaml", "    say: greeting", "   say: greeting", "CF003 this line is indented by 4 blanks"),
    ("flows/front_desk.yaml", "attempts: 2", "attempts: #2", 'CF012 "attempts" has no value: write one, or delete'),
    ("callflow.yaml", "language: en", "language:en", "CF003 a blank is missing after the colon: language: en"),
    ("callflow.yaml", "version: 1", "version: 1\n---\nversion: 1", "CF003 a line of --- begins a second document"),
    ("callflow.yaml", "version: 1", "%YAML 1.1\n---\nversion: 1", "CF003 a line that begins with % is a directive"),
    ("callflow.yaml", 'caller_id: "+15550100100"', "caller_id: Null", 'CF012 "caller_id" has no value: write text'),
    ("deescalation.yaml", "seconds: 30", "seconds: 030", 'CF258 "030" begins with 0'),
    ("deescalation.yaml", "ask_caller: true", "ask_caller: on", "must be true or false, not text: write true"),
    ("people.yaml", "name: Ana", 'name: "  "', "it has only blanks"),
    ("people.yaml", "agents: [ana, ben]", "agents: ana", '"agents" must be a list, not text: write [ana]'),
    ("people.yaml", "agents: [ana, ben]", "agents:\n    -ana", "a blank is missing after the dash"),
    ("scripts/en.yaml", '  hold_return: {text: "Thank you',
     "  hold_return:\n    text: Thank you: again\n  x: {text: \"",
     'CF003 a text with a colon and a blank in it needs quotes'),
    ("people.yaml", "name: Ana", "name: \u201cAna", "CF003"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "right", "wrong", "said"), BROKEN, ids=[said[:60] for *_, said in BROKEN])
def test_the_likely_cause_is_told_at_its_place(tmp_path: Path, name: str, right: str, wrong: str, said: str) -> None:
    text = (ROOT / "config" / name).read_text(encoding="utf-8")
    assert right in text
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text.replace(right, wrong, 1), encoding="utf-8")
    told = [str(one) for one in examine(tmp_path, ROOT / "audio").problems if name in one.file]
    if wrong != "name: \u201cAna":  # curled quotes may be part of a name
        assert any(said in one for one in told), told
        assert len(told) == 1 or "CF003" not in said, told


def test_what_is_no_text_in_utf_8(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_bytes("version: 1".encode("utf-16"))
    (tmp_path / "callflow.yaml").mkdir()
    (tmp_path / "guidance.yaml").write_bytes(b"version: 1\ncards: \xe4")
    told = "\n".join(str(one) for one in examine(tmp_path, ROOT / "audio").problems)
    assert "people.yaml:1:1 CF002 this file is not text in UTF-8; it is text in UTF-16: save it as UTF-8" in told
    assert "callflow.yaml:1:1 CF002 this file cannot be read: Is a directory" in told
    assert "guidance.yaml:2:8 CF002 this file is not text in UTF-8" in told


def test_a_misspelt_key_is_told_once(tmp_path: Path) -> None:
    text = (ROOT / "config" / "people.yaml").read_text(encoding="utf-8")
    (tmp_path / "people.yaml").write_text(text.replace("{name: Ana,", "{nam: Ana,"), encoding="utf-8")
    told = [one for one in examine(tmp_path, ROOT / "audio").problems if one.file.endswith("people.yaml")]
    assert [one.message for one in told] == ['unknown key "nam" (did you mean "name"?)']


def test_a_text_that_begins_with_0_is_told_once(tmp_path: Path) -> None:
    text = (ROOT / "config" / "guidance.yaml").read_text(encoding="utf-8")
    (tmp_path / "guidance.yaml").write_text(text.replace('number: "1"', "number: 01"), encoding="utf-8")
    told = [one for one in examine(tmp_path, ROOT / "audio").problems if one.file.endswith("guidance.yaml")]
    assert [one.code for one in told] == ["CF258"]
    assert 'or "01" in quotes if it is text' in told[0].message


def test_the_line_is_shown_with_a_mark(tmp_path: Path) -> None:
    text = (ROOT / "config" / "people.yaml").read_text(encoding="utf-8")
    (tmp_path / "people.yaml").write_text(text.replace("{name: Ana,", "{nam: Ana,"), encoding="utf-8")
    shown = CliRunner().invoke(program, ["check", str(tmp_path), "--source"]).stdout.splitlines()
    at = next(number for number, line in enumerate(shown) if 'unknown key "nam"' in line)
    assert shown[at + 1] == '     7 |   ana: {nam: Ana, phone: "+15550100111"}'
    assert shown[at + 2] == "       |         ^"
    assert not any(" | " in line for line in CliRunner().invoke(program, ["check", str(tmp_path)]).stdout.splitlines())
