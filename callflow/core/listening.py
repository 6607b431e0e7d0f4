"""Those who listen to a call: rung on their own telephone, accepted by key, muted, and never before the caller knows.

A listener waits in no room until the caller's document with the notice has ended (rules 20 and 21), and whenever there
is no conversation. Whatever happens to a listener changes nothing for the others. ``follow`` is called after every
event: it has the notice given, and puts every listener where the call is now.

A coach is heard by the lead alone, and only while the lead is in the room: what the provider does with a coach whose
lead has left is not documented (twilio.md 8.3), so the coach is muted until the lead is back.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from callflow.core import agent_search, briefing, prompts
from callflow.core.call import CALLER, ROOM, Call, Leg, LegStatus, Role
from callflow.core.draft import DecisionDraft
from callflow.core.events import (
    Act,
    DigitPressed,
    Event,
    LegAnswered,
    LegEvent,
    LegJoined,
    LegLost,
    LegNotReached,
    NothingPressed,
    PlaceEnded,
)
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.places import COACHES
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.telephones import ask
from callflow.core.timer_names import leg_timer

NOTICE: Final = "listener_notice"
MOST: Final = 2
"""So many may listen to one call at a time."""
WAIT_SECONDS: Final = 150
"""How long a listener waits at most for the notice, or for the conversation to go on."""
SLACK_SECONDS: Final = 30
SETTLED: Final = timedelta(seconds=2)
"""A lead who has fetched the document of the room so long ago is in the room."""
AT_ONCE: Final = timedelta(seconds=5)
"""A document that ends sooner than this did not lead into the room, and is not repeated."""
TOGETHER: Final = frozenset({S.TALKING, S.CHOOSING, S.INTRODUCING})


def of(call: Call) -> list[Leg]:
    """The legs of those who listen, or will."""
    return [leg for leg in call.legs if leg.role is Role.LISTENER and leg.live and not leg.at(P.GONE)]


# -- rung and accepted


def ring(draft: DecisionDraft, person: str, wish: Act) -> None:
    id = agent_search.add_leg(draft, person, Role.LISTENER, "s")
    draft.call = draft.call.changed(id, wish=wish)


def answered(draft: DecisionDraft, event: LegAnswered) -> None:
    if leg := agent_search.picked_up(draft, event):
        draft.note(NoteKind.ANSWERED, draft.actor(leg.id))
        offer(draft, leg)


def offer(draft: DecisionDraft, leg: Leg) -> None:
    """A telephone was answered, perhaps by a voicemail: only the key 1 says that a person is there."""
    script = "join_offer" if leg.wish in (Act.JOIN, Act.TAKE_OVER) else "listen_offer"
    ask(draft, leg, P.LISTEN_OFFER, [draft.prompt(script, facts=briefing.facts(draft))], draft.prompt("offer_missed"))


def offer_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` accepts, ``2`` does not; with other keys the offer is spoken again."""
    leg = draft.call.leg(event.leg)
    if leg and event.key == "1":
        accepted(draft, event)
    elif leg and event.key == "2":
        agent_search.decline(draft, event)
    elif leg:
        offer(draft, leg)


def accepted(draft: DecisionDraft, event: DigitPressed) -> None:
    """The person is there, and waits for the notice to the caller."""
    draft.note(NoteKind.ACCEPTED, draft.actor(event.leg), key=event.key)
    draft.call = draft.call.changed(event.leg, accepted=True)
    _wait(draft, event.leg, "listen_wait")


def from_afar(draft: DecisionDraft, event: DigitPressed) -> None:
    """Whoever was rung to be told of a warning wants to hear how it goes on (rule 21)."""
    draft.role(event.leg, Role.LISTENER)
    draft.call = draft.call.changed(event.leg, wish=Act.LISTEN)
    accepted(draft, event)


def ask_again(draft: DecisionDraft, leg: Leg) -> None:
    """After a key that means the same everywhere: what was asked before."""
    if leg.at(P.LISTEN_OFFER):
        offer(draft, leg)
    else:
        _back(draft, leg)


def _wait(draft: DecisionDraft, leg: str, *scripts: str) -> None:
    draft.put(leg, P.LISTEN_WAIT, *[draft.prompt(one) for one in scripts], seconds=WAIT_SECONDS)
    draft.timer(leg_timer(leg), WAIT_SECONDS + SLACK_SECONDS)


# -- over


def not_accepted(draft: DecisionDraft, event: LegEvent) -> None:
    draft.note(NoteKind.NOT_ACCEPTED, draft.actor(event.leg))
    draft.release(event.leg)


def lost(draft: DecisionDraft, event: LegLost | LegNotReached) -> None:
    """The telephone is over. Nobody else notices."""
    leg = draft.call.leg(event.leg)
    draft.lost(event.leg)
    if leg and not leg.at(P.GONE):
        outcome = NoteOutcome.NOT_REACHED if isinstance(event, LegNotReached) else NoteOutcome.ENDED
        draft.note(NoteKind.LISTENER, leg.person, outcome=outcome)


def over(draft: DecisionDraft, leg: Leg) -> None:
    """It has rung, or the person has waited, for long enough."""
    leave(draft, leg, NoteOutcome.TIME_OVER)


def leave(draft: DecisionDraft, leg: Leg, outcome: NoteOutcome, *scripts: str) -> None:
    """Let the listener go. A telephone that only rings hears nothing."""
    draft.note(NoteKind.LISTENER, leg.person, outcome=outcome)
    said = [draft.prompt(one) for one in scripts] if leg.status is LegStatus.UP else []
    draft.release(leg.id, *said)


def ended(draft: DecisionDraft, event: NothingPressed | PlaceEnded) -> None:
    """The document of the room, or of the wait, is over. Once more into the room, unless it did not lead there."""
    leg = draft.call.leg(event.leg)
    if leg and leg.at(P.LISTENING) and draft.at - leg.since > AT_ONCE:
        draft.put(leg.id, P.LISTENING)
    elif leg:
        leave(draft, leg, NoteOutcome.END_NOT_REPORTED)


# -- the menu


def star(draft: DecisionDraft, leg: Leg) -> None:
    """``*`` of a listener: a menu, in which they hear nobody and nobody hears them."""
    if leg.at(P.LISTENING):
        draft.put(leg.id, P.LISTEN_MENU, draft.prompt("listen_menu"), seconds=draft.policy.menu.seconds)


def resume(draft: DecisionDraft, event: LegEvent) -> None:
    if leg := draft.call.leg(event.leg):
        _back(draft, leg)


def _back(draft: DecisionDraft, leg: Leg) -> None:
    """On to listening, if there is a conversation (``follow``)."""
    if leg.at(P.LISTEN_MENU):
        _wait(draft, leg.id)


# -- after every event


def follow(before: Call, draft: DecisionDraft, event: Event) -> None:
    """Have the notice given, and put every listener where the call is now. ``before`` is the call before the event."""
    legs = of(draft.call)
    if not legs:
        return
    if not draft.call.caller.live or draft.call.stage in (S.AFTERCARE, S.ENDED):
        for leg in legs:
            leave(draft, leg, NoteOutcome.ENDED, "caller_gone")
        return
    for leg in legs:
        if leg.notice:
            _noticed(before, draft, event, leg)
    _give_notice(draft, of(draft.call))
    for leg in of(draft.call):
        if leg.announced and not leg.at(P.LISTEN_MENU):
            _place(draft, event, leg)


def _noticed(before: Call, draft: DecisionDraft, event: Event, leg: Leg) -> None:
    """Whether the caller has heard the notice, by the proof that a warning needs (rule 24). If it failed, the listener
    goes; if the caller was called away from it, it is given again."""
    caller = draft.call.caller
    if caller.token != leg.notice:
        draft.call = draft.call.changed(leg.id, notice=0)
    elif caller.place != ROOM:
        return
    elif _in_full(before, draft, event, leg.notice):
        draft.call = draft.call.changed(leg.id, notice=0, announced=True)
        draft.note(NoteKind.LISTENER, leg.person, script=NOTICE, outcome=NoteOutcome.HEARD_IN_FULL)
    else:
        draft.call = draft.call.changed(leg.id, notice=0)
        leave(draft, leg, NoteOutcome.NOT_PLAYED, "offer_gone")


def _in_full(before: Call, draft: DecisionDraft, event: Event, token: int) -> bool:
    caller = before.caller
    if (
        not isinstance(event, LegJoined)
        or event.leg != CALLER
        or not event.token == token == caller.token == caller.seen
    ):
        return False
    needed = sum(prompts.least_seconds(draft.configuration, draft.call.language, one) for one in caller.place.prompts)
    return (event.at - caller.since).total_seconds() >= needed


def _give_notice(draft: DecisionDraft, legs: Iterable[Leg]) -> None:
    """To the caller, and to the lead, who hear it at the same time and are together again."""
    waiting = [leg for leg in legs if leg.at(P.LISTEN_WAIT) and not (leg.announced or leg.notice) and _listens(leg)]
    if not waiting or not _in_conversation(draft.call):
        return
    names = [draft.configuration.person(leg.person).name for leg in waiting]
    draft.room(CALLER, *[draft.prompt(NOTICE, supervisor=name) for name in names])
    draft.room(draft.call.lead, *[draft.prompt("listener_joins", supervisor=name) for name in names])
    for leg in waiting:
        draft.call = draft.call.changed(leg.id, notice=draft.call.caller.token)
        draft.note(NoteKind.LISTENER, leg.person, script=NOTICE, outcome=NoteOutcome.BEGUN)


def _listens(leg: Leg) -> bool:
    return leg.wish in (Act.LISTEN, Act.COACH)


def _in_conversation(call: Call) -> bool:
    """Whether caller and lead are in the room, and hear nothing else."""
    people = (call.caller, call.lead_leg)
    return call.stage is S.TALKING and all(leg and leg.place == ROOM and leg.seen == leg.token for leg in people)


def _place(draft: DecisionDraft, event: Event, leg: Leg) -> None:
    call = draft.call
    if call.stage not in TOGETHER and not (call.stage is S.RINGING and call.waits_in_room):
        if leg.at(P.LISTENING):
            _wait(draft, leg.id)
        return
    coached = _coached(call, event, leg)
    if not leg.at(P.LISTENING) or leg.place.details.get(COACHES, "") != coached:
        draft.put(leg.id, P.LISTENING, **({COACHES: coached} if coached else {}))
        draft.call = draft.call.without_timer(leg_timer(leg.id))


def _coached(call: Call, event: Event, leg: Leg) -> str:
    """The leg of the lead if this listener is to be heard there now, else "": the listener is muted.

    A coach comes into the room only after the lead: else the provider refuses it (13240). After a refusal the listener
    is muted until they are in the room, or the lead has come.
    """
    lead = call.lead_leg
    if leg.wish != Act.COACH or not lead or lead.place != ROOM or lead.seen != lead.token:
        return ""
    has_come = isinstance(event, LegJoined) and event.leg == lead.id
    refused = isinstance(event, NothingPressed | PlaceEnded) and event.leg == leg.id
    there = has_come or (call.at - lead.since >= SETTLED and not refused)
    return lead.id if there or leg.place.details.get(COACHES) == lead.id else ""
