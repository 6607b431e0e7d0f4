"""Step 1: a hold, only after the caller's yes. The documents themselves end it at the promised time (rules 8 to 14)."""

from datetime import datetime, timedelta

from callflow.core import ladder, prompts, question
from callflow.core.adjustments import ATTESTED
from callflow.core.call import CALLER, Outcome, Prompt
from callflow.core.draft import LATE_SECONDS, REJOIN_SECONDS, DecisionDraft
from callflow.core.events import ConsentGiven, DigitPressed, LegEvent, LegJoined, TimerFired
from callflow.core.evidence import Consent
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer

TAIL_SECONDS = 2
"""For the last second of a document, which waits for a key, and for joining the room (twilio.md 8.1: 0.3 to 1 s)."""
OVERRUN_SECONDS = MARGIN_SECONDS[Timer.HOLD]


def begin(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``1``: ask the caller. With an adjustment, the agent may say that the yes was given already."""
    if not draft.call.adjustments:
        return ask(draft, event)
    said = draft.prompt("attest_menu")
    return draft.put(event.leg, PlaceName.ATTEST_MENU, said, seconds=draft.policy.menu.seconds)


def attest(draft: DecisionDraft, event: DigitPressed) -> None:
    """The agent's word for the caller's yes, only with an adjustment: neither a key nor a recogniser could take it."""
    actor = draft.actor(event.leg)
    draft.note(NoteKind.CONSENT, actor, key=event.key, script="attest_menu", outcome=NoteOutcome.YES, how=ATTESTED)
    _hold(draft, ATTESTED, again=False)
    _begun(draft)


def ask(draft: DecisionDraft, event: DigitPressed) -> None:
    """Ask the caller, while the lead stands by."""
    _put(draft, event, question.TIME_OUT, draft.policy.time_out.asks)


def ask_more(draft: DecisionDraft, event: DigitPressed) -> None:
    """The lead wants a second period, which needs another yes (rule 11)."""
    refusal = ladder.more_time(draft.call, draft.policy, held(draft))
    if refusal:
        return bring_back(draft, event, draft.refusal(refusal))
    stop(draft)
    return _put(draft, event, question.MORE_TIME)


def _put(draft: DecisionDraft, event: DigitPressed, asked: question.Question, asks: int = 1) -> None:
    rules = draft.policy.time_out
    question.put(draft, asked, asks, n=rules.seconds, reason=rules.reason)
    draft.note(NoteKind.TIME_OUT, draft.actor(event.leg), key=event.key, script=asked.script,
               outcome=NoteOutcome.ASKED, seconds=rules.seconds)  # fmt: skip


def hold(draft: DecisionDraft, event: ConsentGiven) -> None:
    """A yes: caller and lead get documents of the same length, which both end in the room (design, section 3)."""
    asked = question.asked(draft)
    _hold(draft, event.how, again=draft.call.caller.at(PlaceName.CHECK_IN))
    draft.note(NoteKind.CONSENT, CALLER, key=event.how, script=asked.script, outcome=NoteOutcome.YES)
    _begun(draft)


def _hold(draft: DecisionDraft, how: str, *, again: bool) -> None:
    rules = draft.policy.time_out
    start = draft.prompt("hold_start", n=rules.seconds)
    ends = draft.seconds(start) + rules.seconds
    consent = Consent(kind="hold", how=how, at=draft.at, used=True)
    holds = draft.call.holds + (0 if again else 1)
    draft.stage(Stage.HOLDING, consent=consent, time_out=Outcome.ACCEPTED, holds=holds)
    last_word = draft.seconds(start) + _put_on_hold(draft, rules.seconds, start)
    desk = round(ends) - rules.heads_up_seconds - TAIL_SECONDS
    draft.put(
        draft.call.lead,
        PlaceName.HOLD_DESK,
        draft.prompt("hold_answer_yes", n=rules.seconds),
        draft.prompt("heads_up", n=rules.heads_up_seconds),
        seconds=desk,
        end_tenths=int(last_word * 10),
    )
    draft.timer(Timer.HOLD, ends + OVERRUN_SECONDS)


def _begun(draft: DecisionDraft) -> None:
    seconds = draft.policy.time_out.seconds
    draft.note(NoteKind.HOLD, script="hold_start", outcome=NoteOutcome.BEGUN, seconds=seconds)


def _put_on_hold(draft: DecisionDraft, seconds: int, *start: Prompt) -> float:
    """``seconds`` count from the end of ``start``, and include the music, the return prompt and joining the room.

    Returns the seconds from there to the last word of the return prompt.
    """
    back = draft.prompt("hold_return")  # spoken by the voice: its file could not be fetched while our server is down
    spoken = prompts.voice_seconds(draft.configuration, draft.call.language, back)
    music = max(1, seconds - round(spoken + 0.5) - TAIL_SECONDS)
    draft.put(CALLER, PlaceName.HOLD, *start, back, seconds=seconds, music=music)
    return music + spoken


def go_on_holding(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key other than ``2`` during the hold: the hold goes on and ends at the same time."""
    ends = draft.call.deadlines.get(Timer.HOLD)
    left = round((ends - draft.at).total_seconds()) - OVERRUN_SECONDS if ends else 0
    if left <= TAIL_SECONDS + 1:
        return talk_now(draft, event)
    _put_on_hold(draft, left)
    return None


def returned(draft: DecisionDraft, event: LegJoined) -> None:
    """The end of the hold, the caller's ``2`` or a fallback brought the caller back. The lead's document of the same
    length ends, too.

    ``2`` makes no request: the document goes on at its end, with its label, but earlier than it can end by itself.
    """
    ends = draft.call.deadlines.get(Timer.HOLD, draft.at) - timedelta(seconds=OVERRUN_SECONDS)
    before = (ends - event.at).total_seconds() - TAIL_SECONDS - 1
    early, cut = before > 0, before > _quicker_by(draft)
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.arrived(CALLER)
    if cut and event.token is not None:
        _ended_by_the_caller(draft, "2")
    else:
        outcome = NoteOutcome.RETURNED_EARLY if cut else NoteOutcome.RETURNED_ON_TIME
        draft.note(NoteKind.HOLD, script="hold_return", outcome=outcome)
    lead = draft.call.lead_leg
    if lead and not lead.in_room:
        if early:
            draft.put(CALLER, PlaceName.ROOM)  # anew, without the music of a wait that may be long: the lead comes now
            draft.room(lead.id, draft.prompt("caller_back"))
        else:
            draft.timer(Timer.REJOIN, REJOIN_SECONDS)


def _quicker_by(draft: DecisionDraft) -> float:
    """How much earlier than planned the hold can end by itself, because a voice may be faster than estimated."""
    configuration, language = draft.configuration, draft.call.language
    *start, back = draft.call.caller.place.prompts
    return sum(
        prompts.seconds(configuration, language, one) - prompts.least_seconds(configuration, language, one)
        for one in start
    ) + (
        prompts.voice_seconds(configuration, language, back)
        - prompts.least_voice_seconds(configuration, language, back)
    )  # fmt: skip


def rejoin(draft: DecisionDraft, event: TimerFired) -> None:
    """Their documents did not bring lead and helper back with the caller, so bring them back now."""
    draft.call = draft.call.without_timer(event.name)
    draft.room(draft.call.lead)
    draft.room(draft.call.helper)


def overrun(draft: DecisionDraft, event: TimerFired) -> None:
    """The promised time is over and the caller is not back: bring both together, with an apology (rule 12).

    After an outage nobody apologises: the document ended by itself while we were away, and we cannot know better.
    """
    ended = draft.call.deadlines[Timer.HOLD] + timedelta(seconds=LATE_SECONDS) < draft.at
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    if ended:
        draft.note(NoteKind.HOLD, outcome=NoteOutcome.END_NOT_REPORTED)
        draft.room(CALLER)
    else:
        draft.note(NoteKind.HOLD, script="hold_overrun", outcome=NoteOutcome.OVERRUN)
        draft.room(CALLER, draft.prompt("hold_overrun"))
    draft.room(draft.call.lead)


def desk_over(draft: DecisionDraft, event: LegJoined) -> None:
    """The lead's document ended shortly before the hold, or the hold has ended."""
    if event.leg == CALLER:
        returned(draft, event)
    else:
        draft.arrived(event.leg)


def talk_now(draft: DecisionDraft, event: DigitPressed) -> None:
    """The caller pressed a key so shortly before the end that the hold is not worth going on (rule 13)."""
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.room(CALLER, draft.prompt("hold_return"))
    draft.room(draft.call.lead, draft.prompt("caller_back"))
    _ended_by_the_caller(draft, "2" if event.key == "2" else "")  # no other digit of a caller is written down (rule 42)


def _ended_by_the_caller(draft: DecisionDraft, key: str) -> None:
    draft.note(NoteKind.HOLD, CALLER, key=key, script="hold_return", outcome=NoteOutcome.ENDED_BY_THE_CALLER)


def bring_back(draft: DecisionDraft, event: LegEvent, said: Prompt | None = None) -> None:
    """The lead brings the caller back before the promised time."""
    _stop_holding(draft)
    draft.stage(Stage.TALKING, consent=None)
    draft.room(CALLER, draft.prompt("hold_return"))
    draft.room(draft.call.lead, said or draft.prompt("caller_back"))
    key = event.key if isinstance(event, DigitPressed) else "*"
    draft.note(NoteKind.HOLD, draft.actor(event.leg), key=key, script="hold_return",
               outcome=NoteOutcome.ENDED_BY_THE_LEAD)  # fmt: skip


def stop(draft: DecisionDraft) -> None:
    """Stop a hold because of a lock or a lost leg: count its time and forget the consent."""
    if draft.call.stage is Stage.HOLDING:
        _stop_holding(draft)
        draft.note(NoteKind.HOLD, outcome=NoteOutcome.ENDED)
    draft.call = draft.call.but(consent=None)


def held(draft: DecisionDraft) -> int:
    """Seconds that the present hold has lasted."""
    began: datetime | None = draft.call.consent.at if draft.call.consent else None
    return round((draft.at - began).total_seconds()) if began else 0


def _stop_holding(draft: DecisionDraft) -> None:
    draft.call = draft.call.but(held_seconds=draft.call.held_seconds + held(draft))
