"""The scenarios in config/scenarios: every one goes as written, and together they have been everywhere."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import pytest

from callflow.cli.simulate import composer
from callflow.core.call import Lock
from callflow.core.configuration import Configuration
from callflow.core.notes import NoteKind
from callflow.core.stages import PlaceName, Stage
from callflow.service.ports import Store
from callflow.simulator.expectations import FACTS
from callflow.simulator.replay_core import replayed
from callflow.simulator.scenario_phones import RunningApp
from callflow.simulator.scenario_run import Outcome, play
from callflow.simulator.world import World
from callflow.store.memory import MemoryStore
from tests.e2e.conversation import words_of
from tests.simulator.announcing import arrivals
from tests.simulator.readable import found_in, pages, personal, recorded
from tests.simulator.suite import AUDIO, CONFIG, ROOT, played_into, shipped, shipped_scenarios

SID = re.compile("[A-Z]{2}[0-9a-f]{32}")


@cache
def all_played() -> dict[str, tuple[Outcome, MemoryStore, list[str]]]:
    """Every scenario played once, with what can be read of it outside of the database."""
    return {name: _played(name) for name in shipped_scenarios()}


REQUESTS: set[str] = set()
"""The requests to the provider in all of them, as method and path."""


def noted(carry: Callable[..., Any]) -> Callable[..., Any]:
    def carried(method: str, url: str, *rest: Any) -> Any:
        path = SID.sub("{id}", urlsplit(url).path.removeprefix("/2010-04-01"))
        REQUESTS.add(f"{method} {path.removesuffix('.json')}")
        return carry(method, url, *rest)

    return carried


def _played(name: str) -> tuple[Outcome, MemoryStore, list[str]]:
    store, started = MemoryStore(), []

    def compose(configuration: Configuration, world: World, store: Store) -> RunningApp:
        world.transport.carry = noted(world.transport.carry)  # type: ignore[method-assign]
        started.append(composer(AUDIO)(configuration, world, store))
        return started[-1]

    with recorded() as texts:
        outcome = played_into(store, name, compose)
        shown = [page for one in started for page in pages(one.app)]
    return outcome, store, [*texts, *shown]


@pytest.mark.parametrize("name", sorted(path.stem for path in (CONFIG / "scenarios").glob("*.yaml")))
def test_goes_as_written(name: str) -> None:
    outcome, _, _ = all_played()[name]
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))


@pytest.mark.parametrize("name", sorted(path.stem for path in (CONFIG / "scenarios").glob("*.yaml")))
def test_nothing_personal_can_be_read_of_it(name: str) -> None:
    """Neither numbers, names, digits and words of people nor our secrets, in logs, metrics, pages and output."""
    assert found_in(all_played()[name][2], personal(shipped_scenarios()[name])) == []


def test_what_is_searched_for_would_be_found() -> None:
    everything = {what: kind for one in shipped_scenarios().values() for what, kind in personal(one).items()}
    assert set(everything.values()) == {"a secret", "a number", "digits typed", "words said", "a name"}
    for what, kind in everything.items():
        assert found_in([f"x {what} x"], {what: kind}) == [f"{kind}: {what}"]
    texts = [text for _, _, texts in all_played().values() for text in texts]
    for seen in ("callflow_webhooks_total", "the provider asked for a fallback document", '"ready"', "413 ", "403 "):
        assert any(seen in text for text in texts), seen


def test_the_api_key_needs_no_more_than_the_page_on_security_says() -> None:
    assert all_played()
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rights = page.partition("<!-- servers -->")[2].partition("<!-- /servers -->")[0]
    assert set(re.findall(r"`((?:GET|POST) [^`]+)`", rights)) == REQUESTS


def test_a_call_can_be_rehearsed_and_replayed_where_staff_see_the_callers_number() -> None:
    one = shipped_scenarios()["connected"]
    shown = replace(one, configuration=replace(one.configuration, show_caller_number=True))
    assert play(shown, composer(AUDIO)).failure is None


SOMEBODY_COMES = ("connecting", "agent_left", "agent_relief", "failure_person")
"""The lines after which a caller who is alone expects somebody."""
HE_IS_HERE = ("introduction", "supervisor_joins", "listener_notice", "handover_done", "lead_lost", "invitation")
"""The lines that name whoever comes to a caller who is with somebody, or was."""
BY_A_BEEP = {"keys_briefing_document"}
"""Where no server of ours is there to say who comes: the scenario itself waits for the beep."""


@pytest.mark.parametrize("name", sorted(path.stem for path in (CONFIG / "scenarios").glob("*.yaml")))
def test_whoever_joins_a_caller_was_announced(name: str) -> None:
    """Policy rule 20: the first agent, another one, a supervisor who was consulted, comes for a lock, or takes over.

    With nobody there the caller is told that somebody comes; else who it is, by name, at the latest when they come.
    """
    for one in arrivals(all_played()[name][0].transcript):
        if name in BY_A_BEEP and one.others:
            continue
        wanted = HE_IS_HERE if one.others else (*SOMEBODY_COMES, *HE_IS_HERE)
        said = [text for text in one.heard if any(words_of(script).search(text) for script in wanted)]
        assert said, one
        assert not one.others or any(one.who in text for text in said), one


def test_people_join_callers_who_are_with_somebody_already() -> None:
    joined = [one for played in all_played().values() for one in arrivals(played[0].transcript) if one.others]
    assert len(joined) >= 10


def test_there_are_enough() -> None:
    assert len(shipped_scenarios()) >= 40


def test_every_stage_and_nearly_every_place_is_rehearsed() -> None:
    stages, places = set(), set()
    for name, (_, store, _) in all_played().items():
        for call in store.calls(live=False):
            for frame in replayed(call, store.history(call.id), shipped_scenarios()[name].configuration):
                stages.add(frame.after.stage)
                places |= {leg.place.name for leg in frame.after.legs}
    assert stages == set(Stage)
    options_of_ops = {PlaceName.BUSY_MENU, PlaceName.RECORDING_QUESTION, PlaceName.CO_SIGN, PlaceName.ATTEST_MENU}
    assert set(PlaceName) - places <= options_of_ops


def test_every_name_is_used_once() -> None:
    names = [one.name for one in shipped_scenarios().values()]
    assert len(set(names)) == len(names)


def test_what_a_scenario_may_ask_for_is_what_the_core_writes() -> None:
    """A kind in `never` that nothing writes would never be found. (`webhooks` only names them.)"""
    core = [*(ROOT / "callflow" / "core").rglob("*.py")]
    written = "".join(path.read_text(encoding="utf-8") for path in core if path.name != "webhooks.py")
    never = {one for one in NoteKind if f"NoteKind.{one.name}" not in written}
    of_services = {NoteKind.ERASED, NoteKind.EXPORTED, NoteKind.LEGAL_HOLD}  # after the call, which no scenario plays
    assert never <= {NoteKind(one.value) for one in Lock} | of_services
    facts = {one.arg for note in _notes() for one in note.keywords if one.arg}
    assert facts - FACTS <= {"needed_seconds", "elapsed_seconds", "recording"}  # no scenario can know them exactly


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
