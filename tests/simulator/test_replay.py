"""Past calls told again, and lived again in another configuration."""

from dataclasses import replace

import pytest

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.policy import Policy
from callflow.simulator.replay import describe, replay_frames
from callflow.simulator.replay_against import Comparison, compare
from callflow.store.memory import MemoryStore
from tests.simulator.suite import played_into, shipped, shipped_scenarios


def past(name: str) -> tuple[MemoryStore, Call]:
    store = MemoryStore()
    assert played_into(store, name).failure is None
    return store, store.calls(live=False)[-1]


def story(name: str, configuration: Configuration) -> list[str]:
    store, call = past(name)
    found = replay_frames(call, store.history(call.id), store.journal(call.id), configuration)
    return [line for frame in found for line in describe(frame, call, configuration)]


def against(name: str, other: Configuration, own: Configuration | None = None) -> Comparison:
    store, call = past(name)
    return compare(call, store.history(call.id), store.journal(call.id), other, own)


def changed(policy: Policy) -> Configuration:
    return replace(shipped(), policy=policy, digest="another")


def test_a_call_is_told() -> None:
    told = "\n".join(story("hold_no", shipped()))
    assert "caller    calls +15550100100" in told
    assert 'caller     to hold_question: "May Ana put you on hold for about 30 seconds' in told
    assert "caller    says no, by speech" in told
    assert "stage     asking_hold" in told
    assert "due       hold_question in" in told
    assert "journal   caller    consent           key speech, hold_request@" in told
    assert "is in the room" in told


def test_without_its_configuration_lines_are_named_by_their_ids() -> None:
    told = "\n".join(story("hold_no", replace(shipped(), digest="another")))
    assert "caller     to hold_question: hold_request, hold_choices, yes_or_no, asked_again, hold_request" in told
    assert "stage     asking_hold" in told
    assert "due " not in told


@pytest.mark.parametrize("name", sorted(shipped_scenarios()))
def test_nothing_differs_in_the_same_configuration(name: str) -> None:
    configuration = shipped_scenarios()[name].configuration
    found = against(name, replace(configuration, digest="the same under another name"), configuration)
    assert (found.first, found.lesser, found.broken) == (None, (), ())


def test_a_longer_grace_refuses_the_closing() -> None:
    line = replace(shipped().policy.draw_the_line, grace_seconds=60)
    found = against("closing", changed(replace(shipped().policy, draw_the_line=line)))
    assert found.first is not None
    assert "journal: ana refused refuse_grace; it was nothing" in found.first.what
    assert "ana: to room hearing refuse_grace; it was to end_conduct hearing end_conduct" in found.first.what


def test_a_deadline_that_would_have_come_sooner() -> None:
    helped = replace(shipped().policy.delegate_upwards, consult_seconds=10)
    other = changed(replace(shipped().policy, delegate_upwards=helped))
    found = against("consult_has_an_end", other, shipped())
    assert found.first is not None
    assert found.first.what == ("the time of consult would be over, and the stage introducing",)


def test_other_numbers_on_the_same_way() -> None:
    other = changed(replace(shipped().policy, time_out=replace(shipped().policy.time_out, seconds=20)))
    found = against("hold_no", other, shipped())
    assert found.first is None
    assert found.lesser == ("time_out: seconds 20, it was 30",)


def test_other_words_on_the_same_way() -> None:
    english = shipped().languages["en"]
    declined = replace(english.scripts["hold_declined"], text="All right.", version="1")
    languages = {"en": replace(english, scripts={**english.scripts, "hold_declined": declined})}
    found = against("hold_no", replace(shipped(), languages=languages, digest="another"), shipped())
    assert (found.first, found.lesser) == (None, ("hold_declined in other words",))


def test_somebody_who_is_no_longer_there() -> None:
    team = replace(shipped().teams["energy_desk"], agents=("ben",))
    other = replace(shipped(), agents={"ben": shipped().agents["ben"]}, teams={"energy_desk": team}, digest="another")
    found = against("hold_no", other)
    assert found.first is not None
    assert "has no 'ana'" in found.first.what[0]
