"""The exported schemas: committed as they are generated, true of the shipped files, and said in words of ops."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from callflow.cli import program
from callflow.configuration import schema

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config"
FILES = [path for path in sorted(CONFIG.rglob("*.yaml")) if path.parent.name != "scenarios"]
KIND_OF_FOLDER = {"flows": "flow", "scripts": "scripts", "languages": "scripts", "practice": "practice"}


def kind_of(path: Path) -> str:
    return KIND_OF_FOLDER.get(path.parent.name, path.stem)


def content(path: Path) -> Any:
    return YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", schema.KINDS)
def test_committed_is_exported(kind: str) -> None:
    """`callflow schema` writes them anew."""
    assert (CONFIG / "schema" / schema.file_name(kind)).read_text(encoding="utf-8") == schema.written(kind)


@pytest.mark.parametrize("kind", schema.KINDS)
def test_is_a_schema(kind: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.schema(kind))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_shipped_files_are_valid(path: Path) -> None:
    jsonschema.validate(content(path), schema.schema(kind_of(path)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_first_line_leads_to_the_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    wanted = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / wanted).resolve() == CONFIG / "schema" / schema.file_name(kind_of(path))


@pytest.mark.parametrize(
    ("file", "keys", "value"),
    [
        ("deescalation.yaml", ("time_out", "seconds"), 90),
        ("deescalation.yaml", ("time_out", "second"), 30),
        ("deescalation.yaml", ("delegate_upwards", "ask_caller"), False),
        ("deescalation.yaml", ("menu", "keys", "skip"), "*"),
        ("deescalation.yaml", ("draw_the_line", "conduct", "0"), {"name": "insults"}),
        ("people.yaml", ("teams", "energy_desk", "ring"), "random"),
        ("flows/front_desk.yaml", ("steps", "reason", "choices", "12"), {"next": "desk"}),
        ("callflow.yaml", ("version",), 2),
    ],
)
def test_mistakes_are_not_valid(file: str, keys: tuple[str, ...], value: object) -> None:
    whole = content(CONFIG / file)
    around = whole
    for key in keys[:-1]:
        around = around[key]
    around[keys[-1]] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(whole, schema.schema(kind_of(CONFIG / file)))


def test_keys_may_stand_without_quotes() -> None:
    whole = content(CONFIG / "deescalation.yaml")
    whole["menu"]["keys"]["skip"] = 9
    jsonschema.validate(whole, schema.schema("deescalation"))


def test_every_key_is_described() -> None:
    silent = [
        f"{kind}: {name}" for kind in schema.KINDS for name, one in properties(kind) if not one.get("description")
    ]
    assert not silent


def test_rules_are_named_and_our_classes_are_not() -> None:
    text = schema.written("deescalation")
    assert "one hold (policy rule 11)" in text
    assert '"default": 30' in text
    assert '"title": "TimeOutShape"' not in text


def properties(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    whole = schema.schema(kind)
    for one in (whole, *whole.get("$defs", {}).values()):
        yield from one.get("properties", {}).items()


def test_one_is_printed_and_all_are_written(tmp_path: Path) -> None:
    printed = CliRunner().invoke(program, ["schema", "flow"])
    assert json.loads(printed.stdout) == schema.schema("flow")
    written = CliRunner().invoke(program, ["schema", "--out", str(tmp_path / "new")])
    assert written.exit_code == 0
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == sorted(map(schema.file_name, schema.KINDS))
