"""`callflow call`, as ops and agents type it beside a running server."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.core.stages import Stage
from callflow.service.ports import RingRequest
from callflow.store import open_store
from tests.contracts.sample import SECRETS

ROOT = Path(__file__).parents[2]
CUSTOMER = "+15550100199"


class Ops:
    def __init__(self, folder: Path) -> None:
        self.config = Path(shutil.copytree(ROOT / "config", folder / "config"))
        self.url = f"sqlite:///{folder}/callflow.db"
        open_store(self.url, SECRETS).close()

    def types(self, *words: str) -> Result:
        environment = {"CALLFLOW_DATABASE_URL": self.url, "CALLFLOW_CONFIG": str(self.config),
                       "CALLFLOW_SECRET_KEY": SECRETS[0], "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
        return CliRunner().invoke(program, list(words), env=environment)


@pytest.fixture
def ops(tmp_path: Path) -> Ops:
    return Ops(tmp_path)


def test_a_server_rings_her_at_once(ops: Ops) -> None:
    """The request is leased by nobody, so the next poll of any server sends it: half a second."""
    said = ops.types("call", "--person", "ana", "--to", CUSTOMER)
    store = open_store(ops.url, SECRETS)
    (call,) = store.calls()
    assert said.output == f"ana is rung for call {call.reference}\n"
    assert (call.stage, call.number, call.team, call.outgoing) == (Stage.PREPARING, CUSTOMER, "energy_desk", True)
    (due,) = store.lease_orders(datetime.now(UTC), datetime.now(UTC))
    assert isinstance(due.order, RingRequest)
    assert due.order.to == "+15550100111"
    store.close()


def test_people_with_hours_of_duty_can_be_rung(ops: Ops) -> None:
    people = ops.config / "people.yaml"
    duty = 'on_duty: {weekly: {monday: ["00:00-24:00"]}}'
    written = people.read_text(encoding="utf-8")
    people.write_text(written.replace("{name: Ben, ", f"{{name: Ben, {duty}, ", 1), encoding="utf-8")
    assert duty in people.read_text(encoding="utf-8")
    said = ops.types("call", "--person", "ana", "--to", CUSTOMER)
    assert (said.exit_code, "ana is rung for call" in said.output) == (0, True)


@pytest.mark.parametrize(("words", "said"), [
    (("--person", "ana", "--to", "+19005550177"), "the number ending 177 cannot be called"),
    (("--person", "ana", "--to", "112"), "cannot be called"),
    (("--person", "anna", "--to", CUSTOMER), "nobody has the id 'anna'"),
    (("--person", "ana", "--about", "999999"), "there is no call with the reference 999999"),
    (("--person", "ana"), "say whom: --to, or --about"),
])  # fmt: skip
def test_what_cannot_be_called_is_said_and_nobody_is_rung(ops: Ops, words: tuple[str, ...], said: str) -> None:
    result = ops.types("call", *words)
    assert result.exit_code
    assert said in result.output
    store = open_store(ops.url, SECRETS)
    assert store.calls() == []
    store.close()
