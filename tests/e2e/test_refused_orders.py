"""The provider refuses what we order. It is news for ops, and callers do not wait for people who cannot be rung."""

from dataclasses import replace
from typing import Any

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Answers, Busy, Chaos
from tests.e2e.conversation import PHONES, Conversation, shipped
from tests.e2e.scenes import talking

NOT_OURS = "+15550100555"


def troubles(talk: Conversation) -> list[dict[str, Any]]:
    reply = talk.callflow.app.test_client().get("/readyz")
    assert reply.status_code == 200
    assert reply.json
    return list(reply.json.get("troubles", []))


def with_a_caller_id_of_somebody_else() -> Conversation:
    talk = Conversation(replace(shipped(), caller_id=NOT_OURS))
    talk.emulator.exchange.caller_ids.clear()
    talk.caller.dials().hears("reason_menu").presses("1")
    return talk


def test_nobody_waits_for_people_who_cannot_be_rung() -> None:
    """The caller id is not ours (21210), so no phone can be rung: the flow's other way at once, not after minutes."""
    talk = with_a_caller_id_of_somebody_else()
    talk.caller.hears("leave_message", within=10)
    talk.noted("not_connected", outcome="nobody can be rung")
    talk.ana.never_rang()
    talk.ben.never_rang()
    talk.over()


def test_a_caller_id_that_is_not_ours_is_in_log_journal_metrics_and_readyz(caplog: pytest.LogCaptureFixture) -> None:
    talk = with_a_caller_id_of_somebody_else()
    talk.noted("request_refused", "ana", outcome="21210", request="ring").noted("not_reached", "ana", outcome="failed")
    talk.noted("request_refused", "ben", outcome="21210")
    (found,) = troubles(talk)
    assert (found["kind"], found["what"], found["count"]) == ("provider_refused", "ring: HTTP 400, code 21210", 2)
    assert "caller_id in callflow.yaml" in found["advice"]
    assert "code 21210; caller_id in callflow.yaml" in caplog.text
    assert NOT_OURS not in caplog.text + str(found)
    page = talk.callflow.metrics.page()[0].decode()
    assert 'callflow_provider_refusals_total{code="21210",kind="ring"} 2.0' in page
    talk.over()


def test_a_number_that_was_verified_may_be_shown() -> None:
    """A rehearsal takes it for verified; `callflow provision` checks it."""
    talk = Conversation(replace(shipped(), caller_id=NOT_OURS))
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()
    assert troubles(talk) == []


def forbidding(*names: str, code: int = 21215) -> Conversation:
    """The account may not call these people."""
    talk = Conversation()
    talk.emulator.exchange.forbidden |= {PHONES[name]: code for name in names}
    talk.caller.dials().hears("reason_menu").presses("1")
    return talk


def test_one_phone_that_cannot_be_rung_costs_nobody_the_others() -> None:
    talk = forbidding("ana")
    talk.ben.hears("offer").presses("1")
    talk.together("caller", "ben").noted("request_refused", "ana", outcome="21215").not_noted("not_connected")
    assert "geographic permissions" in troubles(talk)[0]["advice"]
    talk.over()


def test_who_is_busy_is_waited_for_although_the_others_cannot_be_rung() -> None:
    talk = forbidding("ana")
    talk.ben.behaves(Busy())
    talk.caller.hears("queue_progress", within=120)
    talk.ben.behaves(Answers(2.0)).hears("offer", within=120).presses("1")
    talk.together("caller", "ben").not_noted("not_connected")
    talk.over()


def test_a_caller_left_alone_whom_nobody_can_be_rung_for_can_leave_a_message() -> None:
    talk = talking()
    talk.emulator.exchange.forbidden |= {PHONES[name]: 21215 for name in ("ana", "ben", "sam", "sky")}
    talk.ana.hangs_up()
    talk.caller.hears("agent_left").hears("leave_message", within=200)
    talk.noted("not_connected", outcome="nobody can be rung").over()


def test_supervisors_who_cannot_be_rung_are_nobody_to_wait_for() -> None:
    talk = talking()
    talk.emulator.exchange.forbidden |= {PHONES[name]: 21215 for name in ("sam", "sky")}
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("no_supervisor", within=15)
    talk.noted("request_refused", "sam", outcome="21215").over()


def test_an_api_that_fails_for_a_while_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """It may work again for the next try, so the caller keeps the place in the queue."""
    talk = Conversation()
    talk.caller.dials().hears("reason_menu")
    faults = talk.emulator.exchange.faults
    faults.chaos = Chaos(rest_5xx=1.0)
    talk.caller.presses("1")
    talk.until(lambda: bool(talk.notes("request_refused", "ana", request="ring")), "given up after some tries", 60)
    assert "the provider is in trouble" in caplog.text
    talk.wait(60).not_noted("not_connected").stage(Stage.WAITING)
    faults.chaos = Chaos()
    talk.ana.hears("offer", within=60).presses("1")
    talk.together("caller", "ana").over()


def test_a_redirect_that_is_refused_is_news_and_people_stay_together() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu")
    faults = talk.emulator.exchange.faults
    faults.chaos = Chaos(rest_429=1.0)
    talk.ana.presses("1")
    talk.until(lambda: bool(talk.notes("request_refused", "caller", request="redirect")), "a refused redirect", 90)
    faults.chaos = Chaos()
    assert {one["kind"] for one in troubles(talk)} == {"provider_refused"}
    talk.together("caller", "ana").over()
