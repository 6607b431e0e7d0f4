"""Describes in sentences how a promise is broken."""

from collections.abc import Iterable, Iterator, Mapping

from callflow.core import events as e
from callflow.core.call import Call, Leg, LegStatus, Role
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.places import STAR
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import leg_of
from callflow.proof.alphabet import Kind, Trial
from callflow.proof.exploring import Explored
from callflow.proof.timed import Wait


def path_to(explored: Explored, state: int, more: Iterable[Trial] = ()) -> list[str]:
    """Numbered sentences for the shortest path to this state and the trials ``more`` after it."""
    steps = [*explored.path_to(state), *((trial.call, trial) for trial in more)]
    sentences = [_beginning(explored, state)] + [sentence(trial, explored.configuration) for _, trial in steps]
    return [f"{number}. {one}" for number, one in enumerate(sentences, 1)]


def _beginning(explored: Explored, state: int) -> str:
    """The first sentence. A path begins with the call, or with a step at which the exploration was started."""
    came = explored.came[state]
    while came:
        state = came[0]
        came = explored.came[state]
    call = explored.calls[state]
    if call.stage is Stage.PREPARING:
        return "An agent is rung for a call to a customer."
    return f'The caller calls, and comes to the step "{call.step}".' if state else "The caller calls."


def sentence(trial: Trial, configuration: Configuration) -> str:
    """What happens and, for people who are moved by it, what they hear then."""
    before = trial.call
    decision = decide(before, trial.event, configuration)
    if decision.impossible:
        return f"{_told(trial, configuration)}: {decision.impossible}."
    remark = f", {trial.remark}" if trial.remark else ""
    moved = " and ".join(_moves(before, decision.call, configuration))
    return f"{_told(trial, configuration)}{remark}{f': {moved}' if moved else ''}."


def timed(wait: Wait, configuration: Configuration) -> list[str]:
    """A sentence with its second for everything in the wait that moves somebody."""
    return [
        f"{seconds:3.0f} s  {sentence(trial, configuration)}"
        for seconds, trial in wait.path
        if seconds == 0.0 or any(_moves(trial.call, decide(trial.call, trial.event, configuration).call, configuration))
    ]


def where(call: Call, configuration: Configuration) -> str:
    """Where everybody is."""
    return ", ".join(f"{name(leg, configuration)} {_at(leg)}" for leg in call.legs if leg.live)


def name(leg: Leg | None, configuration: Configuration) -> str:
    if leg is None or leg.role is Role.CALLER:
        return "the caller"
    return configuration.person(leg.person).name if leg.person else "somebody"


def _moves(before: Call, after: Call, configuration: Configuration) -> Iterator[str]:
    known = {leg.id: leg for leg in before.legs}
    for leg in after.legs:
        was = known.get(leg.id)
        if leg.live and (was is None or _heard(was) != _heard(leg)):
            yield f"{name(leg, configuration)} {_at(leg)}"


def _heard(leg: Leg) -> object:
    return leg.place.name, leg.place.details.get("step")


def _at(leg: Leg) -> str:
    match leg.place.name:
        case P.ROOM:
            return "is in the room"
        case P.RINGING:
            return "is being rung"
        case P.GONE:
            return "is let go"
        case P.STEP:
            return f'hears step "{leg.place.details.get("step", "")}"'
        case place:
            return f"hears `{place.value}`"


def _told(trial: Trial, configuration: Configuration) -> str:
    event, call = trial.event, trial.call
    if isinstance(event, e.LegEvent):
        leg = call.leg(event.leg)
        text = _of_leg(event, leg, name(leg, configuration), trial.kind)
        return text[0].upper() + text[1:]
    match event:
        case e.TimerFired(name=timer) if leg_of(timer):
            return f"The time for {name(call.leg(leg_of(timer)), configuration)} is over"
        case e.TimerFired(name=timer):
            return f"The deadline `{timer}` passes"
        case e.PeopleFound(people=people):
            return f"{' and '.join(configuration.person(one).name for one in people)} can be rung"
    return FACTS.get(type(event), type(event).__name__)


FACTS: Mapping[type[e.Event], str] = {
    e.NobodyFree: "Nobody is free",
    e.EverybodyAway: "Everybody is away",
    e.LookupDone: "The lookup is answered",
    e.LookupFailed: "The lookup fails",
}


def _of_leg(event: e.LegEvent, leg: Leg | None, who: str, kind: Kind) -> str:
    at = f" at `{leg.place.name.value}`" if leg and not leg.in_room else ""
    match event:
        case e.DigitPressed(key=key):
            return f"{who} presses {'* and ' if leg and STAR in leg.place.details else ''}{key}{at}"
        case e.LegLost() if kind is Kind.DOCUMENT:
            return f"nobody presses anything{at} and {who}'s line ends"
        case e.LegLost() if leg and leg.status is not LegStatus.UP:
            return f"{who} is not reached"
        case e.LegJoined(token=None):
            return f"a fallback document puts {who} into the room"
    return ACTIONS.get(type(event), "{who} hears the document{at} to its end").format(who=who, at=at)


ACTIONS: Mapping[type[e.Event], str] = {
    e.StarPressed: "{who} presses * in the room",
    e.ConsentGiven: "{who} says yes{at}",
    e.ConsentRefused: "{who} says no{at}",
    e.ConsentNotHeard: "{who} gives no clear answer{at}",
    e.LegAnswered: "{who} picks up",
    e.LegNotReached: "{who} does not answer",
    e.LegLost: "{who} hangs up{at}",
    e.LegJoined: "{who}'s document{at} ends and brings them into the room",
    e.MessageRecorded: "{who} records a message",
    e.AnswerRecorded: "{who} answers{at} in words, which are recorded",
    e.WordsSpoken: "{who} answers in words",
    e.ForwardEnded: "{who}'s call to the number outside is over",
}
