"""The yes-or-no questions to the caller while the lead stands by, and the five ways in which they end without a yes.

The step that asked handles the yes. Each question is one value: the caller's place, the scripts that are spoken and
the journal's entries. A question is spoken in three lines: what is asked, which must be heard in full (rule 9); the
choices, in which a key takes effect at once; then the line that invites words as well (``script_catalogue.CHOICES``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from callflow.core.call import CALLER, Call, Outcome, Place, Prompt
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import (
    ConsentNotHeard,
    ConsentRefused,
    DigitPressed,
    Event,
    LegEvent,
    LegJoined,
    TimerFired,
)
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.places import REPEAT, WAITS_FOR
from callflow.core.policy import SpokenAnswers
from callflow.core.records import immutable, record
from callflow.core.script_catalogue import AFTER_TONE, CHOICES, YES_OR_NO
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer

AFTER_CHOICES_SECONDS = 1
"""How long only a key is an answer after the choices: the shortest wait of a Gather (twilio.md 3.4)."""
FASTER_THAN_PLANNED = 0.75
RECOGNISING_SECONDS = 10
"""How long a caller whose answer was recorded waits for what an engine makes of it."""
BEEP_SECONDS = 1
AGAIN, NOT_CLEAR = "asked_again", "not_clear"
"""What precedes a question that is asked once more: after silence, and after an answer that was reported."""


@immutable
class Ending:
    """One way to end without a yes: the note, the scripts ("" for none), and the step's outcome (None: unchanged)."""

    kind: NoteKind
    outcome: NoteOutcome
    to_caller: str = ""
    to_lead: str = ""
    tried: Outcome | None = None


@record
class Question:
    """``script`` is what is asked, ``choices`` names its keys. ``unclear.to_caller`` is spoken after the last silence.

    ``unclear`` is an answer that was reported and is neither yes nor no; ``silent`` is the end of the document without
    a report. ``then`` records on the call what was tried.
    """

    stage: Stage
    place: P
    timer: Timer
    script: str
    choices: str
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


def _hold_refused(call: Call, tried: Outcome | None) -> Call:
    if tried is None:
        return call
    return call.but(time_out=best(call.time_out, tried), hold_refused_at=call.at,
                    hold_declined=tried is Outcome.DECLINED)  # fmt: skip


TIME_OUT = Question(
    stage=Stage.ASKING_HOLD, place=P.HOLD_QUESTION, timer=Timer.HOLD_QUESTION,
    script="hold_request", choices="hold_choices", lead_waits="hold_asked",
    refused=Ending(NoteKind.CONSENT, NoteOutcome.NO, "hold_declined", "hold_answer_no", Outcome.DECLINED),
    unclear=Ending(NoteKind.CONSENT, NoteOutcome.UNCLEAR, "hold_no_answer", "hold_answer_unclear",
                    Outcome.NO_CLEAR_ANSWER),
    silent=Ending(NoteKind.CONSENT, NoteOutcome.NO_CLEAR_ANSWER, "", "hold_answer_none", Outcome.NO_CLEAR_ANSWER),
    withdrawn=Ending(NoteKind.TIME_OUT, NoteOutcome.TAKEN_BACK, "carry_on"),
    time_over=Ending(NoteKind.TIME_OUT, NoteOutcome.NO_ANSWER_IN_TIME, "carry_on"),
    then=_hold_refused,
)  # fmt: skip
MORE_TIME = replace(
    TIME_OUT, place=P.CHECK_IN, script="hold_checkin", choices="hold_checkin_choices", lead_waits="hold_more_asked",
    unclear=replace(TIME_OUT.unclear, to_caller="no_clear_answer"),
)  # fmt: skip
DELEGATE_UPWARDS = Question(
    stage=Stage.OFFERING_SUPERVISOR, place=P.SUPERVISOR_QUESTION, timer=Timer.SUPERVISOR_QUESTION,
    script="supervisor_offer", choices="supervisor_choices", lead_waits="supervisor_asked",
    refused=Ending(NoteKind.CONSENT, NoteOutcome.NO, "supervisor_declined", "supervisor_answer_no", Outcome.DECLINED),
    unclear=Ending(NoteKind.CONSENT, NoteOutcome.UNCLEAR, "supervisor_no_answer", "supervisor_answer_unclear",
                    Outcome.NO_CLEAR_ANSWER),
    silent=Ending(NoteKind.CONSENT, NoteOutcome.NO_CLEAR_ANSWER, "", "supervisor_answer_none",
                  Outcome.NO_CLEAR_ANSWER),
    withdrawn=Ending(NoteKind.DELEGATE_UPWARDS, NoteOutcome.TAKEN_BACK, "carry_on"),
    time_over=Ending(NoteKind.DELEGATE_UPWARDS, NoteOutcome.NO_ANSWER_IN_TIME, "carry_on"),
    then=lambda call, tried: call.but(delegate_upwards=best(call.delegate_upwards, tried)),
)  # fmt: skip
CALL_BACK = Question(
    stage=Stage.OFFERING_CALL_BACK, place=P.CALL_BACK_QUESTION, timer=Timer.CALL_BACK_QUESTION,
    script="no_supervisor", choices="call_back_choices", lead_waits="no_supervisor_staff",
    refused=Ending(NoteKind.CALL_BACK, NoteOutcome.DECLINED, "carry_on", "caller_back"),
    unclear=Ending(NoteKind.CALL_BACK, NoteOutcome.UNCLEAR, "no_clear_answer", "caller_back"),
    silent=Ending(NoteKind.CALL_BACK, NoteOutcome.NO_CLEAR_ANSWER, "", "caller_back"),
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


def _lines(draft: DecisionDraft, question: Question, **values: object) -> tuple[Prompt, ...]:
    """What is asked, the choices and the invitation to say it."""
    said = tuple(draft.prompt(one, **values) for one in (question.script, question.choices))
    return (*said, invitation(draft))


def invitation(draft: DecisionDraft) -> Prompt:
    """The line after the choices, which invites words."""
    return draft.prompt(AFTER_TONE if draft.policy.spoken_answers is SpokenAnswers.RECORDING else YES_OR_NO)


def put(draft: DecisionDraft, question: Question, asks: int = 1, to_lead: Sequence[Prompt] = (),
        **values: object) -> None:  # fmt: skip
    """Ask the caller up to ``asks`` times, each after the silence before. The lead stands by for that time.

    ``values`` are variables of the lines; the lead hears ``to_lead``, too.
    """
    said = _lines(draft, question, **values)
    again = (draft.prompt(AGAIN), *said) * (asks - 1)
    draft.stage(question.stage, asks=asks, consent=None)
    speak(draft, question, question.place, (*said, *again, draft.prompt(question.unclear.to_caller)))
    _stand_by(draft, draft.prompt(question.lead_waits), *to_lead)


def speak(draft: DecisionDraft, question: Question, place: P, spoken: Sequence[Prompt], **details: int) -> None:
    draft.put(CALLER, place, *spoken, seconds=draft.answer_seconds, **details)
    draft.timer(question.timer, _planned(draft) + MARGIN_SECONDS[question.timer])


def _stand_by(draft: DecisionDraft, *spoken: Prompt) -> None:
    recorded = sum(RECOGNISING_SECONDS for one in draft.call.caller.place.prompts if one.script == AFTER_TONE)
    draft.put(draft.call.lead, P.STANDBY, *spoken, seconds=round(_planned(draft)) + recorded + 1)


def _planned(draft: DecisionDraft) -> float:
    """The length of the caller's document in seconds, if the caller gives no answer."""
    answer = draft.answer_seconds
    place = draft.call.caller.place
    asked = enumerate(place.prompts)
    return _waited(place) + sum(
        draft.seconds(one, later=number > 0) + _waits(place, one, answer) for number, one in asked
    )


def _waited(place: Place) -> int:
    """How long the document waits for an answer to be recognised before it asks again."""
    return RECOGNISING_SECONDS if WAITS_FOR in place.details else 0


def _waits(place: Place, spoken: Prompt, answer_seconds: int) -> int:
    """How long the document waits for an answer after this line."""
    if spoken.script == YES_OR_NO:
        return answer_seconds
    if spoken.script == AFTER_TONE:
        return AFTER_CHOICES_SECONDS + BEEP_SECONDS + answer_seconds
    if spoken.script in CHOICES:
        return answer_seconds if _waited(place) else AFTER_CHOICES_SECONDS
    return 0


def refused(draft: DecisionDraft, event: ConsentRefused) -> None:
    question = asked(draft)
    _back(draft, question, question.refused, CALLER, event.how)


def pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key that is neither yes nor no: ``0`` repeats the question, any other is an unclear answer."""
    if event.key == REPEAT and not _waited(draft.call.caller.place):
        _repeat(draft)
    else:
        not_heard(draft, ConsentNotHeard(at=event.at, leg=event.leg))


def _repeat(draft: DecisionDraft) -> None:
    """The question from its beginning, with all its time. It does not count as an ask."""
    question, place, lead = asked(draft), draft.call.caller.place, draft.call.lead_leg
    spoken = place.prompts[place.prompts[0].script == NOT_CLEAR :]
    draft.note(NoteKind.ASKED, CALLER, key=REPEAT, script=spoken[0].script, outcome=NoteOutcome.REPEATED)
    speak(draft, question, place.name, spoken)
    if lead and lead.at(P.STANDBY):
        _stand_by(draft, *lead.place.prompts)


def not_heard(draft: DecisionDraft, event: LegEvent) -> None:
    """The answer was unclear: ask again if the caller has not been asked often enough, else it is a no (rule 9)."""
    asks, question, place = asks_left(draft), asked(draft), draft.call.caller.place
    if asks <= 0:
        return _back(draft, question, question.unclear, CALLER)
    draft.call = draft.call.but(asks=asks)
    said = draft.prompt(NOT_CLEAR), *asked_in(place), invitation(draft), place.prompts[-1]
    speak(draft, question, place.name, said)
    return draft.note(NoteKind.CONSENT, CALLER, script=question.script, outcome=NoteOutcome.UNCLEAR)


def asks_left(draft: DecisionDraft, ago: float = 0.0) -> int:
    """How often the caller may still be asked. After silence the document asks again without a request to us.

    So we count the choices that can have begun by now, or ``ago`` seconds before; speech may be faster than planned.
    """
    caller, answer = draft.call.caller, draft.answer_seconds
    waited = _waited(caller.place)  # the ask before it was counted already
    elapsed, planned, begun = (draft.at - caller.since).total_seconds() - ago, float(waited), 0
    for number, one in enumerate(caller.place.prompts):
        begun += one.script in CHOICES and elapsed >= planned * FASTER_THAN_PLANNED
        planned += draft.seconds(one, later=number > 0) + _waits(caller.place, one, answer)
    return draft.call.asks - max(0 if waited else 1, begun)


def asked_in(place: Place) -> tuple[Prompt, ...]:
    """What is asked, and the choices."""
    first = next(number for number, one in enumerate(place.prompts) if one.script in CHOICES) - 1
    return place.prompts[first : first + 2]


def came_back(draft: DecisionDraft, event: LegJoined) -> None:
    """The end of the question's document brought the caller back into the room. No answer was reported."""
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
    script = question.script if ending.kind == NoteKind.CONSENT else ""
    draft.note(ending.kind, actor, key=key, script=script, outcome=ending.outcome)
    draft.stage(Stage.TALKING, consent=None)
    draft.call = question.then(draft.call, ending.tried)
    for leg, script in ((CALLER, ending.to_caller), (draft.call.lead, ending.to_lead)):
        draft.room(leg, *([draft.prompt(script)] if script else []))
