"""The settings that decided, as a replay shows them."""

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.core.flow.hours import Hours, HoursStep
from callflow.core.flow.verbs import VERBS
from callflow.core.stages import PlaceName
from callflow.simulator.configuration_reads import Read, by_file, noting
from callflow.simulator.recorded_history import from_text
from callflow.simulator.replay import ReplayFrame, describe, replay_frames
from callflow.simulator.replay_core import replayed
from callflow.store.memory import MemoryStore
from tests.flows import with_example
from tests.simulator.suite import AUDIO, CONFIG, ROOT, played_into, shipped, shipped_scenarios

KEY = re.compile(r'"([^"]+)"|([^.]+)')


def frames(name: str) -> list[ReplayFrame]:
    store = MemoryStore()
    played_into(store, name)
    call = store.calls(live=False)[-1]
    configuration = shipped_scenarios()[name].configuration
    return list(replay_frames(call, store.history(call.id), store.journal(call.id), configuration))


def at(place: PlaceName, told: Sequence[ReplayFrame]) -> list[str]:
    """The settings of the first moment that brought somebody to this place."""
    frame = next(one for one in told if any(found[0] == place for found in one.moment.places.values()))
    return by_file(frame.reads)


def test_settings_are_named_by_file_and_key() -> None:
    told = frames("closing")
    assert at(PlaceName.QUEUE, told) == [
        'flows/front_desk.yaml: steps.reason.choices."1".next = desk, steps.desk.connect = energy_desk, '
        "steps.desk.wait_seconds = 300",
        "deescalation.yaml: delegate_upwards.ring_seconds = 20",
    ]
    assert at(PlaceName.HOLD_QUESTION, told) == [
        'deescalation.yaml: menu.keys.time_out = "1", time_out.most_per_call = 2, time_out.seconds = 30, '
        "time_out.total_seconds = 120, time_out.asks = 2, spoken_answers = provider, "
        "time_out.answer_seconds = 8"
    ]
    assert at(PlaceName.SUPERVISOR_QUESTION, told)[1] == "people.yaml: teams.energy_desk.supervisors = [sam, sky]"
    assert by_file(told[0].reads)[0] == 'callflow.yaml: numbers."+15550100100" = front_desk'


def test_a_key_of_another_menu_is_no_key_of_the_star_menu() -> None:
    """2 names the conduct here; that it brings a supervisor in the star menu decided nothing."""
    assert at(PlaceName.WARNING, frames("closing")) == [
        'deescalation.yaml: draw_the_line.conduct."2".severe = false, '
        "draw_the_line.warnings = [warning_first, warning_final], draw_the_line.tell_supervisors = ring, "
        "delegate_upwards.ring_seconds = 20"
    ]


def test_settings_of_another_configuration_are_not_shown() -> None:
    store = MemoryStore()
    played_into(store, "closing")
    call, other = store.calls(live=False)[-1], replace(shipped(), digest="another")
    told = list(replay_frames(call, store.history(call.id), store.journal(call.id), other))
    assert not any(one.reads for one in told)
    assert not any(line.split()[:1] == ["settings"] for one in told for line in describe(one, call, other))


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "histories").glob("*.json")), ids=lambda path: path.stem)
def test_a_noting_configuration_decides_the_same(path: Path) -> None:
    configuration = shipped_scenarios()[path.stem].configuration if path.stem in shipped_scenarios() else shipped()
    for one in from_text(path.read_text(encoding="utf-8")):
        noted = list(replayed(one.call, one.moments, noting(configuration, [])))
        assert noted == list(replayed(one.call, one.moments, configuration))
        assert len(noted) == sum(len(moment.facts) for moment in one.moments)


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped configuration with the example of docs/flows, which has every verb."""
    return with_example(Path(shutil.copytree(CONFIG, tmp_path_factory.mktemp("flows") / "config")))


def test_every_setting_stands_where_it_is_said_to(directory: Path) -> None:
    reads: list[Read] = []
    read_all(noting(load(directory, AUDIO), reads))
    assert {one.file for one in reads} == {
        "callflow.yaml", "people.yaml", "deescalation.yaml",
        *(f"flows/{name}.yaml" for name in ("front_desk", "reception", "after_hours")),
    }  # fmt: skip
    files = {one.file: YAML(typ="safe").load(directory / one.file) for one in reads}
    assert [one for one in reads if not stands(files[one.file], one)] == []


def stands(file: Any, read: Read) -> bool:
    """Whether the file has the key with this value; a key that it leaves out has its default."""
    *way, last = [quoted or plain for quoted, plain in KEY.findall(read.key)]
    for key in way:
        file = file.get(key, {})
    return last not in file or last == "weekly" or shown(file[last]) == read.value


def shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    if isinstance(value, str) and not value.isidentifier():
        return f'"{value}"'
    return str(value).lower() if isinstance(value, bool) else str(value)


def read_all(value: Any) -> None:
    """Read every field of a configuration, and every entry of its mappings."""
    for one in inside(value):
        read_all(one)


def inside(value: Any) -> Iterator[Any]:
    if is_dataclass(value):
        yield from (getattr(value, one.name) for one in fields(value))
    elif isinstance(value, Mapping):
        yield from (value[key] for key in value)
    elif isinstance(value, tuple):
        yield from value


def test_the_handlers_of_a_step_are_found(directory: Path) -> None:
    configuration = load(directory, AUDIO)
    for name, flow in noting(configuration, []).flows.items():
        for id, step in flow.steps.items():
            row = VERBS[step.verb]
            assert isinstance(step, row.step)
            assert row.step is type(configuration.flows[name].steps[id])


def test_opening_hours_are_shown_as_they_are_written() -> None:
    weekly = (((540, 1050),), (), (), (), ((540, 720), (780, 960)), (), ())
    hours = Hours(timezone="UTC", weekly=weekly, holidays=frozenset({"2026-12-25"}))
    step = HoursStep(name="open", next="desk", otherwise="closed", hours=hours)
    flow = replace(shipped().flows["front_desk"], steps={"open": step})
    reads: list[Read] = []
    read_all(noting(replace(shipped(), flows={"front_desk": flow}), reads).flows)
    assert [f"{one.key} = {one.value}" for one in reads if one.key.startswith("steps")] == [
        "steps.open.open = desk",
        "steps.open.closed = closed",
        "steps.open.hours.timezone = UTC",
        "steps.open.hours.weekly = {monday: [09:00-17:30], friday: [09:00-12:00, 13:00-16:00]}",
        "steps.open.hours.holidays = [2026-12-25]",
    ]


def test_the_original_notes_nothing() -> None:
    reads: list[Read] = []
    original: Configuration = shipped()
    noting(original, reads)
    assert original.policy.time_out.seconds
    assert original.policy.menu.choice("1")
    assert reads == []
