"""Before a caller is connected: the notice that the call is recorded, or the question whether it may be (rule 41).

Spoken in full and by itself, not before the music of the queue: somebody could be found while it is spoken.
"""

from typing import Final

from callflow.core import call_recording
from callflow.core.configuration import Recording
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, WordsSpoken
from callflow.core.evidence import Recorded
from callflow.core.flow import speech
from callflow.core.flow.next_step import put, tried_again
from callflow.core.flow_step import Step
from callflow.core.notes import NoteOutcome

NOTICE: Final = "recording_notice"
QUESTION: Final = "recording_question"
CHOICES: Final = "recording_choices"
ASKS: Final = 2
KEYS: Final = {"1": "yes", "2": "no"}


def is_due(draft: DecisionDraft) -> bool:
    return draft.configuration.recording.mode is not Recording.OFF and draft.call.recording is Recorded.OFF


def speak(draft: DecisionDraft, step: Step) -> None:
    if draft.configuration.recording.mode is Recording.NOTICE:
        put(draft, step, NOTICE)
    else:
        answers = draft.configuration.answers(draft.call.language)
        hints = speech.hints((answers.yes, answers.no))
        put(draft, step, CHOICES, "question", before=QUESTION, seconds=draft.policy.time_out.answer_seconds,
            hints=hints)  # fmt: skip


def heard(draft: DecisionDraft, step: Step) -> bool:
    """The document has ended without an answer. True if the caller can be connected."""
    if draft.configuration.recording.mode is Recording.NOTICE:
        call_recording.allowed(draft, Recorded.ALLOWED, NoteOutcome.GIVEN, NOTICE)
        return True
    return _answered(draft, step, "", NoteOutcome.NO_CLEAR_ANSWER)


def pressed(draft: DecisionDraft, step: Step, event: DigitPressed) -> bool:
    """True if the caller can be connected. A key at the notice cuts nothing short: it is spoken again."""
    if draft.configuration.recording.mode is Recording.NOTICE:
        speak(draft, step)
        return False
    return _answered(draft, step, KEYS.get(event.key, ""), NoteOutcome.UNCLEAR)


def spoken(draft: DecisionDraft, step: Step, event: WordsSpoken) -> bool:
    answer = speech.answer(draft.configuration.answers(draft.call.language), event.words)
    return _answered(draft, step, answer, NoteOutcome.UNCLEAR)


def _answered(draft: DecisionDraft, step: Step, answer: str, otherwise: NoteOutcome) -> bool:
    """Without a yes nothing is recorded, and the caller gets the same service."""
    if answer == "yes":
        call_recording.allowed(draft, Recorded.ALLOWED, NoteOutcome.YES, QUESTION)
    elif answer == "" and tried_again(draft, ASKS):
        speak(draft, step)
        return False
    else:
        call_recording.allowed(draft, Recorded.REFUSED, NoteOutcome.NO if answer else otherwise, QUESTION)
    return True
