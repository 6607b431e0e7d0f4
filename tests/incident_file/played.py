"""A played call with a warning and a closing, and incident files of it, as people type the command."""

import json
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.configuration.snapshots import texts
from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.core.stages import Stage
from callflow.evidence.keys import new_key, signing_key
from callflow.incident_file import verify
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import introducing, steps_tried, warned

ROOT = Path(__file__).parents[2]
LOG = new_key("callflow.example/log", lambda count: bytes([1]) * count)
KEY = signing_key(LOG)
WORDS = "He said that people like me should go home."


def play(path: Path) -> None:
    """Both steps are declined, Ana warns of remarks about who someone is, and closes; she has added his words."""
    talk = Conversation(shipped(), store=open_store(f"sqlite:///{path}", SECRETS))
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    warned(steps_tried(talk.together("caller", "ana").wait(1)))
    talk.wait(20).ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3")
    talk.ana.hears("end_confirm").presses("1")
    store = talk.callflow.store
    talk.until(lambda: store.calls(live=False)[0].stage is Stage.ENDED, "the end of the call", within=900)
    (call,) = store.calls(live=False)
    store.keep_configuration(call.digest, texts(ROOT / "config"), call.at)
    incident = FollowUp(
        id=follow_up_id(call.id, FollowUpKind.INCIDENT), kind=FollowUpKind.INCIDENT, call=call.id, person="sam",
        state="given", at=call.at, body={"accounts": {"ana": {"words": WORDS, "at": call.at.isoformat()}}},
    )  # fmt: skip
    store.transact(lambda unit: (unit.load(call.id), unit.put_follow_up(incident)))
    store.close()


def play_with_sam(path: Path) -> None:
    """Ana brings Sam in, who is with both of them when the caller hangs up."""
    talk = Conversation(shipped(), store=open_store(f"sqlite:///{path}", SECRETS))
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    introducing(talk.together("caller", "ana").wait(1)).caller.hangs_up()
    store = talk.callflow.store
    talk.until(lambda: store.calls(live=False)[0].stage is Stage.ENDED, "the end of the call", within=900)
    (call,) = store.calls(live=False)
    store.keep_configuration(call.digest, texts(ROOT / "config"), call.at)
    store.close()


class Typing:
    """Types `callflow incident export` at a copy of the played database."""

    def __init__(self, database: Path, folder: Path, **more: str) -> None:
        self.path, self.folder = Path(shutil.copy(database, folder / "calls.db")), folder
        self.environ = {
            "CALLFLOW_DATABASE_URL": f"sqlite:///{self.path}", "CALLFLOW_SECRET_KEY": SECRETS[0],
            "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio"), "CALLFLOW_LOG_KEY": LOG,
            "CALLFLOW_RECORDINGS": str(folder / "recordings"), **more,
        }  # fmt: skip
        store = open_store(f"sqlite:///{self.path}", SECRETS)
        (call,) = store.calls(live=False)
        self.reference, self.call = call.reference, call
        store.close()

    def __call__(self, *words: str, name: str = "file.zip") -> Result:
        every = ["incident", "export", self.reference, "--out", str(self.folder / name), "--by", "sam",
                 "--reason", "the court asked for it", *words]  # fmt: skip
        return CliRunner().invoke(program, every, env=self.environ)

    def made(self, *words: str, name: str = "file.zip") -> bytes:
        done = self(*words, name=name)
        assert done.exit_code == 0, done.output
        return (self.folder / name).read_bytes()

    def entries(self) -> list[Any]:
        store = open_store(f"sqlite:///{self.path}", SECRETS)
        found = [one.note for one in store.journal(self.call.id) if one.note.kind == "incident_file"]
        store.close()
        return found


def opened(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read(content: bytes, name: str) -> Any:
    return json.loads(opened(content)[name])


def elsewhere(content: bytes, folder: Path, *words: str) -> tuple[int, str]:
    """Exit code and output of the pack's own verify.py, on a machine that has nothing but Python."""
    (folder / "verify.py").write_bytes(opened(content)["verify.py"])
    (folder / "given.zip").write_bytes(content)
    done = subprocess.run([sys.executable, "-I", "-S", "verify.py", "given.zip", *words], cwd=folder, env={},
                          capture_output=True, text=True, encoding="utf-8", check=False)  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def told(content: bytes, given: str = "", *, unsigned: bool = False) -> list[str]:
    """What is found not to be as it was made."""
    try:
        return verify.verified(content, given, unsigned).faults
    except (zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, AttributeError, NotImplementedError) as no:
        return [f"broken: {no!r}"]
