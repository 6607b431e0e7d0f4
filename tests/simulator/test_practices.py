"""One flow for several practices: each caller hears the words, the hours and the name of the practice they called."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import program
from callflow.cli.simulate import composer
from callflow.configuration.checks import catalogue
from callflow.configuration.loading import examine, load
from callflow.core.configuration import Configuration
from callflow.service.flow_closings import FlowClosing
from callflow.simulator.configuration_reads import by_file
from callflow.simulator.replay import replay_frames
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Outcome, play
from callflow.store import open_store
from callflow.store.memory import MemoryStore
from tests.branches import ALL, NORTH, SOUTH, changed, with_practices
from tests.simulator.suite import AUDIO

MONDAY_NOON, MONDAY_EVENING = "2026-11-30 12:30", "2026-11-30 19:00"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return with_practices(tmp_path)


def played(config: Path, starts: str, called: str, lines: Sequence[str], store: MemoryStore | None = None) -> Outcome:
    steps = "".join(f"  - {one}\n" for one in [f"caller: calls {called}", *(f"caller: {line}" for line in lines)])
    scenarios = config / "scenarios"
    for one in scenarios.glob("*"):
        one.unlink()
    (scenarios / "one.yaml").write_text(f'version: 1\nname: one\nstarts: "{starts}"\nsteps:\n{steps}', "utf-8")
    (one,) = read_scenarios(config, load(config, AUDIO))
    outcome = play(one, composer(AUDIO), store)
    assert outcome.failure is None, outcome.failure
    return outcome


def configured(config: Path) -> Configuration:
    return load(config, AUDIO)


def test_three_practices_are_one_flow_and_nothing_is_wrong_with_it(config: Path) -> None:
    examined = examine(config, AUDIO, catalogue.ALL)
    assert examined.problems == ()
    assert examined.configuration
    named = {"practice:15550100201", "practice:15550100202", "practice:east"}
    assert set(examined.configuration.flows) == {"front_desk", "choosing", *named}


def test_the_caller_of_northgate_is_welcomed_to_northgate(config: Path) -> None:
    heard = "{hears: practice_welcome, saying: 'Welcome to Northgate Dental, Northgate.'}"
    played(config, MONDAY_NOON, NORTH, [heard, "hears connecting"])


def test_the_caller_of_southgate_hears_other_words(config: Path) -> None:
    heard = "{hears: surgery_welcome, saying: 'the surgery in Southgate'}"
    played(config, MONDAY_NOON, SOUTH, [heard, "hears connecting"])


def test_each_practice_has_its_own_hours(config: Path) -> None:
    played(config, MONDAY_EVENING, NORTH, ["hears leave_message"])
    played(config, MONDAY_EVENING, SOUTH, ["hears surgery_welcome"])


def test_a_reception_leads_into_a_practice_by_a_key(config: Path) -> None:
    lines = ['{hears: which_practice, presses: "1"}', "{hears: surgery_welcome, saying: 'the surgery in Eastgate'}"]
    played(config, MONDAY_NOON, ALL, lines)


def test_whoever_rings_the_common_number_hears_the_common_name(config: Path) -> None:
    changed(config / "scripts" / "en.yaml", "This is the surgery in {town}.", "This is {org} in {town}.")
    lines = ['{hears: which_practice, presses: "1"}', "{hears: surgery_welcome, saying: 'Example Energy in Eastgate'}"]
    played(config, MONDAY_NOON, ALL, lines)


@pytest.mark.parametrize(("closed", "north"), [("practice", "leave_message"), ("practice:east", "practice_welcome")])
def test_all_practices_are_closed_by_the_name_of_their_flow_or_one_by_its_own(
    config: Path, closed: str, north: str
) -> None:
    store = MemoryStore()
    at, until = datetime(2026, 11, 30, 11, 0, tzinfo=UTC), datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    store.close_flow(FlowClosing(flow=closed, at=at, until=until, by="kim"))
    played(config, MONDAY_NOON, NORTH, [f"hears {north}"], store)


def test_closing_the_flow_of_all_practices_by_command(config: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLFLOW_CONFIG", config.as_posix())
    monkeypatch.setenv("CALLFLOW_AUDIO", AUDIO.as_posix())
    monkeypatch.setenv("CALLFLOW_DATABASE_URL", f"sqlite:///{config.parent / 'calls.db'}")
    monkeypatch.setenv("CALLFLOW_SECRET_KEY", "of a test and worth nothing")
    open_store(f"sqlite:///{config.parent / 'calls.db'}", ("of a test and worth nothing",)).close()
    for name in ("practice", "practice:east"):
        done = CliRunner().invoke(program, ["close", name, "--until", "2050-01-01"])
        assert f"{name} is closed until" in done.output, done.output


def test_the_diagram_and_the_replay_name_the_practice_and_its_file(config: Path) -> None:
    drawn = CliRunner().invoke(program, ["diagram", config.as_posix(), "--audio", AUDIO.as_posix(), "--format",
                                         "mermaid", "--flow", "choosing"])  # fmt: skip
    assert "flow: practice:east" in drawn.output
    asked = CliRunner().invoke(
        program, ["diagram", config.as_posix(), "--audio", AUDIO.as_posix(), "--flow", "practice"]
    )
    assert "practice:east, practice:15550100201, practice:15550100202" in asked.output
    store = MemoryStore()
    played(config, MONDAY_NOON, NORTH, ["hears practice_welcome"], store)
    (call,) = store.calls(live=False)
    frames = replay_frames(call, store.history(call.id), store.journal(call.id), configured(config))
    read = [line for frame in frames for line in by_file(frame.reads)]
    assert any(line.startswith("flows/practice.yaml: ") for line in read), read


def test_what_one_practice_is_called_is_never_spoken_for_another(config: Path) -> None:
    """A flow that both of them call speaks the town of the one that called it."""
    closing = (
        "version: 1\nvariables: {town: {description: of the practice}}\nstart: bye\nsteps:\n  bye: {end: town_bye}\n"
    )
    (config / "flows" / "closing.yaml").write_text(closing, "utf-8")
    changed(
        config / "flows" / "practice.yaml",
        "closed: message}",
        "closed: night}\n  night: {flow: closing, next: message}",
    )
    changed(
        config / "scripts" / "en.yaml",
        "  which_practice:",
        '  town_bye: {text: "{town} is closed."}\n  which_practice:',
    )
    played(config, "2026-12-02 12:00", NORTH, ["{hears: town_bye, saying: Northgate is closed}"])
    played(config, "2026-12-02 12:00", SOUTH, ["{hears: town_bye, saying: Southgate is closed}"])


def test_a_number_of_seconds_may_be_a_parameter(config: Path) -> None:
    practice = config / "flows" / "practice.yaml"
    changed(practice, "  desk: the team", "  patience: seconds in the queue\n  desk: the team")
    changed(practice, "otherwise: message}\n  message", "wait_seconds: $patience, otherwise: message}\n  message")
    for file in (config / "callflow.yaml", config / "flows" / "choosing.yaml"):
        text = file.read_text("utf-8")
        file.write_text(text.replace("with: {desk", "with: {patience: 45, desk"), "utf-8")
    step = configured(config).flows["practice:east"].steps["desk"]
    assert step.wait_seconds == 45  # type: ignore[attr-defined]
