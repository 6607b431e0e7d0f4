"""What monitoring learns from calls: a count for each entry of the journal that tells how calls go, and a line in the
log when a call begins, is handed over, and ends.

Labels are words of ours: never a person, a number or a call. Called after the commit, so nothing is counted twice.
"""

import logging
from collections.abc import Mapping
from typing import Final

from callflow.core.configuration import Configuration
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.service.ports import Counters
from callflow.service.unit_of_work import Applied

log = logging.getLogger(__name__)
OUTCOME: Final = "<outcome>"
"""Used instead of a label: the outcome of the entry, or "other" if it is no fixed word."""
STAFF: Final = "<staff>"
"""Used instead of a label: agent, supervisor or security."""
TEAM: Final = "<team>"
"""Used instead of a label: the id of the call's team, "" for none. Never a person."""
COUNTED: Final[Mapping[NoteKind, tuple[str, ...]]] = {
    NoteKind.CALL_STARTED: ("calls_begun",),
    NoteKind.CALL_ENDED: ("calls_ended", OUTCOME),
    NoteKind.REACHED: ("customers_called", OUTCOME),
    NoteKind.RINGING: ("offers", STAFF, "rung"),
    NoteKind.ANSWERED: ("offers", STAFF, "answered"),
    NoteKind.ACCEPTED: ("offers", STAFF, "accepted"),
    NoteKind.DECLINED: ("offers", STAFF, "declined"),
    NoteKind.NOT_ACCEPTED: ("offers", STAFF, "not accepted"),
    NoteKind.NOT_REACHED: ("offers", STAFF, "not reached"),
    NoteKind.CONSENT: ("consents", OUTCOME),
    NoteKind.HOLD: ("holds", OUTCOME),
    NoteKind.DELEGATE_UPWARDS: ("delegations", OUTCOME),
    NoteKind.HANDOVER: ("handovers",),
    NoteKind.WARNING: ("warnings", OUTCOME),
    NoteKind.CLOSING: ("closings", OUTCOME),
    NoteKind.SUPERVISOR_TOLD: ("supervisors_told", OUTCOME),
    NoteKind.CO_SIGNATURE: ("co_signatures", OUTCOME),
    NoteKind.SAFEGUARDING: ("protections", "safeguarding"),
    NoteKind.THREAT: ("protections", "threat"),
    NoteKind.RELIEF: ("protections", "relief"),
    NoteKind.UNLOCKED: ("protections", "unlocked"),
    NoteKind.CALL_BACK: ("call_backs", OUTCOME),
    NoteKind.COOL_DOWN: ("breaks", TEAM, OUTCOME),
    NoteKind.LEAD_LOST: ("leads_lost",),
    NoteKind.IMPOSSIBLE_EVENT: ("impossible_events",),
}
"""The counter of ``runtime.metrics`` and its labels, by the kind of the entry."""
OUTCOMES: Final = frozenset(NoteOutcome)


def observe(applied: Applied, counters: Counters) -> None:
    """Count the entries of one unit of work, and log what ops follow a call by."""
    for note in applied.notes:
        if counted := COUNTED.get(note.kind):
            counters.count(counted[0], *[_label(one, note, applied) for one in counted[1:]])
        _follow(note, applied, counters)


def _label(label: str, note: Note, applied: Applied) -> str:
    if label == OUTCOME:
        return outcome_of(note)
    if label == TEAM:
        return applied.call.team
    return group_of(note.actor, applied.configuration) if label == STAFF else label


def _follow(note: Note, applied: Applied, counters: Counters) -> None:
    call = applied.call
    about = {"call": call.reference}
    if note.kind is NoteKind.CALL_STARTED:
        log.info("call begun", extra=about)
    elif note.kind is NoteKind.HANDOVER:
        log.info("call handed over", extra=about)
    elif note.kind is NoteKind.CALL_ENDED:
        counters.observe("call_duration_seconds", (call.at - call.started_at).total_seconds())
        log.info("call ended: %s", outcome_of(note), extra=about)


def outcome_of(note: Note) -> str:
    return str(note.outcome) if note.outcome in OUTCOMES else "other"


def group_of(person: str, configuration: Configuration) -> str:
    if person in configuration.supervisors:
        return "supervisor"
    return "agent" if person in configuration.agents else "security"
