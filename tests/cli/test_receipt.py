"""`callflow receipt`, as ops type it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import PHONES
from tests.e2e.scenes import talking
from tests.e2e.test_receipts import closed, given, phone

ROOT = Path(__file__).parents[2]


def types(folder: Path, *words: str) -> Result:
    environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
               "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["receipt", *words], env=environ)


def test_it_is_shown_again_with_what_became_of_it_and_without_the_number(tmp_path: Path) -> None:
    talk = closed(talking(given(), store=open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS)))
    reference, id = talk.call.reference, talk.call.id
    assert "open, made" in types(tmp_path, reference).output
    phone(talk).refuses_messages = 21614
    talk.callflow.keepers.receipts.run({"receipt": f"{id}-receipt-1"})
    talk.callflow.store.close()
    assert not [one for one in tmp_path.glob("calls.db*") if b"heard a warning at 0" in one.read_bytes()]
    shown = types(tmp_path, reference).output
    assert "You heard a warning at" in shown
    assert "not sent (21614: the telephone takes no messages of ours" in shown
    assert PHONES["caller"][-7:] not in shown
    found = json.loads(types(tmp_path, reference, "--json").output)
    assert (found["state"], found["why"], found["language"]) == ("not sent", "21614", "en")
    assert found["text"] in shown
    assert "no call 'x'" in types(tmp_path, "x").output


def test_a_call_without_one_says_who_gets_one(tmp_path: Path) -> None:
    talk = talking(store=open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS))
    talk.caller.hangs_up()
    reference = talk.over().call.reference
    talk.callflow.store.close()
    assert "has no receipt: `receipts` in callflow.yaml" in types(tmp_path, reference).output
