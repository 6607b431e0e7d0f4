"""The part of docs/promises.md about every fault that is tested: what people hear, the figure, and the test."""

import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.faults import test_failover, test_network_cut, test_postgresql_restarts
from tests.faults.faults import FAULTS
from tests.faults.outcome import LASTS_SECONDS, measured

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docs/promises.md"
REGENERATE = os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1"
IN_EVERY_STAGE = "tests/faults/test_faults_in_every_stage.py"
BEGINNING = f"""\
## Every fault, and its test

Each of these begins in the first second of a call, one in every stage in which there is a caller, and lasts
{LASTS_SECONDS:.0f} s or for good. Somebody presses a key as soon as what they hear has been spoken, the last one of the
stage in the tables above; `make test-long` plays every row of them.
"Together" counts from the beginning of the fault until the caller is with a person for good, also where it takes as
long without any fault (a question and a ringing phone take a minute). A call is lost if the caller's line is cut off,
or nobody is with them after three minutes. Afterwards the star key opens the menu. The test is
`{IN_EVERY_STAGE}`, with the name of the fault.

| what fails | caller, agent, supervisor | figure |
|---|---|---|
"""
MORE_BEGINNING = """\
These have tests of their own.

| what fails | caller, agent, supervisor | figure | test |
|---|---|---|---|
"""


class Row(NamedTuple):
    """``test`` is its file and its name."""

    fault: str
    heard: str
    figure: str
    test: str


MORE = (
    Row(
        "A stage is added, and nothing says what happens when the server dies there",
        "-",
        "the tests fail",
        f"{IN_EVERY_STAGE}::test_a_stage_that_is_added_is_killed_too",
    ),
    Row(
        "The server is killed at any instant of a hold, as a real process",
        "The hold ends by its own document; the new process has stage, menu and journal.",
        "together on time: 15 s promised, 0.3 s late at most",
        "tests/e2e/test_killed_server.py::test_the_hold_outlives_its_server",
    ),
    Row(
        "The server is killed, and a key is pressed",
        "Another node, or the provider's document, brings the caller into the room.",
        "in the room within 12 s",
        "tests/e2e/test_killed_server.py::test_a_key_for_a_dead_server",
    ),
    Row(
        "The server was away for as long as a hold, a question, a warning or a closing",
        "Nobody is taken out of a conversation to hear old news; a closing is not begun afterwards.",
        "0 closings begun, 0 people disturbed",
        "tests/e2e/test_server_returns.py::test_a_closing_decided_before_an_outage_is_not_begun_afterwards",
    ),
    Row(
        "PostgreSQL is restarted in every stage",
        "As while the database is away.",
        test_postgresql_restarts.FIGURE,
        "tests/faults/test_postgresql_restarts.py::test_nobody_is_lost_when_postgresql_is_restarted",
    ),
    Row(
        "PostgreSQL fails over to a real replica, which does not know of the hold that the caller is in",
        "The hold ends by itself, both are together, star opens the menu. No phone rings twice; the journal says "
        "`moments_lost`.",
        f"0 calls lost; together {test_failover.TOGETHER_SECONDS} s after the failover at most",
        "tests/faults/test_failover.py::test_a_call_goes_on_whose_hold_the_replica_does_not_know",
    ),
    Row(
        "The network of a node is cut off while its process lives, in front of a real PostgreSQL",
        "The other node answers; the hold ends by itself. No phone rings twice, also when the node is back.",
        f"0 calls lost; together within {test_network_cut.TOGETHER_SECONDS} s",
        "tests/faults/test_network_cut.py::test_a_node_that_is_cut_off_and_lives_on_does_no_harm",
    ),
    Row(
        "A connection to the database is dead",
        "Nothing: another one is opened.",
        "0 webhooks fail",
        "tests/contracts/test_postgres.py::test_a_server_that_restarted_is_not_noticed",
    ),
    Row(
        "The database is away when the server starts",
        "The safe documents, until it is there.",
        "tried every 2 s",
        "tests/contracts/test_store_reconnecting.py::test_it_is_unavailable_until_it_is_there",
    ),
    Row(
        "The database goes away at any moment of a key press",
        "The safe document.",
        "0 people apart",
        "tests/web/test_down.py::test_going_away_at_any_moment_of_a_key_press_keeps_everybody",
    ),
    Row(
        "The disk is nearly full",
        "Nothing yet: `/readyz` is 503.",
        "1 MB before it is full",
        "tests/e2e/test_one_server.py::test_a_disk_that_is_nearly_full_is_found_before_a_call_is",
    ),
    Row(
        "The process is killed while it writes",
        "Nothing that was answered is lost.",
        "0 of 100 units lost",
        "tests/contracts/test_sqlite.py::test_a_killed_process_loses_no_answered_unit",
    ),
    Row(
        "The REST API refuses for good",
        "People who cannot be rung are not waited for; log, journal, metrics and `/readyz` say what to do.",
        "0 callers wait for nobody",
        "tests/e2e/test_refused_orders.py::test_nobody_waits_for_people_who_cannot_be_rung",
    ),
    Row(
        "429, 5xx, slow, done-but-failed, lost, doubled, late and overtaken, at random through a whole call",
        "The three steps happen, and the rules of the ladder hold.",
        "0 of 39 calls lost, alone for 60 s at most",
        "tests/e2e/test_chaos.py::test_a_whole_call_with",
    ),
    Row(
        "A changed configuration is wrong",
        "Calls go on with the former one; `/readyz` tells.",
        "0 calls affected",
        "tests/service/test_activation.py::test_a_bad_change_is_told_and_changes_nothing",
    ),
    Row(
        "The directory of the configuration is gone when the server starts",
        "Calls go on with the configuration that was activated last; log and `/readyz` tell.",
        "0 calls affected",
        "tests/faults/test_configuration_gone.py::test_a_server_starts_with_what_was_activated_last",
    ),
    Row(
        "The machine's clock is stepped, however often",
        "Nothing: nodes count the seconds themselves, and go by the database's clock or the provider's.",
        "0.1 s of a hold of 30 s",
        "tests/contracts/test_node_clock.py::test_a_hold_ends_on_time_although_the_clock_is_set_during_it",
    ),
    Row(
        "Bodies are announced and never sent",
        "Other webhooks are answered.",
        "closed after 5 to 7 s",
        "tests/e2e/test_slow_clients.py::test_sixteen_clients_that_never_send_their_body_take_no_server_down",
    ),
    Row(
        "Bodies are cut off and the connection is closed",
        "Nothing is decided; sent again in full, the call begins.",
        "0 of 40 decided on",
        "tests/faults/test_cut_off_bodies.py::test_a_body_that_is_cut_off_decides_nothing_and_costs_nobody_a_thread",
    ),
    Row(
        "More webhooks than the server can answer",
        "People of a call stay together, new callers are told to wait.",
        "answered without the database",
        "tests/web/test_capacity.py::test_the_people_of_a_call_stay_together_when_the_server_is_full",
    ),
    Row(
        "A process with slow work is killed",
        "Nothing.",
        "runs elsewhere within 30 s",
        "tests/contracts/test_jobs_killed.py::test_what_a_killed_process_had_begun_runs_elsewhere_within_half_a_minute",
    ),
    Row(
        "200 calls at once, each with a hold",
        "Everybody is back on time.",
        "0 of 200 late",
        "tests/e2e/test_many_calls.py::test_two_hundred_holds_at_once",
    ),
)


@cache
def _in_the_file() -> Mapping[str, str]:
    """Of every fault in the document, its figure."""
    rows = [line.split(" | ") for line in FILE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return {cells[0].removeprefix("| "): cells[-1].removesuffix(" |") for cells in rows if len(cells) == 3}


def line(name: str, figure: str) -> str:
    return f"| {name} | {FAULTS[name].heard} | {figure} |"


def document() -> Iterator[str]:
    """The figures are those of the file, which the test of each fault compares with what happens."""
    yield BEGINNING.rstrip()
    for name in FAULTS:
        yield line(name, str(measured(name)) if REGENERATE else _in_the_file().get(name, ""))
    yield ""
    yield MORE_BEGINNING.rstrip()
    for row in MORE:
        yield f"| {row.fault} | {row.heard} | {row.figure} | `{row.test}` |"
