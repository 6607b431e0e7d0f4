"""Acts on a call from elsewhere: on the board, by a command, or in the menu of somebody who listens.

The same rules as for keys on the call's own telephones, in the same journal, with the person as the actor. An act that
is not open is refused, with the reason (``act_refusals``).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from callflow.core import act_refusals, agent_search, listening, locks, supervision
from callflow.core.act_refusals import LOCKS, REASONS, Asked, Reason, leg_of, refusal
from callflow.core.call import ROOM, Call, Leg, Outcome, Role
from callflow.core.configuration import Configuration, Group
from callflow.core.draft import DecisionDraft
from callflow.core.duty import PREFIX
from callflow.core.events import Act, Acted, DigitPressed, Event, Served
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.places import LISTENERS
from callflow.core.stages import Stage as S
from callflow.core.steps import draw_the_line, handing_over
from callflow.core.timer_names import Timer, leg_timer

KEYS: Final[Mapping[str, Act]] = MappingProxyType({
    "1": Act.LISTEN, "2": Act.COACH, "3": Act.JOIN, "4": Act.TAKE_OVER, "8": Act.VETO, "9": Act.LEAVE,
})  # fmt: skip
"""What ``listen_menu`` says."""


def state(call: Call) -> str:
    """A short text that an act decided upon: it changes when that decision should be made anew, and not before.

    A menu of the lead is no other state, nor is who else listens or is rung.
    """
    stage = S.TALKING if call.stage is S.CHOOSING else call.stage
    heard = sum(one.heard_at is not None for one in call.warnings)
    closing = call.closing.confirmed_at.strftime("%H%M%S") if call.closing else ""
    parts = (stage, call.lead, call.helper, "+".join(sorted(call.locks)), f"{heard}of{len(call.warnings)}", closing)
    return ".".join(parts)


def open_acts(call: Call, configuration: Configuration, person: str) -> dict[Act, Reason | None]:
    """Of each act, why it is not open to this person now, or None. Whether a telephone is in use is not looked at."""
    return {act: refusal(Asked(call, configuration, person, act, WITHOUT_DETAILS.get(act, ""))) for act in Act}


WITHOUT_DETAILS: Final[Mapping[Act, str]] = MappingProxyType({Act.UNLOCK: NoteOutcome.SAFE})
"""Details with which an act is asked about that needs some."""


def rings(call: Call, person: str, act: Act, what: str = "") -> str:
    """The person whose telephone the act needs, or ""."""
    if act is Act.RING:
        return what
    needed = act in (Act.LISTEN, Act.COACH, Act.JOIN, Act.TAKE_OVER) and leg_of(call, person) is None
    return person if needed else ""


def acted(draft: DecisionDraft, event: Acted) -> None:
    """Do it, or note why not."""
    act = Act(event.act)
    asked = Asked(draft.call, draft.configuration, event.person, act, event.what, event.reachable)
    if no := refusal(asked):
        draft.note(NoteKind.REFUSED, event.person, outcome=OutcomeText(no.value), act=act.value)
        return
    draft.note(NoteKind.ACT, event.person, outcome=OutcomeText(act.value))
    DOES[act](draft, event, asked)


def pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key in the menu of a listener. Star and keys without a meaning lead back to listening."""
    leg, act = draft.call.leg(event.leg), KEYS.get(event.key)
    if leg and act:
        acted(draft, Acted(at=event.at, person=leg.person, act=act))
    listening.resume(draft, event)


# -- listening, joining and taking over


def _listen(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    if asked.own:
        draft.call = draft.call.changed(asked.own.id, wish=asked.act)
    else:
        listening.ring(draft, event.person, asked.act)


def _take_over(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    if asked.own and asked.own.id == draft.call.helper:
        handing_over.take_over_soon(draft)
    elif asked.own is None and draft.call.stage in act_refusals.ALONE:
        _candidate(draft, event.person)
    else:
        _listen(draft, event, asked)


def _leave(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    if asked.own:
        listening.leave(draft, asked.own, NoteOutcome.ENDED)


def _ring(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    if not event.what:
        return
    if draft.call.stage in (*act_refusals.ALONE, S.RINGING):
        _candidate(draft, event.what)
    else:
        listening.ring(draft, event.what, Act.JOIN)


def _candidate(draft: DecisionDraft, person: str) -> None:
    """Ring this person for the search that is going on, instead of those who have not answered. Who takes a caller for
    whom agents are searched is the agent of this call."""
    draft.release_candidates("offer_gone")
    if search := draft.call.search:
        agent_search.add_leg(
            draft,
            person,
            Role.CANDIDATE,
            PREFIX[Group.SUPERVISORS if person in draft.configuration.supervisors else Group.AGENTS],
        )
        found = draft.call.but(search=replace(search, tried=(*search.tried, person)))
        draft.call = found.without_timer(Timer.SEARCH)


def follow(before: Call, draft: DecisionDraft, event: Event) -> None:
    """After every event: bring listeners in who want to join, and put the others where the call is now.

    Not while a leg fetches its document, which would be an old one then; and an act that is refused moves nobody.
    """
    legs = listening.of(draft.call)
    if not legs or isinstance(event, Served) or (isinstance(event, Acted) and draft.call.legs == before.legs):
        return
    for leg in legs:
        wants = leg.accepted and leg.wish in (Act.JOIN, Act.TAKE_OVER) and leg.place.name in LISTENERS
        if wants and draft.call.stage in act_refusals.JOINABLE and not draft.call.helper and _may_hear_more(draft):
            _bring_in(draft, leg, event)
    listening.follow(before, draft, event)


def _may_hear_more(draft: DecisionDraft) -> bool:
    """Not while the caller hears on the way into the room what has changed, such as who has the call now."""
    caller = draft.call.caller
    return caller.live and (caller.place == ROOM or not caller.in_room)


def _bring_in(draft: DecisionDraft, leg: Leg, event: Event) -> None:
    """The listener becomes the helper, and all three are together. The caller is told who comes (rule 20)."""
    draft.release_candidates("offer_gone")
    draft.role(leg.id, Role.HELPER)
    draft.call = draft.call.but(
        helper=leg.id, search=None, delegate_upwards=Outcome.ACCEPTED
    ).without_timer(leg_timer(leg.id))  # fmt: skip
    draft.note(NoteKind.DELEGATE_UPWARDS, leg.person, outcome=NoteOutcome.ACCEPTED)
    handing_over.introduce(draft, event, "supervisor_joins")
    if leg.wish == Act.TAKE_OVER:
        handing_over.take_over_soon(draft)


# -- protecting


def _veto(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    draw_the_line.cancel(draft, event, NoteOutcome.VETOED)


def _lock(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    locks.lock_anywhere(draft, event, LOCKS[event.what])


def _unlock(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    locks.lift(draft, event, REASONS[event.what])
    lead = draft.call.lead_leg
    if lead and lead.in_room:
        draft.room(lead.id, draft.prompt("unlocked"))


def _relief(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    locks.relief(draft, event)


def _co_sign(draft: DecisionDraft, event: Acted, asked: Asked) -> None:
    """A supervisor who is not on the call agrees to what is missing for a caller with an adjustment (rule 30)."""
    if act_refusals.signs(draft.call, draft.configuration) == "warning":
        draft.call = draft.call.but(warning_agreed=event.person)
        draft.note(NoteKind.WARNING, event.person, outcome=NoteOutcome.AGREED)
    else:
        draft.call = draft.call.but(co_signed=event.person)
        draft.note(NoteKind.CO_SIGNATURE, event.person, outcome=NoteOutcome.YES)
        supervision.tell_lead(draft, "co_signed")


Deed = Callable[[DecisionDraft, Acted, Asked], None]
DOES: Final[Mapping[Act, Deed]] = MappingProxyType({
    Act.LISTEN: _listen, Act.COACH: _listen, Act.JOIN: _listen, Act.TAKE_OVER: _take_over, Act.LEAVE: _leave,
    Act.VETO: _veto, Act.RING: _ring, Act.LOCK: _lock, Act.UNLOCK: _unlock, Act.RELIEF: _relief,
    Act.CO_SIGN: _co_sign,
})  # fmt: skip
