"""What is kept of a caller, in whole calls: said once by key, counted on the next call, changed and deleted with a PIN;
a caller who rings back after a closing; a restricted caller."""

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any

from callflow.core.configuration import Configuration
from callflow.core.flow.adjustments import AdjustmentsStep
from callflow.core.flow.say import SayStep
from callflow.core.recognised import of_text
from callflow.core.stages import Stage
from callflow.service import recognising
from callflow.service.adjustments import Adjustments
from callflow.service.caller_records import CallerRecord, RecordKind, erase_caller
from callflow.service.configurations import Configurations
from callflow.service.recognising import HeadsUps, Proposals
from callflow.service.restrictions import Restrictions
from tests.e2e.conversation import PHONES, Conversation, shipped
from tests.e2e.scenes import steps_tried, talking, warned

NUMBER = PHONES["caller"]
PIN = "482915#"


@cache
def asking() -> Configuration:
    """The shipped flow, which asks for needs after the greeting."""
    flow = shipped().flows["front_desk"]
    steps = {**flow.steps, "welcome": SayStep(name="welcome", script="greeting", next="needs"),
             "needs": AdjustmentsStep(name="needs", script="adjustments_menu", next="reason")}  # fmt: skip
    return replace(shipped(), flows={"front_desk": replace(flow, steps=steps)}, digest="asking")


def rings(talk: Conversation) -> Conversation:
    talk.caller.dials()
    return talk


def kept(talk: Conversation) -> list[CallerRecord]:
    return talk.callflow.store.records_of(NUMBER)


def said_once(talk: Conversation) -> Conversation:
    """A caller says by key that they have tics, keeps it, and hangs up."""
    rings(talk).caller.heard("adjustments_menu").presses("3").heard("adjustments_more").presses("9")
    talk.caller.heard("adjustments_keep").presses(PIN).hears("adjustments_kept").hears("reason_menu").hangs_up()
    return talk.until(lambda: talk.call.stage is Stage.ENDED, "the end")


def test_said_once_it_counts_on_the_next_call() -> None:
    talk = said_once(Conversation(asking()))
    assert [(one.kind, one.state, one.body["needs"]) for one in kept(talk)] == [("adjustment", "on", ["tics"])]
    assert "482915" not in str(kept(talk))
    assert talk.call.variables == {}
    rings(talk).caller.hears("adjustments_known").presses("1").hears("reason_menu").presses("1")
    talk.ana.hears("offer_flags").hears("offer").presses("1")
    talk.together("caller", "ana").wait(1)
    assert talk.call.adjustments == ("tics",)
    talk.ana.presses("*").hears("menu").presses("1").hears("attest_menu").presses("1")
    talk.caller.heard("hold_request").presses("1", after=20).hears("hold_start")
    talk.over()


def test_another_caller_is_not_taken_for_this_one() -> None:
    talk = said_once(Conversation(asking()))
    talk.caller.dials("+15550190777").hears("adjustments_menu")
    assert talk.call.adjustments == ()
    talk.over()


def test_the_caller_deletes_it_with_the_pin() -> None:
    talk = said_once(Conversation(asking()))
    rings(talk).caller.hears("adjustments_known").presses("2").hears("adjustments_pin").presses(PIN)
    talk.caller.heard("adjustments_change").presses("2").hears("adjustments_deleted").hears("reason_menu")
    assert kept(talk) == []
    (record,) = talk.callflow.store.caller_records(RecordKind.ADJUSTMENT)
    assert (record.state, record.body) == ("erased", {})
    done = [one.kind for one in talk.callflow.store.caller_record_entries(record.id)]
    assert done == ["kept", "PIN right", "deleted"]
    talk.over()


def wrong(talk: Conversation, pin: str = "271828#") -> Any:
    rings(talk).caller.hears("adjustments_known").presses("2").hears("adjustments_pin").presses(pin)
    return talk.caller.hears("adjustments_wrong")


def test_five_wrong_pins_lock_it_for_a_quarter_of_an_hour() -> None:
    talk = said_once(Conversation(asking()))
    for _ in range(2):
        wrong(talk).hears("adjustments_pin").presses("271828#").hears("adjustments_wrong").hears(
            "reason_menu"
        ).hangs_up()
        talk.until(lambda: talk.call.stage is Stage.ENDED, "the end")
    wrong(talk).hears("reason_menu").hangs_up()
    wrong(talk, PIN).hears("reason_menu").hangs_up()
    assert [one.kind for one in talk.callflow.store.caller_record_entries(kept(talk)[0].id)][5:] == [
        "PIN locked now", "PIN locked"]  # fmt: skip
    talk.wait(900)
    rings(talk).caller.hears("adjustments_known").presses("2").hears("adjustments_pin").presses(PIN)
    talk.caller.heard("adjustments_change")
    talk.over()


def test_what_an_agent_was_told_is_asked_on_the_next_call() -> None:
    talk = Conversation(asking())
    by_agent = Adjustments(talk.callflow.store, ("secret of a rehearsal",), talk.clock.now)
    by_agent.add(NUMBER, ["interpreter"], "ana", "said so in the call", confirmed=False)
    rings(talk).caller.hears("adjustments_proposed").presses("1").hears("adjustments_keep").presses(PIN)
    talk.caller.hears("adjustments_kept").hears("reason_menu")
    assert [(one.state, one.body["needs"]) for one in kept(talk)] == [("on", ["interpreter"])]
    assert talk.call.adjustments == ("interpreter",)
    talk.over()


def test_an_agent_proposes_at_the_wrap_up_and_the_caller_confirms() -> None:
    talk = Conversation(replace(asking(), asks_needs=True))
    rings(talk).caller.heard("adjustments_menu").presses("9").hears("reason_menu").presses("1")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").caller.hangs_up()
    talk.ana.heard("wrap_up").presses("0").hears("wrap_up_saved")
    (job,) = [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == recognising.PROPOSAL]
    for _ in range(2):
        Proposals(talk.callflow.store, Adjustments(talk.callflow.store, ("s",), talk.clock.now)).run(job.args)
    talk.over()
    assert [(one.state, one.body["needs"]) for one in kept(talk)] == [("proposed", ["more_time"])]
    rings(talk).caller.hears("adjustments_proposed").presses("2").hears("adjustments_deleted").hears("reason_menu")
    assert (kept(talk), talk.call.adjustments) == ([], ())
    talk.over()


def test_in_an_erased_call_nobody_can_read_the_needs() -> None:
    talk = said_once(Conversation(asking()))
    assert talk.call.adjustments == ("tics",)
    talk.callflow.store.erase(talk.call.id)
    assert talk.call.adjustments == ()
    assert erase_caller(talk.callflow.store, NUMBER, "kim", talk.clock.now()) == [f"{talk.call.id}-a"]
    rings(talk).caller.hears("adjustments_menu")
    talk.over()


def closed() -> Conversation:
    """A call that was closed after a warning, and the job that follows it."""
    talk = warned(steps_tried(talking()))
    talk.wait(16).ana.presses("*").hears("menu").presses("4").hears("end_confirm").presses("1")
    talk.caller.heard("disconnect").is_off()
    talk.until(lambda: bool(talk.notes("call_ended", outcome="closed")), "the closing")
    jobs = [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == recognising.KIND]
    for job in (*jobs, *jobs):  # a job may run twice
        HeadsUps(talk.callflow.store, Configurations(shipped())).run(job.args)
    return talk


def test_who_rings_back_after_a_closing_meets_somebody_prepared() -> None:
    talk = closed()
    (heads_up,) = kept(talk)
    assert heads_up.body == {"reason": "a bill", "person": "sam", "not_first": "ana"}
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.sam.hears("offer_flags").hears("offer").presses("1")
    talk.together("caller", "sam").wait(1)
    assert (talk.call.warnings, talk.call.locks) == ((), ())
    talk.over()


def test_two_hours_later_nobody_is_told() -> None:
    talk = closed().wait(7200)
    assert talk.callflow.store.erase_expired_heads_ups(talk.clock.now()) == 1
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer")
    assert talk.call.recognised == ""
    talk.over()


def restricted(talk: Conversation) -> str:
    """A restriction after the first call, decided by a senior who was not on it."""
    restrictions = Restrictions(talk.callflow.store, replace(shipped(), seniors=("sam", "sky")), talk.clock.now)
    id = restrictions.propose(talk.call, "ana", "the same insults on four calls", "calls about the bill", "letters")
    today = talk.clock.now().date()
    restrictions.decide(id, "sky", "the letter explains it", agreed=True, letter_sent=today,
                        review=today + timedelta(days=1))  # fmt: skip
    return id


def test_a_restricted_caller_is_answered_by_an_agent_as_always() -> None:
    talk = talking().over()
    id = restricted(talk.wait(90))
    talk.caller.dials().hears("greeting").hears("reason_menu").presses("1").hears("connecting")
    assert talk.call.search
    assert (talk.call.search.priority, of_text(talk.call.recognised).restriction) == (0, id)
    talk.ana.hears("offer_flags").hears("offer").presses("1")
    talk.together("caller", "ana")
    shown = [one for one in talk.callflow.store.caller_record_entries(id) if one.kind == recognising.PREPARED]
    assert [one.reason for one in shown] == [talk.call.id]
    talk.over()


def test_a_restriction_ends_by_itself_on_its_review_date() -> None:
    talk = talking().over()
    restricted(talk)
    talk.wait(timedelta(days=1).total_seconds())
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    assert talk.call.recognised == ""
    talk.over()
