"""`callflow alarms`, as ops type it."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.test_alarms import alarms
from tests.e2e.test_promises import MINUTE
from tests.e2e.test_recordings_kept import left_a_message

ROOT = Path(__file__).parents[2]


def types(folder: Path, *words: str) -> Result:
    environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{folder}/calls.db", "CALLFLOW_SECRET_KEY": SECRETS[0],
               "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
    return CliRunner().invoke(program, ["alarms", *words], env=environ)


def test_a_late_call_back_is_listed_and_cleared(tmp_path: Path) -> None:
    talk = left_a_message(open_store(f"sqlite:///{tmp_path}/calls.db", SECRETS))
    reference = talk.call.reference
    talk.callflow.keepers.promises.keeper.look()
    talk.wait(181 * MINUTE)
    talk.callflow.keepers.promises.keeper.look()
    assert "late_call_back" in alarms(talk)
    talk.callflow.store.close()
    (found,) = json.loads(types(tmp_path, "list", "--json").output)
    assert (found["reference"], found["cause"], found["state"]) == (reference, "late_call_back", "raised")
    assert types(tmp_path, "clear", found["id"], "--done", "rang her", "--by", "sky").exit_code == 0
    assert types(tmp_path).output == "no alarms\n"
    assert "cleared" in types(tmp_path, "list", "--all").output
    unknown = types(tmp_path, "clear", "c9-alarm-1", "--done", "x")
    assert unknown.output == "Error: no alarm 'c9-alarm-1': run `callflow alarms`\n"
