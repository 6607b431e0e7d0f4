"""Files of up to 300 lines and functions of up to 40: what does not fit on two screens is not read, only searched."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
FILE_LINES = 300
FUNCTION_LINES = 40

# "file" or "file::function" -> (its lines today, why it may be longer). It may shrink and may not grow;
# once it fits, the line here has to go. A new one needs a better reason than "it is long".
EXCUSED: dict[str, tuple[int, str]] = {}


def test_everything_fits_or_is_excused() -> None:
    long = {name: lines for name, lines in _too_long().items() if lines > EXCUSED.get(name, (0, ""))[0]}
    assert not long, f"over {FILE_LINES} lines a file or {FUNCTION_LINES} a function, or grown since excused: {long}"


def test_no_excuse_outlives_its_need() -> None:
    assert EXCUSED.keys() <= _too_long().keys(), "these fit now: remove them from EXCUSED"


def test_every_excuse_has_a_reason() -> None:
    assert all(reason for _, reason in EXCUSED.values())


@cache
def _too_long() -> dict[str, int]:
    return dict(_long_files()) | dict(_long_functions())


def _sources() -> Iterator[tuple[str, str]]:
    for folder in ("callflow", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def _long_files() -> Iterator[tuple[str, int]]:
    for name, text in _sources():
        lines = len(text.splitlines())
        if lines > FILE_LINES:
            yield name, lines


def _long_functions() -> Iterator[tuple[str, int]]:
    for name, text in _sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = _body_lines(node)
                if lines > FUNCTION_LINES:
                    yield f"{name}::{node.name}", lines


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of the body without the docstring, which nobody should shorten for the sake of a count."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0
