"""After any order of events, every leg has a document, and it ends as it should."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from functools import cache

from callflow.core import supervision
from callflow.core.agent_search import next_people
from callflow.core.call import Call, Leg, LegStatus, Place, Role
from callflow.core.configuration import Configuration, Recording, RecordingRules
from callflow.core.decide import decide
from callflow.core.events import (
    CallStarted,
    ConsentGiven,
    ConsentNotHeard,
    ConsentRefused,
    DigitPressed,
    Event,
    LegAnswered,
    LegJoined,
    LegLost,
    MessageRecorded,
    NobodyFree,
    NothingPressed,
    OutgoingStarted,
    PeopleFound,
    PlaceEnded,
    RecordingPaused,
    Served,
    StarPressed,
    SupervisorFound,
    TimerFired,
)
from callflow.core.evidence import Recorded
from callflow.core.outgoing import new_outgoing
from callflow.core.places import ASKING, LISTENERS, NOT_WITH_US_YET
from callflow.core.stages import PlaceName as P
from callflow.emulator.document import parse
from callflow.telephony.place_documents import render
from tests.telephony.test_twiml_length import length, shipped
from tests.telephony.test_twiml_places import COMES_TO_US, NOW, URLS, WITHOUT_ROOM, verbs

LONGEST_SECONDS = 240
LEAST_CALLS, MOST_CALLS, CALLS_OUT = 60, 1_000, 120
KEYS = "1111122223334479990**#" * 4 + "56"
LIKELY = {
    P.MENU: "1123344444790*#" * 4 + "56",
    P.CONDUCT_MENU: "13344*",
    P.END_CONDUCT: "3334",
    P.OFFER: "1" * 40 + "25",
    P.BRIEFING: "1" * 40 + "235",
    P.CLOSING_WATCH: "*1",
    P.CO_SIGN: "11112",
    P.END_CONFIRM: "1112",
    P.HOLD_DESK: "12333*",
    P.INVITATION: "112",
}
"""Keys that are pressed more often, so that rare places are reached within a few hundred calls."""


@cache
def house() -> Configuration:
    """The shipped configuration, with recorded calls and spoken briefings."""
    policy = shipped().policy
    spoken = replace(policy.delegate_upwards, spoken_briefing=True)
    asked = RecordingRules(mode=Recording.ASK)
    return replace(shipped(), policy=replace(policy, delegate_upwards=spoken), recording=asked)


def begin(number: str, known: str = "") -> Call:
    leg = Leg(id="caller", role=Role.CALLER, place=Place(P.STEP), sid="CA1", status=LegStatus.UP, since=NOW)
    call = Call(id="c7", reference="482913", digest="", language="en", flow="front_desk", number=number, at=NOW,
                called="+15550100100", started_at=NOW, legs=(leg,))  # fmt: skip
    started = CallStarted(at=NOW, sid="CA1", number=number, called=call.called, recognised=known)
    return decide(call, started, house()).call


def calls_out(number: str) -> Call:
    """Ana has decided to call a customer."""
    started = OutgoingStarted(at=NOW, agent="ana", number=number, called="+15550100100", team="energy_desk")
    call = new_outgoing("c7", started, house(), reference="482913", language="en", flow="front_desk", step="desk")
    return decide(call, started, house()).call


def possible(call: Call, dice: random.Random) -> Iterator[Event]:
    """The events that may happen next: answers to documents, deadlines, and results of the search."""
    at = call.at + timedelta(seconds=dice.choice([1, 20, 20]))
    for leg in call.legs:
        if leg.live:
            yield from of_leg(leg, at, dice)
    if call.telling:
        found = supervision.people(call, house())
        yield from [SupervisorFound(at=at, people=found[:1])] * 8
    people = next_people(call, house())
    if call.search and people:
        yield from [PeopleFound(at=at, people=people[:1])] * 4
    elif call.search and not call.candidates:
        yield NobodyFree(at=at)
    if call.recording is Recorded.PAUSING:
        yield RecordingPaused(at=at)
    for name, due in call.deadlines.items():
        if dice.random() < (1.0 if name == "closing" else 0.05):
            yield TimerFired(at=max(at, due), name=name)


def of_leg(leg: Leg, at: object, dice: random.Random) -> Iterator[Event]:
    key = dice.choice(LIKELY.get(leg.place.name, KEYS))
    common = {"at": at, "leg": leg.id}
    if dice.random() < 0.005:
        yield LegLost(**common, status="completed")  # type: ignore[arg-type]
    match leg.place.name:
        case P.RINGING:
            yield from [LegAnswered(**common, sid=f"CA-{leg.id}")] * 4  # type: ignore[arg-type]
        case P.ROOM if leg.role in (Role.LEAD, Role.HELPER):
            yield from [StarPressed(**common)] * 3  # type: ignore[arg-type]
        case P.ROOM | P.GONE | P.ALERT:
            pass
        case P.MESSAGE | P.NOTE | P.SPOKEN_BRIEFING:
            yield MessageRecorded(**common, recording="RE1", seconds=3)  # type: ignore[arg-type]
        case name if name in ASKING:
            yield from (ConsentGiven(**common, how="key"), ConsentGiven(**common, how="key"))  # type: ignore[arg-type]
            yield from (ConsentRefused(**common, how="key"), ConsentNotHeard(**common))  # type: ignore[arg-type]
        case P.QUEUE | P.AGENT_LEFT | P.WARNING | P.HOLD | P.CONSULT_WAIT:
            yield LegJoined(**common, token=leg.token)  # type: ignore[arg-type]
            yield DigitPressed(**common, key=key)  # type: ignore[arg-type]
        case P.CALL_BACK_NUMBER:
            yield DigitPressed(**common, key="15550100199")  # type: ignore[arg-type]
        case _:
            yield from [DigitPressed(**common, key=key)] * 3  # type: ignore[arg-type]
            yield dice.choice([NothingPressed, PlaceEnded])(**common)  # type: ignore[arg-type]


TOO_RARE = {P.END_SILENT, P.LET_GO, *LISTENERS}
"""After three prompts in two minutes, and by acts: the scenarios `no_answer` and `listening` have them."""


def walk(seed: int) -> Iterator[Call]:
    """With a seed below 0 it is a call to a customer."""
    dice = random.Random(seed)
    known = '{"needs":["tics"]}' if seed % 4 == 1 else ""
    call = begin(dice.choice(["+15550100199", ""]), known) if seed >= 0 else calls_out("+15550100199")
    if known:
        call = call.but(warning_agreed="sky")
    for _ in range(160):
        yield call
        events = list(possible(call, dice))
        if not events:
            return
        call = decide(call, dice.choice(events), house()).call
        for leg in call.legs:
            call = decide(call, Served(at=call.at, leg=leg.id), house()).call


def check(call: Call, leg: Leg) -> None:
    text = render(call, leg, house(), URLS)
    assert parse(text.encode()).warnings == ()
    assert length(call, leg, house()) <= LONGEST_SECONDS
    last = verbs(text)[-1]
    if leg.place.name in COMES_TO_US:
        assert last == "Redirect"
    elif leg.place.name in {*WITHOUT_ROOM, *NOT_WITH_US_YET} or leg.role in (Role.CANDIDATE, Role.ALERTED):
        assert last == "Hangup"
    elif leg.role is not Role.PARTED:
        assert last == "Dial"


def test_every_leg_of_every_call_has_its_document() -> None:
    """Plays calls until each place was reached. A closing is rare."""
    seen: set[P] = set()
    for seed in range(-CALLS_OUT, MOST_CALLS):
        checked: dict[str, Leg] = {}
        for call in walk(seed):
            for leg in call.legs:
                if leg.live and leg is not checked.get(leg.id):  # one that is as it was has the document that it had
                    check(call, leg)
                    seen.add(leg.place.name)
                checked[leg.id] = leg
        if seed > LEAST_CALLS and seen >= set(P) - TOO_RARE:
            return
    assert seen >= set(P) - TOO_RARE, f"the core did not come to {set(P) - seen}"
