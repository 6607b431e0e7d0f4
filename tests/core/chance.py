"""Simulates a call with random events: people, phones and a network that do anything at any moment.

Events come in any order, twice, late or never, and documents are fetched or not. The floors are checked after each
event. The random generator is an argument, so that a seed determines the call, or Hypothesis, which can shrink it.
"""

from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any

from callflow.core import agent_search, codec, command_diff, invariants
from callflow.core import events as e
from callflow.core.call import ROOM, Leg, LegStatus, Role
from callflow.core.commands import RedirectLeg, ReleaseLeg, RingLeg
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.places import ASKING, CATALOGUE
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from tests.core import beginnings, tails
from tests.core.chance_acts import somebody_acts
from tests.playbook import START
from tests.searches import answer

LIKELY_KEYS = {
    P.STEP: "129",
    P.OFFER: "1112",
    P.BRIEFING: "11111111123",
    P.CONDUCT_MENU: "1233334444",
    P.END_CONDUCT: "123333444*",
    P.END_CONFIRM: "11111112",
    P.HOLD: "25",
    P.HOLD_DESK: "12333",
    P.STANDBY: "*1",
    P.CONSULT_MENU: "122374",
    P.INTRODUCTION_MENU: "111347*",
    P.UNLOCK_MENU: "12*",
    P.WRAP_UP: "123489#",
    P.WARNING_ECHO: "*1",
    P.CLOSING_WATCH: "*15",
    P.BUSY_MENU: "*1756",
    P.TOLD: "1115",
    P.CO_SIGN: "11123",
    P.INVITATION: "11129",
    P.ATTEST_MENU: "112*",
    P.LISTEN_OFFER: "111125", P.LISTEN_MENU: "123489*5",
}  # fmt: skip
TEMPERS = ("1", "#", "12", "2", "2", "29", "3499", "34444", "34444", "34444", "1234", "11223344567990*")
"""The keys from which a lead chooses at the menu; one of these for each call."""
LISTENED_TO = (P.CONSULT_WAIT, P.HOLD, P.HOLD_DESK, P.STANDBY, P.WARNING_ECHO, P.CLOSING_WATCH, P.QUEUE)
"""Places at which people mostly listen to the end of the document."""
PROMPT, PAUSES = (0.2, 1.0, 3.0), (0.0, 0.0, 0.2, 1.0, 3.0, 8.0, 20.0, 40.0)


class Broken(AssertionError):
    """A floor did not hold. The message lists the events of the call."""


class Chance:
    """One call with random events. ``acts``: the probability that somebody acts on it from elsewhere."""

    def __init__(self, dice: Random, configuration: Configuration, acts: float = 0.0) -> None:
        self.dice, self.configuration, self.acts = dice, configuration, acts
        self.at = START
        self.seen: Counter[Stage] = Counter()
        self.rows: set[tuple[Stage, type[e.Event]]] = set()
        self.told: list[str] = []
        self.past: list[e.Event] = []
        self.events = 0
        self.call, event = beginnings.begun(dice, configuration)
        self.luck = dice.choice([0.0, 0.05, 0.2])
        """The probability of something unusual: a loss, a repetition, an event out of order."""
        self.keys = {**LIKELY_KEYS, P.MENU: dice.choice(TEMPERS)}
        self.free = {"agents": dice.choice([0.6, 1.0, 1.0]), "supervisors": dice.choice([0.0, 0.7, 1.0])}
        self.seen[self.call.stage] += 1
        self.take(event, "caller" if isinstance(event, e.CallStarted) else "")

    # -- one event

    def step(self) -> None:
        """Apply a random event."""
        if self.call.stage is Stage.CLOSING and self.dice.random() < 0.15:
            at, lead = self.at, self.call.lead
            self.take(self.dice.choice([e.ServerStarted(at=at), e.LegJoined(at=at, leg=lead, token=None)]))
        elif self.acts and self.dice.random() < self.acts:
            self.take(somebody_acts(self.dice, self.configuration, self.at))
        elif self.dice.random() < self.luck:
            self._oddity()
        elif self.dice.random() < 0.3:
            self.natural()
        else:
            self._person()

    def natural(self, reports: bool = True) -> bool:
        """Nobody does anything: the next document ends, or the next deadline passes. False if there is none."""
        due: list[tuple[datetime, int, e.Event]] = [
            (at, 0, e.TimerFired(at=max(at, self.at), name=name)) for name, at in self.call.deadlines.items()
        ]
        for number, leg in enumerate(self.call.legs if reports else ()):
            stays = leg.place == ROOM or leg.at(P.LISTENING)
            if leg.live and not stays and (leg.seen == leg.token or leg.status is LegStatus.RINGING):
                ends = leg.since + timedelta(seconds=tails.seconds(self.configuration, self.call, leg))
                due.append((ends, number, tails.ending(leg, max(ends, self.at))))
        if not due:
            return False
        event = min(due, key=lambda one: (one[0], one[1]))[2]
        self.at = event.at
        self.take(event, event.leg if isinstance(event, e.PlaceEnded) else "")
        return True

    def _person(self) -> None:
        """A random person presses a key, answers, speaks or hangs up."""
        legs = [leg for leg in self.call.legs if leg.live and not leg.at(P.GONE)]
        asked = [leg for leg in legs if not leg.in_room]
        if not legs:
            return
        if asked and self.dice.random() < 0.9:
            legs = asked
        self.at += timedelta(seconds=self.dice.choice(PROMPT if asked else PAUSES))
        leg = self.dice.choice(legs)
        event = self._deed(leg)
        if event:
            self.take(event, leg.id)

    def _deed(self, leg: Leg) -> e.Event | None:
        name, at = leg.place.name, self.at
        if leg.status in (LegStatus.WANTED, LegStatus.RINGING):
            return e.LegAnswered(at=at, leg=leg.id, sid=f"CA-{leg.id}")
        if self.dice.random() < 0.01:
            return e.LegLost(at=at, leg=leg.id, status="completed")
        if name in LISTENED_TO and self.dice.random() < 0.8:
            return None
        if name is P.ROOM:
            return e.StarPressed(at=at, leg=leg.id) if leg.role is not Role.CALLER else None
        return self._reply(leg)

    def _reply(self, leg: Leg) -> e.Event:
        """A key, words or a message, where the leg's document asks for them."""
        name, at = leg.place.name, self.at
        if name in ASKING:
            return self._answer(leg)
        if name in (P.MESSAGE, P.NOTE):
            return e.MessageRecorded(at=at, leg=leg.id, recording="RE", seconds=3)
        if name is P.STEP and "how" in leg.place.details:
            return self._in_step(leg)
        key = "15550190042" if name is P.CALL_BACK_NUMBER else self.dice.choice(self.keys.get(name, "12345"))
        return e.DigitPressed(at=at, leg=leg.id, key=key)

    def _in_step(self, leg: Leg) -> e.Event:
        """An answer to the step of the flow, by the caller, another system or another telephone."""
        at, lookup = self.at, self.dice.choice([self.call.lookup, self.call.lookup, "find.1"])
        words = self.dice.choice(["", "my bill please", "not a bill", "delivery", "Ana Diaz"])
        done = e.LookupDone(at=at, lookup=lookup, values={"name": "Ana", "odd": "x"})
        replies: dict[object, list[e.Event]] = {
            "music": [done, done, e.LookupFailed(at=at, lookup=lookup, reason="timeout")],
            "dial": [e.ForwardEnded(at=at, leg=leg.id, status=self.dice.choice(["completed", "busy", "failed"]))],
            "digits": [e.DigitPressed(at=at, leg=leg.id, key=self.dice.choice(["1", "12345", "15550190042"]))],
        }
        replies["confirm"] = [e.DigitPressed(at=at, leg=leg.id, key=self.dice.choice("0112"))]
        spoken = e.WordsSpoken(at=at, leg=leg.id, words=words)
        key = e.DigitPressed(at=at, leg=leg.id, key=self.dice.choice("11234"))
        return self.dice.choice(replies.get(leg.place.details["how"], [spoken, spoken, key]))

    def _answer(self, leg: Leg) -> e.Event:
        if leg.at(P.CHECK_IN) and self.dice.random() < 0.2:
            return e.DigitPressed(at=self.at, leg=leg.id, key="3")
        how = self.dice.choice(["key", "speech"])
        yes = 1 if leg.at(P.RECORDING_QUESTION) else 5
        kinds: list[e.Event] = [e.ConsentGiven(at=self.at, leg=leg.id, how=how)] * yes
        kinds += [e.ConsentRefused(at=self.at, leg=leg.id, how=how), e.ConsentNotHeard(at=self.at, leg=leg.id)]
        kinds += [e.DigitPressed(at=self.at, leg=leg.id, key=key) for key in "07"]
        kinds += [e.AnswerRecorded(at=self.at, leg=leg.id, recording="RE", seconds=2)]
        kinds += [e.AnswerRecognised(at=self.at, leg=leg.id, recording=1, meaning="", engine="vosk 1")]
        return self.dice.choice(kinds)

    def _oddity(self) -> None:
        """A repetition, an event out of order, or an unexpected report."""
        self.at += timedelta(seconds=self.dice.choice(PAUSES))
        leg = self.dice.choice([*(leg.id for leg in self.call.legs), "nobody"])
        if self.dice.random() < 0.3 and self.past:
            return self.take(self.dice.choice(self.past[-20:]))
        event = self._odd(leg, self.at - timedelta(seconds=self.dice.choice([0, 0, 5])))
        return self.take(event, leg if self.call.leg(leg) and self.dice.random() < 0.5 else "")

    def _odd(self, leg: str, at: datetime) -> e.Event:
        found = self.call.leg(leg)
        token = self.dice.choice([None, found.token if found else 1, (found.token if found else 1) - 1])
        timers = [*self.call.deadlines, "closing", "warning", "hold", "search", "heartbeat"]
        joined = e.LegJoined(at=at, leg=leg, token=token)
        ended = found and joined.token == found.token and leg == "caller"
        if ended and found and found.at(P.CLOSING):
            joined = e.LegJoined(at=at, leg=leg, token=None)
        odd: list[e.Event] = [
            joined, joined,
            e.LegLost(at=at, leg=leg, status="completed"),
            e.LegNotReached(at=at, leg=leg, status="busy") if joined.token is None else
            e.RequestRefused(at=at, leg=leg, request="redirect" if found and found.sid else "ring", code="21210",
                             lasting=token == 1),
            e.LegAnswered(at=at, leg=leg, sid="CA-other"),
            e.StarPressed(at=at, leg=leg),
            e.DigitPressed(at=at, leg=leg, key=self.dice.choice("0123456789*#")),
            e.NothingPressed(at=at, leg=leg),
            e.PlaceEnded(at=at, leg=leg),
            e.ConsentGiven(at=at, leg=leg, how="key"),
            e.ConsentRefused(at=at, leg=leg, how="key"),
            e.ConsentNotHeard(at=at, leg=leg),
            e.MessageRecorded(at=at, leg=leg, recording="RE", seconds=1),
            e.TimerFired(at=at, name=self.dice.choice(timers)),
            e.CallStarted(at=at, sid="CA0", number="", called=""),
            e.NobodyFree(at=at, ahead=self.dice.choice([0, 3])),
            e.PeopleFound(at=at, people=()),
            e.EverybodyAway(at=at),
            e.WordsSpoken(at=at, leg=leg, words="my bill"),
            e.ForwardEnded(at=at, leg=leg, status="completed"),
            e.LookupDone(at=at, lookup=self.call.lookup, values={"name": "Ana"}),
            e.LookupFailed(at=at, lookup=self.call.lookup, reason="refused"),
            e.FlowsClosed(at=at, closed=("front_desk",) if self.dice.random() < 0.5 else ()),
        ]  # fmt: skip
        return self.dice.choice(odd)

    # -- what the service does around it

    def take(self, event: e.Event, answering: str = "") -> None:
        before = self.call
        if before.stage is Stage.WAITING:
            self._apply(e.LineCounted(at=event.at, ahead=self.dice.choice([0, 1])))
        self.past.append(event)
        self._decide(event)
        for _ in range(5):
            if not self._search():
                break
        if answering:
            self._apply(e.Served(at=self.at, leg=answering))
        for order in command_diff.commands(before, self.call, answering):
            self._carry_out(order)

    def _decide(self, event: e.Event) -> None:
        self.events += 1
        self._apply(event)
        if codec.decode(codec.encode(self.call)) != self.call:
            raise Broken("\n".join(["the codec changed the call", *self.told[-60:], str(self.call)]))

    def _apply(self, event: e.Event) -> None:
        before = self.call
        self.told.append(f"{(event.at - START).total_seconds():8.1f} {event}")
        decision = decide(before, event, self.configuration)
        if decision.impossible:
            assert isinstance(event, e.CallStarted | e.OutgoingStarted)
            return
        if decision.call is before:
            return  # the document was fetched before, or the leg is over
        self.call = decision.call
        self.seen[self.call.stage] += self.call.stage is not before.stage
        self.rows.add((before.stage, type(event)))
        self.told.append(
            f"{'':9}{self.call.stage} {[(one.id, one.role.value, one.place.name.value) for one in self.call.legs]}"
        )
        broken = invariants.broken(before, event, self.call, decision.notes, self.configuration)
        broken += [
            f"no place for {leg.role}: {leg.place.name}"
            for leg in self.call.legs
            if leg.live and leg.role not in CATALOGUE[leg.place.name].roles
        ]
        if broken:
            raise Broken("\n".join([*broken, *self.told[-60:], str(before)]))

    def _search(self) -> bool:
        busy = [] if self.dice.random() < self.free["supervisors"] else [*self.configuration.supervisors]
        while found := answer(self.call, self.configuration, self.at, busy):
            self._decide(found)
        people = agent_search.next_people(self.call, self.configuration)
        group = self.call.search.group if self.call.search else "agents"
        free = [one for one in people if self.dice.random() < self.free[group]]
        if free:
            self._decide(e.PeopleFound(at=self.at, people=tuple(free[: self.dice.choice([1, 1, 2])])))
        elif self.call.search and self.call.stage in agent_search.SEARCHING and not self.call.candidates:
            if "search" in self.call.deadlines:
                return False
            self._decide(e.NobodyFree(at=self.at))
        else:
            return False
        return True

    def _carry_out(self, order: Any) -> None:
        if self.dice.random() < self.luck:
            return  # lost; the service repairs that
        if isinstance(order, RingLeg):
            self._apply(e.RingPlaced(at=self.at, leg=order.leg, sid=f"CA-{order.leg}"))
        elif isinstance(order, RedirectLeg):
            self._apply(e.Served(at=self.at, leg=order.leg))
        elif isinstance(order, ReleaseLeg) and (leg := self.call.leg(order.leg)) and leg.live:
            self.take(e.LegLost(at=self.at, leg=order.leg, status="completed"))

    def repair(self) -> None:
        """Send commands that were lost again."""
        for leg in command_diff.overdue(self.call):
            if order := command_diff.command(self.call, leg):
                self._carry_out(order)
