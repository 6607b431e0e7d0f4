"""Step 1. The caller is asked; only a yes holds; the documents themselves keep the promised second (rules 8 to 14)."""

from datetime import datetime, timedelta

from callflow.core import ladder, prompts
from callflow.core.call import CALLER, Consent, Outcome, Prompt
from callflow.core.draft import DecisionDraft
from callflow.core.events import (
    ConsentGiven,
    ConsentNotHeard,
    ConsentRefused,
    DigitPressed,
    Event,
    LegEvent,
    LegJoined,
    TimerFired,
)
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.stages import PlaceName, Stage

REJOIN_SECONDS = 2
"""A document's last second of listening for a key, and the way into the room (twilio.md 8.1: 0.3 to 1 s)."""
OVERRUN_SECONDS = MARGIN_SECONDS["hold"]


def ask(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``1``: put the question to the caller, the lead stands by."""
    rules = draft.policy.time_out
    spoken = [draft.prompt("hold_request", n=rules.seconds, reason=rules.reason)]
    spoken += [draft.prompt("hold_reask", n=rules.seconds)] * (rules.asks - 1)
    _put_question(draft, PlaceName.HOLD_QUESTION, *spoken)
    _asked(draft, event, "hold_request")


def ask_more(draft: DecisionDraft, event: DigitPressed) -> None:
    """The lead wants a second period: only a new yes gives it (rule 11)."""
    rules = draft.policy.time_out
    refusal = ladder.more_time(draft.call, draft.policy, held(draft))
    if refusal:
        return bring_back(draft, event, refusal[0])
    stop(draft)
    _put_question(draft, PlaceName.CHECK_IN, draft.prompt("hold_checkin", n=rules.seconds), lead="hold_more_asked")
    return _asked(draft, event, "hold_checkin")


def _asked(draft: DecisionDraft, event: DigitPressed, script: str) -> None:
    draft.note("time_out", draft.actor(event.leg), key=event.key, script=script, outcome="asked",
               seconds=draft.policy.time_out.seconds)  # fmt: skip


def _put_question(draft: DecisionDraft, place: PlaceName, *asks: Prompt, lead: str = "hold_asked") -> None:
    rules = draft.policy.time_out
    draft.stage(Stage.ASKING_HOLD, asks=len(asks), consent=None)
    spoken = (*asks, draft.prompt("hold_no_answer"))
    bound = sum(draft.seconds(one) for one in spoken) + rules.answer_seconds * len(asks)
    draft.put(CALLER, place, *spoken, seconds=rules.answer_seconds)
    draft.put(draft.call.lead, PlaceName.STANDBY, draft.prompt(lead), seconds=round(bound) + 1)
    draft.timer("hold_question", bound + MARGIN_SECONDS["hold_question"])


def hold(draft: DecisionDraft, event: ConsentGiven) -> None:
    """A yes: caller and lead get documents of the same length, both of which end in the room (design, section 3)."""
    rules = draft.policy.time_out
    again, asked = draft.call.caller.at(PlaceName.CHECK_IN), _question(draft)
    start = draft.prompt("hold_start", n=rules.seconds)
    ends = draft.seconds(start) + rules.seconds
    consent = Consent(kind="hold", how=event.how, at=draft.at, used=True)
    holds = draft.call.holds + (0 if again else 1)
    draft.stage(Stage.HOLDING, consent=consent, time_out=Outcome.ACCEPTED, holds=holds)
    _put_on_hold(draft, rules.seconds, start)
    desk = round(ends) - rules.heads_up_seconds - REJOIN_SECONDS
    draft.put(
        draft.call.lead,
        PlaceName.HOLD_DESK,
        draft.prompt("hold_answer_yes", n=rules.seconds),
        draft.prompt("heads_up", n=rules.heads_up_seconds),
        seconds=desk,
        after=rules.heads_up_seconds,
    )
    draft.timer("hold", ends + OVERRUN_SECONDS)
    draft.note("consent", CALLER, key=event.how, script=asked, outcome="yes")
    draft.note("hold", script="hold_start", outcome="begun", seconds=rules.seconds)


def _put_on_hold(draft: DecisionDraft, seconds: int, *start: Prompt) -> None:
    """``seconds`` run from the end of the spoken start: music, the return line and the way back fit inside."""
    back = draft.prompt("hold_return")
    music = max(1, seconds - round(draft.seconds(back) + 0.5) - REJOIN_SECONDS)
    draft.put(CALLER, PlaceName.HOLD, *start, back, seconds=seconds, music=music)


def go_on_holding(draft: DecisionDraft, event: DigitPressed) -> None:
    """Another key than 2 during the hold changes nothing: the rest of the hold goes on, to the same second."""
    ends = draft.call.deadlines.get("hold")
    left = round((ends - draft.at).total_seconds()) - OVERRUN_SECONDS if ends else 0
    if left <= REJOIN_SECONDS + 1:
        return talk_now(draft, event)
    return _put_on_hold(draft, left)


def refused(draft: DecisionDraft, event: ConsentRefused) -> None:
    draft.note("consent", CALLER, key=event.how, script=_question(draft), outcome="no")
    _no(draft, Outcome.DECLINED, "hold_declined", "hold_answer_no")


def not_heard(draft: DecisionDraft, event: ConsentNotHeard) -> None:
    """Unclear is not a yes: asked once more, then treated as a no (rule 9)."""
    asks = draft.asks_left()
    checking = draft.call.caller.at(PlaceName.CHECK_IN)
    if asks > 0 and not checking:
        draft.call = draft.call.but(asks=asks)
        rules = draft.policy.time_out
        asked = draft.prompt("hold_reask", n=rules.seconds)
        draft.put(CALLER, PlaceName.HOLD_QUESTION, asked, draft.prompt("hold_no_answer"), seconds=rules.answer_seconds)
        draft.note("consent", CALLER, script="hold_reask", outcome="unclear")
        return
    draft.note("consent", CALLER, script=_question(draft), outcome="not heard")
    _no(draft, Outcome.NOT_HEARD, "hold_no_answer", "hold_answer_unclear")


def _question(draft: DecisionDraft) -> str:
    return "hold_checkin" if draft.call.caller.at(PlaceName.CHECK_IN) else "hold_request"


def _no(draft: DecisionDraft, outcome: Outcome, to_caller: str | None, to_lead: str) -> None:
    kept = draft.call.time_out if draft.call.time_out is Outcome.ACCEPTED else outcome
    draft.stage(Stage.TALKING, time_out=kept, hold_refused_at=draft.at, consent=None)
    if to_caller:
        draft.room(CALLER, draft.prompt(to_caller))
    draft.room(draft.call.lead, draft.prompt(to_lead))


def came_back(draft: DecisionDraft, event: LegJoined) -> None:
    """While asking: the question's own tail brought the caller back, which is an answer: silence."""
    script = _question(draft)
    draft.arrived(event.leg)
    if event.leg == CALLER:
        draft.note("consent", CALLER, script=script, outcome="not heard")
        _no(draft, Outcome.NOT_HEARD, None, "hold_answer_unclear")


def question_over(draft: DecisionDraft, event: Event) -> None:
    """The lead took the question back by ``*``, or no event ever came: together again, nothing was decided."""
    if isinstance(event, TimerFired):
        draft.note("time_out", outcome="no answer in time")
    else:
        draft.note("time_out", draft.actor(draft.call.lead), key="*", outcome="taken back")
    draft.stage(Stage.TALKING, consent=None)
    draft.room(CALLER, draft.prompt("carry_on"))
    draft.room(draft.call.lead)


def returned(draft: DecisionDraft, event: LegJoined) -> None:
    """The hold's own end (or a fallback) brought the caller back; the desk, of the same length, brings the lead."""
    ends = draft.call.deadlines.get("hold", draft.at) - timedelta(seconds=OVERRUN_SECONDS)
    before = (ends - draft.at).total_seconds() - REJOIN_SECONDS - 1
    early, cut = before > 0, before > _quicker_by(draft)
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.arrived(CALLER)
    draft.note("hold", script="hold_return", outcome="returned early" if cut else "returned on time")
    lead = draft.call.lead_leg
    if lead and not lead.in_room:
        if early:
            draft.room(lead.id, draft.prompt("caller_back"))
        else:
            draft.timer("rejoin", REJOIN_SECONDS)


def _quicker_by(draft: DecisionDraft) -> float:
    """How much sooner than planned the hold's document can end by itself: a voice may be quicker than we reckon."""
    configuration, language, spoken = draft.configuration, draft.call.language, draft.call.caller.place.prompts
    return sum(
        prompts.seconds(configuration, language, one) - prompts.least_seconds(configuration, language, one)
        for one in spoken
    )


def rejoin(draft: DecisionDraft, event: TimerFired) -> None:
    """The lead's desk has not brought the lead back with the caller: we do."""
    draft.call = draft.call.without_timer(event.name)
    draft.room(draft.call.lead)


def overrun(draft: DecisionDraft, event: TimerFired) -> None:
    """The promised second is over and the caller is not back: we bring them together, and say sorry (rule 12)."""
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.note("hold", script="hold_overrun", outcome="overrun")
    draft.room(CALLER, draft.prompt("hold_overrun"))
    draft.room(draft.call.lead)


def desk_over(draft: DecisionDraft, event: LegJoined) -> None:
    """The lead's desk ended a moment before the hold, or the caller's hold ended."""
    if event.leg == CALLER:
        returned(draft, event)
    else:
        draft.arrived(event.leg)


def talk_now(draft: DecisionDraft, event: DigitPressed) -> None:
    """The caller pressed 2: back to the lead at once (rule 13)."""
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.room(CALLER, draft.prompt("hold_return"))
    draft.room(draft.call.lead, draft.prompt("caller_back"))
    key = "2" if event.key == "2" else ""  # no other digit of a caller is written down (rule 42)
    draft.note("hold", CALLER, key=key, script="hold_return", outcome="ended by the caller")


def bring_back(draft: DecisionDraft, event: LegEvent, script: str = "caller_back") -> None:
    """The lead brings the caller back before the promised second."""
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.room(CALLER, draft.prompt("hold_return"))
    draft.room(draft.call.lead, draft.prompt(script))
    key = event.key if isinstance(event, DigitPressed) else "*"
    draft.note("hold", draft.actor(event.leg), key=key, script="hold_return", outcome="ended by the lead")


def stop(draft: DecisionDraft) -> None:
    """Whatever ends a hold from outside (a lock, a lost leg): count what was held and forget the consent."""
    if draft.call.stage is Stage.HOLDING:
        _stop_holding(draft)
        draft.note("hold", outcome="ended")
    draft.call = draft.call.but(consent=None)


def held(draft: DecisionDraft) -> int:
    """Seconds of the hold that is running."""
    began: datetime | None = draft.call.consent.at if draft.call.consent else None
    return round((draft.at - began).total_seconds()) if began else 0


def _stop_holding(draft: DecisionDraft) -> None:
    draft.call = draft.call.but(held_seconds=draft.call.held_seconds + held(draft))
