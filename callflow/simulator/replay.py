"""A past call, moment by moment: what happened, the stage, where everybody was, what they heard, what was due.

Told from the history alone where its configuration is gone; with the same configuration at hand, in full words.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callflow.core import events as e
from callflow.core import prompts
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.service.moments import Moment, moment_of
from callflow.service.ports import Entry
from callflow.simulator.replay_core import replayed
from callflow.simulator.story import journal_lines

WIDTH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFrame:
    """A past moment as it can be told. ``now`` is the call then, ``was`` the call before; None where its configuration
    is gone."""

    moment: Moment
    now: Call | None
    was: Call | None
    stage: str
    entries: tuple[Entry, ...] = ()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def replay_frames(
    end: Call, history: Sequence[Moment], journal: Sequence[Entry], configuration: Configuration
) -> Iterator[ReplayFrame]:
    """Every moment of a call. ``configuration`` is believed as long as what it leads to is what was written down."""
    steps = replayed(end, history, configuration)
    believed, stage, places = end.digest == configuration.digest, "", dict[str, tuple[str, ...]]()
    now: Call | None = None
    written = 0
    for told in history:
        was = now
        if believed:
            step = next((one for one in steps if one.last), None)
            now = step.after if step else None
            believed = now is not None and moment_of(was, now, told.facts, told.at, told.entries) == told
        now = now if believed else None
        stage, places = told.stage or stage, {**places, **told.places}
        entries = tuple(journal[written : written + told.entries])
        written += told.entries
        yield ReplayFrame(moment=told, now=now, was=was, stage=stage, entries=entries, places=places)


def tell(frame: ReplayFrame, end: Call, configuration: Configuration) -> list[str]:
    """The lines about one moment; none for one in which nothing happened that a person would notice."""
    told = [line for fact in frame.moment.facts if (line := happened(fact, end))]
    moved = [_moved(leg, frame, end, configuration) for leg in frame.moment.places]
    journal = [line.split(None, 2)[-1] for line in journal_lines(frame.entries)]
    if not (told or moved or frame.moment.stage or journal):
        return []
    clock = f"{frame.moment.at:%H:%M:%S.%f}"[:12] + f"Z  {since(frame.moment.at, end.started_at)}"
    head = [f"{clock}  {line}" for line in told[:1]] or [clock]
    rest = [*told[1:], *([f"stage     {frame.moment.stage}"] if frame.moment.stage else []), *moved, *_due(frame),
            *(f"journal   {line}" for line in journal)]  # fmt: skip
    return [*head, *(f"{'':>23} {line}" for line in rest)]


def everything(frame: ReplayFrame, end: Call) -> list[str]:
    """Where everybody is at this moment: what ``--step`` shows below each moment."""
    where = [f"{name(leg, end)} at {place[0]}" for leg, place in frame.places.items() if place[0] != "gone"]
    return [f"{'':>23} = {frame.stage}: {', '.join(where)}"]


def _moved(leg: str, frame: ReplayFrame, end: Call, configuration: Configuration) -> str:
    place, *scripts = frame.moment.places[leg]
    found = frame.now.leg(leg) if frame.now else None
    spoken = _words(found, frame.now, configuration) if found and frame.now else ", ".join(scripts)
    return f"{name(leg, end):<{WIDTH}} to {place}" + (f": {spoken}" if spoken else "")


def _words(leg: Leg, now: Call, configuration: Configuration) -> str:
    return " ".join(f'"{prompts.words(configuration, now.language, one)}"' for one in leg.place.prompts)


def _due(frame: ReplayFrame) -> list[str]:
    """The deadlines of the call then, the earliest first; nothing as long as they stay the same."""
    if not frame.now or not frame.now.deadlines or (frame.was and frame.was.deadlines == frame.now.deadlines):
        return []
    by_time = sorted(frame.now.deadlines.items(), key=lambda pair: pair[1])
    told = [f"{what} in {(at - frame.moment.at).total_seconds():.0f} s" for what, at in by_time]
    return [f"due       {', '.join(told)}"]


def since(at: datetime, begun: datetime) -> str:
    seconds = (at - begun).total_seconds()
    return f"{int(seconds // 60):3d}:{seconds % 60:04.1f}"


def name(leg: str, end: Call) -> str:
    """The person on a leg, by id; the caller is the caller."""
    found = end.leg(leg)
    return found.person or leg if found else leg


def happened(fact: e.Event, end: Call) -> str:
    """A fact in words; "" for what only machines notice."""
    told = TOLD[type(fact)](fact) if type(fact) in TOLD else ""
    if not told or not isinstance(fact, e.LegEvent):
        return told
    return f"{name(fact.leg, end):<{WIDTH}}{told}"


TOLD: Mapping[type[e.Event], Callable[..., str]] = {
    e.CallStarted: lambda fact: f"{'caller':<{WIDTH}}calls {fact.called}",
    e.DigitPressed: lambda fact: f"presses {fact.key}",
    e.NothingPressed: lambda _: "presses nothing",
    e.WordsSpoken: lambda fact: "says something" if fact.words == "?" else f"says {fact.words}",
    e.StarPressed: lambda _: "presses *",
    e.ConsentGiven: lambda fact: f"says yes, by {fact.how}",
    e.ConsentRefused: lambda fact: f"says no, by {fact.how}",
    e.ConsentNotHeard: lambda _: "gives no clear answer",
    e.MessageRecorded: lambda fact: f"has spoken a message of {fact.seconds} s",
    e.LegAnswered: lambda _: "picks up",
    e.LegNotReached: lambda fact: f"is not reached: {fact.status}",
    e.LegJoined: lambda _: "is in the room",
    e.LegLost: lambda _: "is off the line",
    e.ForwardEnded: lambda fact: f"is back from the other number: {fact.status}",
    e.PeopleFound: lambda fact: f"free and claimed: {', '.join(fact.people)}",
    e.LookupDone: lambda _: "another system has answered",
    e.LookupFailed: lambda fact: f"another system did not answer: {fact.reason}",
    e.TimerFired: lambda fact: "" if fact.name == "heartbeat" else f"the time of {fact.name} is over",
    e.RingPlaced: lambda _: "phone rings",
    e.SearchRenewed: lambda _: "somebody became free",
}
"""Not told: ``Served``, which follows nearly everything."""
