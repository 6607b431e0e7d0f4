"""Addresses are written and read as by Werkzeug's own rules."""

from typing import Any

import pytest
from werkzeug.routing import BuildError, Map, Rule

from callflow.fast_path.routes import LazyRule

RULES = [
    ("/", "start", {}),
    ("/voice/<call>/<int:step>", "step", {}),
    ("/people/<name>/", "person", {}),
    ("/people/", "person", {"defaults": {"name": "everybody"}}),
    ("/files/<path:rest>", "file", {"methods": ["GET"]}),
]
ASKED: list[tuple[str, dict[str, Any]]] = [
    ("start", {}), ("start", {"page": "2", "rule": "a b", "self": "ä"}), ("step", {"call": "c/1 ä", "step": 3}),
    ("step", {"call": "c", "step": "x"}), ("step", {"call": "c"}), ("person", {"name": "everybody"}),
    ("person", {"name": "sam", "q": ["1", "2"]}), ("person", {}), ("file", {"rest": "a/b?c"}), ("nobody", {}),
]  # fmt: skip


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
@pytest.mark.parametrize("append", [True, False])
def test_an_address_is_written_as_by_the_library(endpoint: str, values: dict[str, Any], append: bool) -> None:
    assert written(LazyRule, endpoint, values, append) == written(Rule, endpoint, values, append)


@pytest.mark.parametrize("path", ["/", "/voice/c1/3", "/voice/c1/x", "/people", "/people/everybody/", "/files/a/b"])
def test_an_address_is_read_as_by_the_library(path: str) -> None:
    assert read(LazyRule, path) == read(Rule, path)


def written(kind: type[Rule], endpoint: str, values: dict[str, Any], append: bool) -> str:
    adapter = routes(kind)
    try:
        again = [adapter.build(endpoint, values, append_unknown=append) for _ in range(2)]
    except (BuildError, ValueError) as error:
        return type(error).__name__
    assert again[0] == again[1]
    return again[0]


def read(kind: type[Rule], path: str) -> object:
    try:
        return routes(kind).match(path)
    except Exception as found:
        return type(found).__name__, getattr(found, "new_url", "")


def routes(kind: type[Rule]) -> Any:
    rules = [kind(path, endpoint=endpoint, **options) for path, endpoint, options in RULES]
    return Map(rules).bind("calls.example")
