"""The wheel, as pipx and uv install it: away from the checkout, it has its configuration, recordings and schemas."""

import json
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail

ROOT = Path(__file__).parents[2]
UV = ROOT / ".tools" / "bin" / "uv"
ANSWERS = ("--yes", "--organisation", "Northwind", "--number", "+15550100100", "--agent", "Ana=+15550100111",
           "--supervisor", "Sam=+15550100121", "--security", "+15550100131", "--emergency", "911",
           "--timezone", "UTC")  # fmt: skip


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment with the wheel and nothing of the checkout. The dependencies are those of these tests."""
    if not UV.exists():
        skip_or_fail(".tools/bin/uv is missing: run make setup-dev")
    folder = tmp_path_factory.mktemp("wheel")
    run("git", "-C", str(ROOT), "checkout-index", "--all", f"--prefix={folder / 'checkout'}/", cwd=folder)
    run("make", "wheel", f"UV={UV}", "-o", str(UV), cwd=folder / "checkout")
    (wheel,) = (folder / "checkout" / "dist").glob("*.whl")
    run(str(UV), "venv", "--quiet", "--python", sys.executable, str(folder / "venv"), cwd=folder)
    run(
        str(UV),
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--python",
        str(folder / "venv"),
        str(wheel),
        cwd=folder,
    )
    (site,) = (folder / "venv").glob("lib/python*/site-packages")
    (site / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"], encoding="utf-8")
    return folder / "venv" / "bin" / "callflow"


def run(*argv: str, cwd: Path) -> str:
    home = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", str(cwd))}
    done = subprocess.run(argv, cwd=cwd, env=home, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_plays_in_an_empty_folder(installed: Path, tmp_path: Path) -> None:
    assert "back on time" in run(str(installed), "demo", "--fast", cwd=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_first_configuration_is_written_checked_and_rehearsed(installed: Path, tmp_path: Path) -> None:
    run(str(installed), "init", "house", *ANSWERS, cwd=tmp_path)
    house = ("--config", "house/config", "--audio", "house/audio")
    assert "good" in run(str(installed), "check", "house/config", "--audio", "house/audio", cwd=tmp_path)
    assert "went as written" in run(str(installed), "simulate", *house, cwd=tmp_path)


def test_it_knows_its_version_its_schemas_and_its_codes(installed: Path, tmp_path: Path) -> None:
    assert run(str(installed), "-V", cwd=tmp_path).startswith("callflow, version ")
    assert json.loads(run(str(installed), "schema", "callflow", cwd=tmp_path))["properties"]
    assert "What to do" in run(str(installed), "explain", "CF001", cwd=tmp_path)
