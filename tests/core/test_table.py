"""The table is complete: every pair of stage and event has exactly one row, and every handler is used."""

import inspect
from datetime import timedelta
from typing import get_args

import pytest

from callflow.core import command_diff, commands, events
from callflow.core.call import GONE, LegStatus
from callflow.core.decide import SETTLE, Decision, decide
from callflow.core.keys import KEYS, SILENT
from callflow.core.menu import STAR
from callflow.core.places import ASKING, PROTECTED
from callflow.core.stages import PlaceName, Stage
from callflow.core.table import ALWAYS, OWN, TABLE, ignore_late
from callflow.core.timers import TIMERS
from tests.core.example import CONFIGURATION
from tests.core.test_draw_the_line import warned
from tests.playbook import START, talking


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
    staff_only_told = {PlaceName.ALERT, PlaceName.NOTE, PlaceName.LISTEN_WAIT, PlaceName.LISTENING}
    told = {PlaceName.ROOM, PlaceName.GONE, PlaceName.QUEUE, PlaceName.WARNING, PlaceName.CLOSING, PlaceName.AGENT_LEFT,
            PlaceName.MESSAGE, PlaceName.RINGING, PlaceName.NOT_CALLED}  # fmt: skip
    assert {*KEYS, *ASKING, *staff_only_told, *told} == set(PlaceName)
    assert KEYS.keys() >= PROTECTED
    assert not SILENT.keys() & (ASKING - {PlaceName.CALL_BACK_NUMBER})
    assert STAR.keys() < set(Stage)


def test_commands_have_ids_of_their_own() -> None:
    given = {
        kind(call="c1", leg="s2", token=3, **more).id
        for kind, more in ((commands.RingLeg, {"person": "sam", "ring_seconds": 20}),
                           (commands.RedirectLeg, {"sid": "CA1"}), (commands.ReleaseLeg, {"sid": "CA1"}),
                           (commands.Announce, {"sid": "CA1"}), (commands.LookUp, {"lookup": "find.3"}),
                           (commands.ControlRecording, {"sid": "CA1", "change": "pause"}))
    }  # fmt: skip
    names = ("ringleg", "redirectleg", "releaseleg", "announce", "lookup", "pause_recording")
    assert given == {f"c1.s2.3.{name}" for name in names}
    assert len(get_args(commands.AnyCommand)) == len(names)


def test_what_people_do_is_late_once_the_call_has_ended() -> None:
    done = (events.DigitPressed, events.StarPressed, events.MessageRecorded, events.PlaceEnded, events.LegJoined)
    assert {TABLE[Stage.ENDED, event] for event in done} == {ignore_late}


def test_a_call_does_not_start_in_the_middle() -> None:
    """An impossible event is noted, and the call goes on unchanged."""
    book = talking()
    again = decide(book.call, events.CallStarted(at=book.at, sid="CA", number="", called=""), book.configuration)
    assert (again.impossible, again.call) == ("CallStarted in talking", book.call)
    assert [(note.kind, note.actor) for note in again.notes] == [("impossible_event", "callflow")]


@pytest.mark.parametrize("stage", Stage)
def test_what_we_did_ourselves_is_not_counted(stage: Stage) -> None:
    """Neither ``seq`` nor ``at`` nor the talk time changes, so that a replay counts as the call did."""
    call, later = warned().call.but(stage=stage), warned().at + timedelta(seconds=9)
    assert call.warnings[0].heard_at
    for event in (events.Served(at=later, leg="caller"), events.RingPlaced(at=later, leg="caller", sid="CA9"),
                  events.SearchRenewed(at=later)):  # fmt: skip
        assert decide(call, event, CONFIGURATION) == Decision(call, ())


def test_each_document_is_served_once() -> None:
    call = talking().call
    moved, later = call.moved("caller", call.caller.place), call.at + timedelta(seconds=2)
    served = decide(moved, events.Served(at=later, leg="caller"), CONFIGURATION).call
    assert served == moved.changed("caller", seen=moved.caller.token, since=later)
    again = events.Served(at=later + timedelta(seconds=2), leg="caller")
    assert decide(served, again, CONFIGURATION).call == served


def test_only_a_leg_that_waits_for_its_ring_is_placed() -> None:
    call = talking().call
    wanted = call.changed(call.lead, sid="", status=LegStatus.WANTED)
    let_go = wanted.moved(call.lead, GONE)
    placed = events.RingPlaced(at=call.at, leg=call.lead, sid="CA9")
    assert decide(call, placed, CONFIGURATION).call == call
    ringing = decide(wanted, placed, CONFIGURATION).call
    assert ringing == wanted.changed(call.lead, sid="CA9", status=LegStatus.RINGING)
    released = decide(let_go, placed, CONFIGURATION).call
    assert released == let_go.changed(call.lead, sid="CA9", status=LegStatus.RINGING).moved(call.lead, GONE)
    assert [type(one) for one in command_diff.commands(let_go, released)] == [commands.ReleaseLeg]


def test_a_search_is_renewed_by_forgetting_its_pause() -> None:
    call = talking().call.timer("search", START + timedelta(hours=1))
    assert decide(call, events.SearchRenewed(at=call.at), CONFIGURATION).call == call.without_timer("search")


def test_a_deadline_that_is_let_stand_comes_again() -> None:
    """A deadline that its handler did not remove fires again after a pause."""
    book = talking()
    stuck = book.call.timer("left_alone", book.at)
    after = decide(stuck, events.TimerFired(at=book.at, name="left_alone"), book.configuration).call
    assert after.deadlines["left_alone"] == book.at + SETTLE
