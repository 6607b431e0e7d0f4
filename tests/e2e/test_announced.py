"""Every other way in which somebody comes to a caller, or listens to one later, is told to the caller (policy rule 20).

``tests/simulator/test_shipped_scenarios.py`` has those of the shipped scenarios.
"""

from dataclasses import replace

from callflow.core.call import CALLER
from callflow.core.configuration import Recording
from callflow.core.stages import Stage
from tests.e2e.conversation import Conversation, shipped
from tests.e2e.scenes import consulting, introducing, talking


def test_a_supervisor_who_was_consulted_is_named_although_our_server_is_gone() -> None:
    """The document in which the caller waits says it at its end, without a request to us."""
    talk = consulting(talking())
    talk.world.disconnect()
    talk.caller.hears("introduction", "Sam", within=120)
    talk.together("caller", "ana", "sam", within=10)


def test_a_caller_who_ends_the_wait_is_told_who_is_there() -> None:
    talk = consulting(talking())
    talk.caller.presses("2", after=3).hears("introduction", "Sam", within=6)
    talk.together("caller", "ana", "sam").over()


def test_who_takes_over_and_who_leaves_is_told() -> None:
    talk = introducing(talking())
    talk.wait(12)
    talk.sam.presses("*").hears("have_it").presses("1")
    talk.caller.hears("handover_done", "Sam")
    talk.together("caller", "sam").over()


def test_who_is_left_after_the_agent_is_lost_is_told() -> None:
    talk = introducing(talking())
    talk.ana.hangs_up()
    talk.caller.hears("lead_lost", "Sam", within=10)
    talk.together("caller", "sam").over()


def test_the_same_person_who_comes_back_by_a_fallback_is_no_stranger() -> None:
    """Whoever was with the caller may return without a word; nobody else can, without the accept key (floor F5)."""
    talk = talking()
    talk.ana.presses("*").hears("menu")
    talk.world.disconnect()
    talk.together("caller", "ana", within=60)
    assert talk.company("caller") == {"caller", "ana"}


def test_who_may_listen_later_was_told_before_the_first_word_with_a_person() -> None:
    talk = Conversation(replace(shipped(), recording=replace(shipped().recording, mode=Recording.NOTICE)))
    talk.caller.dials().hears("reason_menu").presses("1").heard("recording_notice").hears("connecting")
    assert talk.call.stage in (Stage.WAITING, Stage.ARRIVING)
    assert talk.emulator.recordings == {}
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(1)
    (given, begun) = talk.notes("recording")
    assert (given.note.actor, given.note.outcome, begun.note.outcome) == (CALLER, "given", "begun")
    talk.over()


def test_nobody_is_in_the_room_who_did_not_press_the_accept_key() -> None:
    """Listening to a live call is being in its room: there is no other way, and no key but accept leads there."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("5")
    talk.sam.hears("whisper")
    talk.wait(3)
    assert "sam" not in talk.company("caller")
    talk.sam.presses("1")
    talk.caller.hears("introduction", "Sam")
    talk.together("caller", "ana", "sam").over()
