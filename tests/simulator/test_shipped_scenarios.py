"""The scenarios in config/scenarios: every one goes as written, and together they have been everywhere."""

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest

from callflow.cli.simulate import composer
from callflow.core.call import Lock
from callflow.core.notes import NoteKind
from callflow.core.stages import PlaceName, Stage
from callflow.simulator.expectations import FACTS
from callflow.simulator.replay_core import replayed
from callflow.simulator.scenario_run import Outcome, play
from callflow.store.memory import MemoryStore
from tests.simulator.suite import AUDIO, CONFIG, ROOT, played_into, shipped, shipped_scenarios


@cache
def all_played() -> dict[str, tuple[Outcome, MemoryStore]]:
    """Every scenario played once."""
    found = {}
    for name in shipped_scenarios():
        store = MemoryStore()
        found[name] = played_into(store, name), store
    return found


@pytest.mark.parametrize("name", sorted(path.stem for path in (CONFIG / "scenarios").glob("*.yaml")))
def test_goes_as_written(name: str) -> None:
    outcome, _ = all_played()[name]
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))


def test_a_call_can_be_rehearsed_and_replayed_where_staff_see_the_callers_number() -> None:
    one = shipped_scenarios()["connected"]
    shown = replace(one, configuration=replace(one.configuration, show_caller_number=True))
    assert play(shown, composer(AUDIO)).failure is None


def test_there_are_enough() -> None:
    assert len(shipped_scenarios()) >= 40


def test_every_stage_and_nearly_every_place_is_rehearsed() -> None:
    stages, places = set(), set()
    for name, (_, store) in all_played().items():
        for call in store.calls(live=False):
            for frame in replayed(call, store.history(call.id), shipped_scenarios()[name].configuration):
                stages.add(frame.after.stage)
                places |= {leg.place.name for leg in frame.after.legs}
    assert stages == set(Stage)
    assert set(PlaceName) - places <= {PlaceName.BUSY_MENU}


def test_every_name_is_used_once() -> None:
    names = [one.name for one in shipped_scenarios().values()]
    assert len(set(names)) == len(names)


def test_what_a_scenario_may_ask_for_is_what_the_core_writes() -> None:
    """A kind in `never` that nothing writes would never be found."""
    core = [*(ROOT / "callflow" / "core").rglob("*.py")]
    written = "".join(path.read_text(encoding="utf-8") for path in core)
    never = {one for one in NoteKind if f"NoteKind.{one.name}" not in written}
    assert never == {NoteKind(one.value) for one in Lock}
    facts = {one.arg for note in _notes() for one in note.keywords if one.arg}
    assert facts - FACTS <= {"needed_seconds", "elapsed_seconds"}  # no scenario can know them to the hundredth


def _notes() -> Iterator[ast.Call]:
    for path in sorted((ROOT / "callflow" / "core").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "note" and node.args:
                yield node


def test_no_scenario_has_a_line_in_words() -> None:
    """Shipped scenarios name lines by id: other words in scripts/ break none of them."""
    lines = shipped().languages["en"].scripts
    for scenario in shipped_scenarios().values():
        heard = [line for step in scenario.steps for line in getattr(step, "hears", ())]
        assert all(line.script for line in heard), scenario.id
        assert all(line.named in lines or line.named in ("music", "beep") for line in heard)
