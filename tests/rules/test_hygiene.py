"""The small habits that a reader notices first, and the things that must never be in the repository."""

import ast
import re
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import callflow

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "callflow").rglob("*.py"))

# Put together from pieces, so that this file does not find itself.
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:" + "|".join(("wo" + "rk/", "ro" + "ot/", "ho" + "me/", "Us" + "ers/")) + r")\w"
)
REGISTRY = re.compile("|".join(r"\.".join(host) for host in (("py" + "pi", "org"), ("python" + "hosted", "org"),
    ("deb", "deb" + "ian", "org"), ("npm" + "js", "org"), ("npm" + "js", "com"))))  # fmt: skip
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME)\b")
SHAPELESS = re.compile(r"(?:.*_)?(?:util|utils|helpers|manager|managers)|helper")

# Where there is no git: what runs and tests leave behind is in these, or in a folder that begins with a dot.
NOT_OURS = {"var", "dist", "__pycache__"}


TOP = {"audio", "callflow", "config", "docs", "tests", "wsgi.py", "pyproject.toml", "Makefile", "README.md",
       "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "requirements.txt", "requirements-dev.txt",
       "requirements-tools.txt", ".ci", ".editorconfig", ".gitignore", ".pre-commit-hooks.yaml"}  # fmt: skip


def test_nothing_strange_is_at_the_top() -> None:
    """Downloaded packages lay there once: a command had been run with the wrong folder."""
    assert {file.relative_to(ROOT).parts[0] for file in _files()} - TOP == set()


def test_no_path_of_one_machine() -> None:
    assert not list(_lines_matching(MACHINE_PATH))


def test_no_registry_is_named() -> None:
    """Everyone installs from the mirror their own machine is set up for."""
    assert not list(_lines_matching(REGISTRY))


def test_nothing_is_left_for_later() -> None:
    assert not list(_lines_matching(UNFINISHED))


def test_names_say_what_a_file_is_for() -> None:
    """A helper is a person on the call; a file of helpers is a drawer."""
    assert not [path.name for path in _files() if path.suffix == ".py" and SHAPELESS.fullmatch(path.stem)]


def test_every_package_says_what_it_is_for() -> None:
    folders = {path.parent for path in SOURCES}
    assert not [str(folder.relative_to(ROOT)) for folder in folders if not _docstring(folder / "__init__.py")]


@pytest.mark.parametrize("package", ["core", "service"])
def test_long_public_functions_say_what_they_promise(package: str) -> None:
    assert not list(_silent_functions(ROOT / "callflow" / package))


def test_reading_order_names_files_that_exist() -> None:
    named = re.findall(r"^\d\. (\S+)", callflow.__doc__ or "", re.MULTILINE)
    assert named
    assert not [name for name in named if not (ROOT / "callflow" / name).is_file()]


def test_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == callflow.__version__


@pytest.mark.parametrize("host", ["192.0.2.1", "api.example.com"])
def test_tests_cannot_leave_this_machine(host: str) -> None:
    with pytest.raises(AssertionError, match="a test tried to reach"):
        socket.create_connection((host, 80), timeout=1)


def _files() -> Iterator[Path]:
    git = shutil.which("git") or "false"
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    names = listing.stdout.split("\0")[:-1] if listing.returncode == 0 else []
    found = (ROOT / name for name in names) if names else (path for path in ROOT.rglob("*") if _ours(path))
    return (path for path in found if path.is_file())


def _ours(path: Path) -> bool:
    folders = path.relative_to(ROOT).parts[:-1]
    return not any(part in NOT_OURS or (part.startswith(".") and part != ".ci") for part in folders)


def _lines_matching(pattern: re.Pattern[str]) -> Iterator[str]:
    for path in _files():
        content = path.read_bytes()
        if b"\0" in content or path.match("*.min.js"):  # recordings; code of others
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if pattern.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else None


def _silent_functions(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > 10 and not ast.get_docstring(node):
                    yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
