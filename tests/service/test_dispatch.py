"""Requests: sent after the commit, tried again, given up, or sent by another process if one died."""

from itertools import pairwise

import pytest

from callflow.core.call import LegStatus
from callflow.core.stages import PlaceName, Stage
from callflow.service.dispatch import ANNOUNCE_TRIES, LEASE, TRIES
from callflow.service.people import Presence
from callflow.service.ports import GatewayFailure, RingRequest, StoreUnavailable
from callflow.service.unit_of_work import MENU_SECONDS
from tests.web.edge import SID, Edge


def ringing() -> Edge:
    """A caller in the queue, and a request to ring Ana that was not sent yet."""
    edge = Edge().waiting()
    assert edge.call.legs[1].status is LegStatus.WANTED
    return edge


def rung(edge: Edge) -> list[str]:
    return [order.leg for order in edge.provider.sent if order.kind == "ring"]


def where(edge: Edge, person: str = "ana") -> Presence:
    return {one.person: one.presence for one in edge.store.people(edge.now)}.get(person, Presence.FREE)


def test_an_order_is_sent_once() -> None:
    edge = ringing().flush()
    edge.later(LEASE.total_seconds() + 1).runner.tick()
    assert rung(edge) == ["a1"]
    assert edge.call.legs[1].status is LegStatus.RINGING


def test_a_failed_order_is_tried_again_ever_more_slowly_and_then_given_up() -> None:
    edge = ringing()
    edge.provider.refusal = GatewayFailure("busy", retry=True)
    edge.flush()
    tried = []
    for _ in range(140):
        before = edge.callflow.metrics.value("provider_requests", "ring", "failed")
        edge.later(0.2).runner.dispatcher.send_due()  # type: ignore[union-attr]
        if edge.callflow.metrics.value("provider_requests", "ring", "failed") > before:
            tried.append(edge.now)
    pauses = [(after - before).total_seconds() for before, after in pairwise(tried)]
    assert len(tried) == TRIES
    assert pauses == sorted(pauses)
    assert edge.call.legs[1].status is LegStatus.GONE, "given up: the next one is rung"


def test_a_final_refusal_is_not_tried_again_and_the_next_one_is_rung() -> None:
    edge = ringing()
    edge.provider.refusal = GatewayFailure("invalid number")
    edge.runner._tasks.popleft()()
    edge.provider.refusal = None
    edge.flush()
    assert edge.call.legs[1].status is LegStatus.GONE
    assert rung(edge) == ["a2"]


def test_an_order_that_waits_for_its_turn_does_not_use_up_its_tries() -> None:
    edge = ringing()
    edge.provider.refusal = GatewayFailure("a slot", retry=True, after=1.0)
    edge.flush()
    for _ in range(TRIES + 4):
        edge.later(1.01).runner.tick()
    edge.provider.refusal = None
    edge.later(1.01).runner.tick()
    assert rung(edge) == ["a1"]


def test_orders_of_a_process_that_died_are_taken_over_when_their_lease_ends() -> None:
    edge = ringing()
    edge.runner._tasks.clear()
    edge.later(LEASE.total_seconds() - 1).runner.tick()
    assert rung(edge) == []
    edge.later(1).runner.tick()
    assert rung(edge) == ["a1"]


def test_what_was_sent_is_crossed_off_when_the_store_is_back(monkeypatch: pytest.MonkeyPatch) -> None:
    edge = ringing()
    dispatcher = edge.runner.dispatcher
    assert dispatcher

    def away(_: list[str]) -> None:
        raise StoreUnavailable("away")

    edge.runner._tasks.popleft()()
    with monkeypatch.context() as while_away:
        while_away.setattr(edge.store, "orders_done", away)
        with pytest.raises(StoreUnavailable):
            dispatcher.settle()
    edge.later(LEASE.total_seconds() + 1)
    assert dispatcher.claim() == []
    assert rung(edge) == ["a1"]


def test_two_workers_never_hold_the_same_order() -> None:
    edge = ringing()
    edge.runner._tasks.clear()
    edge.later(16)
    dispatcher = edge.runner.dispatcher
    assert dispatcher
    assert len(dispatcher.claim()) == 1
    assert dispatcher.claim() == []


def test_a_leg_that_is_gone_is_reported_to_its_call() -> None:
    edge = Edge().talking()
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.provider.refusal = GatewayFailure("not in progress", gone=True)
    edge.flush()
    assert not edge.call.caller.live


def test_a_redirect_is_not_sent_to_a_leg_that_came_by_itself() -> None:
    edge = Edge().talking()
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.post(f"/voice/{edge.call.id}/caller/1/queue", edge.form(SID))
    edge.provider.sent.clear()
    edge.flush()
    assert [order.kind for order in edge.provider.sent if order.leg == "caller"] == []


def test_a_ring_called_off_before_it_was_placed_is_not_placed_and_frees_its_person_at_once() -> None:
    """Otherwise a person who was not even rung could not be rung for other calls for a minute."""
    edge = ringing()
    edge.post("/voice/status", edge.form(SID, CallStatus="completed"))
    edge.flush()
    assert rung(edge) == []
    assert edge.call.legs[1].status is LegStatus.GONE
    assert edge.call.stage is Stage.ENDED
    assert where(edge) is Presence.FREE


def test_the_answer_may_come_before_the_provider_s_reply_to_our_order() -> None:
    edge = ringing()
    call, order = edge.call, RingRequest(id="r", call=edge.call.id, leg="a1", token=1)
    edge.post(f"/voice/{call.id}/a1/1/enter", edge.form("CAearly"))
    kept = edge.kept()
    edge.callflow.calls.placed(order, "CAearly")
    assert edge.kept() == kept
    assert edge.call.legs[1].sid == "CAearly"
    assert edge.call.legs[1].at(PlaceName.OFFER)


def test_a_phone_placed_too_late_is_let_go() -> None:
    """The caller hung up while the request was sent: the phone stops ringing as soon as its leg has an id."""
    edge = ringing()
    call = edge.call
    edge.post("/voice/status", edge.form(SID, CallStatus="completed"))
    edge.runner._tasks.clear()
    edge.callflow.calls.placed(RingRequest(id="r", call=call.id, leg="a1", token=1), "CAlate")
    edge.flush()
    assert [(order.kind, order.sid) for order in edge.provider.sent] == [("release", "CAlate")]


@pytest.mark.parametrize("first", ["CAone", "CAtwo"])
def test_of_two_phones_of_a_repeated_order_the_first_to_answer_stays(first: str) -> None:
    edge = ringing().flush()
    second = {"CAone": "CAtwo", "CAtwo": "CAone"}[first]
    call = edge.call
    assert "offer" in edge.post(f"/voice/{call.id}/a1/1/enter", edge.form(first)).text
    assert "offer_gone" in edge.post(f"/voice/{call.id}/a1/1/enter", edge.form(second)).text
    edge.post(f"/voice/{call.id}/a1/status", edge.form(second, CallStatus="completed"))
    assert edge.call.legs[1].sid == first
    assert edge.call.legs[1].live


def left_alone() -> Edge:
    """Ana has pressed star and is at the menu; the caller is alone, and the sound of that was not sent yet."""
    edge = Edge().talking()
    edge.answers(edge.lead)
    assert edge.call.stage is Stage.CHOOSING
    return edge


def later(edge: Edge) -> Edge:
    """The agent is still at the menu when the sound is due."""
    edge.flush().later(MENU_SECONDS).runner.dispatcher.send_due()  # type: ignore[union-attr]
    return edge.flush()


def test_a_menu_that_is_soon_over_makes_no_sound() -> None:
    edge = left_alone().flush()
    assert announced(edge) == []
    edge.later(MENU_SECONDS - 0.2).answers(edge.lead)
    assert announced(later(edge)) == []


def announced(edge: Edge) -> list[str]:
    return [order.leg for order in edge.provider.sent if order.kind == "announce"]


def test_who_is_left_alone_in_the_room_is_announced_to_once() -> None:
    edge = later(left_alone())
    edge.answers(edge.lead, Digits="0")
    assert announced(later(edge)) == ["caller"]


def test_a_sound_is_not_sent_once_somebody_has_come() -> None:
    edge = left_alone()
    edge.answers(edge.lead)
    assert announced(later(edge)) == []


@pytest.mark.parametrize("failure", [GatewayFailure("not there", gone=True), GatewayFailure("busy", retry=True)])
def test_a_sound_that_cannot_be_sent_is_tried_a_few_times_and_ends_nothing(failure: GatewayFailure) -> None:
    """The leg may still be on its way into the room. That it is not there does not say that it is over."""
    edge = left_alone()
    edge.provider.refusal = failure
    later(edge)
    for _ in range(60):
        edge.later(0.2).runner.dispatcher.send_due()  # type: ignore[union-attr]
    outcome = "gone" if failure.gone else "failed"
    assert edge.callflow.metrics.value("provider_requests", "announce", outcome) == ANNOUNCE_TRIES + 1
    assert edge.call.stage is Stage.CHOOSING
    assert edge.call.caller.live


def test_a_sound_that_arrives_at_last_is_sent() -> None:
    edge = left_alone()
    edge.provider.refusal = GatewayFailure("not there", gone=True)
    later(edge)
    edge.provider.refusal = None
    edge.later(0.5).runner.tick()
    assert announced(edge) == ["caller"]
