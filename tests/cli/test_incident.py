"""`callflow incident` and `callflow check-ins`, as people type them."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.core.check_ins import Reply
from callflow.core.transcription import Purpose
from callflow.service.transcripts import Transcript, TranscriptState
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.after_calls import AfterCall
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import warned

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ana has warned of remarks about who someone is; Sam has the incident."""
    path = tmp_path_factory.mktemp("incident") / "calls.db"
    talk = Conversation(shipped(), store=open_store(f"sqlite:///{path}", SECRETS))
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    AfterCall(warned(talk.together("caller", "ana")).over())
    talk.callflow.store.close()
    return path


class Typing:
    def __init__(self, database: Path, folder: Path) -> None:
        self.path = Path(shutil.copy(database, folder / "calls.db"))
        self.reference = json.loads(self("incident", "list", "--json").output)[0]["reference"]

    def __call__(self, *words: str, types: str = "") -> Result:
        environ = {"CALLFLOW_DATABASE_URL": f"sqlite:///{self.path}", "CALLFLOW_SECRET_KEY": SECRETS[0],
                   "CALLFLOW_CONFIG": str(ROOT / "config"), "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
        return CliRunner().invoke(program, list(words), env=environ, input=types)

    def entries(self, kind: str) -> list[str]:
        store = open_store(f"sqlite:///{self.path}", SECRETS)
        (call,) = store.calls(live=False)
        found = [f"{one.note.actor} {one.note.outcome}" for one in store.journal(call.id) if one.note.kind == kind]
        store.close()
        return found


@pytest.fixture
def typing(database: Path, tmp_path: Path) -> Typing:
    return Typing(database, tmp_path)


def test_ana_sees_who_has_it_and_by_when(typing: Typing) -> None:
    (line,) = typing("incident", "list", "--person", "ana").output.splitlines()
    assert line.startswith(f"{typing.reference}  warning, severe conduct  sam answers by 20")
    assert line.endswith("missing: ana")
    assert typing("incident", "list", "--person", "ben").output == "no incident is open\n"
    (known,) = json.loads(typing("incident", "list", "--person", "sam", "--json").output)
    assert (known["person"], known["state"], known["missing"]) == ("sam", "given", ["ana"])


def test_whoever_reads_words_says_why_and_is_named(typing: Typing) -> None:
    ref = typing.reference
    assert typing("incident", "add", ref, "--by", "ana", "--words", "He said: go home.").exit_code == 0
    shown = typing("incident", "show", ref).output
    assert "heard in full: warning_final" in shown
    assert "go home" not in shown + str(json.loads(typing("incident", "show", ref, "--json").output))
    assert "--words needs --reason" in typing("incident", "show", ref, "--words").output
    assert typing.entries("incident_read") == []
    read = typing("incident", "show", ref, "--words", "--reason", "to answer it", "--by", "sam").output
    assert "ana, words: He said: go home." in read
    assert typing.entries("incident_read") == ["sam shown"]


def test_a_machines_draft_of_her_words_is_read_as_words_are(typing: Typing) -> None:
    store = open_store(f"sqlite:///{typing.path}", SECRETS)
    (call,) = store.calls(live=False)
    store.keep_transcript(Transcript(recording=f"{call.id}-9", call=call.id, purpose=Purpose.INCIDENT, at=call.at,
                                     text="he said go home", state=TranscriptState.MADE, engine="vosk"))  # fmt: skip
    store.close()
    assert "go home" not in typing("journal", typing.reference).output
    read = typing("incident", "show", typing.reference, "--words", "--reason", "to answer it", "--by", "sam").output
    assert "a machine's draft: he said go home" in read


def test_ana_is_asked_short_questions(typing: Typing) -> None:
    done = typing("incident", "add", typing.reference, "--by", "ana", types="Go home.\nA time out.\nyes\n\n")
    assert done.exit_code == 0, done.output
    shown = typing("incident", "show", typing.reference, "--words", "--reason", "it is mine", "--by", "ana").output
    for line in ("words: Go home.", "tried: A time out.", "vulnerable: yes", "helped: unsure"):
        assert f"ana, {line}" in shown


def test_what_is_refused_says_why(typing: Typing) -> None:
    ref = typing.reference
    for words, why in (
        (("add", ref, "--by", "ben", "--words", "so I heard"), "ben was not on this call; ana was"),
        (("answer", ref, "no-action", "--by", "ana"), "ana was on the call, and cannot answer for it"),
        (("answer", ref, "no-action", "--by", "ben"), "ben is not a reviewer: sam, sky may answer"),
        (("answer", "ZZZZ", "no-action", "--by", "sam"), "no call 'ZZZZ'"),
    ):
        done = typing("incident", *words)
        assert (done.exit_code, done.output.startswith(f"Error: {why}")) == (1, True), done.output
    assert typing("incident", "answer", ref, "apology", "--by", "sky", "--words", "We ring him.").exit_code == 0
    assert "sky has answered it already" in typing("incident", "answer", ref, "refer", "--by", "sam").output
    assert typing.entries("incident")[-1] == "sky apology"


def test_ana_takes_a_copy_that_tells_when_it_was_changed(typing: Typing, tmp_path: Path) -> None:
    ref, file = typing.reference, tmp_path / "mine.json"
    assert typing("incident", "copy", ref, str(file), "--person", "ana").exit_code == 0
    assert file.stat().st_mode & 0o077 == 0
    assert json.loads(file.read_text("utf-8"))["for"] == "ana"
    assert "is what was taken at" in typing("incident", "verify", ref, str(file)).output
    file.write_text(file.read_text("utf-8").replace("heard in full", "cut short"), "utf-8")
    assert "was changed" in typing("incident", "verify", ref, str(file)).output


def test_ana_says_yes_to_a_check_in_and_sam_does_it(typing: Typing) -> None:
    first, *others = json.loads(typing("check-ins", "list", "--json").output)
    assert (first["for"], first["owner"], first["when"], first["state"]) == ("ana", "sam", "same shift", "offered")
    assert len(others) == 2
    assert "for ana, who alone" in typing("check-ins", "reply", first["id"], Reply.NO, "--by", "sam").output
    assert typing("check-ins", "reply", first["id"], Reply.YES, "--by", "ana").output == "sam will be in touch\n"
    assert "sam asks by" in typing("check-ins").output
    assert typing("check-ins", "done", first["id"], "--by", "sam").output == "done\n"
    assert "there is no check-in 77" in typing("check-ins", "done", "77", "--by", "sam").output
    assert len(typing("check-ins", "list", "--person", "ana").output.splitlines()) == 2
