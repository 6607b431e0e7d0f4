"""A spoken answer to a yes-or-no question that is recorded, where the provider recognises no words (rules 3, 9, 44).

Keys count at any time, also while the answer is recognised. That takes a moment, is bounded, and is done outside of
the call (``service.recorded_answers``): what comes later than that is no answer.
"""

from datetime import datetime

from callflow.core import question, recordings
from callflow.core.call import CALLER, Call
from callflow.core.draft import DecisionDraft
from callflow.core.events import AnswerRecognised, AnswerRecorded
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.places import ASKING, WAITS_FOR


def recorded(draft: DecisionDraft, event: AnswerRecorded) -> None:
    """The answer is recorded. The caller waits until it is recognised, at most so long; then they are asked again, by
    key only, because something is wrong; or it is a no."""
    asked, place, number = question.asked(draft), draft.call.caller.place, recordings.number(draft.call)
    if event.leg != CALLER or place.name not in ASKING or WAITS_FOR in place.details:
        return
    asks = question.asks_left(draft, event.seconds + question.BEEP_SECONDS)  # when they began to answer
    draft.call = draft.call.but(asks=asks)
    draft.note(NoteKind.ANSWER_RECORDED, CALLER, script=asked.script, outcome=OutcomeText(event.recording),
               seconds=event.seconds, recording=number)  # fmt: skip
    again = (draft.prompt(question.AGAIN), *question.asked_in(place)) * max(0, asks)
    question.speak(draft, asked, place.name, (*again, place.prompts[-1]), **{WAITS_FOR: number})


def is_awaited(call: Call, number: int, at: datetime) -> bool:
    """Whether the caller waits now for what is said in the recording with this number."""
    caller = call.caller
    if not caller.live or caller.place.details.get(WAITS_FOR) != number or caller.seen != caller.token:
        return False
    return (at - caller.since).total_seconds() < question.RECOGNISING_SECONDS


def recognised(draft: DecisionDraft, event: AnswerRecognised) -> None:
    """How the answer was found out. The next event is the answer."""
    outcome = {"yes": NoteOutcome.YES, "no": NoteOutcome.NO}.get(event.meaning, NoteOutcome.UNCLEAR)
    draft.note(NoteKind.ANSWER_RECOGNISED, script=question.asked(draft).script, outcome=outcome, engine=event.engine,
               recording=event.recording)  # fmt: skip
