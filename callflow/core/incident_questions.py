"""What an agent adds to an incident right after the call, by telephone: two questions with keys, then a recording.

Each answer is an entry of the journal, sealed there, and goes into the incident with it (``incidents.opened``). A key
without a meaning, or none, leaves a question open: it is asked once. Nobody must answer.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callflow.core import recordings
from callflow.core.call import Leg
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, MessageRecorded
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.stages import PlaceName
from callflow.core.timer_names import leg_timer

KEY: Final = "7"
"""The key of the wrap-up that begins."""
PARTS: Final = ("vulnerable", "helped")
"""The parts of an account that keys answer, in the order of their questions."""
LINES: Final = ("incident_vulnerable", "incident_helped", "incident_words")
"""The lines that ask for them, and the one before the recording. The detail ``asked`` of a place counts them from 1."""
MEANINGS: Final[Mapping[str, str]] = MappingProxyType({"1": "yes", "2": "no", "3": "unsure"})
SECONDS: Final = 15
MOST_SECONDS: Final = 200
"""Of each of these places: a recording takes up to 120 s, and its report some more."""


def has_one(draft: DecisionDraft) -> bool:
    """Whether this call has an incident for certain, so that the wrap-up offers the key. It can always be pressed."""
    call = draft.call
    return bool(call.warnings or call.locks or (call.cool_down and not call.more_cool_down))


def begin(draft: DecisionDraft, event: DigitPressed) -> None:
    draft.note(NoteKind.INCIDENT_ACCOUNT, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.BEGUN)
    _ask(draft, event.leg, 1)


def asked(leg: Leg | None) -> int:
    """Which line was spoken at the place of this leg, from 1; 0 if it was none of ours."""
    return int(leg.place.details.get("asked", 0)) if leg else 0


def answer(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key at a question, and the next one; after the last the exact words are recorded."""
    number = asked(draft.call.leg(event.leg))
    if meaning := MEANINGS.get(event.key, ""):
        draft.note(NoteKind.INCIDENT_ACCOUNT, draft.actor(event.leg), outcome=NoteOutcome.ADDED,
                   **{PARTS[number - 1]: meaning})  # fmt: skip
    _ask(draft, event.leg, number + 1)


def _ask(draft: DecisionDraft, leg: str, number: int) -> None:
    place = PlaceName.WRAP_UP if number < len(LINES) else PlaceName.NOTE
    draft.put(leg, place, draft.prompt(LINES[number - 1]), asked=number, seconds=SECONDS)
    draft.timer(leg_timer(leg), MOST_SECONDS)


def recorded(draft: DecisionDraft, event: MessageRecorded) -> None:
    draft.note(NoteKind.INCIDENT_WORDS, draft.actor(event.leg), outcome=OutcomeText(event.recording),
               seconds=event.seconds, recording=recordings.number(draft.call))  # fmt: skip
