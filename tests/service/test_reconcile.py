"""What is due: deadlines fire, lost redirects are sent again, lost legs are found, and nothing is repeated at once."""

from datetime import timedelta

import pytest

from callflow.core.stages import PlaceName, Stage
from callflow.service.ports import GatewayFailure, LegReport, ProviderRequest
from callflow.service.reconcile import ASK_TRIES
from callflow.service.unit_of_work import EARLIER, HEARTBEAT, SETTLE
from tests.web.edge import SID, Edge


def pressed(edge: Edge, *keys: str) -> Edge:
    edge.answers(edge.lead)
    for key in keys:
        edge.answers(edge.lead, Digits=key)
    return edge


def test_a_lost_redirect_is_sent_again_until_the_leg_has_come() -> None:
    edge = pressed(Edge().talking(), "1")
    edge.runner._tasks.clear()
    edge.provider.sent.clear()
    for _ in range(2):
        edge.later(SETTLE.total_seconds()).runner.tick()
    assert [(order.kind, order.leg) for order in edge.provider.sent] == [("redirect", "caller")] * 2
    edge.enters()
    edge.later(SETTLE.total_seconds()).runner.tick()
    assert len(edge.provider.sent) == 2


def test_a_leg_whose_end_nobody_told_is_found_by_asking() -> None:
    edge = Edge().talking()
    edge.provider.reports[SID] = LegReport(status="completed")
    edge.later(61).runner.tick()
    assert not edge.call.caller.live


def test_a_leg_that_sits_in_the_room_unannounced_is_found_by_asking() -> None:
    edge = pressed(Edge().talking(), "1")
    edge.enters()
    assert edge.call.stage is Stage.ASKING_HOLD
    edge.provider.reports[SID] = LegReport(status="in-progress", in_room=True, label=f"caller-{edge.call.caller.token}")
    edge.later((edge.call.deadlines["hold_question"] - edge.now).total_seconds()).runner.tick()
    assert edge.call.stage is Stage.TALKING
    assert edge.call.caller.in_room


@pytest.mark.parametrize("refusal", [GatewayFailure("away", retry=True), RuntimeError("a bug")])
def test_without_an_answer_nothing_is_concluded_and_the_deadline_acts(refusal: Exception) -> None:
    edge = pressed(Edge().talking(), "1").flush()
    edge.provider.refusal = refusal
    edge.later((edge.call.deadlines["hold_question"] - edge.now).total_seconds()).runner.tick()
    assert edge.call.stage is Stage.TALKING
    assert edge.call.caller.live


@pytest.mark.parametrize(("refusal", "times"), [
    (GatewayFailure("away", retry=True), ASK_TRIES),
    (GatewayFailure("not allowed"), 1),
    (GatewayFailure("no such call", gone=True), 1),
])  # fmt: skip
def test_only_what_may_pass_is_asked_again(refusal: GatewayFailure, times: int) -> None:
    edge = Edge().talking()
    edge.provider.refusal = refusal
    edge.later(61).runner.tick()
    assert edge.provider.looked_up.count(SID) == times
    assert edge.call.caller.live is not refusal.gone


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled"])
def test_whatever_ended_a_leg_it_is_over(status: str) -> None:
    edge = Edge().talking()
    edge.provider.reports[SID] = LegReport(status=status)
    edge.later(61).runner.tick()
    assert not edge.call.caller.live


def test_a_leg_is_found_gone_when_its_redirect_is_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    edge = pressed(Edge().talking(), "1")
    edge.runner._tasks.clear()

    def gone(order: ProviderRequest) -> str:
        raise GatewayFailure("no such call", gone=True)

    monkeypatch.setattr(edge.provider, "send", gone)
    edge.later(SETTLE.total_seconds()).runner.tick()
    assert not edge.call.caller.live


def test_a_fault_of_ours_while_repairing_is_counted_and_the_deadline_acts(monkeypatch: pytest.MonkeyPatch) -> None:
    edge = pressed(Edge().talking(), "1")
    edge.runner._tasks.clear()

    def broken(order: ProviderRequest) -> str:
        raise KeyError(order.leg)

    monkeypatch.setattr(edge.provider, "send", broken)
    edge.later(SETTLE.total_seconds()).runner.tick()
    assert edge.callflow.metrics.value("failures") == 1
    monkeypatch.undo()
    edge.later((edge.call.deadlines["hold_question"] - edge.now).total_seconds()).runner.tick()
    assert edge.call.stage is Stage.TALKING


def test_a_quiet_call_is_looked_at_once_a_minute() -> None:
    edge = Edge().talking()
    edge.later(61).runner.tick()
    looks = []
    for _ in range(600):
        seq = edge.call.seq
        edge.later(1).runner.tick()
        if edge.call.seq != seq:
            looks.append(edge.now)
    assert len(looks) == pytest.approx(10, abs=1)


def test_a_reconciled_call_is_due_later_whatever_its_deadlines_are() -> None:
    """A deadline that its handler does not remove must not make the call due all the time."""
    edge = Edge().talking()
    for name in ("left_alone", "queue", "consult", "choosing", "leg:nobody"):
        stuck = edge.call.timer(name, edge.now - timedelta(seconds=1))
        edge.store._calls[stuck.id] = stuck
        edge.callflow.calls.fire(stuck.id)
        due = edge.store.next_due()
        assert due > edge.now, name
        assert due <= edge.now + HEARTBEAT
        edge.store._calls[stuck.id] = edge.call.without_timer(name)


def test_an_ended_call_is_never_due() -> None:
    edge = Edge()
    edge.rings()
    edge.post("/voice/status", edge.form(SID, CallStatus="completed"))
    assert edge.call.stage is Stage.ENDED
    assert edge.store.next_due() is None


def test_a_deadline_is_not_put_off_by_other_webhooks() -> None:
    edge = pressed(Edge().talking(), "1")
    due = edge.store.next_due()
    edge.later(1).joins(edge.lead, label="")
    edge.post(f"/voice/{edge.call.id}/caller/1/hold", edge.form(SID))
    assert edge.store.next_due() is not None
    assert min(edge.call.deadlines.values()) >= due or edge.store.next_due() <= due + SETTLE


def test_the_menu_s_silence_brings_the_lead_back_even_if_the_document_is_lost() -> None:
    edge = pressed(Edge().talking())
    assert edge.call.lead_leg.at(PlaceName.MENU)
    for _ in range(30):
        edge.later(2).runner.tick()
    assert edge.call.stage is Stage.TALKING
    assert edge.call.lead_leg.in_room


def test_the_provider_is_asked_two_seconds_after_a_document_should_have_ended() -> None:
    """And half a second after a hold. Without an answer the core decides after 15 s, or 4 s for a hold."""
    assert {
        "warning": timedelta(seconds=13),
        "closing_over": timedelta(seconds=13),
        "hold_question": timedelta(seconds=13),
        "supervisor_question": timedelta(seconds=13),
        "call_back_question": timedelta(seconds=13),
        "silence": timedelta(seconds=13),
        "hold": timedelta(seconds=3.5),
    } == EARLIER
