"""A test is a conversation. The playbook plays it on a virtual clock: phones, documents and deadlines, no network.

    talking().agent("ana").star().presses("1").hears("hold_asked").caller().presses("1").stage(Stage.HOLDING)

Somebody is chosen (``caller()``, ``agent("ana")``, ``supervisor("sam")``) and does things, or is looked at. Between
any two facts the call goes through ``codec`` and back. A failure shows the conversation so far.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn, Self

from callflow.core import agent_search, codec, command_diff, invariants
from callflow.core import events as e
from callflow.core.call import ROOM, Call, Leg, LegStatus
from callflow.core.commands import RedirectLeg, ReleaseLeg, RingLeg
from callflow.core.configuration import Configuration
from callflow.core.decide import decide, new_call
from callflow.core.keys import answer
from callflow.core.notes import Note
from callflow.core.places import ASKING
from callflow.core.stages import PlaceName, Stage
from tests.core import tails
from tests.core.example import CONFIGURATION
from tests.searches import answer as answer_to
from tests.told import facts, told

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Playbook:
    """One call. Without ``reports`` the network tells us nothing by itself; without ``clock`` no deadline fires.

    Without ``tells`` no supervisor is free to be told of a warning."""

    def __init__(self, configuration: Configuration = CONFIGURATION, number: str = "+15550190042") -> None:
        self.configuration = configuration
        self.number = number
        self.at = START
        self.notes: list[Note] = []
        self.orders: list[Any] = []
        self.said: dict[str, list[str]] = {}
        self.away: set[str] = set()
        self.ahead, self.at_once, self.reports, self.clock, self.tells = 0, 1, True, True, False
        self._who = "caller"
        self._told: list[str] = []
        self._playing: dict[str, int] = {}
        begun = e.CallStarted(at=START, sid="CA-caller", number=number, called=configuration.caller_id)
        self.call = new_call("c1", begun, reference="R1234", digest=configuration.digest,
                             language=configuration.language, flow=next(iter(configuration.flows)))  # fmt: skip

    # -- who is meant

    def caller(self) -> Self:
        self._who = "caller"
        return self

    def agent(self, person: str) -> Self:
        """Whoever is on the phone under this name, in the latest phone call."""
        found = [leg.id for leg in self.call.legs if leg.person == person]
        if not found:
            self._fail(f"nobody rang {person}")
        self._who = found[-1]
        return self

    supervisor = agent

    @property
    def leg(self) -> Leg:
        found = self.call.leg(self._who)
        assert found
        return found

    # -- what people do

    def calls(self) -> Self:
        """The caller rings us."""
        started = e.CallStarted(at=self.at, sid="CA-caller", number=self.number, called=self.call.called)
        return self.take(started, answering="caller")

    def answers(self) -> Self:
        return self._does(e.LegAnswered(at=self.at, leg=self._who, sid=f"CA-{self._who}"))

    def presses(self, *keys: str) -> Self:
        """Keys one after another, each at whatever is asked then; in the room only ``*`` reaches us (``STAR``)."""
        for key in keys:
            self._does(self._pressed(key))
        return self

    def star(self) -> Self:
        return self.presses("*")

    def says(self, words: str) -> Self:
        """Words, where a yes or a no is asked."""
        return self._does(self._consent("", words))

    def records(self, seconds: int = 12) -> Self:
        return self._does(e.MessageRecorded(at=self.at, leg=self._who, recording="RE1", seconds=seconds))

    def acts(self, person: str, act: e.Act, what: str = "", *, reachable: bool = True) -> Self:
        return self.take(e.Acted(at=self.at, person=person, act=act, what=what, reachable=reachable))

    def hangs_up(self) -> Self:
        ringing = self.leg.status in (LegStatus.WANTED, LegStatus.RINGING)
        lost = e.LegNotReached(at=self.at, leg=self._who, status="busy")
        return self.take(lost if ringing else e.LegLost(at=self.at, leg=self._who, status="completed"))

    def falls_back(self) -> Self:
        """Our answer failed; the stateless fallback brought the leg into the room."""
        self._playing.pop(self._who, None)
        return self.take(e.LegJoined(at=self.at, leg=self._who, token=None))

    def loses_its_document(self) -> Self:
        """The order to this leg, or its request, was lost: nothing is heard."""
        self._playing.pop(self._who, None)
        self.call = self.call.changed(self._who, seen=self.leg.token - 1)
        return self

    def stays_silent(self) -> Self:
        """Nothing is pressed until this leg's document has ended by itself."""
        token = self.leg.token
        while self._playing.get(self._who) == token:
            self._step(self._next())
        return self

    def wait(self, seconds: float) -> Self:
        """Time passes: documents end and deadlines fall due, in their order."""
        until = self.at + timedelta(seconds=seconds)
        while (upcoming := self._next()) and upcoming[0] <= until:
            self._step(upcoming)
        self.at = until
        return self

    # -- what must be so

    def stage(self, wanted: Stage) -> Self:
        return self._check(self.call.stage is wanted, f"stage is {self.call.stage}, not {wanted}")

    def places(self, **wanted: str) -> Self:
        """Where people are, by name: ``places(caller="room", ana="menu")``."""
        now = {leg.person or "caller": leg.place.name.value for leg in self.call.legs}
        return self._check(wanted.items() <= now.items(), f"places are {now}, not {wanted}")

    def hears(self, *scripts: str) -> Self:
        """These lines are in what was last said to the person."""
        last = self.said.get(self._who, [])
        return self._check({*scripts} <= {*last}, f"{self._who} heard {last}, not {scripts}")

    def noted(self, kind: str, **wanted: Any) -> Self:
        """The journal has an entry of this kind with these fields; any details are looked up as well."""
        found = [note for note in self.notes if note.kind == kind and wanted.items() <= facts(note).items()]
        return self._check(bool(found), f"no note {kind} {wanted} in {[n for n in self.notes if n.kind == kind]}")

    def not_noted(self, kind: str, **wanted: Any) -> Self:
        found = [note for note in self.notes if note.kind == kind and wanted.items() <= facts(note).items()]
        return self._check(not found, f"there is a note {found}")

    def ordered(self, *kinds: type) -> Self:
        """Exactly these commands followed from the last fact."""
        return self._check([type(one) for one in self.orders] == list(kinds), f"orders were {self.orders}")

    def holds(self, wanted: Callable[[Call], object], what: str = "the call is not as wanted") -> Self:
        return self._check(bool(wanted(self.call)), f"{what}: {self.call}")

    def copy(self) -> "Playbook":
        """The same conversation up to here, to be continued in another way."""
        other = Playbook(self.configuration, self.number)
        for name, value in vars(self).items():
            setattr(other, name, value.copy() if isinstance(value, list | dict | set) else value)
        return other

    # -- how it is played

    def take(self, event: e.Event, answering: str = "") -> Self:
        """One fact, and all that the service does with it."""
        before = self.call
        self._told.append(f"{(self.at - START).total_seconds():7.1f} {told(event)}")
        self._decide(event)
        self._search()
        if answering:
            self._decide(e.Served(at=self.at, leg=answering))
            self._serve(answering)
        orders = command_diff.commands(before, self.call, answering)
        self._told.append(f"{'':8}{self.call.stage}: " + ", ".join(f"{x.id} {x.place.name}" for x in self.call.legs))
        for order in orders:
            self._carry_out(order)
        self.orders = orders
        return self

    def _decide(self, event: e.Event) -> None:
        before = self.call
        decision = decide(before, event, self.configuration)
        self._check(not decision.impossible, decision.impossible)
        self.call = codec.decode(codec.encode(decision.call))
        self._check(self.call == decision.call, "the codec changed the call")
        self.notes += decision.notes
        broken = invariants.broken(before, event, self.call, decision.notes, self.configuration)
        self._check(not broken, f"broken by {event}: {broken}")

    def _search(self) -> None:
        """Claim whoever is free, as the service does after every decision."""
        while found := answer_to(self.call, self.configuration, self.at, self.away | self._resting(), tells=self.tells):
            self._decide(found)
        for _ in range(10):
            people = agent_search.next_people(self.call, self.configuration)
            free = [one for one in people if one not in self.away | self._resting()]
            if free:
                self._decide(e.PeopleFound(at=self.at, people=tuple(free[: self.at_once])))
                continue
            if self.call.search and self.call.stage in agent_search.SEARCHING and not self.call.candidates:
                self._decide(e.NobodyFree(at=self.at, ahead=self.ahead))
            return

    def _resting(self) -> set[str]:
        """Those who have been on this call are in wrap-up or on a break."""
        return {leg.person for leg in self.call.legs if leg.accepted}

    def _carry_out(self, order: Any) -> None:
        match order:
            case RingLeg():
                self._decide(e.RingPlaced(at=self.at, leg=order.leg, sid=f"CA-{order.leg}"))
                self._playing[order.leg] = order.token
            case RedirectLeg():
                self._decide(e.Served(at=self.at, leg=order.leg))
                self._serve(order.leg)
            case ReleaseLeg():
                self._playing.pop(order.leg, None)
                leg = self.call.leg(order.leg)
                if self.reports and leg and leg.live:
                    self.take(e.LegLost(at=self.at, leg=order.leg, status="completed"))

    def _serve(self, id: str) -> None:
        """The leg's phone begins the document of its place."""
        leg = self.call.leg(id)
        if not leg or not leg.live:
            return
        if leg.place != ROOM:
            self.said[id] = [line.script for line in leg.place.prompts]
        if leg.at(PlaceName.GONE) and not leg.place.prompts and self.reports:
            self.take(e.LegLost(at=self.at, leg=id, status="completed"))
        else:
            self._playing[id] = leg.token

    def _next(self) -> tuple[datetime, e.Event] | None:
        """What happens next if nobody does anything: a document ends, or a deadline falls due."""
        due: list[tuple[datetime, e.Event]] = [
            (max(at, self.at), e.TimerFired(at=max(at, self.at), name=name))
            for name, at in (self.call.deadlines.items() if self.clock else ())
        ]
        for id, token in self._playing.items() if self.reports else ():
            leg = self.call.leg(id)
            if leg and leg.live and leg.token == token:
                ends = max(self.at, leg.since + timedelta(seconds=tails.seconds(self.configuration, self.call, leg)))
                due.append((ends, tails.ending(leg, ends)))
        return min(due, key=lambda one: one[0], default=None)

    def _step(self, upcoming: tuple[datetime, e.Event] | None) -> None:
        if not upcoming:
            self._fail("nothing will ever happen again")
        self.at, event = upcoming
        leg = event.leg if isinstance(event, e.LegEvent) else ""
        self._playing.pop(leg, None)
        self.take(event, answering=leg if isinstance(event, e.PlaceEnded) else "")

    def _does(self, event: e.Event) -> Self:
        self._playing.pop(self._who, None)
        return self.take(event, answering=self._who)

    def _pressed(self, key: str) -> e.Event:
        if key == "*" and (self.leg.in_room or self.leg.at(PlaceName.LISTENING)):
            return e.StarPressed(at=self.at, leg=self._who)
        if self.leg.place == ROOM:
            self._fail(f"{key} cannot be heard in the room")
        if self.leg.place.name in (PlaceName.HOLD, PlaceName.CONSULT_WAIT) and key == "2":
            self.at += timedelta(seconds=3)  # no request: the document goes on at its last words (twilio.md 3.4)
            return e.LegJoined(at=self.at, leg=self._who, token=self.leg.token)
        if self.leg.place.name in ASKING and key in "12":
            return self._consent(key, "")
        return e.DigitPressed(at=self.at, leg=self._who, key=key)

    def _consent(self, key: str, words: str) -> e.Event:
        meaning, how = answer(self.configuration, self.call.language, key, words), "key" if key else "speech"
        if not meaning:
            return e.ConsentNotHeard(at=self.at, leg=self._who)
        made = e.ConsentGiven if meaning == "yes" else e.ConsentRefused
        return made(at=self.at, leg=self._who, how=how)

    def _check(self, good: bool, otherwise: str) -> Self:
        if not good:
            self._fail(otherwise)
        return self

    def _fail(self, why: str) -> NoReturn:
        raise AssertionError("\n".join([why, "", "The conversation so far:", *self._told]))


def talking(configuration: Configuration = CONFIGURATION, number: str = "+15550190042", agent: str = "ana") -> Playbook:
    """Caller and agent in conversation, the caller about a bill."""
    book = Playbook(configuration, number).calls().wait(10).caller().presses("1").agent(agent).answers().presses("1")
    return book.wait(2).stage(Stage.TALKING).places(caller="room", **{agent: "room"})
