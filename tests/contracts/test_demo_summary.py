"""The demo's last lines are true of every store: the live demo keeps its call in a file, `--fast` in memory."""

from collections.abc import Callable

from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.service.ports import Store
from callflow.simulator import demo_summary
from tests.contracts.sample import a_call, note, save
from tests.core.example import CONFIGURATION


def test_the_summary_tells_what_is_in_the_journal(store_url: str, opened: Callable[[str], Store]) -> None:
    store = opened(store_url)
    save(store, a_call(), notes=[
        note(NoteKind.TIME_OUT, outcome=NoteOutcome.ASKED), note(NoteKind.HOLD, outcome=NoteOutcome.BEGUN),
        note(NoteKind.HOLD, outcome=NoteOutcome.RETURNED_ON_TIME), Note(kind=NoteKind.DECLINED, actor="sam"),
        Note(kind=NoteKind.HANDOVER, actor="sky"),
        note(NoteKind.WARNING, outcome=NoteOutcome.HEARD_IN_FULL, details={"elapsed_seconds": 9.6}),
        Note(kind=NoteKind.CLOSING, actor="sky", outcome=NoteOutcome.DECIDED),
    ])  # fmt: skip
    told = dict(demo_summary.lines(store.journal("c1"), CONFIGURATION))
    assert told["Time out"] == "the caller was asked once and held once, after a yes; back on time."
    assert told["Supervisor"].startswith("Sam declined; Sky took the call by key")
    assert told["Warning"] == "once, each heard in full (10 s)."
    assert told["Closing"].startswith("decided by Sky")
