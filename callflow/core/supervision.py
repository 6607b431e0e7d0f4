"""Supervisors who are rung about a call and do not join it: told of a warning or a closing, or asked to co-sign one
(rules 30 and 31). One is rung at a time, nobody twice for the same, and nobody who is on another call or on a break.

The wish stands in ``Call.telling``; the service answers it with a supervisor who is free (``events.SupervisorFound``).
"""

from datetime import datetime, timedelta
from typing import Final

from callflow.core import agent_search, briefing, duty, ladder, listening
from callflow.core.bounds import WITH_LEAD
from callflow.core.call import Call, Leg, LegStatus, Place, Prompt, Role
from callflow.core.configuration import Configuration, Group
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import (
    DigitPressed,
    LegAnswered,
    LegEvent,
    LegLost,
    LegNotReached,
    PeopleFound,
    SupervisorFound,
)
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.places import TOLD_OF
from callflow.core.policy import TellSupervisors
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.telephones import ask

WARNING: Final = "warning"
CLOSING: Final = "closing"
CO_SIGNATURE: Final = "co_signature"
MAY_LISTEN: Final = "told_final_warning"
"""The line of a final warning: whoever is told may come to listen."""
MOST_RUNG: Final = 2
"""So many supervisors are rung at most to be told of one warning or closing."""
MOST_ASKED: Final = 4
"""So many are rung at most for a co-signature within ``ASK_AGAIN_SECONDS``."""
ASK_AGAIN_SECONDS: Final = 120
"""After this time whoever did not agree to a closing, or did not answer, may be asked again."""


def tell(draft: DecisionDraft, what: str) -> None:
    """A warning or a closing begins: a supervisor is told, unless one has the call or is on it."""
    here = next(
        (leg for leg in (draft.call.lead_leg, draft.call.helper_leg) if leg and duty.rung_as_supervisor(leg)), None
    )
    if here:
        return _note(draft, here.person, NoteOutcome.ON_THE_CALL, what)
    if draft.policy.draw_the_line.tell_supervisors is TellSupervisors.JOURNAL:
        return _note(draft, SYSTEM, NoteOutcome.IN_THE_JOURNAL, what)
    rung = next((leg for leg in _rung(draft.call) if subject(leg) != CO_SIGNATURE), None)
    if rung is None:
        draft.call = draft.call.but(telling=what)
    elif rung.status is LegStatus.UP:  # the same telephone brings the newer message; one that rings will
        speak(draft, rung)
    return None


def ask_co_signature(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``4`` where only the co-signature is missing: the first press rings a supervisor."""
    if not any(subject(leg) == CO_SIGNATURE for leg in _rung(draft.call)):
        draft.note(NoteKind.CO_SIGNATURE, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.ASKED)
        draft.call = draft.call.but(telling=CO_SIGNATURE)


def _note(draft: DecisionDraft, actor: str, outcome: NoteOutcome | OutcomeText, what: str, key: str = "") -> None:
    kind = NoteKind.CO_SIGNATURE if what == CO_SIGNATURE else NoteKind.SUPERVISOR_TOLD
    draft.note(kind, actor, key=key, outcome=outcome, **({} if what == CO_SIGNATURE else {"reason": what}))


# -- who is rung


def people(call: Call, configuration: Configuration) -> tuple[str, ...]:
    """The ids of the supervisors who may be rung for ``Call.telling``, in the team's order."""
    if call.team not in configuration.teams:
        return ()
    since, most = _since(call)
    rung = {leg.person for leg in call.legs if leg.live or (leg.role is Role.ALERTED and leg.since >= since)}
    tried = sum(leg.role is Role.ALERTED and leg.since >= since and not leg.live for leg in call.legs)
    if tried >= most:
        return ()
    found = duty.ringable(call, configuration, call.team, Group.SUPERVISORS, call.at)
    return tuple(one for one in found if one not in rung and duty.on_duty(configuration, one, call.at))


def _since(call: Call) -> tuple[datetime, int]:
    """From when on those count who were rung for the same before, and how many may be."""
    if call.telling == CO_SIGNATURE:
        return call.at - timedelta(seconds=ASK_AGAIN_SECONDS), MOST_ASKED
    begun = [one.started_at for one in call.warnings] + ([call.closing.confirmed_at] if call.closing else [])
    return max(begun, default=call.started_at), MOST_RUNG


def rung_for(call: Call) -> str:
    """The supervisor whose telephone is in use for such a message while a search for one begins, or "".

    The search takes that telephone: whoever is rung already need not be rung once more.
    """
    search = call.search
    if not search or search.group is not Group.SUPERVISORS or call.candidates:
        return ""
    return next((leg.person for leg in _rung(call)), "")


def ring(draft: DecisionDraft, event: PeopleFound) -> None:
    """Ring these people. A telephone that is rung for a message already is that of somebody asked to take the call."""
    known = {leg.person: leg for leg in _rung(draft.call) if leg.person in event.people}
    for leg in known.values() if draft.call.search else ():
        draft.role(leg.id, Role.CANDIDATE)
        if leg.status is LegStatus.UP and (now := draft.call.leg(leg.id)):
            agent_search.brief(draft, now)
    agent_search.ring(draft, event, known)


def _rung(call: Call) -> list[Leg]:
    return [leg for leg in call.legs if leg.role is Role.ALERTED and leg.live and subject(leg) and not leg.at(P.GONE)]


def subject(leg: Leg) -> str:
    """What a supervisor is rung for: a warning, a closing, a co-signature; "" for the security desk and candidates."""
    return str(leg.place.details.get(TOLD_OF, "")) if leg.role is Role.ALERTED else ""


def found(draft: DecisionDraft, event: SupervisorFound) -> None:
    what, draft.call = draft.call.telling, draft.call.but(telling="")
    if what and event.people:
        id = agent_search.add_leg(draft, event.people[0], Role.ALERTED, duty.PREFIX[Group.SUPERVISORS])
        draft.call = draft.call.changed(id, place=Place(P.RINGING, details={TOLD_OF: what}))
    elif what:
        _note(draft, SYSTEM, NoteOutcome.NOBODY_FREE, what)
        if what == CO_SIGNATURE:
            tell_lead(draft, "co_sign_missing")


# -- what is heard


def answered(draft: DecisionDraft, event: LegAnswered) -> None:
    """A telephone was answered, perhaps by a voicemail: only a key says that a person is there."""
    leg = draft.call.leg(event.leg)
    if leg and leg.role is Role.LISTENER:
        return listening.answered(draft, event)
    agent_search.answered(draft, event)
    now = draft.call.leg(event.leg)
    if leg and now and subject(leg) and leg.status is not LegStatus.UP and not leg.at(P.GONE):
        speak(draft, now)
    return None


def speak(draft: DecisionDraft, leg: Leg) -> None:
    """What it is about, and the keys."""
    what = _latest(draft.call, leg)
    place, script = (P.CO_SIGN, "co_sign_offer") if what == CO_SIGNATURE else (P.TOLD, f"told_{what}")
    if what == WARNING and draft.call.warnings[-1].final and draft.policy.draw_the_line.supervisor_listens:
        script = MAY_LISTEN
    warned = ladder.last_heard(draft.call) if what == CO_SIGNATURE else (draft.call.warnings or (None,))[-1]
    conduct = draft.policy.draw_the_line.named(warned.conduct) if warned else None
    said = draft.prompt(script, facts=briefing.facts(draft), conduct=conduct.name if conduct else "")
    ask(draft, leg, place, [said], draft.prompt("offer_missed"), **{TOLD_OF: what})


def _latest(call: Call, leg: Leg) -> str:
    """What the telephone was rung for, or the closing that has begun since."""
    return CLOSING if call.closing and subject(leg) == WARNING else subject(leg)


def told_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1``: heard. ``2``: heard, and to listen from now on (rule 21). With other keys it is said again."""
    leg = draft.call.leg(event.leg)
    if leg and event.key == "2" and _may_listen(draft.call, leg):
        _note(draft, leg.person, NoteOutcome.CONFIRMED, subject(leg), event.key)
        return listening.from_afar(draft, event)
    if leg and event.key == "1":
        _note(draft, leg.person, NoteOutcome.CONFIRMED, subject(leg), event.key)
        _thank(draft, leg)
    elif leg:
        speak(draft, leg)
    return None


def _may_listen(call: Call, leg: Leg) -> bool:
    """Whether the line that was spoken offers it, and there is still something to hear."""
    return call.stage in WITH_LEAD and any(one.script == MAY_LISTEN for one in leg.place.prompts)


def co_sign_pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1`` agrees to the closing, ``2`` does not. Either is on record, and the lead hears of it."""
    leg = draft.call.leg(event.leg)
    if not leg or event.key not in ("1", "2"):
        return speak(draft, leg) if leg else None
    agrees = event.key == "1"
    _note(draft, leg.person, NoteOutcome.YES if agrees else NoteOutcome.NO, CO_SIGNATURE, event.key)
    _thank(draft, leg)
    if agrees and draft.call.caller.live:
        draft.call = draft.call.but(co_signed=leg.person)
    return tell_lead(draft, "co_signed" if agrees else "co_sign_missing")


def _thank(draft: DecisionDraft, leg: Leg) -> None:
    draft.release(leg.id, draft.prompt("told_thanks"))


def not_confirmed(draft: DecisionDraft, event: LegEvent) -> None:
    """The message has ended without a key."""
    if leg := draft.call.leg(event.leg):
        _unheard(draft, leg, NoteOutcome.NOT_CONFIRMED)
        draft.release(leg.id)


def lost(draft: DecisionDraft, event: LegLost | LegNotReached) -> None:
    """The telephone is over: if nobody has pressed a key, the next supervisor may be rung."""
    leg = draft.call.leg(event.leg)
    draft.lost(event.leg)
    if leg and not leg.at(P.GONE):
        _unheard(draft, leg, NoteOutcome.NOT_REACHED if isinstance(event, LegNotReached) else NoteOutcome.NOT_CONFIRMED)


def over(draft: DecisionDraft, leg: Leg) -> None:
    """It has been rung, or has listened, for long enough."""
    if not leg.at(P.GONE):
        _unheard(draft, leg, NoteOutcome.TIME_OVER)
    draft.release(leg.id)


def _unheard(draft: DecisionDraft, leg: Leg, outcome: NoteOutcome) -> None:
    _note(draft, leg.person, outcome, subject(leg))
    if draft.call.caller.live and not draft.call.telling and subject(leg):
        draft.call = draft.call.but(telling=_latest(draft.call, leg))


def caller_gone(draft: DecisionDraft) -> None:
    """Nobody need agree any more. Whoever is told of a warning is still told."""
    draft.call = draft.call.but(telling="" if draft.call.telling == CO_SIGNATURE else draft.call.telling)
    for leg in _rung(draft.call):
        if subject(leg) == CO_SIGNATURE:
            draft.release(leg.id, draft.prompt("offer_gone"))


def tell_lead(draft: DecisionDraft, script: str) -> None:
    """At once while the lead talks with the caller, else with the next menu (``draw_the_line.untold``)."""
    lead = draft.call.lead_leg
    if draft.call.stage is Stage.TALKING and lead and lead.in_room:
        draft.room(lead.id, news(draft, script))
    elif draft.call.caller.live:
        draft.call = draft.call.but(untold=script)


def news(draft: DecisionDraft, script: str) -> Prompt:
    """The line about the co-signature, with the step that is open now."""
    refusal = ladder.closing(draft.call, draft.policy)
    if script == "co_signed" and refusal:
        return draft.refusal(refusal)
    names = draft.configuration.supervisors
    who = names[draft.call.co_signed].name if draft.call.co_signed in names else draft.fragment("unnamed_supervisor")
    return draft.advising("end_call" if script == "co_signed" else ladder.help_now(draft.call, draft.policy), script,
                          supervisor=who)  # fmt: skip


SCRIPTS: Final = ("co_signed", "co_sign_missing")
