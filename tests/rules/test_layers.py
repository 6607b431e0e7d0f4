"""Outer layers may import inner ones, never back. The contracts stand in pyproject.toml."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Types and pure functions. Hashing and JSON are as pure as arithmetic; a clock, dice, files or a log are not.
PURE = {
    *("__future__", "abc", "base64", "bisect", "collections", "copy", "dataclasses", "datetime", "decimal", "enum"),
    *("functools", "graphlib", "hashlib", "heapq", "hmac", "itertools", "json", "math", "operator", "re", "string"),
    *("textwrap", "types", "typing", "unicodedata"),
    "zoneinfo",  # the rules of time zones are data that never change under a running call; tzdata brings them
}


def test_contracts_hold() -> None:
    """In a process of its own: import-linter configures logging, which would silence our loggers for later tests."""
    argv = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_core_imports_only_pure_modules() -> None:
    impure = {f"{where}: {name}" for where, name in _imports("core") if not _belongs(name, PURE, {"core"})}
    assert not impure


def test_service_imports_no_third_party_package() -> None:
    standard = set(sys.stdlib_module_names)
    foreign = {f"{w}: {name}" for w, name in _imports("service") if not _belongs(name, standard, {"service", "core"})}
    assert not foreign


def test_wsgi_only_asks_process() -> None:
    tree = ast.parse((ROOT / "wsgi.py").read_text(encoding="utf-8"))
    assert set(_imported(tree)) == {"gc", "callflow.process"}


def _belongs(name: str, outside: set[str], ours: set[str]) -> bool:
    top, _, rest = name.partition(".")
    return rest.partition(".")[0] in ours if top == "callflow" else top in outside


def _imports(package: str) -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "callflow" / package).rglob("*.py")):
        for name in _imported(ast.parse(path.read_text(encoding="utf-8"))):
            yield path.relative_to(ROOT).as_posix(), name


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            # `from callflow import core` names the package only in the alias
            yield from (f"{module}.{alias.name}" for alias in node.names) if module == "callflow" else (module,)
