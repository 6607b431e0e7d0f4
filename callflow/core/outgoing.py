"""A call to a customer, which one of our people begins: the agent is rung and briefed, then the customer is rung.

Whoever answers for the customer hears who is calling and for whom, but not why, and comes into the room by the key 1
alone: a machine never does. From then on it is a call like any other. Without that key it is over, and the agent
hears why.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from callflow.core import agent_search, call_recording, duty, prompts, telephones
from callflow.core import events as e
from callflow.core.call import CALLER, Call, Leg, LegStatus, Place, Role, Word
from callflow.core.configuration import Configuration, Group, Recording
from callflow.core.draft import SYSTEM, DecisionDraft, listed
from callflow.core.evidence import Recorded
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.places import ANNOUNCED, NOT_WITH_US_YET, REPEAT
from callflow.core.script_catalogue import YES_OR_NO
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import leg_timer

RING_SECONDS: Final = 30
"""Of a customer's phone, which is not always at hand: longer than those of staff."""
KEY_SECONDS: Final = 6
ROUNDS: Final = 2
"""The invitation is spoken twice, with ``KEY_SECONDS`` to press a key after each: a greeting may drown the first."""
REPORT_SECONDS: Final = 15
"""How late the report may be that the notice or the question about a recording has ended."""
TOLD: Final = MappingProxyType({
    "time_out": "tried_time_out", "one_warning": "flag_one_warning", "warnings": "flag_warnings",
    "closed": "outgoing_closed", "safeguarding": "flag_safeguarding", "threat": "flag_threat",
    "promised": "outgoing_promised",
})  # fmt: skip
"""What the agent hears of the earlier call: the code in ``OutgoingStarted.told`` -> the fragment. After a colon stands
a number ("warnings:2"), or the time of a call back ("promised:2026-03-02T11:00:00+00:00")."""
NEWS: Final[Mapping[NoteOutcome, str]] = MappingProxyType({
    NoteOutcome.NO_ANSWER: "outgoing_no_answer", NoteOutcome.BUSY: "outgoing_busy",
    NoteOutcome.NOT_REACHED: "outgoing_failed", NoteOutcome.NO_KEY: "outgoing_no_key",
    NoteOutcome.NOT_NOW: "outgoing_not_now", NoteOutcome.CANCELLED: "outgoing_stopped",
})  # fmt: skip
"""What the agent hears if the customer was not reached."""
OF_NETWORK: Final[Mapping[str, NoteOutcome]] = MappingProxyType({
    "busy": NoteOutcome.BUSY, "no-answer": NoteOutcome.NO_ANSWER, "canceled": NoteOutcome.NO_ANSWER,
})  # fmt: skip
"""By the provider's word for a phone that nobody answered; any other is ``NOT_REACHED``."""


def new_outgoing(id: str, started: e.OutgoingStarted, configuration: Configuration, *, reference: str, language: str,
                 flow: str, step: str, account: str = "") -> Call:  # fmt: skip
    """The call before its event ``started`` is applied. ``flow`` and ``step`` connect the customer if the agent is
    lost (``way_of``)."""
    at = started.at
    leg = Leg(id=CALLER, role=Role.CALLER, place=Place(PlaceName.NOT_CALLED), since=at)
    return Call(id=id, reference=reference, digest=configuration.digest, language=language, flow=flow, step=step,
                number=started.number, called=started.called, account=account, started_at=at, at=at, legs=(leg,),
                stage=Stage.PREPARING, team=started.team, reason=started.reason, outgoing=True, about=started.about,
                promise=started.promise)  # fmt: skip


def begin(draft: DecisionDraft, event: e.OutgoingStarted) -> None:
    """Ring the agent. What they will hear is made now, and stays with their leg until they have picked up."""
    if len(draft.call.legs) > 1:
        return  # the event was repeated
    about = {"about": event.about} if event.about else {}
    about |= {"clock": event.clock} if event.clock else {}
    draft.note(NoteKind.OUTGOING, event.agent, outcome=NoteOutcome.BEGUN, **about)
    group = Group.AGENTS if event.agent in draft.configuration.agents else Group.SUPERVISORS
    id = agent_search.add_leg(draft, event.agent, Role.CANDIDATE, duty.PREFIX[group])
    told = draft.prompt("outgoing_offer", facts=_facts(draft, event), last3=" ".join(event.number[-3:]))
    draft.call = draft.call.changed(id, place=Place(PlaceName.RINGING, (told,)))


def _facts(draft: DecisionDraft, event: e.OutgoingStarted) -> Word:
    """The earlier call in short: its reference, what happened, what was promised. Recorded facts, no opinions."""
    said: list[Word] = []
    if event.about:
        said.append(draft.fragment("outgoing_about", ref=" ".join(event.about)))
    if event.reason:
        said.append(draft.fragment("briefing_reason", reason=event.reason))
    language = draft.configuration.language_of(event.agent)
    for code in event.told:
        name, _, value = code.partition(":")
        if name == "promised":
            value = prompts.clock_time(draft.configuration, language, datetime.fromisoformat(value))
        said.append(draft.fragment(TOLD[name], n=value, time=value))
    return listed(said or [draft.fragment("outgoing_alone")])


def agent_answered(draft: DecisionDraft, event: e.LegAnswered) -> None:
    """The agent, or their voicemail, has picked up."""
    leg = agent_search.picked_up(draft, event)
    if leg:
        draft.note(NoteKind.ANSWERED, draft.actor(leg.id))
        telephones.ask(draft, leg, PlaceName.OFFER, leg.place.prompts, draft.prompt("offer_missed"))


def accepted(draft: DecisionDraft, event: e.DigitPressed) -> None:
    """The agent pressed 1: they wait in the room, and the customer is rung."""
    leg = draft.call.leg(event.leg)
    assert leg is not None
    draft.note(NoteKind.ACCEPTED, leg.person, key=event.key)
    draft.call = draft.call.changed(leg.id, accepted=True, role=Role.LEAD).without_timer(leg_timer(leg.id))
    draft.stage(Stage.DIALLING, lead=leg.id)
    draft.room(leg.id, draft.prompt("outgoing_dialling"))
    draft.put(CALLER, PlaceName.RINGING)
    draft.call = draft.call.changed(CALLER, ring_seconds=RING_SECONDS)
    draft.timer(leg_timer(CALLER), RING_SECONDS + agent_search.RING_GRACE_SECONDS)
    draft.note(NoteKind.OUTGOING, leg.person, outcome=NoteOutcome.RINGING, seconds=RING_SECONDS)


def declined(draft: DecisionDraft, event: e.DigitPressed) -> None:
    """The agent pressed 2."""
    draft.note(NoteKind.DECLINED, draft.actor(event.leg), key=event.key)
    draft.call = draft.call.changed(event.leg, declined=True)
    draft.release(event.leg, draft.prompt("outgoing_stopped"))
    draft.role(event.leg, Role.PARTED)


def nobody_calls(draft: DecisionDraft) -> None:
    """The agent did not take the call, so it is over. The customer's phone never rang."""
    draft.lost(CALLER)
    draft.note(NoteKind.CALL_ENDED, SYSTEM, outcome=NoteOutcome.UNAVAILABLE)
    draft.stage(Stage.AFTERCARE, outcome=NoteOutcome.UNAVAILABLE)


def customer_answered(draft: DecisionDraft, event: e.LegAnswered) -> None:
    """Somebody or something has answered for the customer."""
    if event.leg == CALLER and draft.call.caller.at(PlaceName.RINGING) and agent_search.picked_up(draft, event):
        draft.note(NoteKind.OUTGOING, CALLER, script="invitation", outcome=NoteOutcome.ANSWERED)
        _invite(draft)


def _invite(draft: DecisionDraft) -> None:
    asks = draft.prompt("invitation"), draft.prompt("invitation_over")
    draft.put(CALLER, PlaceName.INVITATION, *asks, seconds=KEY_SECONDS, rounds=ROUNDS)


def invited(draft: DecisionDraft, event: e.DigitPressed) -> None:
    """``1``: talk now, ``2``: not now. After any other key the invitation is spoken again, within the same time."""
    match event.key:
        case "1":
            draft.note(NoteKind.REACHED, CALLER, key=event.key, script="invitation", outcome=NoteOutcome.REACHED)
            _bring_in(draft)
        case "2":
            _let_go(draft, NoteOutcome.NOT_NOW, CALLER, event.key)
        case _:
            _invite(draft)


def no_key(draft: DecisionDraft, event: e.LegEvent) -> None:
    """The invitation is over, and nobody has pressed a key."""
    _let_go(draft, NoteOutcome.NO_KEY)


# -- the recording, before anybody talks


def _bring_in(draft: DecisionDraft) -> None:
    """Into the room; first comes the notice that the call is recorded, or the question whether it may be (rule 41)."""
    mode = draft.configuration.recording.mode
    if mode is Recording.OFF:
        draft.put(CALLER, PlaceName.ROOM, **{ANNOUNCED: 1})
        _together(draft)
    elif mode is Recording.NOTICE:
        draft.put(CALLER, PlaceName.ROOM, draft.prompt("recording_notice"), **{ANNOUNCED: 1})
        _wait_for_the_end(draft)
    else:
        lines = [draft.prompt(one) for one in ("recording_question", "recording_choices", YES_OR_NO)]
        draft.put(CALLER, PlaceName.RECORDING_QUESTION, *lines, seconds=draft.policy.time_out.answer_seconds)
        _wait_for_the_end(draft)


def _wait_for_the_end(draft: DecisionDraft) -> None:
    place = draft.call.caller.place
    planned = sum(draft.seconds(one) for one in place.prompts) + int(place.details.get("seconds", 0))
    draft.timer(leg_timer(CALLER), planned + REPORT_SECONDS)


def _together(draft: DecisionDraft) -> None:
    draft.call = draft.call.without_timer(leg_timer(CALLER))
    draft.stage(Stage.TALKING)


def may_be_recorded(draft: DecisionDraft, event: e.ConsentGiven) -> None:
    """The customer agrees to be recorded."""
    _asked(draft, Recorded.ALLOWED, NoteOutcome.YES)


def not_recorded(draft: DecisionDraft, event: e.ConsentRefused | e.ConsentNotHeard) -> None:
    """A no, or no clear answer: the same call, not recorded."""
    _asked(draft, Recorded.REFUSED, NoteOutcome.NO if isinstance(event, e.ConsentRefused) else NoteOutcome.UNCLEAR)


def recording_key(draft: DecisionDraft, event: e.DigitPressed) -> None:
    """``0`` repeats the question about the recording; any other key that is no answer counts as a no."""
    if event.key == REPEAT:
        place = draft.call.caller.place
        draft.put(CALLER, place.name, *place.prompts, **place.details)
        _wait_for_the_end(draft)
    else:
        _asked(draft, Recorded.REFUSED, NoteOutcome.UNCLEAR)


def _asked(draft: DecisionDraft, recording: Recorded, outcome: NoteOutcome) -> None:
    call_recording.allowed(draft, recording, outcome, "recording_question")
    draft.put(CALLER, PlaceName.ROOM, **{ANNOUNCED: 1})
    _together(draft)


def joined(draft: DecisionDraft, event: e.LegJoined) -> None:
    """A leg is in the room. The customer's notice or question has ended; one who has not pressed 1 is asked again."""
    caller = draft.call.caller
    if event.leg == CALLER and not with_us(draft.call):
        if caller.status is not LegStatus.UP:
            draft.call = draft.call.changed(CALLER, status=LegStatus.UP)
            draft.timer(leg_timer(CALLER), agent_search.ANSWERED_SECONDS)
        return _invite(draft)
    draft.arrived(event.leg)
    if event.leg == CALLER:
        _not_answered(draft, caller.place.name, heard=event.token is not None)
    return None


def _not_answered(draft: DecisionDraft, place: PlaceName, *, heard: bool) -> None:
    """What came before the room has ended without an answer. A notice allows a recording only if it was ``heard``."""
    if place is PlaceName.RECORDING_QUESTION:
        call_recording.allowed(draft, Recorded.REFUSED, NoteOutcome.NO_CLEAR_ANSWER, "recording_question")
    elif draft.configuration.recording.mode is Recording.NOTICE:
        outcome = NoteOutcome.GIVEN if heard else NoteOutcome.NOT_PLAYED
        call_recording.allowed(draft, Recorded.ALLOWED if heard else Recorded.REFUSED, outcome, "recording_notice")
    _together(draft)


# -- the ends


def with_us(call: Call) -> bool:
    """Whether the customer has pressed the key without which nobody is connected."""
    return call.caller.place.name not in NOT_WITH_US_YET


def is_calling(call: Call) -> bool:
    """Whether the customer is being called, or the leg of one who was not reached is not over yet."""
    if call.stage is Stage.DIALLING:
        return not with_us(call)
    return call.stage is Stage.AFTERCARE and call.caller.live


def lost(draft: DecisionDraft, event: e.LegLost | e.LegNotReached) -> None:
    """The customer's phone was not answered, or whoever answered hung up without a key; or the agent is lost before
    that, so that nobody would be there."""
    rang, going_on = draft.call.caller.at(PlaceName.RINGING), draft.call.stage is Stage.DIALLING
    outcome = OF_NETWORK.get(event.status, NoteOutcome.NOT_REACHED) if rang else NoteOutcome.NO_KEY
    draft.lost(event.leg)
    if going_on and event.leg == CALLER:
        _over(draft, outcome)
    elif going_on:
        draft.note(NoteKind.LEAD_LOST, draft.actor(event.leg), outcome=NoteOutcome.NOT_REACHED)
        _let_go(draft, NoteOutcome.CANCELLED)


def time_over(draft: DecisionDraft) -> None:
    """Our own deadline, in case no report comes: of the ringing, the invitation, or what is said of the recording."""
    if with_us(draft.call):
        place = draft.call.caller.place.name
        draft.room(CALLER)
        _not_answered(draft, place, heard=False)
    else:
        _let_go(draft, NoteOutcome.NO_ANSWER if draft.call.caller.at(PlaceName.RINGING) else NoteOutcome.NO_KEY)


def stop(draft: DecisionDraft, event: e.LegEvent) -> None:
    """``*`` while the customer is called. It does nothing any more once the customer has pressed 1."""
    if with_us(draft.call):
        draft.room(event.leg)
    else:
        _let_go(draft, NoteOutcome.CANCELLED, draft.actor(event.leg), "*")


def _let_go(draft: DecisionDraft, outcome: NoteOutcome, actor: str = SYSTEM, key: str = "") -> None:
    """Stop the ringing, or say goodbye to whoever has answered."""
    answered = draft.call.caller.status is LegStatus.UP
    draft.release(CALLER, *([draft.prompt("invitation_over")] if answered else []))
    _over(draft, outcome, actor, key)


def _over(draft: DecisionDraft, outcome: NoteOutcome, actor: str = SYSTEM, key: str = "") -> None:
    """The customer was not reached: the agent hears why, and is free."""
    lead, script = draft.call.lead_leg, "invitation" if actor == CALLER else ""
    draft.note(NoteKind.REACHED, actor, key=key, script=script, outcome=outcome)
    draft.note(NoteKind.CALL_ENDED, SYSTEM, outcome=NoteOutcome.NOT_REACHED)
    draft.stage(Stage.AFTERCARE, outcome=NoteOutcome.NOT_REACHED)
    if lead:
        draft.role(lead.id, Role.PARTED)
        draft.release(lead.id, draft.prompt(NEWS[outcome]))
