"""Recorded calls with spoken briefings, with events in any order: the floors hold, and those of a recording, too."""

from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from callflow.core import events as e
from callflow.core.call import Leg
from callflow.core.commands import ControlRecording
from callflow.core.configuration import Configuration, Recording, RecordingRules
from callflow.core.evidence import RUNNING, Recorded
from callflow.core.policy import DelegateUpwards, Policy
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer
from tests.core.chance import Broken, Chance
from tests.core.example import configuration
from tests.core.test_properties import comes_to_rest

EVENTS = 5_000
ALONE = (P.HOLD, P.CHECK_IN, P.CONSULT_WAIT, P.QUEUE, P.AGENT_LEFT, P.MESSAGE, P.STEP)
"""The places of a caller who talks with nobody of ours."""


def recorded(mode: Recording) -> Configuration:
    rules = configuration(Policy(delegate_upwards=DelegateUpwards(spoken_briefing=True)))
    return replace(rules, recording=RecordingRules(mode=mode))


class RecordedChance(Chance):
    """A call that may be recorded, at a provider that pauses, refuses, or does not answer."""

    def __init__(self, dice: Random, configuration: Configuration) -> None:
        self.recordings: Counter[Recorded] = Counter()
        self.places: Counter[P] = Counter()
        super().__init__(dice, configuration)
        self.keys = {**self.keys, P.MENU: dice.choice(["8", "128", "12888", "2", self.keys[P.MENU]]), P.STANDBY: "1"}

    def _reply(self, leg: Leg) -> e.Event:
        if leg.at(P.SPOKEN_BRIEFING):
            recording = e.MessageRecorded(at=self.at, leg=leg.id, recording="RE", seconds=3)
            return self.dice.choice([recording, recording, e.DigitPressed(at=self.at, leg=leg.id, key="5")])
        return super()._reply(leg)

    def _odd(self, leg: str, at: Any) -> e.Event:
        request = self.dice.choice(["start", "pause", "resume"]) + "_recording"
        refused = e.RequestRefused(at=at, leg="caller", request=request, code="20503", lasting=self.dice.random() < 0.5)
        ours = [e.RecordingPaused(at=at), refused, e.CallRecorded(at=at, recording="RE", seconds=9)]
        return self.dice.choice([super()._odd(leg, at), *ours])

    def _carry_out(self, order: Any) -> None:
        if not isinstance(order, ControlRecording):
            super()._carry_out(order)
        elif order.change == "pause" and self.dice.random() >= self.luck:
            self.take(e.RecordingPaused(at=self.at))
        elif self.dice.random() < 0.3:
            self.take(e.RequestRefused(at=self.at, leg="caller", request=f"{order.change}_recording", code="20503",
                                       lasting=self.dice.random() < 0.5))  # fmt: skip

    def _apply(self, event: e.Event) -> None:
        before = self.call
        super()._apply(event)
        self.recordings[self.call.recording] += self.call.recording is not before.recording
        self.places.update(leg.place.name for leg in self.call.legs if leg.live)
        broken = [what for what, so in self._rules(before, event) if not so]
        if broken:
            raise Broken("\n".join([*broken, *self.told[-60:]]))

    def _rules(self, before: Any, event: e.Event) -> list[tuple[str, bool]]:
        call, was, now = self.call, before.recording, self.call.recording
        paused, over = Timer.RECORDING in call.deadlines, call.stage in (Stage.AFTERCARE, Stage.ENDED)
        told = [one.script for one in call.caller.place.prompts] if call.caller.token != before.caller.token else []
        done = isinstance(event, e.RecordingPaused) and paused
        went_on = was is Recorded.PAUSED and now is Recorded.ON and Timer.RECORDING in before.deadlines
        return [
            (
                "recorded only after the notice or a yes",
                now not in RUNNING or was in (*RUNNING, Recorded.ALLOWED) or _allowed(before, event),
            ),
            ("a no is final", was is not Recorded.REFUSED or now is Recorded.REFUSED),
            ("an end is final", was is not Recorded.STOPPED or now is Recorded.STOPPED),
            ("not recorded while with nobody", now is not Recorded.ON or call.caller.place.name not in ALONE),
            ("not recorded once the caller is gone", now not in RUNNING or not over),
            ("a pause for card data is one", not paused or now is Recorded.PAUSED),
            ("told only when it is done", "recording_paused" not in told or done),
            ("told when it goes on", not went_on or "recording_resumed" in told or _refused(event)),
        ]


def _allowed(before: Any, event: e.Event) -> bool:
    """A customer whom we called has heard the notice in full or said yes, and the agent is there already."""
    if before.stage is not Stage.DIALLING or getattr(event, "leg", "") != "caller":
        return False
    if isinstance(event, e.ConsentGiven):
        return bool(before.caller.at(P.RECORDING_QUESTION))
    heard = [one.script for one in before.caller.place.prompts] == ["recording_notice"]
    return isinstance(event, e.LegJoined) and event.token == before.caller.token and heard


def _refused(event: e.Event) -> bool:
    """The lead was told so."""
    return isinstance(event, e.RequestRefused)


@pytest.mark.parametrize("mode", [Recording.NOTICE, Recording.ASK])
def test_nobody_is_recorded_unasked_in_any_order_of_events(mode: Recording) -> None:
    house, taken, seed = recorded(mode), 0, 0
    reached: Counter[Recorded] = Counter()
    places: Counter[P] = Counter()
    while taken < EVENTS:
        chance = RecordedChance(Random(seed), house)
        while chance.events < 80 and chance.call.stage is not Stage.ENDED:
            chance.step()
        comes_to_rest(chance)
        taken, seed = taken + chance.events, seed + 1
        reached += chance.recordings
        places += chance.places
    wanted = set(Recorded) - {Recorded.OFF} - ({Recorded.REFUSED} if mode is Recording.NOTICE else set())
    assert not {one: reached[one] for one in wanted if reached[one] < 2}
    assert places[P.SPOKEN_BRIEFING] > 20
