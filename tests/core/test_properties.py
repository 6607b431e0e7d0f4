"""The floors hold after every event in any order, and no call is ever stuck.

``make test`` applies 20,000 events, ``make properties`` ten times as many (CALLFLOW_TESTS_EVENTS).
"""

import os
import sys
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callflow.core.configuration import Configuration, Recording, RecordingRules
from callflow.core.events import Event
from callflow.core.guidance import Guidance, Offer
from callflow.core.policy import DelegateUpwards, DrawTheLine, LadderOrder, Policy
from callflow.core.stages import Stage
from callflow.core.table import OWN, ignore_late, impossible
from tests.core.chance import Chance
from tests.core.example import CONFIGURATION, configuration
from tests.core.example_flows import FLOWING

QUICK = 20_000
EVENTS = int(os.environ.get("CALLFLOW_TESTS_EVENTS", QUICK))
SHARES = 2
OFFERS = Guidance(offers={"parts": Offer(id="parts", name="paying in parts", number="2")})
CONFIGURATIONS = [
    CONFIGURATION,
    FLOWING,
    configuration(Policy(order=LadderOrder.IN_ORDER)),
    configuration(
        Policy(delegate_upwards=DelegateUpwards(stay_seconds=5), draw_the_line=DrawTheLine(warnings=("warning_final",)))
    ),
    replace(CONFIGURATION, recording=RecordingRules(mode=Recording.ASK), guidance=OFFERS),
]
HOURS = 2
OWN_ROWS = {
    (stage, event)
    for stage, row in OWN.items()
    for event, handler in row.items()
    if handler not in (ignore_late, impossible)
}
"""Every row of the table that a stage has of its own and that is not ignored."""


@pytest.mark.parametrize("share", range(SHARES))
def test_the_floors_hold_in_any_order_of_events(share: int) -> None:
    """Each share is its own series of calls, the same in every run. It goes on until the rarest row was used."""
    wanted, taken, seed = EVENTS // SHARES, 0, share
    stages: Counter[Stage] = Counter()
    rows: set[tuple[Stage, type[Event]]] = set()
    while taken < wanted or (OWN_ROWS - rows and taken < 3 * wanted):
        chance = played(Random(seed), CONFIGURATIONS[seed // SHARES % len(CONFIGURATIONS)], events=80)
        taken, seed = taken + chance.events, seed + SHARES
        stages += chance.seen
        rows |= chance.rows
    sys.stdout.write(f"\n{taken} events in {seed // SHARES} calls; stages begun: {dict(stages.most_common())}\n")
    assert taken >= wanted
    assert not {stage: stages[stage] for stage in Stage if stages[stage] < wanted // 2000}
    assert not OWN_ROWS - rows


@pytest.mark.parametrize("acts", [0.05, 0.3])
def test_the_floors_hold_whoever_acts_from_elsewhere(acts: float) -> None:
    """Supervisors listen, coach, join, take over, lock, stop a closing, at any moment."""
    wanted = EVENTS // 8 if EVENTS <= QUICK else EVENTS  # 25,000 found none of five mistakes (2026-11-30)
    taken, seed, heard = 0, 0, 0
    while taken < wanted:
        chance = played(Random(seed), CONFIGURATIONS[seed % len(CONFIGURATIONS)], 80, acts)
        taken, seed = taken + chance.events, seed + 1
        heard += sum(leg.announced for leg in chance.call.legs)
    assert heard > 0


def played(dice: Random, configuration: Configuration, events: int, acts: float = 0.0) -> Chance:
    """A call of about ``events`` events, after which nobody does anything. ``acts``: see ``Chance``."""
    chance = Chance(dice, configuration, acts)
    while chance.events < events and chance.call.stage is not Stage.ENDED:
        chance.step()
    comes_to_rest(chance)
    return chance


def comes_to_rest(chance: Chance) -> None:
    """If nobody presses anything, the caller is with a person or at the end of the flow within a limited time."""
    chance.luck = 0.0
    began, reports = chance.at, chance.dice.random() < 0.7
    while not at_rest(chance):
        chance.repair()
        alive = chance.natural(reports or chance.call.stage in (Stage.ARRIVING, Stage.WAITING))
        late_by = (chance.at - began).total_seconds()
        assert late_by < HOURS * 3600, "\n".join(["never at rest", *chance.told[-40:]])
        assert alive or at_rest(chance), "\n".join(["stuck", *chance.told[-40:], str(chance.call)])


def at_rest(chance: Chance) -> bool:
    """The call is in conversation, or over. Of three people one may be at a menu, whose document ends by itself."""
    call = chance.call
    if call.stage in (Stage.ENDED, Stage.INTRODUCING):
        return True
    lead = call.lead_leg
    return call.stage is Stage.TALKING and bool(lead and lead.live and lead.in_room)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(dice=st.randoms(use_true_random=False), which=st.sampled_from(CONFIGURATIONS))
def test_the_shortest_counterexample(dice: Random, which: Configuration) -> None:
    """The same with Hypothesis, which shrinks a failure to a short series of events."""
    played(dice, which, events=40)
