"""`callflow adjustments` and `callflow restrictions`, as people type them."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.core.stages import Stage
from callflow.store import open_store
from tests.contracts.sample import SECRETS, a_call, save

ROOT = Path(__file__).parents[2]


class Ops:
    def __init__(self, folder: Path) -> None:
        self.config = Path(shutil.copytree(ROOT / "config", folder / "config"))
        with (self.config / "people.yaml").open("a", encoding="utf-8") as people:
            people.write("seniors: [sam, sky]\n")
        self.url = f"sqlite:///{folder}/callflow.db"
        store = open_store(self.url, SECRETS)
        save(store, a_call(stage=Stage.ENDED))
        store.close()

    def types(self, *words: str) -> Result:
        environment = {"CALLFLOW_DATABASE_URL": self.url, "CALLFLOW_CONFIG": str(self.config),
                       "CALLFLOW_SECRET_KEY": SECRETS[0], "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
        return CliRunner().invoke(program, list(words), env=environment)

    def says(self, *words: str) -> str:
        done = self.types(*words)
        assert done.exit_code == 0, done.output
        return done.output

    def refuses(self, *words: str) -> str:
        done = self.types(*words)
        assert done.exit_code == 1, done.output
        return done.output


@pytest.fixture
def ops(tmp_path: Path) -> Ops:
    return Ops(tmp_path)


WHY = ("--by", "sky", "--reason", "a letter of 1 March")


def test_adjustments_by_letter(ops: Ops) -> None:
    added = ops.says("adjustments", "add", "--call", "4F7K", "--need", "tics", "--letter", *WHY)
    id, _, said = added.partition(": ")
    assert said == "it counts from the next call on\n"
    assert "there is one for this number already" in ops.refuses(
        "adjustments", "add", "--number", "+15550100999", "--need", "relay", *WHY
    )
    assert ops.says("adjustments", "list").split()[::2] == [id, "on"]
    assert ops.says("adjustments", "change", id, "--need", "speech", *WHY) == f"{id}: changed\n"
    shown = ops.says("adjustments", "show", id, "--by", "sam", "--reason", "the caller asks what is kept")
    assert "  on  speech" in shown.splitlines()[0]
    assert [line.split("  ")[2:4] for line in shown.splitlines()[1:]] == [
        ["made by letter", "sky"], ["changed", "sky"], ["read", "sam"]]  # fmt: skip
    assert ops.says("adjustments", "remove", id, *WHY) == f"{id}: removed\n"
    assert f"no adjustment has the id {id}" in ops.refuses("adjustments", "show", id, *WHY)
    assert ops.says("adjustments", "list").split()[2] == "erased"
    store = open_store(ops.url, SECRETS)
    assert [(one.kind, one.reason) for one in store.caller_record_entries(id)][-1] == ("deleted", "")
    store.close()


def test_what_somebody_else_said_is_a_proposal(ops: Ops) -> None:
    added = ops.says("adjustments", "add", "--call", "c1", "--need", "interpreter", *WHY)
    assert added.endswith(": the caller is asked to confirm it\n")
    assert ops.types("adjustments", "add", "--need", "relay", *WHY).exit_code == 2


def test_a_restriction_from_proposal_to_appeal(ops: Ops) -> None:
    proposed = ops.says("restrictions", "propose", "4F7K", "--scope", "calls about the bill", "--channel", "letters",
                        "--by", "ana", "--reason", "insults on four calls")  # fmt: skip
    id = proposed.partition(":")[0]
    assert "ana is no senior: sam, sky may decide" in ops.refuses(
        "restrictions", "decide", id, "--agree", "--letter-sent", "2026-03-02", "--by", "ana", "--reason", "because"
    )
    decided = ops.says("restrictions", "decide", id, "--agree", "--letter-sent", "2026-03-02", *WHY)
    assert decided.startswith(f"{id}: on, until it is reviewed on ")
    assert f"{id}: to be answered by " in ops.says("restrictions", "appeal", id, *WHY)
    assert "there is no calendar" in ops.refuses("restrictions", "appeal", id, "--calendar", "moon", *WHY)
    assert "sky decided on it" in ops.refuses("restrictions", "answer", id, "--uphold", *WHY)
    listed = ops.says("restrictions", "list", "--by", "sam", "--reason", "monday round")
    assert f"{id}  " in listed
    assert "on, appeal to be answered by" in listed
    answered = ("restrictions", "answer", id, "--grant", "--by", "sam", "--reason", "the bill was wrong")
    assert ops.says(*answered) == f"{id}: lifted\n"
    shown = ops.says("restrictions", "show", id, "--by", "sam", "--reason", "the caller asks").splitlines()
    assert shown[1:4] == ["  reason: insults on four calls", "  channel: letters", "  call: 4F7K"]
    assert [line.split("  ")[2] for line in shown[7:]] == [
        "proposed", "decided", "appealed", "read", "appeal granted", "read"]  # fmt: skip


def test_a_reason_is_asked_for_wherever_something_is_read(ops: Ops) -> None:
    for words in (("restrictions", "list"), ("restrictions", "show", "r1"), ("adjustments", "show", "a1")):
        assert "--reason" in ops.types(*words, "--by", "sam").output
