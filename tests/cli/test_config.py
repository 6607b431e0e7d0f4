"""`callflow config`: list, show, diff, activate and roll back, as ops type it."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.configuration.loading import load
from callflow.configuration.snapshots import texts
from callflow.store import open_store
from tests.contracts.sample import SECRETS

ROOT = Path(__file__).parents[2]


class Ops:
    """A directory, a database with two versions of it (holds of 30 and of 45 seconds), and a terminal."""

    def __init__(self, folder: Path) -> None:
        self.config = folder / "config"
        shutil.copytree(ROOT / "config", self.config)
        self.url = f"sqlite:///{folder}/callflow.db"
        self.first = self.take_up()
        self.edit("  seconds: 30 ", "  seconds: 45 ")
        self.second = self.take_up()

    def edit(self, old: str, new: str) -> None:
        path = self.config / "deescalation.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    def take_up(self) -> str:
        configuration = load(self.config, ROOT / "audio")
        store, at = open_store(self.url, SECRETS), datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
        store.keep_configuration(configuration.digest, texts(self.config), at)
        store.activate(configuration.digest, at, "directory")
        store.close()
        return configuration.digest

    def types(self, *words: str) -> Result:
        environment = {"CALLFLOW_DATABASE_URL": self.url, "CALLFLOW_CONFIG": str(self.config),
                   "CALLFLOW_SECRET_KEY": SECRETS[0],
                       "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
        return CliRunner().invoke(program, ["config", *words], env=environment)


@pytest.fixture
def ops(tmp_path: Path) -> Ops:
    return Ops(tmp_path)


def test_list_marks_the_current_one_and_tells_who(ops: Ops) -> None:
    shown = ops.types("list").output
    assert f"* {ops.second[:12]}" in shown
    assert f"  {ops.first[:12]}" in shown
    assert shown.count("by directory") == 2


def test_show_prints_a_file_of_a_version(ops: Ops) -> None:
    assert "seconds: 30 " in ops.types("show", ops.first[:8], "deescalation.yaml").output
    assert "seconds: 45 " in ops.types("show", "current", "deescalation.yaml").output
    refused = ops.types("show", "current", "nothing.yaml")
    assert refused.exit_code == 1
    assert "there is callflow.yaml" in refused.output


def test_diff_shows_lines_and_says_by_its_code_whether_anything_changed(ops: Ops) -> None:
    changed = ops.types("diff", ops.first[:8], "current")
    assert changed.exit_code == 1
    assert "-  seconds: 30 " in changed.output
    assert "+  seconds: 45 " in changed.output
    assert ops.types("diff").exit_code == 0


def test_rollback_goes_to_the_one_before_and_is_on_record(ops: Ops) -> None:
    assert ops.types("rollback", "--by", "kim").exit_code == 0
    shown = ops.types("list").output
    assert f"* {ops.first[:12]}" in shown
    assert "by kim" in shown


def test_activate_wants_one_version_that_passes(ops: Ops) -> None:
    assert ops.types("activate", ops.first[:10], "--by", "kim").exit_code == 0
    unknown = ops.types("activate", "zzz")
    assert unknown.exit_code == 1
    assert ops.first[:12] in unknown.output
