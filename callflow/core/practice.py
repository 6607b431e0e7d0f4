"""A practice call: the real core, with a caller and a supervisor who are played from a scenario. Pure.

Only the practising agent has a telephone. The others have documents whose lengths are known, so everything that happens
to them is computed up to the time of the agent's next webhook: their documents end, they answer what is asked as the
scenario says, deadlines fall due. They react to keys and to the time, never to what the agent says (policy rule 40).
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from callflow.core import agent_search, codec, command_diff, ladder
from callflow.core import events as e
from callflow.core.call import CALLER, ROOM, Call, Leg, LegStatus, Role
from callflow.core.commands import RedirectLeg, ReleaseLeg, RingLeg
from callflow.core.configuration import Configuration, Group, PracticeScenario
from callflow.core.decide import decide, new_call
from callflow.core.places import ASKING
from callflow.core.records import record
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer

AGENT: Final = "a1"
ANSWERS_AFTER: Final = 4.0
"""How long the supervisor's telephone rings."""
TAKES_OVER_AFTER: Final = 20.0
"""How long the supervisor talks with both before taking the call over."""
HANGS_UP: Final = frozenset({P.GONE, P.CLOSING, P.LET_GO, P.OFFER, P.DECLINE_MENU, P.ALERT, P.TOLD, P.CO_SIGN})
LONGEST: Final = timedelta(minutes=15)
MOST_STEPS: Final = 500
CHOICES: Final = ("time_out", "supervisor", "civility", "end_call")
MENU_SECONDS: Final = 2.0
Reacts = Callable[..., e.Event]
"""Makes an event, given its time as ``at``."""
Length = Callable[[Call, Leg], float]
"""How long a leg's document lasts if nothing is pressed, in seconds."""


@record
class Practice:
    """``playing``: leg -> token of the document that it hears. ``said``: how many lines of each kind were said.

    ``opened`` and ``pressed`` have, by choice of the star menu, the second when it was first open and first chosen.
    """

    scenario: str
    call: Call
    playing: Mapping[str, int] = field(default_factory=dict)
    said: Mapping[str, int] = field(default_factory=dict)
    opened: Mapping[str, int] = field(default_factory=dict)
    pressed: Mapping[str, int] = field(default_factory=dict)

    @property
    def leg(self) -> Leg:
        """The practising agent's."""
        return next(one for one in self.call.legs if one.id == AGENT)

    @property
    def over(self) -> bool:
        """Whether the agent is not with the caller any more, or has practised long enough."""
        gone = self.leg.role is not Role.LEAD or self.call.stage in (Stage.AFTERCARE, Stage.ENDED, Stage.LEFT_ALONE)
        return gone or self.call.at - self.call.started_at > LONGEST

    @property
    def kind(self) -> str:
        """Which lines of the scenario fit now."""
        match self.call.stage:
            case Stage.INTRODUCING:
                return "with_supervisor"
            case Stage.CONSULTING:
                return "supervisor"
            case _ if any(one.heard_at for one in self.call.warnings):
                return "after_warning"
            case _ if self.call.holds:
                return "after_hold"
        return "talking"


def to_json(practice: Practice) -> str:
    return json.dumps({"scenario": practice.scenario, "call": codec.encode(practice.call), "said": dict(practice.said),
                       "playing": dict(practice.playing), "opened": dict(practice.opened),
                       "pressed": dict(practice.pressed)})  # fmt: skip


def from_json(text: str) -> Practice:
    """Undo ``to_json``."""
    values: dict[str, Any] = json.loads(text)
    return Practice(**{**values, "call": codec.decode(values["call"])})


def begun(scenario: str, id: str, person: str, configuration: Configuration, at: datetime) -> Practice:
    """Caller and agent are in the room already, in a team of the agent's."""
    started = e.CallStarted(at=at, sid=f"{id}-caller", number="", called=next(iter(configuration.numbers)))
    teams = configuration.teams.values()
    team = next((one for one in teams if person in (*one.agents, *one.supervisors)), next(iter(teams)))
    call = new_call(id, started, reference="", flow=next(iter(configuration.flows)), digest=configuration.digest,
                    language=configuration.language)  # fmt: skip
    lead = Leg(id=AGENT, role=Role.LEAD, person=person, place=ROOM, sid=f"{id}-{AGENT}", status=LegStatus.UP, seen=1,
               since=at, accepted=True)  # fmt: skip
    legs = (call.caller.but(token=1, seen=1), lead)
    return Practice(scenario=scenario, call=call.but(stage=Stage.TALKING, legs=legs, lead=AGENT, team=team.id))


@dataclass(frozen=True, slots=True)
class Player:
    """Plays everybody but the agent."""

    scenario: PracticeScenario
    configuration: Configuration
    length: Length

    def took(self, practice: Practice, event: e.Event, answering: str = "") -> Practice:
        """One fact, and all that follows from it at once."""
        before = practice.call
        call = self._searched(self._decided(before, event), event.at)
        if answering:
            call = self._decided(call, e.Served(at=event.at, leg=answering))
        practice = replace(practice, call=call)
        for order in command_diff.commands(before, call, answering):
            match order:
                case RingLeg():
                    placed = e.RingPlaced(at=event.at, leg=order.leg, sid=f"{call.id}-{order.leg}")
                    practice = self._playing(replace(practice, call=self._decided(practice.call, placed)), order.leg)
                case RedirectLeg():
                    served = e.Served(at=event.at, leg=order.leg)
                    practice = self._playing(replace(practice, call=self._decided(practice.call, served)), order.leg)
                case ReleaseLeg():
                    practice = self.took(practice, e.LegLost(at=event.at, leg=order.leg, status="completed"))
        return self._playing(practice, answering) if answering else practice

    def until(self, practice: Practice, at: datetime) -> Practice:
        """All that happens up to this time, in its order."""
        for _ in range(MOST_STEPS):
            upcoming = self._upcoming(practice)
            if practice.over or upcoming is None or upcoming.at > at:
                break
            practice = self._step(practice, upcoming)
        if not practice.over:  # as a live call is looked at, so that its clock is that of now
            now = e.TimerFired(at=max(at, practice.call.at), name=Timer.HEARTBEAT)
            practice = replace(practice, call=self._decided(practice.call, now))
        return self._open_now(practice)

    def change(self, practice: Practice) -> float:
        """The seconds until the agent gets another document or somebody comes who speaks, at most ``LONGEST``."""
        begins, known, ends = practice.call.at, practice.leg.token, practice.call.at + LONGEST
        silent = not self.speaks(practice)
        for _ in range(MOST_STEPS):
            upcoming = self._upcoming(practice)
            if upcoming is None or upcoming.at >= ends:
                break
            practice = self._step(practice, upcoming)
            if practice.over or practice.leg.token != known or (silent and self.speaks(practice)):
                return max(0.0, (upcoming.at - begins).total_seconds())
        return LONGEST.total_seconds()

    def speaks(self, practice: Practice) -> str:
        """What is said to the agent in the room now, "" if nothing."""
        lines = self._lines(practice)
        return lines[min(practice.said.get(practice.kind, 0), len(lines) - 1)] if lines else ""

    def spoke(self, practice: Practice) -> Practice:
        """The document in which it was said is over."""
        if not practice.leg.in_room or not self.speaks(practice):
            return practice
        kind = practice.kind
        return replace(practice, said={**practice.said, kind: practice.said.get(kind, 0) + 1})

    def _lines(self, practice: Practice) -> tuple[str, ...]:
        there = practice.kind in ("supervisor", "with_supervisor") or practice.call.caller.in_room
        return (self.scenario.lines.get(practice.kind) or self.scenario.lines["talking"]) if there else ()

    # -- one step after the other

    def _decided(self, call: Call, event: e.Event) -> Call:
        return decide(call, event, self.configuration).call

    def _searched(self, call: Call, at: datetime) -> Call:
        """Somebody is found at once, whatever real people do now, if the scenario has somebody come."""
        if not call.search or call.stage not in agent_search.SEARCHING or call.candidates:
            return call
        people = agent_search.next_people(call, self.configuration) if self.scenario.supervisor_comes else ()
        if people and call.search.group is Group.SUPERVISORS:
            return self._decided(call, e.PeopleFound(at=at, people=people[:1]))
        return self._decided(call, e.NobodyFree(at=at))

    @staticmethod
    def _playing(practice: Practice, id: str) -> Practice:
        leg = practice.call.leg(id)
        return replace(practice, playing={**practice.playing, id: leg.token}) if leg else practice

    def _step(self, practice: Practice, event: e.Event) -> Practice:
        leg = event.leg if isinstance(event, e.LegEvent) else ""
        playing = {id: token for id, token in practice.playing.items() if id != leg}
        return self.took(replace(practice, playing=playing), event)

    def _upcoming(self, practice: Practice) -> e.Event | None:
        """What happens next if the agent does nothing."""
        call = practice.call
        due: list[e.Event] = [e.TimerFired(at=max(at, call.at), name=name) for name, at in call.deadlines.items()]
        helper = call.leg(call.helper)
        if helper and helper.place == ROOM and call.stage is Stage.INTRODUCING:
            at = max(call.at, helper.since + timedelta(seconds=TAKES_OVER_AFTER))
            due.append(e.StarPressed(at=at, leg=helper.id))
        due += [one for id, token in practice.playing.items() for one in self._ending(call, call.leg(id), token)]
        return min(due, key=lambda one: one.at, default=None)

    def _ending(self, call: Call, leg: Leg | None, token: int) -> Iterator[e.Event]:
        if not leg or not leg.live or leg.token != token:
            return
        after, made = self._reaction(call, leg)
        yield made(at=max(call.at, leg.since + timedelta(seconds=after)))

    def _reaction(self, call: Call, leg: Leg) -> tuple[float, Reacts]:
        """What a leg does at its place, and after how many seconds."""
        place, seconds = leg.place.name, self.length(call, leg)
        made: Reacts
        if leg.id == CALLER and place in ASKING:
            return self._answer(place, seconds, leg)
        match place:
            case P.RINGING:
                return ANSWERS_AFTER, partial(e.LegAnswered, leg=leg.id, sid=leg.sid)
            case P.BRIEFING:
                seconds, made = seconds / 2, partial(e.DigitPressed, leg=leg.id, key="1")
            case P.INTRODUCTION_MENU if leg.role is Role.HELPER:
                seconds, made = MENU_SECONDS, partial(e.DigitPressed, leg=leg.id, key="1")
            case _ if place in HANGS_UP:
                made = partial(e.LegLost, leg=leg.id, status="completed")
            case _:
                made = partial(e.LegJoined, leg=leg.id, token=leg.token)
        return seconds, made

    def _answer(self, place: P, seconds: float, leg: Leg) -> tuple[float, Reacts]:
        """The caller's answer to a question, when most of it was heard; without one its document ends."""
        wanted = self.scenario.supervisor if place is P.SUPERVISOR_QUESTION else self.scenario.hold
        if place is P.CALL_BACK_QUESTION:
            wanted = "no"
        if wanted == "silence":
            return seconds, partial(e.LegJoined, leg=leg.id, token=leg.token)
        made = e.ConsentGiven if wanted == "yes" else e.ConsentRefused
        return seconds / 2, partial(made, leg=leg.id, how="key")

    def _open_now(self, practice: Practice) -> Practice:
        call, policy = practice.call, self.configuration.policy
        if call.stage is not Stage.TALKING:
            return practice
        refusals = {"time_out": ladder.time_out(call, policy), "supervisor": ladder.delegate_upwards(call, policy),
                    "civility": ladder.warnings(call, policy), "end_call": ladder.closing(call, policy)}  # fmt: skip
        now = {name: second(practice) for name, refusal in refusals.items() if refusal is None}
        return replace(practice, opened={**now, **practice.opened})


def second(practice: Practice) -> int:
    """Whole seconds since the beginning."""
    return round((practice.call.at - practice.call.started_at).total_seconds())


def pressed(practice: Practice, event: e.Event, configuration: Configuration) -> Practice:
    """Remember which choice of the star menu a key of the agent means, for the debrief."""
    if not isinstance(event, e.DigitPressed) or not practice.leg.at(P.MENU):
        return practice
    chosen = [name for name in CHOICES if configuration.policy.menu.keys[name] == event.key]
    return replace(practice, pressed={**dict.fromkeys(chosen, second(practice)), **practice.pressed})
