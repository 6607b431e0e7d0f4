"""The table is total: every stage and every event has exactly one row, and every row is used."""

import inspect
from typing import get_args

import pytest

from callflow.core import commands, events
from callflow.core.decide import decide
from callflow.core.keys import ASKING, KEYS, PROTECTED, SILENT
from callflow.core.menu import STAR
from callflow.core.stages import PlaceName, Stage
from callflow.core.table import ALWAYS, OWN, TABLE, ImpossibleEvent, late
from callflow.core.timers import TIMERS
from tests.playbook import talking


def test_the_table_is_the_full_product() -> None:
    assert set(TABLE) == {(stage, event) for stage in Stage for event in events.ALL}


def test_all_events_are_in_the_list() -> None:
    made = [one for _, one in inspect.getmembers(events, inspect.isclass) if issubclass(one, events.Event)]
    assert set(events.ALL) == set(made) - {events.Event, events.LegEvent}


def test_every_handler_has_a_name_and_says_what_it_does() -> None:
    handlers = {*TABLE.values(), *TIMERS.values()}
    assert not [one for one in handlers if "<" in one.__name__]
    assert not [one.__name__ for one in TABLE.values() if not one.__doc__ and one.__module__.endswith("table")]


def test_a_row_of_its_own_differs_from_the_common_one() -> None:
    living = {stage: rows for stage, rows in OWN.items() if stage is not Stage.ENDED}
    assert not [(stage, event) for stage, rows in living.items() for event, row in rows.items() if row is ALWAYS[event]]


def test_every_stage_has_its_rows() -> None:
    assert set(OWN) == set(Stage)


def test_places_that_ask_are_answered_somewhere() -> None:
    """A key or a silence at a place that asks for one is never lost."""
    staff_only_told = {PlaceName.ALERT, PlaceName.NOTE}
    told = {PlaceName.ROOM, PlaceName.GONE, PlaceName.QUEUE, PlaceName.WARNING, PlaceName.CLOSING, PlaceName.AGENT_LEFT,
            PlaceName.MESSAGE, PlaceName.RINGING}  # fmt: skip
    assert {*KEYS, *ASKING, *staff_only_told, *told} == set(PlaceName)
    assert KEYS.keys() >= PROTECTED
    assert not SILENT.keys() & (ASKING - {PlaceName.CALL_BACK_NUMBER})
    assert STAR.keys() < set(Stage)


def test_commands_have_ids_of_their_own() -> None:
    given = {
        kind(call="c1", leg="s2", token=3, **more).id
        for kind, more in ((commands.RingLeg, {"person": "sam", "ring_seconds": 20}),
                           (commands.RedirectLeg, {"sid": "CA1"}), (commands.ReleaseLeg, {"sid": "CA1"}),
                           (commands.LookUp, {"lookup": "find.3"}))
    }  # fmt: skip
    assert given == {"c1.s2.3.ringleg", "c1.s2.3.redirectleg", "c1.s2.3.releaseleg", "c1.s2.3.lookup"}
    assert len(get_args(commands.AnyCommand)) == 4


def test_what_people_do_is_late_once_the_call_has_ended() -> None:
    done = (events.DigitPressed, events.StarPressed, events.MessageRecorded, events.PlaceEnded, events.LegJoined)
    assert {TABLE[Stage.ENDED, event] for event in done} == {late}


def test_a_call_does_not_start_in_the_middle() -> None:
    book = talking()
    with pytest.raises(ImpossibleEvent, match="CallStarted in talking"):
        decide(book.call, events.CallStarted(at=book.at, sid="CA", number="", called=""), book.configuration)
