"""Webhooks that are repeated, late or concurrent change nothing twice (floor F7)."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from werkzeug.test import TestResponse

from callflow.core.stages import PlaceName, Stage
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.web.edge import SID, Edge


class Twice(Edge):
    """Delivers every webhook twice in a row, and sees that the second one is answered like the first and does
    nothing."""

    def post(self, *what: object, **how: object) -> TestResponse:
        first = super().post(*what, **how)  # type: ignore[arg-type]
        kept, sent = self.kept(), len(self.runner._tasks)
        self.later(0.02)
        second = super().post(*what, **how)  # type: ignore[arg-type]
        assert (second.status_code, second.data) == (first.status_code, first.data)
        assert self.kept() == kept
        assert len(self.runner._tasks) == sent
        return first


def test_arriving_waiting_and_talking() -> None:
    edge = Twice().talking()
    assert edge.call.stage is Stage.TALKING


def test_a_declined_offer_and_an_ended_call() -> None:
    edge = Twice().waiting().flush()
    first = edge.call.legs[1]
    edge.enters(first.id)
    edge.answers(first.id, Digits="2")
    edge.flush()
    second = edge.call.legs[2]
    edge.post(f"/voice/{edge.call.id}/{second.id}/status", edge.form(second.sid, CallStatus="no-answer"))
    edge.post("/voice/status", edge.form(SID, CallStatus="completed"))
    assert not edge.call.caller.live


def test_a_hold_with_a_yes_and_its_end() -> None:
    edge = Twice().talking()
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.enters()
    edge.later(6).answers(SpeechResult="yes, all right")
    assert edge.call.stage is Stage.HOLDING
    edge.enters(edge.lead)
    edge.later(30).joins(edge.lead)
    edge.joins("caller")
    assert edge.call.stage is Stage.TALKING
    assert [one.note.kind for one in edge.store.journal(edge.call.id)].count("consent") == 1


def test_a_warning_and_the_proof_of_it() -> None:
    edge = Twice().talking()
    for keys in ("91", "91", "32"):
        edge.later(1).answers(edge.lead)
        for key in keys:
            edge.later(1).answers(edge.lead, Digits=key)
    assert edge.call.stage is Stage.WARNING
    edge.enters()
    edge.later(20).joins("caller")
    assert edge.call.warnings[0].heard_at


def test_a_supervisor_takes_it() -> None:
    edge = Twice().talking()
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="2")
    edge.enters()
    edge.later(6).answers(Digits="1")
    edge.flush()
    helper = edge.call.candidates[0]
    edge.enters(helper.id)
    edge.later(5).answers(helper.id, Digits="1")
    edge.joins(helper.id)
    assert edge.call.helper == helper.id


def test_a_fallback_s_arrival_in_the_room_is_applied_once() -> None:
    """The join has no label. It repeats a step of the flow once."""
    edge = Twice()
    edge.rings()
    edge.later(2).joins("caller", label="")
    assert edge.call.caller.token == 2


def test_a_late_answer_gets_the_current_document_and_decides_nothing() -> None:
    edge = Edge().talking()
    edge.answers(edge.lead)
    old = f"/voice/{edge.call.id}/{edge.lead}/{edge.call.lead_leg.token}/menu"
    edge.answers(edge.lead, Digits="*")
    assert edge.call.lead_leg.in_room
    kept = edge.kept()
    for key in ("1", "3", "4", "7"):
        assert "<Conference" in edge.post(old, edge.form(edge.call.lead_leg.sid, Digits=key)).text
    assert edge.kept() == kept


def test_an_arrival_by_a_document_long_left_is_none() -> None:
    edge = Edge().talking()
    edge.answers(edge.lead)
    kept = edge.kept()
    edge.joins(edge.lead, label=f"{edge.lead}-1")
    edge.joins(edge.lead, label=f"{edge.lead}-99999999999999999999")
    assert edge.kept() == kept
    assert edge.call.lead_leg.at(PlaceName.MENU)


def test_the_same_answer_from_sixteen_threads_is_taken_once(tmp_path: Path) -> None:
    edge = Edge(store=open_store(f"sqlite:///{tmp_path / 'calls.db'}", SECRETS)).talking()
    edge.answers(edge.lead)
    target = f"/voice/{edge.call.id}/{edge.lead}/{edge.call.lead_leg.token}/menu"
    form, together = edge.form(edge.call.lead_leg.sid, Digits="1"), Barrier(16)

    def answer(_: int) -> bytes:
        together.wait(10)
        return Edge.post(edge, target, form).data

    with ThreadPoolExecutor(16) as threads:
        replies = set(threads.map(answer, range(16)))
    assert len(replies) == 1
    assert [one.note.outcome for one in edge.store.journal(edge.call.id)].count("asked") == 1
    edge.store.close()


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_different_answers_at_one_moment_exactly_one_wins(tmp_path: Path, attempt: int) -> None:
    """The caller's "talk now" and the lead's "bring the caller back" both end the hold; only one is noted."""
    edge = Edge(store=open_store(f"sqlite:///{tmp_path / 'calls.db'}", SECRETS)).talking()
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.enters()
    edge.later(6).answers(Digits="1")
    call, together = edge.call, Barrier(2)
    lead = edge.form(edge.call.lead_leg.sid, Digits="1")

    def answer(who: str) -> TestResponse:
        token, place = (call.caller.token, "hold") if who == "caller" else (call.lead_leg.token, "hold_desk")
        together.wait(10)
        form = edge.form(SID, Digits="2") if who == "caller" else lead
        return edge.post(f"/voice/{call.id}/{who}/{token}/{place}", form)

    with ThreadPoolExecutor(2) as threads:
        replies = list(threads.map(answer, ("caller", edge.lead)))
    assert all("<Conference" in reply.text for reply in replies)
    ends = [one.note.outcome for one in edge.store.journal(call.id) if one.note.kind == "hold"]
    assert len([one for one in ends if one.startswith("ended by")]) == 1
    edge.store.close()


def test_one_call_begun_by_two_deliveries_at_once_has_begun_once(tmp_path: Path) -> None:
    edge, together = Edge(store=open_store(f"sqlite:///{tmp_path / 'calls.db'}", SECRETS)), Barrier(8)

    def ring(_: int) -> bytes:
        together.wait(10)
        return edge.rings().data

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ring, range(8)))) == 1
    assert len(edge.store.calls()) == 1
    assert [one.note.kind for one in edge.store.journal(edge.call.id)].count("call_started") == 1
    edge.store.close()
