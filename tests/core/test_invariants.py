"""Each floor is broken by one of these calls, and notices it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from callflow.core import events as e
from callflow.core import invariants
from callflow.core.call import Call, Lock, Outcome, Place, Role
from callflow.core.events import Event
from callflow.core.evidence import Closing, Consent
from callflow.core.notes import Note
from callflow.core.stages import PlaceName, Stage
from tests.core.example import CONFIGURATION
from tests.core.test_delegate_upwards import introducing
from tests.core.test_draw_the_line import closing, warned
from tests.core.test_time_out import held
from tests.playbook import START, Playbook, talking

NOTHING = e.NobodyFree(at=START + timedelta(hours=1))


def caller_at(name: PlaceName) -> Callable[[Call], Call]:
    return lambda call: call.moved("caller", Place(name))


def in_stage(stage: Stage, place: PlaceName, **changes: object) -> Callable[[Call], Call]:
    return lambda call: call.but(stage=stage, **changes).moved("caller", Place(place))


CONSENT = Consent(kind="hold", how="key", at=START, used=True)
CLOSING = Closing(conduct="1", key="1", actor="ana", confirmed_at=START, needed_seconds=5.0)

BROKEN: list[tuple[str, Callable[[], Playbook], Callable[[Call], Call]]] = [
    ("F1 hold", talking, in_stage(Stage.HOLDING, PlaceName.HOLD)),
    ("F1 hold", talking, in_stage(Stage.HOLDING, PlaceName.HOLD, consent=CONSENT)),
    ("F1 hold", held, lambda call: call.but(consent=None)),
    ("F2 gate", talking, in_stage(Stage.CLOSING, PlaceName.CLOSING, closing=CLOSING)),
    ("F2 gate", warned, in_stage(Stage.CLOSING, PlaceName.CLOSING, closing=CLOSING)),
    ("F3 warning", talking, in_stage(Stage.WARNING, PlaceName.WARNING)),
    ("F3 closing", talking, lambda call: call.but(closing=CLOSING)),
    ("F3 closing", closing, caller_at(PlaceName.CLOSING)),
    ("F4 place", talking, caller_at(PlaceName.QUEUE)),
    ("F4 bound", held, lambda call: call.without_timer("hold")),
    ("F4 bound", introducing, lambda call: call.without_timer("introduction")),
    ("F4 bound", lambda: Playbook().calls(), lambda call: call.without_timer("step")),
    ("F4 company", talking, lambda call: call.moved(call.lead, Place(PlaceName.HOLD_DESK))),
    ("F4 others", lambda: Playbook().calls().wait(6).presses("1"), lambda call: call.without_timer("leg:a1")),
    ("F5", talking, lambda call: call.changed(call.lead, accepted=False)),
    ("F5", lambda: Playbook().calls().wait(6).presses("1"), lambda call: call.moved("a1", Place(PlaceName.ROOM))),
    ("F8 rung", talking, lambda call: call.but(time_out=Outcome.SKIPPED)),
    ("F8 rung", talking, lambda call: call.but(locks=(Lock.THREAT,))),
    ("F9", held, lambda call: call.but(locks=(Lock.SAFEGUARDING,))),
    ("lead", talking, lambda call: call.changed(call.lead, role=Role.PARTED)),
    ("search", talking, lambda call: call.but(search=Playbook().calls().wait(6).presses("1").call.search)),
    ("release", talking, caller_at(PlaceName.GONE)),
    ("documents", talking, lambda call: call.changed("caller", token=0)),
    ("documents", talking, lambda call: call.changed("caller", place=Place(PlaceName.QUEUE))),
    ("documents", talking, lambda call: call.but(legs=call.legs[:1])),
    ("end", talking, lambda call: call.but(stage=Stage.ENDED)),
    ("end", talking, lambda call: call.but(at=call.at - timedelta(seconds=1))),
]


@pytest.mark.parametrize(("floor", "start", "change"), BROKEN, ids=[f"{n}-{row[0]}" for n, row in enumerate(BROKEN)])
def test_it_is_noticed(floor: str, start: Callable[[], Playbook], change: Callable[[Call], Call]) -> None:
    before = start().call
    found = invariants.broken(before, NOTHING, change(before), (), CONFIGURATION)
    assert floor in {sentence.partition(":")[0] for sentence in found}, found


def test_nothing_is_broken_by_nothing() -> None:
    call = talking().call
    assert not invariants.broken(call, NOTHING, call, (), CONFIGURATION)
    assert not invariants.broken(None, NOTHING, call, (), CONFIGURATION)


def test_losing_the_lead_must_not_end_the_call() -> None:
    book = talking()
    lost: Event = e.LegLost(at=book.at, leg=book.call.lead, status="completed")
    ended = book.call.moved("caller", Place(PlaceName.GONE))
    assert any(one.startswith("F6") for one in invariants.broken(book.call, lost, ended, (), CONFIGURATION))


def test_a_report_must_not_count_twice() -> None:
    """The call still has a leg that was reported as over."""
    book = talking()
    lost = e.LegLost(at=book.at, leg="caller", status="completed")
    assert any(one.startswith("F7") for one in invariants.broken(book.call, lost, book.call, (), CONFIGURATION))


def test_a_line_in_the_journal_needs_its_version() -> None:
    call = talking().call
    note = Note(kind="warning", actor="ana", script="warning_final")
    for bad in (note, replace(note, script="", actor="")):
        assert any(
            one.startswith("F8 scripts") for one in invariants.broken(call, NOTHING, call, (bad,), CONFIGURATION)
        )


def test_every_floor_is_a_sentence() -> None:
    assert all(guard.__doc__ and guard.__doc__.strip().endswith(".") for guard in invariants.FLOORS.values())
