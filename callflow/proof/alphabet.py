"""Every event that can come next in a canonical call. One whose effect depends on time is tried with each answer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import NamedTuple

from callflow.core import events as e
from callflow.core.agent_search import SEARCHING
from callflow.core.call import Call, Leg, LegStatus, Place, Role
from callflow.core.configuration import Configuration, Ring
from callflow.core.places import ASKING, PROTECTED, STAR, WAITS_FOR
from callflow.core.policy import Policy, SpokenAnswers
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer, TimerName, leg_timer
from callflow.proof import act_trials, canonical, questions, step_answers
from callflow.proof.canonical import NOW, NUMBER
from callflow.proof.endings import ENDINGS, Ending


class Kind(StrEnum):
    PERSON = "somebody does something"
    DOCUMENT = "a document ends by itself"
    TIMER = "a deadline passes"
    SEARCH = "our search answers"
    FAULT = "something fails"


BY_ITSELF = frozenset({Kind.DOCUMENT, Kind.TIMER, Kind.SEARCH})


class Trial(NamedTuple):
    """One event, and the call with its questions of time answered. ``remark`` is the answer in words."""

    call: Call
    event: e.Event
    kind: Kind
    remark: str = ""


KEYS: Mapping[P, str] = {
    P.OFFER: "129", P.BRIEFING: "1239", P.DECLINE_MENU: "1", P.SKIP_MENU: "1*", P.OFFERS_MENU: "*#",
    P.UNLOCK_MENU: "1*", P.ATTEST_MENU: "12*",
    P.STANDBY: "*81", P.HOLD: "25", P.HOLD_DESK: "123*", P.CHECK_IN: "035", P.CONSULT_WAIT: "25",
    P.HOLD_QUESTION: "0", P.SUPERVISOR_QUESTION: "0", P.CALL_BACK_QUESTION: "0", P.CALL_BACK_CONFIRM: "0",
    P.CONSULT_MENU: "1234*", P.INTRODUCTION_MENU: "134*", P.WARNING_ECHO: "*8", P.CLOSING_WATCH: "*8",
    P.INVITATION: "129", P.RECORDING_QUESTION: "05",
    P.END_CONFIRM: "123", P.END_SILENT: "12", P.SILENCE: "5", P.LET_GO: "5", P.WRAP_UP: "01489#", P.BUSY_MENU: "*",
    P.TOLD: "12", P.CO_SIGN: "123", P.LISTEN_OFFER: "123", P.LISTEN_MENU: "123489*",
}  # fmt: skip
"""The keys tried at each place: those with a meaning, and one without. Configured keys are added by ``keys``."""


def trials(call: Call, configuration: Configuration) -> Iterator[Trial]:
    """All events to try: those of people first, then documents, deadlines and faults, for readable counterexamples.

    Acts from elsewhere come last: what happens on the call itself explains more.
    """
    twin = _twin(call)
    live = [leg for leg in call.legs if leg.live and leg is not twin and not leg.at(P.NOT_CALLED)]
    for leg in live:
        yield from _by_person(call, leg, configuration)
    for leg in live:
        yield from _by_document(call, leg)
    if call.caller.at(P.STEP) and (step := step_answers.step_of(call, configuration)):
        yield from (Trial(call, event, Kind.SEARCH) for event in step_answers.by_itself(call, step))
    yield from _by_search(call, configuration)
    for name in call.deadlines:
        if twin is None or name != leg_timer(twin.id):
            yield from _by_timer(call, name, configuration)
    for leg in live:
        yield from _by_fault(call, leg)
    if call.stage is Stage.CLOSING:
        yield Trial(call, e.ServerStarted(at=NOW), Kind.FAULT)
    if call.stage in (Stage.CLOSING, Stage.WARNING, Stage.TALKING) and call.warnings:
        yield from _told(call, configuration)
    yield from (Trial(at, event, Kind.PERSON) for at, event in act_trials.of(call, configuration))


def _told(call: Call, configuration: Configuration) -> Iterator[Trial]:
    """A supervisor is rung to be told, or to co-sign: a leg that is set apart (``detached_legs``)."""
    about = {Stage.WARNING: "warning", Stage.CLOSING: "closing"}.get(call.stage, "co_signature")
    here = {leg.person for leg in call.legs if leg.live}
    team = configuration.teams.get(call.team)
    free = tuple(one for one in (team.supervisors if team else ()) if one not in here)
    for people in dict.fromkeys((free[:1], ())):
        yield Trial(call.but(telling=about), e.SupervisorFound(at=NOW, people=people), Kind.SEARCH)


def _twin(call: Call) -> Leg | None:
    """The second of two candidates who hear the same: what happens to it is tried with the first (``canonical``)."""
    match call.candidates:
        case (first, second) if canonical.alike(first, second):
            return second
    return None


# -- events caused by people


def _by_person(call: Call, leg: Leg, configuration: Configuration) -> Iterator[Trial]:
    person = partial(Trial, kind=Kind.PERSON)
    name = leg.place.name
    call = questions.with_an_offer(call, leg, configuration)
    if leg.status is not LegStatus.UP:
        yield person(call, e.LegAnswered(at=NOW, leg=leg.id, sid="CA"))
        return
    if name in ASKING:
        yield from _by_answer(call, leg, configuration.policy)
    if name is P.STEP and (step := step_answers.step_of(call, configuration)):
        for event in step_answers.further(call, step):
            yield person(call, event)
    if name is P.LISTENING or (name is P.ROOM and leg.role in (Role.LEAD, Role.HELPER)):
        yield person(call, e.StarPressed(at=NOW, leg=leg.id))
        yield from _on_the_way(call, leg, configuration.policy) if name is P.ROOM else ()
    if name in (P.MESSAGE, P.NOTE, P.SPOKEN_BRIEFING):
        yield person(call, e.MessageRecorded(at=NOW, leg=leg.id, recording="RE", seconds=5))
    for key in keys(call, leg, configuration):
        event = e.DigitPressed(at=NOW, leg=leg.id, key=key)
        for answered, remark in questions.of_key(call, leg, key, configuration):
            yield person(answered, event, remark=remark)
    if ENDINGS[name] is not Ending.HANG_UP:  # else the document causes the same event
        yield person(call, e.LegLost(at=NOW, leg=leg.id, status="completed"))


def _on_the_way(call: Call, leg: Leg, policy: Policy) -> Iterator[Trial]:
    """A protective key on the way into the room, with and without a star before it.

    The other digits after a star are those of the menu that star opens: its states are visited anyway.
    """
    starred = call.changed(leg.id, place=Place(P.ROOM, details={STAR: 1}))
    for key in _protective(policy):
        for before in (call, starred):
            yield Trial(before, e.DigitPressed(at=NOW, leg=leg.id, key=key), Kind.PERSON)


def _by_answer(call: Call, leg: Leg, policy: Policy) -> Iterator[Trial]:
    """Yes, no, or neither; or a recording that may be any of them."""
    person = partial(Trial, kind=Kind.PERSON)
    if policy.spoken_answers is SpokenAnswers.RECORDING and WAITS_FOR not in leg.place.details:
        yield person(call, e.AnswerRecorded(at=NOW, leg=leg.id, recording="RE", seconds=3))
    for withheld, remark in questions.number_shown(call) if leg.at(P.CALL_BACK_QUESTION) else [(call, "")]:
        yield person(withheld, e.ConsentGiven(at=NOW, leg=leg.id, how="key"), remark=remark)
    yield person(call, e.ConsentRefused(at=NOW, leg=leg.id, how="key"))
    for late, remark in questions.last_ask(call):
        yield person(late, e.ConsentNotHeard(at=NOW, leg=leg.id), remark=remark)


def keys(call: Call, leg: Leg, configuration: Configuration) -> list[str]:
    """The keys to try at this place."""
    policy, name = configuration.policy, leg.place.name
    known = [*KEYS.get(name, "")]
    match name:
        case P.MENU:
            known = [*dict.fromkeys(policy.menu.keys.values()), "*", _meaningless(policy)]
        case P.END_CONDUCT:
            known = [*[one.key for one in policy.draw_the_line.conduct][:2], "*", "0"]
        case P.CONDUCT_MENU:
            rules = policy.draw_the_line.conduct
            known = [next((one.key for one in rules if one.severe is severe), "*") for severe in (False, True)] + ["*"]
        case P.STEP | P.QUEUE:
            step = step_answers.step_of(call, configuration)
            known = (
                step_answers.keys(step) if step and any(leg.place.details.get(one) for one in ("asks", "keys")) else []
            )
        case P.CALL_BACK_NUMBER:
            known = [NUMBER.lstrip("+"), "12"]
        case P.OFFERS_MENU:
            known += [one.number for one in configuration.guidance.offers.values()][:1]
        case P.BUSY_MENU:
            known += [policy.menu.keys["relief"], "8"]
    if name in PROTECTED:
        known += _protective(policy)
    return list(dict.fromkeys(known))


def _protective(policy: Policy) -> list[str]:
    return [policy.menu.keys[one] for one in ("safeguarding", "threat")]


def _meaningless(policy: Policy) -> str:
    return next((key for key in "1234567890#" if key not in policy.menu.keys.values()), "#")


# -- events that come by themselves


def _by_document(call: Call, leg: Leg) -> Iterator[Trial]:
    document = partial(Trial, kind=Kind.DOCUMENT)
    name = leg.place.name
    if leg.status is not LegStatus.UP:
        yield document(call, e.LegNotReached(at=NOW, leg=leg.id, status="no-answer"))
        refused = e.RequestRefused(at=NOW, leg=leg.id, request="ring", code="21210", lasting=True)
        yield Trial(call, refused, Kind.FAULT)
    elif ENDINGS[name] is Ending.US:
        yield document(call, e.PlaceEnded(at=NOW, leg=leg.id))
    elif ENDINGS[name] is Ending.HANG_UP:
        yield document(call, e.LegLost(at=NOW, leg=leg.id, status="completed"))
    elif name is P.HOLD:
        for over, remark in questions.time_left(Timer.HOLD)(call):
            yield document(over, e.LegJoined(at=NOW, leg=leg.id, token=leg.token), remark=remark)
    elif name is P.WARNING:
        for played, remark in questions.heard(call):
            yield document(played, e.LegJoined(at=NOW, leg=leg.id, token=leg.token), remark=remark)
    elif name is not P.ROOM:
        yield document(call, e.LegJoined(at=NOW, leg=leg.id, token=leg.token))


def _by_search(call: Call, configuration: Configuration) -> Iterator[Trial]:
    """Somebody is found, or nobody. Two are found at once if a team is rung all at once; two stand for any number."""
    search = call.search
    if not search or call.stage not in SEARCHING or call.candidates or Timer.SEARCH in call.deadlines:
        return
    team = configuration.teams[search.team]
    group = team.members(search.group)
    here = {leg.person for leg in call.legs if leg.live}
    most = 0 if search.until and search.until <= NOW else 2 if team.ring is Ring.ALL else 1  # as ``next_people``
    free = [one for one in group if one not in here][:most]
    if free:
        yield Trial(call, e.PeopleFound(at=NOW, people=tuple(free)), Kind.SEARCH)
    yield Trial(call, e.NobodyFree(at=NOW), Kind.SEARCH)
    nobody = call.but(search=replace(search, refused=team.agents + team.supervisors))
    yield Trial(nobody, e.NobodyFree(at=NOW), Kind.SEARCH, "when the provider has refused to ring everybody")
    if call.stage is Stage.WAITING and not call.locks:
        yield Trial(call, e.EverybodyAway(at=NOW), Kind.SEARCH)


def _by_timer(call: Call, name: TimerName, configuration: Configuration) -> Iterator[Trial]:
    event = e.TimerFired(at=NOW, name=name)
    answers = questions.gate(call, configuration.policy) if name == Timer.CLOSING else [(call, "")]
    for answered, remark in answers:
        yield Trial(answered.timer(name, NOW), event, Kind.TIMER, remark)


def _by_fault(call: Call, leg: Leg) -> Iterator[Trial]:
    """The stateless fallback brings the leg into the room, or the report that it joined comes late or twice."""
    if leg.status is not LegStatus.UP or leg.at(P.GONE):
        return
    long_ago = call.changed(leg.id, since=NOW - timedelta(seconds=600)) if leg.at(P.WARNING) else call
    yield Trial(long_ago, e.LegJoined(at=NOW, leg=leg.id, token=None), Kind.FAULT)
    if leg.at(P.ROOM):
        yield Trial(call, e.LegJoined(at=NOW, leg=leg.id, token=leg.token), Kind.FAULT)
    if leg.role is Role.CALLER and leg.at(P.WARNING):
        never = call.changed(leg.id, seen=0, since=NOW - timedelta(seconds=600))
        joined = e.LegJoined(at=NOW, leg=leg.id, token=leg.token)
        yield Trial(never, joined, Kind.FAULT, "although the warning was never fetched")


def talk(call: Call, seconds: int) -> Trial:
    """An event that only lets ``seconds`` pass, to see whether they count as open conversation."""
    silent = call.but(at=NOW - timedelta(seconds=seconds))
    return Trial(silent, e.TimerFired(at=NOW, name=Timer.HEARTBEAT), Kind.TIMER)
