"""`callflow recordings`, as ops type it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.test_recordings_kept import keeper, left_a_message, run_jobs

ROOT = Path(__file__).parents[2]


@pytest.fixture
def id(tmp_path: Path) -> str:
    """A database with one message that was fetched."""
    talk = left_a_message(open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS))
    run_jobs(talk, keeper(talk, tmp_path / "audio"))
    (message,) = talk.callflow.store.recordings()
    talk.callflow.store.close()
    return message.id


def types(folder: Path, *words: str) -> Result:
    environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
               "CALLFLOW_RECORDINGS": str(folder / "audio"), "CALLFLOW_CONFIG": str(ROOT / "config"),
               "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["recordings", *words], env=environ)


def test_ops_list_export_and_are_named(id: str, tmp_path: Path) -> None:
    (line,) = types(tmp_path).output.splitlines()
    assert line.startswith(id)
    assert "  voicemail by caller  " in line
    reference = line.split("  ")[1]
    assert types(tmp_path, "list", reference).output == f"{line}\n"
    wav = tmp_path / "message.wav"
    done = types(tmp_path, "export", id, str(wav), "--reason", "the caller asked for it", "--by", "sam")
    assert done.exit_code == 0, done.output
    assert wav.read_bytes()[:4] == b"RIFF"
    assert wav.stat().st_mode & 0o077 == 0
    store = open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS)
    entry = store.journal(id.rpartition("-")[0])[-1].note
    store.close()
    assert (entry.kind, entry.actor, entry.outcome) == ("recording_opened", "sam", "exported")
    assert entry.details["reason"] == "the caller asked for it"


def test_without_a_reason_nobody_listens(id: str, tmp_path: Path) -> None:
    assert "--reason" in types(tmp_path, "export", id, str(tmp_path / "message.wav")).output
    assert not (tmp_path / "message.wav").exists()


def test_what_is_not_there_is_said(id: str, tmp_path: Path) -> None:
    done = types(tmp_path, "export", "c9-1", str(tmp_path / "message.wav"), "--reason", "curious")
    assert (done.exit_code, done.output.startswith("Error: there is no recording c9-1")) == (1, True)
    assert "no call 'ZZZZ'" in types(tmp_path, "list", "ZZZZ").output


def test_a_voicemail_is_listed_with_who_calls_back_and_by_when(id: str, tmp_path: Path) -> None:
    (line,) = types(tmp_path).output.splitlines()
    (row,) = json.loads(types(tmp_path, "list", "--json").output)
    assert (row["id"], row["kind"], row["by"], row["owner"]) == (id, "voicemail", "caller", "sam")
    assert line.endswith(f"  sam calls back by {row['due']}")
    assert row["due"] > row["at"]
