"""The packages that we pin: none with a known vulnerability, each under a licence that may be shipped, all listed."""

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
AUDIT = ROOT / ".ci" / "audit.py"
LICENCES = ROOT / "docs" / "licences.md"
TABLE = re.compile(r"(<!-- licences -->\n).*?(<!-- /licences -->)", re.DOTALL)
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(?: ; )?([^\\\n]*)", re.MULTILINE)
ELSEWHERE = {
    "audioop-lts": "PSF-2.0",
    "standard-aifc": "PSF-2.0",
    "standard-chunk": "PSF-2.0",
    "colorama": "BSD-3-Clause",
}
"""The licences of packages that only other versions of Python, or other systems, install."""
MAY_BE_SHIPPED = {
    "Apache 2.0", "Apache-2.0", "Apache License, Version 2.0", "Apache-2.0 AND MIT", "Apache-2.0 AND BSD-2-Clause",
    "Apache-2.0 OR BSD-2-Clause", "Apache-2.0 OR BSD-3-Clause", "BSD", "BSD-2-Clause", "BSD-3-Clause", "BSD License",
    "MIT", "MIT License", "PSF-2.0", "MPL-2.0", "MIT-0",
    "LGPL-3.0-only",  # psycopg, which is used as it is, and only with the extra ``postgres``
}  # fmt: skip


def audited(*arguments: str) -> "subprocess.CompletedProcess[str]":
    argv = [sys.executable, "-B", str(AUDIT), *arguments]
    return subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_pinned_version_is_known_to_be_vulnerable() -> None:
    done = audited()
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(
        r"0 known to be vulnerable \(advisories of \d{4}-\d\d-\d\d, added to by hand until 20", done.stdout
    )


@pytest.mark.parametrize(("pin", "said"), [
    ("urllib3==2.6.3", "urllib3 2.6.3: CVE-2026-44431, CVE-2026-44432, fixed in 2.7.0"),
    ("Werkzeug==3.0.5 \\\n    --hash=sha256:00", "CVE-2024-49766"),
    ("requests==2.30.0 ; python_version > '3'", "PYSEC-2023-74"),
])  # fmt: skip
def test_a_version_that_is_known_to_be_vulnerable_fails_the_build(tmp_path: Path, pin: str, said: str) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(f"# made by hand\n{pin}\nidna==3.20\n")
    done = audited(str(file))
    assert done.returncode == 1
    assert said in done.stdout


def test_a_version_before_the_fault_came_in_is_none(tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("pyjwt==2.8.0\n")
    assert "CVE-2026-48523" not in audited(str(file)).stdout


def test_advisories_are_refreshed_from_a_checkout(tmp_path: Path) -> None:
    """The database, as its files are; what is withdrawn or of a package that we do not pin is left out."""
    checkout = tmp_path / "database"
    for package, name, more in (
        ("flask", "PYSEC-1", ""),
        ("flask", "PYSEC-2", "withdrawn: '2026-01-01'\n"),
        ("x", "P3", ""),
    ):
        file = checkout / "vulns" / package / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"id: {name}\naliases: [CVE-1, GHSA-1]\n{more}affected:\n- ranges:\n  - type: ECOSYSTEM\n"
                        "    events: [{introduced: '1.0'}, {fixed: '2.0'}, {introduced: '3.0'}]\n")  # fmt: skip
    git = ["git", "-C", str(checkout), "-c", "user.name=x", "-c", "user.email=x@example.com"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *command], check=True, capture_output=True)
    code = f"import sys, json, pathlib; sys.path.insert(0, {str(AUDIT.parent)!r}); import audit; " \
           f"print(json.dumps(audit.read(pathlib.Path({str(checkout)!r}), ['flask', 'click'])))"  # fmt: skip
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, check=True)
    (found,) = json.loads(done.stdout)["advisories"]
    assert found == {"package": "flask", "ids": ["PYSEC-1", "CVE-1"], "ranges": [["1.0", "2.0"], ["3.0", None]]}


def pinned() -> list[tuple[str, str, str]]:
    """(package, version, condition) of what Callflow installs, with its extras."""
    return PIN.findall((ROOT / "requirements.txt").read_text(encoding="utf-8"))


def licence(package: str) -> str:
    try:
        about = metadata(package)
    except PackageNotFoundError:
        return ELSEWHERE[package]
    classified = [
        one.rpartition(" :: ")[2] for one in about.get_all("Classifier") or () if one.startswith("License ::")
    ]
    written = (about.get("License") or "").splitlines()
    return str(
        about.get("License-Expression") or (written and written[0]) or (classified and classified[0]) or "unknown"
    )


def test_every_licence_may_be_shipped() -> None:
    assert {package: licence(package) for package, _, _ in pinned() if licence(package) not in MAY_BE_SHIPPED} == {}


def test_the_page_of_licences_is_what_is_installed() -> None:
    rows = [f"| {name} | {version} | {licence(name)} | {condition.strip()} |" for name, version, condition in pinned()]
    shown = "\n".join(["| package | version | licence | only if |", "|---|---|---|---|", *rows, ""])
    text = LICENCES.read_text(encoding="utf-8")
    wanted = TABLE.sub(lambda found: f"{found[1]}{shown}{found[2]}", text)
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        LICENCES.write_text(wanted, encoding="utf-8")
    assert text == wanted, "docs/licences.md is old: CALLFLOW_TESTS_REGENERATE=1 pytest tests/rules"


def test_what_a_message_says_to_install_exists() -> None:
    """And not a package of the public index that has our name."""
    texts = [one.read_text(encoding="utf-8") for one in (ROOT / "callflow").rglob("*.py")]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = {name for text in texts for name in re.findall(r"""\bhow\(["'](\w+)["']\)""", text)}
    assert named
    assert named <= project["optional-dependencies"].keys()
    assert [text[:80] for text in texts if re.search(r"pip install '?callflow", text)] == []
