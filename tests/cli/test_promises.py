"""`callflow promises`, as ops type it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.test_recordings_kept import left_a_message

ROOT = Path(__file__).parents[2]


@pytest.fixture
def reference(tmp_path: Path) -> str:
    """A database with one promise of sam's."""
    talk = left_a_message(open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS))
    reference = talk.call.reference
    talk.callflow.store.close()
    return reference


def types(folder: Path, *words: str) -> Result:
    environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
               "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["promises", *words], env=environ)


def test_ops_see_who_owes_whom_a_call_but_no_number(reference: str, tmp_path: Path) -> None:
    (line,) = types(tmp_path).output.splitlines()
    assert line.startswith(f"{reference}  sam  due 20")
    assert "  open" in line
    (found,) = json.loads(types(tmp_path, "list", "--json").output)
    assert (found["reference"], found["person"], found["state"], found["has_number"]) == (
        reference,
        "sam",
        "open",
        True,
    )
    assert "0199" not in line + json.dumps(found)
    assert types(tmp_path, "list", "--person", "sky").output == "no open promises\n"


def test_one_that_was_kept_by_other_means(reference: str, tmp_path: Path) -> None:
    assert types(tmp_path, "kept", reference, "--by", "sky").output == f"{reference}: kept\n"
    again = types(tmp_path, "kept", reference)
    assert (again.exit_code, again.output) == (1, "Error: it is kept already\n")
    assert types(tmp_path).output == "no open promises\n"
    assert "kept" in types(tmp_path, "list", "--all").output


def test_one_is_given_and_withdrawn(reference: str, tmp_path: Path) -> None:
    assert types(tmp_path, "give", reference, "eve").output == "Error: nobody is called 'eve' in people.yaml\n"
    assert types(tmp_path, "give", reference, "sky").exit_code == 0
    assert f"{reference}  sky  due" in types(tmp_path).output
    assert types(tmp_path, "withdraw", reference).exit_code == 2
    assert types(tmp_path, "withdraw", reference, "--reason", "they wrote instead").exit_code == 0


def test_the_owner_is_rung_by_a_server(reference: str, tmp_path: Path) -> None:
    done = types(tmp_path, "call", reference)
    assert (done.exit_code, done.output) == (0, f"{reference}: a server rings its owner now, and then the caller\n")
    store = open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS)
    newest = store.calls()[0]
    store.close()
    assert (newest.about, newest.promise.endswith("-promise-1"), newest.stage) == (reference, True, "preparing")


def test_an_unknown_call(reference: str, tmp_path: Path) -> None:
    assert types(tmp_path, "kept", "ZZZZ").output == "Error: there is no call with the reference ZZZZ\n"
