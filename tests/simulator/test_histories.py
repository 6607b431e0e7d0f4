"""Past calls in ``tests/histories``, which the core still treats as it did when they were recorded.

CALLFLOW_TESTS_REGENERATE=1 writes those that are missing or go another way, and leaves the others as they are.
"""

import os
from dataclasses import replace

import pytest

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.decide import Decision
from callflow.core.events import ConsentGiven, Event
from callflow.simulator import replay_core
from callflow.simulator.recorded_history import (
    RecordedHistory,
    another_way,
    from_text,
    to_text,
    without_personal_data,
)
from callflow.store.memory import MemoryStore
from tests.simulator.suite import CONFIG, ROOT, played_into, shipped, shipped_scenarios

HISTORIES = ROOT / "tests" / "histories"
REGENERATE = os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1"
MEANT = (
    "If this is meant: CALLFLOW_TESTS_REGENERATE=1 pytest tests/simulator/test_histories.py, and read the difference."
)
NAMES = sorted({path.stem for path in (*(CONFIG / "scenarios").glob("*.yaml"), *HISTORIES.glob("*.json"))})


def differences(name: str, histories: list[RecordedHistory]) -> list[str]:
    """What goes another way with the configuration of the scenario; for a call of no scenario, with the shipped one."""
    scenario = shipped_scenarios().get(name)
    configuration = scenario.configuration if scenario else shipped()
    return [
        line
        for number, history in enumerate(histories, 1)
        if (found := another_way(history, configuration))
        for line in (f"call {number} of tests/histories/{name}.json: {found[0]}", *found[1:])
    ]


def recorded(name: str) -> list[RecordedHistory]:
    """The calls of a scenario, played now."""
    store, configuration = MemoryStore(), shipped_scenarios()[name].configuration
    assert played_into(store, name).failure is None
    calls = sorted(store.calls(live=False), key=lambda call: (call.started_at, call.id))
    return [without_personal_data(one, store.history(one.id), store.journal(one.id), configuration) for one in calls]


def stored(name: str) -> list[RecordedHistory]:
    """The calls of a file; none if it is missing."""
    path = HISTORIES / f"{name}.json"
    return from_text(path.read_text(encoding="utf-8")) if path.exists() else []


@pytest.mark.parametrize("name", NAMES)
def test_a_past_call_goes_the_same_way(name: str) -> None:
    histories = stored(name)
    if REGENERATE and name in shipped_scenarios() and (not histories or differences(name, histories)):
        (HISTORIES / f"{name}.json").write_text(to_text(recorded(name)), encoding="utf-8")
        histories = stored(name)
    assert histories, f"tests/histories/{name}.json is missing: CALLFLOW_TESTS_REGENERATE=1 writes it"
    found = differences(name, histories)
    assert not found, "\n".join(["", *found, MEANT])


@pytest.mark.parametrize("name", NAMES)
def test_a_history_is_written_and_read_exactly(name: str) -> None:
    text = (HISTORIES / f"{name}.json").read_text(encoding="utf-8")
    assert to_text(from_text(text)) == text


def test_a_change_of_the_core_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The failure names the call and the event, what would happen now and what was recorded."""
    decide = replay_core.decide

    def deaf(call: Call, event: Event, configuration: Configuration) -> Decision:
        return Decision(call, ()) if isinstance(event, ConsentGiven) else decide(call, event, configuration)

    monkeypatch.setattr(replay_core, "decide", deaf)
    cause, event, *what = differences("hold_yes", stored("hold_yes"))
    assert cause.startswith("call 1 of tests/histories/hold_yes.json: the core treats a past call differently")
    assert "ConsentGiven (caller says yes, by key)" in event
    assert "  stage: asking_hold; it was holding" in what
    assert "  caller: stays; it was to hold hearing hold_start, hold_return" in what
    assert "  journal: nothing; it was callflow hold begun" in what


@pytest.mark.parametrize(("digest", "cause"), [("of then", "or the configuration does"), ("of now", "differently")])
def test_the_failure_says_whether_the_configuration_is_the_recorded_one(digest: str, cause: str) -> None:
    line = replace(shipped().policy.draw_the_line, grace_seconds=60)
    now = replace(shipped(), policy=replace(shipped().policy, draw_the_line=line), digest="of now")
    (history,) = stored("closing")
    first, event, *what = another_way(replace(history, call=history.call.but(digest=digest)), now)
    assert cause in first
    assert first.endswith("differently") == (digest == now.digest)
    assert event.endswith("DigitPressed (a1 presses 4), Served")
    assert "  journal: ana refused refuse_grace; it was nothing" in what
