"""`callflow keys`, and what commands say that read a sealed database without its secret."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.store import open_store
from callflow.store.errors import WrongSecret
from callflow.store.sealing import Wrapper
from tests.contracts.sample import SECRETS, a_call, save

ROOT = Path(__file__).parents[2]
NEW = "the secret after it, of a test"
OLD_ID, NEW_ID = Wrapper(SECRETS).id, Wrapper((NEW,)).id


@pytest.fixture
def url(tmp_path: Path) -> str:
    made = f"sqlite:///{tmp_path / 'calls.db'}"
    store = open_store(made, SECRETS)
    save(store, a_call("c1"))
    save(store, a_call("c2"))
    store.close()
    return made


def types(url: str, *words: str, secret: str = NEW, before: str = SECRETS[0]) -> Result:
    environment = {"CALLFLOW_DATABASE_URL": url, "CALLFLOW_SECRET_KEY": secret, "CALLFLOW_SECRET_KEY_BEFORE": before,
                   "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, words, env=environment)


def test_the_secret_is_rotated(url: str) -> None:
    shown = types(url, "keys", "status").output.splitlines()
    assert shown[0] == f"{NEW_ID}  CALLFLOW_SECRET_KEY         0 calls"
    assert shown[1] == f"{OLD_ID}  CALLFLOW_SECRET_KEY_BEFORE  2 calls"
    assert shown[-1] == "before you remove the secrets before: callflow keys rewrap"
    assert types(url, "keys", "rewrap").output == "2 calls wrapped anew\n"
    shown = types(url, "keys", "status", before="").output.splitlines()
    assert shown[0] == f"{NEW_ID}  CALLFLOW_SECRET_KEY         2 calls"
    assert shown[-1].split() == ["erased", "0", "calls"]
    assert "c1" in types(url, "journal", before="").output


def test_calls_of_a_secret_that_is_not_known_are_told(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'calls.db'}"
    for secrets, id in ((SECRETS, "c1"), ((NEW, *SECRETS), "c2")):
        store = open_store(url, secrets)
        save(store, a_call(id, number=""))
        store.close()
    assert f"{OLD_ID}  not known here              1 call\n" in types(url, "keys", "status", before="").output
    done = types(url, "keys", "rewrap", before="")
    assert done.exit_code == 1
    assert "1 call left: add the secret that they were wrapped with to CALLFLOW_SECRET_KEY_BEFORE" in done.output


@pytest.mark.parametrize("words", ["journal", "journal 4F7K", "people", "replay 4F7K", "config list", "close"])
@pytest.mark.parametrize(("secret", "said"), [("", "CALLFLOW_SECRET_KEY is not set"), (NEW, "another secret")])
def test_a_command_without_the_secret_says_so(url: str, words: str, secret: str, said: str) -> None:
    done = types(url, *words.split(), secret=secret, before="")
    assert done.exit_code == 1
    assert isinstance(done.exception, WrongSecret)
    assert said in str(done.exception)
