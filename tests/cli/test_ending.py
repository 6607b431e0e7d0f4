"""`callflow retention`, `hold`, `erase` and `export`, as ops type them."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import Conversation
from tests.e2e.test_recordings_kept import keeper, left_a_message, run_jobs

ROOT = Path(__file__).parents[2]
NUMBER = "+15550100199"


@pytest.fixture
def talk(tmp_path: Path) -> Conversation:
    """A caller has left a message, and the provider does not have it any more."""
    talk = left_a_message(open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS), delete=True)
    run_jobs(talk, keeper(talk, tmp_path / "audio"))
    return talk


def types(folder: Path, line: str, said: str = "") -> Result:
    environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
               "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio"),
               "CALLFLOW_RECORDINGS": f"{folder}/audio"}  # fmt: skip
    return CliRunner().invoke(program, line.split(" "), input=said, env=environ)


def test_a_caller_is_erased_but_not_while_the_call_is_held(talk: Conversation, tmp_path: Path) -> None:
    reference = talk.call.reference
    put = types(tmp_path, f"hold put {reference} --owner sam --reason claim --review 2099-06-30 --by sky")
    assert put.output == f"{reference}: held, sam looks again on 2099-06-30\n"
    assert "claim" not in types(tmp_path, "hold list").output
    assert types(tmp_path, "hold list --reasons").output == (
        f"{reference}  sam  held, review on 2099-06-30  claim\n"
    )  # fmt: skip
    held = types(tmp_path, "erase --caller -", f"{NUMBER}\n")
    assert held.exit_code == 1
    assert held.output == f"{reference}  stays: legal hold of sam, to be reviewed on 2099-06-30\n"
    assert types(tmp_path, f"hold release {reference} --by sam").exit_code == 0
    assert types(tmp_path, "erase --caller - --dry-run", f"{NUMBER}\n").output == f"{reference}  would be erased\n"
    assert types(tmp_path, "erase --caller -", f"{NUMBER}\n").output == f"{reference}  erased\n"
    assert types(tmp_path, "erase --caller -", f"{NUMBER}\n").output.startswith("nothing is held about this caller")
    assert types(tmp_path, "erase --again").output == "0 calls erased again\n"


def test_a_copy_for_the_caller_is_readable_for_one_user_only(talk: Conversation, tmp_path: Path) -> None:
    copied = types(tmp_path, f"export --caller {NUMBER} --out {tmp_path}/copy.zip")
    assert copied.output == f"{talk.call.reference}  copied\n{tmp_path}/copy.zip: 1 call\n"
    assert (tmp_path / "copy.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "copy.zip") as archive:
        audio, calls, words = sorted(archive.namelist(), key=str.lower)
        assert (calls, words) == ("calls.json", "README.txt")
        assert archive.read(audio).startswith(b"RIFF")
        assert json.loads(archive.read(calls))["number"] == NUMBER
    assert "is there already" in types(tmp_path, f"export --caller {NUMBER} --out {tmp_path}/copy.zip").output


def test_a_recording_that_cannot_be_deleted_at_the_provider_keeps_its_call(tmp_path: Path) -> None:
    talk = left_a_message(open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS))
    run_jobs(talk, keeper(talk, tmp_path / "audio"))
    refused = types(tmp_path, f"erase --caller {NUMBER}")
    assert refused.exit_code == 1
    assert "is still at the provider, whose credentials are not set here; run the command again" in refused.output
    assert talk.call.number == NUMBER


def test_what_is_wrong_with_a_number_is_said_without_it(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS).close()
    refused = types(tmp_path, "erase --caller 015550100199")
    assert refused.exit_code == 2
    assert "0199" not in refused.output.partition("country code")[0]
    assert types(tmp_path, "erase").exit_code == 2


def test_ops_see_what_ends_what_is_held_and_what_was_done(talk: Conversation, tmp_path: Path) -> None:
    types(tmp_path, f"hold put {talk.call.reference} --owner sam --reason claim --review 2099-06-30")
    shown = types(tmp_path, "retention").output
    assert "recording   ends if it is from before" in shown
    assert f"held: {talk.call.reference} by sam, review on 2099-06-30" in shown
    found = json.loads(types(tmp_path, "retention --json").output)
    assert [one["reference"] for one in found["held"]] == [talk.call.reference]
    assert (found["proposed"], found["reports"]) == ([], [])


def test_a_hold_nobody_can_own_is_refused(talk: Conversation, tmp_path: Path) -> None:
    reference = talk.call.reference
    assert types(tmp_path, f"hold put {reference} --owner eve --reason x --review 2099-06-30").output == (
        'Error: nobody is called "eve" in people.yaml\n'
    )
    assert types(tmp_path, f"hold release {reference}").output == "Error: there is no hold on this call\n"
    assert types(tmp_path, "hold release NONE").exit_code == 1
