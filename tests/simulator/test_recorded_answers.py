"""A lookup is answered at the prompt of `callflow simulate --record`, and the scenario that it writes says so."""

from pathlib import Path

import pytest

from callflow.cli.simulate import composer
from callflow.simulator.recorder import Recorder
from callflow.simulator.scenario_file import read_scenario
from callflow.simulator.scenario_run import play
from tests.simulator.suite import AUDIO
from tests.simulator.test_lookup_answers import NUMBER, configuration

ANA, BEN = "{body: {since: 2026-12-24, customer: {name: Ana Díaz}}}", "{body: {customer: {name: Ben Okri}}}"
CALL = f"caller calls {NUMBER}", "caller presses 1", "caller presses 123456#"
END = "wait 3", "ana presses 1", "wait 3", "caller hangs up", "ana presses #", "save"


def recorded(*commands: str) -> tuple[str, list[str], str]:
    """What was heard, what was answered to the commands, and the scenario."""
    heard: list[str] = []
    recorder = Recorder(configuration(), composer(AUDIO), heard.append)
    told = [line for command in commands for line in recorder.answer(command)]
    return "\n".join(heard), told, recorder.text("one")


def plays(text: str, folder: Path) -> bool:
    path = folder / "one.yaml"
    path.write_text(text, encoding="utf-8")
    return play(read_scenario(path, configuration()), composer(AUDIO)).failure is None


def test_what_i_say_the_customer_system_answers_is_spoken_and_recorded(tmp_path: Path) -> None:
    heard, told, text = recorded(f"answer find {ANA}", *CALL, *END)
    assert "Hello, Ana Díaz." in heard
    assert told[0] == "find answers that from now on"
    assert (
        'answers:\n  reception.find: [{"body": {"since": "2026-12-24", "customer": {"name": "Ana Díaz"}}}]\nsteps:'
        in text
    )
    assert plays(text, tmp_path)


@pytest.mark.parametrize(
    "answer", ["timeout", "no connection", "{status: 503, after: 1.5}", '{text: "<html>"}', "{status: 404}"]
)
def test_a_system_in_trouble_is_recorded_too(tmp_path: Path, answer: str) -> None:
    heard, _, text = recorded(f"answer find {answer}", *CALL, *END)
    assert "Hello," not in heard
    assert "reception.find: [" in text
    assert plays(text, tmp_path)


def test_another_answer_for_the_next_caller(tmp_path: Path) -> None:
    dora = [command.replace("caller", "dora") for command in CALL]
    first = [f"answer find {ANA}", *CALL, "caller hangs up", "new caller dora", f"answer find {BEN}"]
    heard, _, text = recorded(*first, *dora, "dora hangs up", "save")
    assert heard.index("Ana Díaz") < heard.index("Ben Okri")
    assert text.index("Ana Díaz") < text.index("Ben Okri") < text.index("steps:")
    assert plays(text, tmp_path)


def test_without_an_answer_there_is_none(tmp_path: Path) -> None:
    _, _, text = recorded(*CALL, "wait 8", *END)
    assert "answers" not in text
    assert plays(text, tmp_path)


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("answer fnd timeout", 'no flow has a lookup "fnd" (did you mean "find"?)'),
        ("answer find tmeout", '"tmeout" is no answer; it can be: timeout'),
        ("answer find {body: {", "the { that opens here is not closed"),
        ("answer find {staus: 503}", 'unknown key "staus" (did you mean "status"?)'),
        ("answer find", '"answer" is nobody here'),
    ],
)
def test_a_slip_of_the_hand_is_answered(command: str, told: str) -> None:
    heard, lines, _ = recorded(command)
    assert lines[0].startswith(told)
    assert heard == ""
