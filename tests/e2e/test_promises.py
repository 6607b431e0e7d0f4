"""A call back that was promised is kept: whoever owns it is reminded, and it never gets lost."""

from dataclasses import replace
from typing import Any

import pytest

from callflow.core.promises import CannotChange
from callflow.core.stages import Stage
from callflow.emulator import Answers
from callflow.service.follow_ups import KEPT
from callflow.service.promises import RING, Promise, listed, of_call
from tests.e2e.conversation import Conversation
from tests.e2e.test_recordings_kept import left_a_message

MINUTE = 60.0


def run_jobs(talk: Conversation) -> None:
    """What a worker does: the follow-ups whose time has come, and the jobs that are due."""
    promises, store = talk.callflow.keepers.promises, talk.callflow.store
    promises.keeper.look()
    for job in store.jobs(talk.clock.now()):
        if job.due <= talk.clock.now() and job.kind in (RING, KEPT):
            store._jobs.pop(job.id)  # type: ignore[attr-defined]
            (promises.run_ring if job.kind == RING else promises.run_kept)(job.args)
    runner: Any = talk.callflow.calls.runner
    runner.flush()


def promised(talk: Conversation) -> Promise:
    (one,) = listed(talk.callflow.store, closed=True)
    return one


def entries(talk: Conversation, reference: str) -> list[tuple[str, str]]:
    """Who and what the journal of that call has about its promise."""
    call = talk.callflow.store.find(reference)
    assert call
    found = [one.note for one in talk.callflow.store.journal(call.id) if one.note.kind == "call_back"]
    return [(one.actor, str(one.outcome)) for one in found]


def waited(minutes: float) -> Conversation:
    """A message was left; its promise is two hours long."""
    talk = left_a_message()
    for person in (talk.ana, talk.ben, talk.sam, talk.sky):
        person.behaves(Answers())
    talk.wait(minutes * MINUTE)
    run_jobs(talk)
    return talk


def test_nobody_is_bothered_before_half_time() -> None:
    talk = waited(50)
    assert (promised(talk).follow_up.state, promised(talk).follow_up.person) == ("open", "sam")
    assert len(talk.callflow.store.calls(live=False)) == 1


def test_at_half_time_the_owner_is_rung_and_one_key_calls_the_caller() -> None:
    talk = waited(61)
    first = promised(talk)
    assert first.follow_up.state == "reminded"
    talk.sam.hears("outgoing_offer", " ".join(first.call.reference)).presses("1")
    talk.caller.hears("invitation").presses("1")
    talk.together("caller", "sam")
    run_jobs(talk)
    assert (promised(talk).follow_up.state, promised(talk).follow_up.closed) == ("kept", True)
    assert entries(talk, first.call.reference)[-2:] == [("sam", "reminded"), ("sam", "kept")]
    talk.over()
    run_jobs(talk)
    assert listed(talk.callflow.store) == []


def test_a_voicemail_of_the_caller_keeps_no_promise() -> None:
    talk = waited(61)
    talk.sam.hears("outgoing_offer").presses("1")
    talk.caller.hears("invitation")
    talk.stage(Stage.ENDED)
    run_jobs(talk)
    assert promised(talk).follow_up.state == "reminded"


def test_an_owner_who_is_busy_is_rung_again_later() -> None:
    talk = left_a_message()
    talk.callflow.store.set_away("sam", True)
    talk.wait(61 * MINUTE)
    run_jobs(talk)
    (job,) = [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == RING]
    assert (job.due - talk.clock.now()).total_seconds() == pytest.approx(300, abs=1)


def test_a_late_promise_is_told_and_gets_another_owner() -> None:
    talk = waited(61)
    talk.sam.hears("outgoing_offer").presses("2")
    talk.stage(Stage.ENDED).wait(60 * MINUTE)
    run_jobs(talk)
    one = promised(talk)
    assert (one.follow_up.state, one.follow_up.person, one.follow_up.closed) == ("late", "sky", False)
    assert entries(talk, one.call.reference)[-2:] == [("sam", "missed"), ("sky", "given")]
    talk.sky.hears("outgoing_offer")


def test_a_promise_that_nobody_keeps_goes_on_to_the_next_and_never_ends_by_itself() -> None:
    talk = left_a_message()
    owners = []
    for _ in range(6):
        talk.wait(125 * MINUTE)
        run_jobs(talk)
        owners.append(promised(talk).follow_up.person)
    assert set(owners) == {"sam", "sky", "ana", "ben"}
    assert not promised(talk).follow_up.closed


def test_it_can_be_withdrawn_with_a_reason_only() -> None:
    talk = left_a_message()
    one, promises = promised(talk), talk.callflow.keepers.promises
    with pytest.raises(CannotChange, match="say why"):
        promises.withdrawn(one.follow_up.id, "sky", "  ")
    promises.withdrawn(one.follow_up.id, "sky", "she has called again herself")
    after = promised(talk).follow_up
    assert (after.state, after.closed, dict(after.body)) == (
        "withdrawn",
        True,
        {"reason": "she has called again herself"},
    )
    assert "herself" not in str(talk.callflow.store.journal(one.call.id))
    with pytest.raises(CannotChange, match="it is withdrawn already"):
        promises.kept(one.follow_up.id, "sky")


def test_it_can_be_given_to_somebody_else() -> None:
    talk = left_a_message()
    one, promises = promised(talk), talk.callflow.keepers.promises
    for to, why in (("eve", "nobody is called 'eve'"), ("sam", "sam has it already")):
        with pytest.raises(CannotChange, match=why):
            promises.given(one.follow_up.id, "sam", to)
    promises.given(one.follow_up.id, "sam", "ana")
    assert promised(talk).follow_up.person == "ana"
    assert promised(talk).due == one.due


def test_a_call_that_was_erased_is_called_back_by_nobody() -> None:
    talk = left_a_message()
    talk.callflow.store.erase(talk.call.id)
    talk.wait(200 * MINUTE)
    run_jobs(talk)
    assert len(talk.callflow.store.calls(live=False)) == 1
    assert listed(talk.callflow.store) == []


def test_a_call_without_a_promise() -> None:
    talk = left_a_message()
    with pytest.raises(CannotChange, match="there is no call with the reference ZZZZ"):
        of_call(talk.callflow.store, "ZZZZ")


def test_where_nobody_may_call_out_the_owner_is_reminded_all_the_same() -> None:
    talk = left_a_message()
    talk.callflow.configurations.adopt(replace(talk.configuration, outgoing_calls=False))
    talk.wait(61 * MINUTE)
    run_jobs(talk)
    assert promised(talk).follow_up.state == "reminded"
    assert [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == RING] == []
