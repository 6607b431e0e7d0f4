"""A past call step by step: what happened, the stage, where everybody was, what they heard, what was due.

With the call's own configuration the spoken words are shown; without it, what the history has: the script ids.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from callflow.core import events as e
from callflow.core import prompts
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.core.policy import MENU_KEYS
from callflow.core.stages import PlaceName
from callflow.core.timer_names import Timer
from callflow.service.moments import Moment, moment_of
from callflow.service.ports import Entry
from callflow.simulator.configuration_reads import Read, by_file, noting
from callflow.simulator.replay_core import replayed
from callflow.simulator.transcript import journal_lines

WIDTH = 10
PROTECTIVE = ("safeguarding", "threat", "relief")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayFrame:
    """One moment of a past call. ``now`` is the call at that moment, ``was`` the call before; both are None without the
    call's own configuration. ``reads`` are the settings that decided, each once; none without that configuration."""

    moment: Moment
    now: Call | None
    was: Call | None
    stage: str
    entries: tuple[Entry, ...] = ()
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    reads: tuple[Read, ...] = ()


def replay_frames(
    end: Call, history: Sequence[Moment], journal: Sequence[Entry], configuration: Configuration
) -> Iterator[ReplayFrame]:
    """Every moment of a call. ``configuration`` is used as long as replaying with it gives what was recorded."""
    reads: list[Read] = []
    steps = replayed(end, history, noting(configuration, reads))
    matches, stage, places = end.digest == configuration.digest, "", dict[str, tuple[str, ...]]()
    now: Call | None = None
    written = 0
    for recorded in history:
        was = now
        if matches:
            step = next((one for one in steps if one.last), None)
            now = step.after if step else None
            matches = now is not None and moment_of(was, now, recorded.facts, recorded.at, recorded.entries) == recorded
        now = now if matches else None
        stage, places = recorded.stage or stage, {**places, **recorded.places}
        entries = tuple(journal[written : written + recorded.entries])
        written += recorded.entries
        yield ReplayFrame(moment=recorded, now=now, was=was, stage=stage, entries=entries, places=places,
                          reads=_decisive(reads, was, recorded.facts) if now else ())  # fmt: skip
        reads.clear()


def _decisive(reads: Sequence[Read], was: Call | None, facts: Sequence[e.Event]) -> tuple[Read, ...]:
    """Each setting once. The core compares a key in any menu of staff with the keys that protect people, which stand
    among the keys of the star menu: one of the others decided only if it was pressed there."""
    pressed = [was.leg(fact.leg) for fact in facts if isinstance(fact, e.DigitPressed)] if was else []
    if any(leg and leg.at(PlaceName.MENU) for leg in pressed):
        return tuple(dict.fromkeys(reads))
    others = {f"menu.keys.{name}" for name in MENU_KEYS if name not in PROTECTIVE}
    return tuple(one for one in dict.fromkeys(reads) if one.key not in others)


def describe(frame: ReplayFrame, end: Call, configuration: Configuration) -> list[str]:
    """The lines about one moment; none if nothing happened that a person would notice."""
    recorded = [line for fact in frame.moment.facts if (line := happened(fact, end))]
    moved = [_moved(leg, frame, end, configuration) for leg in frame.moment.places]
    journal = [line.split(None, 2)[-1] for line in journal_lines(frame.entries)]
    if not (recorded or moved or frame.moment.stage or journal):
        return []
    clock = f"{frame.moment.at:%H:%M:%S.%f}"[:12] + f"Z  {since(frame.moment.at, end.started_at)}"
    head = [f"{clock}  {line}" for line in recorded[:1]] or [clock]
    rest = [
        *recorded[1:],
        *([f"stage     {frame.moment.stage}"] if frame.moment.stage else []),
        *moved,
        *_due(frame),
        *(f"journal   {line}" for line in journal),
        *(f"settings  {line}" for line in by_file(frame.reads)),
    ]
    return [*head, *(f"{'':>23} {line}" for line in rest)]


def everything(frame: ReplayFrame, end: Call) -> list[str]:
    """Where everybody is at this moment, as ``--step`` shows it."""
    where = [f"{name(leg, end)} at {place[0]}" for leg, place in frame.places.items() if place[0] != "gone"]
    return [f"{'':>23} = {frame.stage}: {', '.join(where)}"]


def _moved(leg: str, frame: ReplayFrame, end: Call, configuration: Configuration) -> str:
    place, *scripts = frame.moment.places[leg]
    found = frame.now.leg(leg) if frame.now else None
    spoken = _words(found, frame.now, configuration) if found and frame.now else ", ".join(scripts)
    return f"{name(leg, end):<{WIDTH}} to {place}" + (f": {spoken}" if spoken else "")


def _words(leg: Leg, now: Call, configuration: Configuration) -> str:
    language = prompts.heard_by(configuration, now, leg)
    return " ".join(f'"{prompts.text(configuration, language, one)}"' for one in leg.place.prompts)


def _due(frame: ReplayFrame) -> list[str]:
    """The deadlines of the call, the earliest first; nothing if they did not change."""
    if not frame.now or not frame.now.deadlines or (frame.was and frame.was.deadlines == frame.now.deadlines):
        return []
    by_time = sorted(frame.now.deadlines.items(), key=lambda pair: pair[1])
    recorded = [f"{what} in {(at - frame.moment.at).total_seconds():.0f} s" for what, at in by_time]
    return [f"due       {', '.join(recorded)}"]


def since(at: datetime, begun: datetime) -> str:
    seconds = (at - begun).total_seconds()
    return f"{int(seconds // 60):3d}:{seconds % 60:04.1f}"


def name(leg: str, end: Call) -> str:
    """The id of the person on a leg, else the leg's id (``caller``)."""
    found = end.leg(leg)
    return found.person or leg if found else leg


def happened(fact: e.Event, end: Call) -> str:
    """An event in words; "" for one that no person would notice."""
    recorded = DESCRIPTIONS[type(fact)](fact) if type(fact) in DESCRIPTIONS else ""
    if not recorded or not isinstance(fact, e.LegEvent):
        return recorded
    return f"{name(fact.leg, end):<{WIDTH}}{recorded}"


DESCRIPTIONS: Mapping[type[e.Event], Callable[..., str]] = {
    e.CallStarted: lambda fact: f"{'caller':<{WIDTH}}calls {fact.called}",
    e.OutgoingStarted: lambda fact: f"{fact.agent:<{WIDTH}}is to call a customer",
    e.DigitPressed: lambda fact: f"presses {fact.key}",
    e.NothingPressed: lambda _: "presses nothing",
    e.WordsSpoken: lambda fact: f"says {fact.words}" if fact.words.strip("?") else "says something",
    e.StarPressed: lambda _: "presses *",
    e.ConsentGiven: lambda fact: f"says yes, by {fact.how}",
    e.ConsentRefused: lambda fact: f"says no, by {fact.how}",
    e.ConsentNotHeard: lambda _: "gives no clear answer",
    e.AnswerRecorded: lambda fact: f"has answered in {fact.seconds} s, which are recorded",
    e.TalkOverMeasured: lambda fact: f"spoke for {fact.seconds:.1f} s during a warning",
    e.AnswerRecognised: lambda fact: f"was understood by {fact.engine}: {fact.meaning or 'neither yes nor no'}",
    e.MessageRecorded: lambda fact: f"has spoken a message of {fact.seconds} s",
    e.LegAnswered: lambda _: "picks up",
    e.LegNotReached: lambda fact: f"is not reached: {fact.status}",
    e.LegJoined: lambda _: "is in the room",
    e.LegLost: lambda _: "is off the line",
    e.ForwardEnded: lambda fact: f"is back from the other number: {fact.status}",
    e.PeopleFound: lambda fact: f"free and claimed: {', '.join(fact.people)}",
    e.EverybodyAway: lambda _: "everybody is away",
    e.LookupDone: lambda _: "another system has answered",
    e.LookupFailed: lambda fact: f"another system did not answer: {fact.reason}",
    e.TimerFired: lambda fact: "" if fact.name == Timer.HEARTBEAT else f"the time of {fact.name} is over",
    e.RingPlaced: lambda _: "phone rings",
    e.SearchRenewed: lambda _: "somebody became free",
    e.LineCounted: lambda fact: f"is number {fact.ahead + 1} in line",
    e.FlowsClosed: lambda fact: f"closed by hand: {', '.join(fact.closed) or 'no flow any more'}",
    e.ServerStarted: lambda _: "the server has started",
}
"""``Served`` is left out, because it follows nearly every event."""
