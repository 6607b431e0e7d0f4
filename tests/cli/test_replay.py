"""`callflow replay`: a past call from a database, step by step, against another configuration, and exported."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli.replay import command
from callflow.configuration.loading import load
from callflow.configuration.snapshots import texts
from callflow.simulator.recorded_history import another_way, from_text
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.simulator.suite import AUDIO, CONFIG, played_into


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with one past call, which was closed."""
    url = f"sqlite:///{tmp_path_factory.mktemp('past')}/calls.db"
    store = open_store(url, SECRETS)
    assert played_into(store, "closing").failure is None
    store.close()
    return url


def run(database: str, *arguments: str, typed: str = "") -> Result:
    given = ["--database", database, "--config", str(CONFIG), "--audio", str(AUDIO), *arguments]
    environment = {"CALLFLOW_SECRET_KEY": SECRETS[0]}
    return CliRunner().invoke(command, given, input=typed, env=environment, catch_exceptions=False)


def reference(database: str) -> str:
    store = open_store(database, SECRETS)
    (call,) = store.calls(live=False)
    store.close()
    return call.reference


def test_a_call_by_its_reference(database: str) -> None:
    result = run(database, reference(database))
    assert result.exit_code == 0
    assert "caller    calls +15550100100" in result.output
    assert "ana        to closing_watch" in result.output
    assert "stage     ended" in result.output
    assert "journal   callflow  call_ended        disconnect@" in result.output


def test_the_settings_that_decided_are_shown(database: str) -> None:
    output = run(database, reference(database)).output
    assert 'settings  deescalation.yaml: menu.keys.time_out = "1", time_out.most_per_call = 2, ' in output
    assert 'settings  flows/front_desk.yaml: steps.reason.choices."1".next = desk, ' in output


def test_step_by_step(database: str) -> None:
    whole = run(database, reference(database)).output.count("\n")
    result = run(database, reference(database), "--step", typed="\n\n\nq\n")
    assert "= waiting: caller at queue, ana at ringing" in result.output
    assert result.output.count("\n") < whole / 3


def test_an_unknown_call(database: str) -> None:
    result = run(database, "000000")
    assert (result.exit_code, "no call '000000'" in result.output) == (1, True)
    assert run(database).exit_code == 1


def test_against_the_same_configuration(database: str) -> None:
    result = run(database, "--against", str(CONFIG))
    assert result.exit_code == 0
    assert result.output.endswith("0 of 1 calls would have gone differently.\n")


def test_against_another_configuration(database: str, tmp_path: Path) -> None:
    other = tmp_path / "config"
    shutil.copytree(CONFIG, other)
    rules = (other / "deescalation.yaml").read_text(encoding="utf-8")
    (other / "deescalation.yaml").write_text(rules.replace("grace_seconds: 15", "grace_seconds: 60"), encoding="utf-8")
    result = run(database, reference(database), "--against", str(other))
    assert result.exit_code == 0
    assert "journal: ana refused refuse_grace; it was nothing" in result.output
    assert "ana: to room hearing refuse_grace; it was to end_conduct hearing end_conduct" in result.output
    assert "1 of 1 calls would have gone differently." in result.output


def test_a_call_is_exported(database: str, tmp_path: Path) -> None:
    target = tmp_path / "call.json"
    result = run(database, reference(database), "--export", str(target))
    assert (result.exit_code, result.output) == (0, f"1 call written to {target}\n")
    text = target.read_text(encoding="utf-8")
    assert [one for one in (reference(database), "5550", "CA0") if one in text] == []
    (history,) = from_text(text)
    assert another_way(history, load(CONFIG, AUDIO)) == []


def test_a_call_of_another_configuration_that_nobody_kept_is_not_exported(database: str, tmp_path: Path) -> None:
    other, target = another(tmp_path), tmp_path / "call.json"
    result = run(database, reference(database), "--export", str(target), "--config", str(other))
    assert result.exit_code == 1
    assert "is not in the database: give its directory with --config" in result.output
    assert not target.exists()
    shown = run(database, reference(database), "--config", str(other)).output
    assert "Prompts are shown by their ids, and deadlines are not shown: configuration " in shown


def test_a_call_is_shown_with_the_configuration_that_it_began_with(database: str, tmp_path: Path) -> None:
    """Words have changed since: what was said is what the version said that the database kept."""
    plain, digest = run(database, reference(database)).output, load(CONFIG, AUDIO).digest
    database = f"sqlite:///{shutil.copy(database.removeprefix('sqlite:///'), tmp_path)}"
    store = open_store(database, SECRETS)
    store.keep_configuration(digest, texts(CONFIG), datetime.now(UTC))
    store.close()
    other, target = another(tmp_path), tmp_path / "call.json"
    assert run(database, reference(database), "--config", str(other)).output == plain
    result = run(database, reference(database), "--export", str(target), "--config", str(other))
    assert (result.exit_code, result.output) == (0, f"1 call written to {target}\n")


def another(folder: Path) -> Path:
    """A configuration with other words."""
    config = Path(shutil.copytree(CONFIG, folder / "config"))
    scripts = config / "scripts" / "en.yaml"
    words = scripts.read_text(encoding="utf-8")
    scripts.write_text(words.replace("Press 1", "Please press 1"), encoding="utf-8")
    return config


def test_an_export_is_of_named_calls(database: str, tmp_path: Path) -> None:
    target = str(tmp_path / "call.json")
    assert run(database, "--export", target).exit_code == 1
    assert run(database, "--export", target, "--against", str(CONFIG)).exit_code == 2
