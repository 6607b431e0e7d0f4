"""The demo's last five lines, made from the journal of its call."""

from collections.abc import Sequence

from callflow.core.configuration import Configuration
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.service.ports import Entry

NUMBERS = ("not at all", "once", "twice", "three times", "four times")


def lines(entries: Sequence[Entry], configuration: Configuration) -> list[tuple[str, str]]:
    """For each line its title and its text."""
    notes = [entry.note for entry in entries]
    return [
        ("Time out", _time_out(notes)),
        ("Supervisor", _supervisor(notes, configuration)),
        ("Warning", _warnings(notes)),
        ("Closing", _closing(notes, configuration)),
        ("Journal", f"{len(entries)} entries: who, when, which key, which words, and what came of it (--journal)."),
    ]


def _of(notes: Sequence[Note], kind: NoteKind, outcome: NoteOutcome | None = None) -> list[Note]:
    return [note for note in notes if note.kind == kind and outcome in (None, note.outcome)]


def _times(number: int) -> str:
    return NUMBERS[number] if number < len(NUMBERS) else f"{number} times"


def _time_out(notes: Sequence[Note]) -> str:
    asked = _of(notes, NoteKind.TIME_OUT, NoteOutcome.ASKED)
    held, kept = _of(notes, NoteKind.HOLD, NoteOutcome.BEGUN), _of(notes, NoteKind.HOLD, NoteOutcome.RETURNED_ON_TIME)
    punctual = "back on time" if len(kept) == len(held) else f"back on time {_times(len(kept))}"
    return f"the caller was asked {_times(len(asked))} and held {_times(len(held))}, after a yes; {punctual}."


def _supervisor(notes: Sequence[Note], configuration: Configuration) -> str:
    def names(kind: NoteKind) -> str:
        people = [configuration.supervisors[note.actor].name for note in _of(notes, kind)
                  if note.actor in configuration.supervisors]  # fmt: skip
        return " and ".join(people) or "nobody"

    return (f"{names(NoteKind.DECLINED)} declined; {names(NoteKind.HANDOVER)} took the call by key, after a consult "
            "and an introduction.")  # fmt: skip


def _warnings(notes: Sequence[Note]) -> str:
    heard = _of(notes, NoteKind.WARNING, NoteOutcome.HEARD_IN_FULL)
    seconds = " and ".join(f"{float(note.details['elapsed_seconds']):.0f} s" for note in heard)
    return f"{_times(len(heard))}, each heard in full ({seconds})."


def _closing(notes: Sequence[Note], configuration: Configuration) -> str:
    decided = _of(notes, NoteKind.CLOSING, NoteOutcome.DECIDED)
    if not decided:
        return "none."
    person = {**configuration.agents, **configuration.supervisors}[decided[-1].actor].name
    return f"decided by {person}, who named the conduct again and confirmed it by key; the message was heard in full."
