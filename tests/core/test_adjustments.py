"""A caller says once what they need: what then changes on the call, and how it is said, kept, changed and deleted."""

from dataclasses import replace
from typing import Any, Self

import pytest

from callflow.core import events as e
from callflow.core.adjustment_lines import TO_CALLER, TO_STAFF
from callflow.core.adjustments import ATTESTED
from callflow.core.call import Prompt
from callflow.core.configuration import Configuration, Flow
from callflow.core.flow.adjustments import ORDER, PIN, AdjustmentsStep
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.policy import LadderOrder, Policy
from callflow.core.recognised import NEEDS, NOTHING, Recognised, of_text, to_text
from callflow.core.stages import Stage
from tests import playbook
from tests.core.example import CONFIGURATION, configuration

TICS = Recognised(adjustment="r1", needs=("tics",))
TOLD = replace(TICS, proposed=True)
NUMBER = "482915"
STEPS = (
    AdjustmentsStep(name="needs", script="adjustments_menu", next="desk"),
    ConnectStep(name="desk", team="energy_desk", otherwise="message"),
    VoicemailStep(name="message", script="leave_message"),
)
ASKS = configuration(flow=Flow(name="front_desk", start="needs", steps={one.name: one for one in STEPS}))


class Playbook(playbook.Playbook):
    """A call of somebody of whom something is known."""

    def __init__(self, configuration: Configuration = CONFIGURATION, number: str = "+15550190042",
                 known: Recognised = NOTHING) -> None:  # fmt: skip
        super().__init__(configuration, number)
        self.known = known

    def calls(self) -> Self:
        started = e.CallStarted(at=self.at, sid="CA-caller", number=self.number, called=self.call.called,
                                recognised=to_text(self.known))  # fmt: skip
        return self.take(started, answering="caller")

    def copy(self) -> "Playbook":
        other = Playbook(self.configuration, self.number)
        vars(other).update(vars(super().copy()))
        return other


def talking(configuration: Configuration = CONFIGURATION, known: Recognised = NOTHING) -> Playbook:
    book = Playbook(configuration, known=known).calls().wait(10).caller().presses("1")
    return book.agent("ana").answers().presses("1").wait(2).stage(Stage.TALKING)


def asked(known: Recognised = NOTHING, number: str = "+15550190042") -> Playbook:
    return Playbook(ASKS, number, known).calls().caller()


def done(book: Playbook, *, fails: str = "") -> Playbook:
    """The service has done what the caller ordered, or says why not."""
    at, lookup = book.at, book.call.lookup
    answer: Any = e.LookupFailed(at=at, lookup=lookup, reason=fails) if fails else e.LookupDone(
        at=at, lookup=lookup, values={})  # fmt: skip
    return book.take(answer)


# -- what changes


def test_a_caller_who_stammers_has_three_times_the_time_to_answer() -> None:
    for known, seconds in ((NOTHING, 8), (Recognised(adjustment="r1", needs=("speech",)), 24)):
        book = talking(known=known).agent("ana").star().presses("1")
        book = book.presses("1") if known.needs else book
        assert book.stage(Stage.ASKING_HOLD).caller().leg.place.number("seconds") == seconds


def test_the_menu_of_the_flow_waits_three_times_as_long() -> None:
    waits = [Playbook(CONFIGURATION, known=known).calls().wait(9).caller().leg.place.number("seconds")
             for known in (NOTHING, TICS)]  # fmt: skip
    assert waits == [8, 24]


def test_a_proposal_of_somebody_else_changes_nothing() -> None:
    assert talking(known=TOLD).call.adjustments == ()


def test_the_grace_is_three_times_as_long() -> None:
    book = by_supervisor().star().presses("3", "3").wait(17).wait(16)
    book.star().presses("4").hears("refuse_grace").wait(45).star().presses("4").hears("refuse_co_sign")


def test_whoever_is_rung_hears_what_is_not_conduct() -> None:
    book = Playbook(CONFIGURATION, known=TICS).calls().wait(10).caller().presses("1").agent("ana").answers()
    flags = book.hears("offer_flags").leg.place.prompts[0].values["flags"]
    assert Prompt("adjust_tics", {}) in tuple(flags)


def supervisor_there(known: Recognised = TICS) -> Playbook:
    """The supervisor has accepted and consults with the agent, who has left out the first step."""
    book = talking(known=known).agent("ana").star().presses("9", "4").wait(8).agent("ana").star().presses("2")
    book = book.caller().presses("1").wait(2).supervisor("sam").answers().presses("1")
    return book.stage(Stage.CONSULTING).wait(4)


def by_supervisor() -> Playbook:
    book = supervisor_there().supervisor("sam").star().presses("1").wait(30)
    return book.supervisor("sam").star().presses("1").stage(Stage.TALKING).wait(10).supervisor("sam")


def test_an_agent_alone_cannot_warn() -> None:
    book = talking(known=TICS).agent("ana").star().presses("9", "4").wait(8).star().presses("9", "2").wait(8)
    book.agent("ana").star().presses("3").hears("refuse_cosign").stage(Stage.TALKING)


def test_severe_conduct_needs_the_second_person_as_well() -> None:
    book = talking(known=TICS).agent("ana").star().presses("3").stage(Stage.TALKING)
    assert not {"warn_menu", "warning_final"} & {*book.said[book.leg.id]}


def test_a_supervisor_agrees_by_key_and_the_agent_warns() -> None:
    book = supervisor_there().supervisor("sam").star().hears("cosign_choice").presses("4").hears("cosigned")
    book.noted("warning", actor="sam", key="4", outcome="agreed")
    book.wait(3).supervisor("sam").star().presses("3").wait(8).agent("ana").star().presses("3").hears("warn_menu")
    book.presses("1").stage(Stage.WARNING)


def test_the_agent_cannot_agree_in_place_of_the_supervisor() -> None:
    book = supervisor_there().agent("ana").star().presses("4").hears("unknown_key")
    assert not book.call.warning_agreed


def test_a_supervisor_who_has_the_call_needs_nobody_else() -> None:
    by_supervisor().star().presses("3").hears("warn_menu").presses("1").stage(Stage.WARNING)


def test_nobody_is_asked_to_agree_for_other_callers() -> None:
    book = supervisor_there(NOTHING).supervisor("sam").star()
    assert "cosign_choice" not in book.said[book.leg.id]


@pytest.mark.parametrize("order", LadderOrder)
def test_what_the_refusal_advises_is_open(order: LadderOrder) -> None:
    book = talking(configuration(Policy(order=order)), known=TICS).agent("ana").star().presses("3").wait(9)
    advised = "1" if order is LadderOrder.IN_ORDER else "2"
    book.agent("ana").star().presses(advised)
    assert not {"refuse_order", "refuse_skip"} & {*book.said[book.leg.id]}


# -- a yes by an agent's word (rule 8)


def test_the_agent_attests_a_yes_that_no_key_could_take() -> None:
    book = talking(known=TICS).agent("ana").star().presses("1").hears("attest_menu").presses("2")
    book.stage(Stage.HOLDING).places(caller="hold").noted("consent", actor="ana", key="2", outcome="yes", how=ATTESTED)
    book.holds(lambda call: call.consent and call.consent.how == ATTESTED)


def test_without_an_adjustment_the_caller_is_always_asked() -> None:
    talking().agent("ana").star().presses("1").stage(Stage.ASKING_HOLD)


def test_a_no_stays_a_no() -> None:
    book = talking(known=TICS).agent("ana").star().presses("1", "1").caller().presses("2").wait(8)
    book.agent("ana").star().presses("1").hears("refuse_asked_already").stage(Stage.TALKING)


def test_an_unclear_answer_is_no_refusal() -> None:
    book = talking(known=TICS).agent("ana").star().presses("1", "1").wait(90).stage(Stage.TALKING)
    book.agent("ana").star().presses("1").hears("attest_menu").presses("2").stage(Stage.HOLDING)


def test_the_agent_may_still_have_the_caller_asked_or_go_back() -> None:
    book = talking(known=TICS).agent("ana").star().presses("1")
    book.copy().presses("1").stage(Stage.ASKING_HOLD)
    book.copy().presses("*").stage(Stage.TALKING)
    book.stays_silent().stage(Stage.TALKING)


# -- saying it


def test_said_by_key_it_counts_at_once() -> None:
    book = asked().hears("adjustments_menu").presses("3").hears("adjustments_more").presses("1")
    book.holds(lambda call: call.adjustments == ("tics", "more_time")).noted("adjustment", outcome="given")
    assert not [note for note in book.notes if "tics" in str(note)]


def test_kept_with_a_pin_for_the_next_calls() -> None:
    book = asked().presses("3", "9").hears("adjustments_keep").presses(NUMBER)
    book.holds(lambda call: (call.variables[ORDER], call.variables[PIN]) == ("keep", NUMBER))
    done(book).hears("adjustments_kept").stays_silent().stage(Stage.WAITING).holds(lambda call: not call.variables)


def test_a_number_that_anybody_guesses_is_refused() -> None:
    book = asked().presses("3", "9").presses("111111").hears("adjustments_unusable", "adjustments_keep")
    book.presses("1234").hears("adjustments_not_kept").stays_silent().stage(Stage.WAITING)
    assert book.call.adjustments == ("tics",)


def test_who_keeps_nothing_has_it_for_this_call() -> None:
    book = asked().presses("2", "9").stays_silent().stage(Stage.WAITING)
    assert book.call.adjustments == ("speech",)


def test_who_withholds_the_number_has_it_for_this_call() -> None:
    asked(number="").presses("2", "9").stage(Stage.WAITING).holds(lambda call: call.adjustments == ("speech",))


def test_who_says_nothing_is_not_held_up() -> None:
    asked().stays_silent().stays_silent().stage(Stage.WAITING).holds(lambda call: not call.adjustments)


def test_a_server_that_does_not_answer_holds_nobody_up() -> None:
    book = asked().presses("3", "9").presses(NUMBER).wait(30)
    book.stage(Stage.WAITING).noted("adjustment", outcome="keep failed: no answer in time")


# -- hearing, changing and deleting it


def test_the_caller_hears_what_is_kept() -> None:
    book = asked(TICS).hears("adjustments_known")
    assert book.leg.place.prompts[0].values["needs"] == (Prompt("need_tics", {}),)
    book.presses("1").stage(Stage.WAITING).holds(lambda call: call.adjustments == ("tics",))


def test_with_the_pin_it_is_deleted() -> None:
    book = done(asked(TICS).presses("2").hears("adjustments_pin").presses(NUMBER)).hears("adjustments_change")
    book = done(book.presses("2")).hears("adjustments_deleted")
    book.holds(lambda call: not call.adjustments and not of_text(call.recognised).needs)
    book.stays_silent().stage(Stage.WAITING)


def test_with_the_pin_it_is_chosen_anew() -> None:
    book = done(asked(TICS).presses("2").presses(NUMBER)).presses("1").hears("adjustments_menu").presses("4", "9")
    book.presses(NUMBER).holds(lambda call: call.adjustments == ("interpreter",))


def test_who_chooses_nothing_anew_keeps_it() -> None:
    book = done(asked(TICS).presses("2").presses(NUMBER)).presses("1", "9")
    book.stage(Stage.WAITING).holds(lambda call: call.adjustments == ("tics",))


def test_without_the_pin_nothing_changes() -> None:
    book = done(asked(TICS).presses("2").presses("271828"), fails="wrong").hears("adjustments_wrong", "adjustments_pin")
    book = done(book.presses("314159"), fails="wrong").hears("adjustments_wrong").stays_silent()
    book.stage(Stage.WAITING).holds(lambda call: call.adjustments == ("tics",))


def test_a_locked_pin_is_not_asked_for_again() -> None:
    book = done(asked(TICS).presses("2").presses(NUMBER), fails="locked").hears("adjustments_wrong")
    book.stays_silent().stage(Stage.WAITING)


def test_what_a_colleague_understood_counts_when_the_caller_confirms_it() -> None:
    book = asked(TOLD).hears("adjustments_proposed").holds(lambda call: not call.adjustments)
    book.copy().presses("1").hears("adjustments_keep").holds(lambda call: call.adjustments == ("tics",))
    book = done(book.presses("2")).stays_silent()
    book.stage(Stage.WAITING).holds(lambda call: not call.adjustments and not of_text(call.recognised).needs)


def test_an_agent_says_at_the_wrap_up_that_the_caller_needs_time() -> None:
    book = talking(replace(CONFIGURATION, asks_needs=True)).caller().hangs_up().agent("ana")
    book.hears("wrap_up", "adjustments_wrap_up").presses("0").hears("wrap_up_saved")
    book.noted("adjustment", actor="ana", key="0", outcome="proposed").holds(lambda call: not call.adjustments)


def test_where_no_flow_asks_the_key_means_nothing() -> None:
    talking().caller().hangs_up().agent("ana").presses("0").hears("unknown_key")


def test_each_need_is_named_to_the_caller_and_to_staff() -> None:
    assert set(TO_CALLER) == set(TO_STAFF) == set(NEEDS)
    assert {*TO_CALLER.values(), *TO_STAFF.values()} <= set(FRAGMENTS)
