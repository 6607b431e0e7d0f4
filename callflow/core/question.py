"""The yes-or-no questions to the caller while the lead stands by, and the five ways in which they end without a yes.

The step that asked handles the yes. Each question is one value: the caller's place, the scripts that are spoken and
the journal's entries.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from callflow.core.call import CALLER, Call, Outcome, Prompt
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import ConsentNotHeard, ConsentRefused, Event, LegJoined, TimerFired
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer

FASTER_THAN_PLANNED = 0.75


@dataclass(frozen=True, slots=True)
class Ending:
    """One way to end without a yes: the note, the scripts ("" for none), and the step's outcome (None: unchanged)."""

    kind: NoteKind
    outcome: NoteOutcome | None
    to_caller: str = ""
    to_lead: str = ""
    tried: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``script`` is spoken first, ``unclear.to_caller`` after the last silence, and ``again`` after an unclear answer.

    ``then`` records on the call what was tried.
    """

    stage: Stage
    place: P
    timer: Timer
    script: str
    again: str
    lead_waits: str
    refused: Ending
    unclear: Ending
    silent: Ending
    withdrawn: Ending
    time_over: Ending
    then: Callable[[Call, Outcome | None], Call]


def best(known: Outcome, now: Outcome | None) -> Outcome:
    """The outcome of a step that is tried again. Once accepted it stays accepted."""
    return known if known is Outcome.ACCEPTED or now is None else now


TIME_OUT = Question(
    stage=Stage.ASKING_HOLD, place=P.HOLD_QUESTION, timer=Timer.HOLD_QUESTION,
    script="hold_request", again="hold_reask", lead_waits="hold_asked",
    refused=Ending(NoteKind.CONSENT, NoteOutcome.NO, "hold_declined", "hold_answer_no", Outcome.DECLINED),
    unclear=Ending(NoteKind.CONSENT, NoteOutcome.NOT_HEARD, "hold_no_answer", "hold_answer_unclear",
                    Outcome.NOT_HEARD),
    silent=Ending(NoteKind.CONSENT, NoteOutcome.NOT_HEARD, "", "hold_answer_unclear", Outcome.NOT_HEARD),
    withdrawn=Ending(NoteKind.TIME_OUT, NoteOutcome.TAKEN_BACK, "carry_on"),
    time_over=Ending(NoteKind.TIME_OUT, NoteOutcome.NO_ANSWER_IN_TIME, "carry_on"),
    then=lambda call, tried: call.but(
        time_out=best(call.time_out, tried), hold_refused_at=call.at if tried else call.hold_refused_at
    ),
)  # fmt: skip
MORE_TIME = replace(TIME_OUT, place=P.CHECK_IN, script="hold_checkin", again="", lead_waits="hold_more_asked")
DELEGATE_UPWARDS = Question(
    stage=Stage.OFFERING_SUPERVISOR, place=P.SUPERVISOR_QUESTION, timer=Timer.SUPERVISOR_QUESTION,
    script="supervisor_offer", again="supervisor_reask", lead_waits="supervisor_asked",
    refused=Ending(NoteKind.CONSENT, NoteOutcome.NO, "supervisor_declined", "supervisor_answer_no", Outcome.DECLINED),
    unclear=Ending(NoteKind.CONSENT, NoteOutcome.NOT_HEARD, "supervisor_no_answer", "supervisor_answer_unclear",
                    Outcome.NOT_HEARD),
    silent=Ending(NoteKind.CONSENT, NoteOutcome.NOT_HEARD, "", "supervisor_answer_unclear", Outcome.NOT_HEARD),
    withdrawn=Ending(NoteKind.DELEGATE_UPWARDS, NoteOutcome.TAKEN_BACK, "carry_on"),
    time_over=Ending(NoteKind.DELEGATE_UPWARDS, NoteOutcome.NO_ANSWER_IN_TIME, "carry_on"),
    then=lambda call, tried: call.but(delegate_upwards=best(call.delegate_upwards, tried)),
)  # fmt: skip
CALL_BACK = Question(
    stage=Stage.OFFERING_CALL_BACK, place=P.CALL_BACK_QUESTION, timer=Timer.CALL_BACK_QUESTION,
    script="no_supervisor", again="", lead_waits="no_supervisor_staff",
    refused=Ending(NoteKind.CALL_BACK, NoteOutcome.DECLINED, "carry_on", "caller_back"),
    unclear=Ending(NoteKind.CALL_BACK, None, "carry_on", "caller_back"),
    silent=Ending(NoteKind.CALL_BACK, NoteOutcome.NOT_ANSWERED),
    withdrawn=Ending(NoteKind.CALL_BACK, NoteOutcome.TAKEN_BACK, "carry_on", "caller_back"),
    time_over=Ending(NoteKind.CALL_BACK, NoteOutcome.TIME_OVER),
    # An unconfirmed promise stays on file rather than being lost, unless there is no number to ring.
    then=lambda call, _: call if call.call_back and call.call_back.number else call.but(call_back=None),
)  # fmt: skip
QUESTIONS: Mapping[Stage, Question] = MappingProxyType(
    {one.stage: one for one in (TIME_OUT, DELEGATE_UPWARDS, CALL_BACK)}
)


def asked(draft: DecisionDraft) -> Question:
    """The question of the present stage, even if the caller is on the way back into the room already."""
    return MORE_TIME if draft.call.caller.at(MORE_TIME.place) else QUESTIONS[draft.call.stage]


def put(draft: DecisionDraft, question: Question, seconds_at_most: float | None, *asks: Prompt) -> None:
    """Ask the caller: each prompt follows the silence after the one before. The lead stands by for that time.

    ``seconds_at_most`` limits the stage; None: the planned length, and the margin for the report of its end.
    """
    answer_seconds = draft.policy.time_out.answer_seconds
    spoken = (*asks, draft.prompt(question.unclear.to_caller))
    bound = sum(draft.seconds(one) for one in spoken) + answer_seconds * len(asks)
    draft.stage(question.stage, asks=len(asks), consent=None)
    draft.put(CALLER, question.place, *spoken, seconds=answer_seconds)
    draft.put(draft.call.lead, P.STANDBY, draft.prompt(question.lead_waits), seconds=round(bound) + 1)
    draft.timer(question.timer, seconds_at_most or bound + MARGIN_SECONDS[question.timer])


def refused(draft: DecisionDraft, event: ConsentRefused) -> None:
    question = asked(draft)
    _back(draft, question, question.refused, CALLER, event.how)


def not_heard(draft: DecisionDraft, event: ConsentNotHeard) -> None:
    """The answer was unclear: ask again if the caller has not been asked often enough, else it is a no (rule 9)."""
    asks, question = _asks_left(draft), asked(draft)
    if asks <= 0 or not question.again:
        return _back(draft, question, question.unclear, CALLER)
    draft.call = draft.call.but(asks=asks)
    rules = draft.policy.time_out
    spoken = draft.prompt(question.again, n=rules.seconds), draft.prompt(question.unclear.to_caller)
    draft.put(CALLER, question.place, *spoken, seconds=rules.answer_seconds)
    return draft.note(NoteKind.CONSENT, CALLER, script=question.again, outcome=NoteOutcome.UNCLEAR)


def _asks_left(draft: DecisionDraft) -> int:
    """How often the caller may still be asked. After silence the document asks again without a request to us.

    So we count the asks that can have been heard by now; speech may be faster than planned.
    """
    caller, answer = draft.call.caller, draft.policy.time_out.answer_seconds
    elapsed, planned, heard = (draft.at - caller.since).total_seconds(), 0.0, 0
    for one in caller.place.prompts[:-1]:
        planned += draft.seconds(one)
        heard += elapsed >= planned * FASTER_THAN_PLANNED
        planned += answer
    return draft.call.asks - max(1, heard)


def came_back(draft: DecisionDraft, event: LegJoined) -> None:
    """The end of the question's document brought the caller back into the room: the caller was silent."""
    question = asked(draft)
    draft.arrived(event.leg)
    if event.leg == CALLER:
        _back(draft, question, question.silent, CALLER)


def over(draft: DecisionDraft, event: Event) -> None:
    """The lead withdrew the question with ``*``, or its time is over. Nothing was decided."""
    question = asked(draft)
    if isinstance(event, TimerFired):
        _back(draft, question, question.time_over, SYSTEM)
    else:
        _back(draft, question, question.withdrawn, draft.actor(draft.call.lead), "*")


def _back(draft: DecisionDraft, question: Question, ending: Ending, actor: str, key: str = "") -> None:
    """Bring caller and lead together again, and record how the question ended."""
    if ending.outcome:
        script = question.script if ending.kind == NoteKind.CONSENT else ""
        draft.note(ending.kind, actor, key=key, script=script, outcome=ending.outcome)
    draft.stage(Stage.TALKING, consent=None)
    draft.call = question.then(draft.call, ending.tried)
    for leg, script in ((CALLER, ending.to_caller), (draft.call.lead, ending.to_lead)):
        draft.room(leg, *([draft.prompt(script)] if script else []))
