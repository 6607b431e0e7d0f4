"""`callflow probe` against the local provider: whichever way a switch stands, the experiment finds it."""

import gc
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.emulator import Emulator, HttpAppClient, RealClock, Switches
from callflow.emulator.wires import between_numbers
from callflow.probe import rehearsed, report
from callflow.probe.experiments import EXPERIMENTS, Experiment
from callflow.probe.lab import Arrived
from tests.e2e.servers import free_port

BY_NAME = {one.name: one for one in EXPERIMENTS}
OTHER_WAY: list[tuple[str, str, Any]] = [
    ("finish-key", "finish_key_alone_requests", True), ("empty-gather", "empty_gather_sends_digits", False),
    ("empty-gather", "gather_sends_end_message", False), ("early-digits", "early_digits_kept", True),
    ("star", "star_reason", "participant_updated_via_api"), ("removed", "kick_reason", "participant_hung_up"),
    ("removed", "action_after_room_end", False), ("redirected", "redirect_requests_dial_action", True),
    ("hung-up", "hangup_in_dial_requests_action", False), ("order", "start_before_join", True),
    ("order", "sign_wait_requests", False), ("unstarted", "unfiltered_list_is_in_progress", False),
    ("unstarted", "hold_before_start", True), ("unstarted", "completing_unstarted_room_fails", False),
    ("status", "retry_status_callbacks_on_5xx", True), ("failing-file", "play_failure_ends_call", False),
    ("media", "sign_media_requests", True), ("media", "idempotency_token", "always"), ("pace", "pace", 20.0),
]  # fmt: skip


def probed(experiment: Experiment, switches: Switches | None = None) -> report.Result:
    results: list[report.Result] = []
    report.run(rehearsed.lab(switches=switches), [experiment], results.append)
    return results[0]


@pytest.mark.parametrize("name", BY_NAME)
def test_each_question_is_answered_and_the_local_provider_does_as_is_assumed(name: str) -> None:
    result = probed(BY_NAME[name])
    assert (result.unsettled, result.differs) == ("", False), list(result.lines())


@pytest.mark.parametrize(("name", "switch", "value"), OTHER_WAY, ids=[one[1] for one in OTHER_WAY])
def test_a_provider_that_does_otherwise_is_found_out(name: str, switch: str, value: Any) -> None:
    result = probed(BY_NAME[name], replace(Switches(), **{switch: value}))
    found = result.found[switch]
    assert found == (pytest.approx(value, rel=0.05) if switch == "pace" else value), list(result.lines())
    if switch != "pace":
        assert any(line.startswith(f"DIFFERS: {switch} = {value}") for line in result.lines())


def test_every_switch_that_is_found_is_tried_both_ways() -> None:
    found = {switch for one in EXPERIMENTS for switch in probed(one).found}
    assert found == {switch for _, switch, _ in OTHER_WAY}


def test_a_failing_experiment_does_not_stop_the_others() -> None:
    """The calling number is not one of the account: it is told, and the next one is tried."""
    lab, told = rehearsed.lab(), list[report.Result]()
    lab.numbers = ("+15550100999", lab.numbers[1])
    results = report.run(lab, EXPERIMENTS[:2], told.append)
    assert all("21210" in one.unsettled for one in results)
    assert [next(iter(one.lines())) for one in told] == [f"not settled: {one.unsettled}" for one in results]


def test_the_facts_are_those_of_the_local_provider_afterwards(tmp_path: Path) -> None:
    out, raw = tmp_path / "facts.json", tmp_path / "probe.jsonl"
    done = CliRunner().invoke(
        program, ["probe", "--out", str(out), "--raw", str(raw), "--only", "media", "--only", "star"]
    )
    assert (done.exit_code, "DIFFERS" in done.output) == (0, False), done.output
    facts = json.loads(out.read_text())
    assert facts["not_settled"] == {}
    assert report.switches(out) == replace(Switches(), **facts["switches"])
    kept = [json.loads(line) for line in raw.read_text().splitlines()]
    assert {one["experiment"] for one in kept} == {"media", "star"}
    assert set(Arrived._fields) <= set(kept[0])
    assert "+1555" not in out.read_text()


@pytest.mark.parametrize("text", ["{}", "[1]", "no json", '{"switches": {"gravity": 1}}'])
def test_what_is_no_file_of_facts_is_refused_in_words(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(program, ["emulate", "--facts", str(path)])
    assert done.exit_code == 1
    assert "facts.json" in done.output


def test_live_needs_two_numbers_an_address_and_an_account() -> None:
    assert "--live needs --from, --to and --public-url" in CliRunner().invoke(program, ["probe", "--live"]).output
    given = ["--from", "+15550100100", "--to", "+15550100101", "--public-url", "https://x.example", "--yes"]
    refused = CliRunner().invoke(program, ["probe", "--live", *given, "--raw", "/dev/null"])
    assert (refused.exit_code, "TWILIO_ACCOUNT_SID" in refused.output) == (1, True)
    assert "there is no gravity" in CliRunner().invoke(program, ["probe", "--only", "gravity"]).output


def test_the_questions_are_listed() -> None:
    told = CliRunner().invoke(program, ["probe", "--list"]).output
    assert all(one.question in told for one in EXPERIMENTS)


@pytest.mark.long
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_live_is_the_same_over_the_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With real requests both ways; the called number's own address is put back."""
    emulator = Emulator(rehearsed.ACCOUNT, rehearsed.TOKEN, RealClock(), HttpAppClient(), cps=0)
    for number in rehearsed.NUMBERS:
        emulator.add_number(number, voice_url="http://127.0.0.1:9/before")
    between_numbers(emulator.exchange)
    port = free_port()
    for name, value in {"TWILIO_ACCOUNT_SID": rehearsed.ACCOUNT, "TWILIO_AUTH_TOKEN": rehearsed.TOKEN,
                        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{emulator.serve()}"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    given = ["--from", rehearsed.NUMBERS[0], "--to", rehearsed.NUMBERS[1], "--yes", "--port", str(port),
             "--public-url", f"http://127.0.0.1:{port}", "--only", "media", "--only", "empty-gather",
             "--out", str(tmp_path / "facts.json"), "--raw", str(tmp_path / "raw")]  # fmt: skip
    try:
        done = CliRunner().invoke(program, ["probe", "--live", *given])
        assert (done.exit_code, "DIFFERS" in done.output) == (0, False), done.output
        assert emulator.exchange.numbers[rehearsed.NUMBERS[1]].voice_url == "http://127.0.0.1:9/before"
    finally:
        emulator.close()
        gc.collect()  # here, where it is expected
