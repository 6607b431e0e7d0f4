"""`callflow close` and `callflow open`, as ops type them."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest
from click.testing import CliRunner, Result

from callflow.cli import check, program
from callflow.cli.close import moment
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.flows import with_example

ROOT = Path(__file__).parents[2]
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 7, 1, 15, 30, tzinfo=UTC)  # 16:30 there


class Ops:
    def __init__(self, folder: Path) -> None:
        self.config = with_example(Path(shutil.copytree(ROOT / "config", folder / "config")))
        self.url = f"sqlite:///{folder}/callflow.db"
        open_store(self.url, SECRETS).close()

    def types(self, *words: str) -> Result:
        environment = {"CALLFLOW_DATABASE_URL": self.url, "CALLFLOW_CONFIG": str(self.config),
                   "CALLFLOW_SECRET_KEY": SECRETS[0],
                       "CALLFLOW_AUDIO": str(ROOT / "audio")}  # fmt: skip
        return CliRunner().invoke(program, list(words), env=environment)


@pytest.fixture
def ops(tmp_path: Path) -> Ops:
    return Ops(tmp_path)


def test_close_list_and_open(ops: Ops) -> None:
    assert ops.types("close").output == "no flow is closed by hand\n"
    assert ops.types("close", "reception", "--until", "2099-12-24", "--by", "kim").output == (
        "reception is closed until Thu 2099-12-24 00:00 (Europe/London)\n"
    )
    listed = ops.types("close").output
    assert listed.startswith("reception is closed until Thu 2099-12-24 00:00Z, since ")
    assert listed.endswith("by kim\n")
    assert ops.types("open", "reception").output == "reception is open again, in its opening hours\n"
    again = ops.types("open", "reception")
    assert (again.exit_code, again.output) == (1, "Error: reception is not closed by hand; closed are: none\n")


def test_what_is_closed_is_in_the_database_of_every_node(ops: Ops) -> None:
    ops.types("close", "reception", "--until", "2099-12-24", "--by", "kim")
    store = open_store(ops.url, SECRETS)
    (closing,) = store.closed_flows(NOW)
    store.close()
    assert (closing.flow, closing.until, closing.by) == ("reception", datetime(2099, 12, 24, tzinfo=UTC), "kim")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("recepton", "--until", "17:00"), 'there is no flow "recepton" (did you mean "reception"?)'),
        (("front_desk", "--until", "17:00"), "an `hours` step (docs/flows.md, hours)"),
        (("reception",), "--until is missing"),
        (("reception", "--until", "later"), '"later" is no time'),
        (("reception", "--until", "2020-01-01"), "2020-01-01 is over"),
    ],
)
def test_what_cannot_be_closed(ops: Ops, words: tuple[str, ...], told: str) -> None:
    refused = ops.types("close", *words)
    assert refused.exit_code in (1, 2)
    assert told in refused.output
    assert ops.types("close").output == "no flow is closed by hand\n"


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("17:00", "2026-07-01T16:00"),
        ("16:30", "2026-07-02T15:30"),
        ("09:00", "2026-07-02T08:00"),
        ("2026-12-24", "2026-12-24T00:00"),
        ("2026-07-02 09:00", "2026-07-02T08:00"),
        ("2026-07-02T09:00+02:00", "2026-07-02T07:00"),
    ],
)
def test_until_is_what_clocks_show_there(text: str, utc: str) -> None:
    assert moment(text, LONDON, NOW) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["25:00", "17", "", "2026-02-30", "noon"])
def test_until_no_time(text: str) -> None:
    with pytest.raises(click.UsageError):
        moment(text, LONDON, NOW)


def test_a_list_of_holidays_that_has_run_out_is_a_warning_of_check(ops: Ops, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check.proof, "shown", lambda *_, **__: True)  # takes seconds, and has tests of its own
    flow = ops.config / "flows" / "reception.yaml"
    flow.write_text(
        flow.read_text("utf-8").replace('"2026-12-25", "2026-12-26"', '"2020-12-25", "2019-12-26"'), "utf-8"
    )
    found = ops.types("check", str(ops.config), "--audio", str(ROOT / "audio"))
    assert "CF081 warning: the last holiday was 2020-12-25" in found.output
    assert found.exit_code == 0
