"""The verbs of a flow: words, digits, hours, languages, lookups, call backs, forwarding, sub-flows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callflow.core import command_diff
from callflow.core.call import Call
from callflow.core.commands import LookUp
from callflow.core.events import CallStarted, ForwardEnded, LookupDone, LookupFailed, TimerFired, WordsSpoken
from callflow.core.flow.ask import AskStep, Digits
from callflow.core.flow.hours import Hours, is_open
from callflow.core.flow.sub_flow import SubFlowStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Step
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer
from tests.core.example_flows import FLOWING, MAIN, OPEN, flowing
from tests.playbook import Playbook

LEFT = VoicemailStep(name="left", script="leave_message")
STEPS = {step.name: step for step in MAIN}


def at_menu() -> Playbook:
    return Playbook(FLOWING).calls().hears("pick_language").presses("1").hears("reason_menu").stage(Stage.ARRIVING)


def says(book: Playbook, words: str) -> Playbook:
    return book.take(WordsSpoken(at=book.at, leg="caller", words=words), answering="caller")


def beginning(*steps: Step, number: str = "+15550190042") -> Playbook:
    return Playbook(flowing(*steps), number).calls()


# -- menu


@pytest.mark.parametrize("words", ["bill", "My BILL, please!", "the invoice", "an invoice, a bill"])
def test_a_word_chooses(words: str) -> None:
    says(at_menu(), words).hears("ask_account").holds(lambda call: call.reason == "a bill").noted("chose", key="")


@pytest.mark.parametrize("words", ["", "a bill or a delivery", "not a bill", "billing", "?!"])
def test_an_unclear_word_is_asked_again_and_then_gets_a_person(words: str) -> None:
    says(says(at_menu(), words).hears("reason_menu").stage(Stage.ARRIVING), words).stage(Stage.WAITING)


def test_keys_always_work() -> None:
    at_menu().presses("1").hears("ask_account")


# -- ask


def test_digits_go_into_the_variable_and_not_into_the_journal() -> None:
    book = at_menu().presses("1", "12345").holds(lambda call: call.variables == {"account": "12345"})
    book.noted("asked", outcome="given", variable="account")
    assert "12345" not in str(book.notes)


@pytest.mark.parametrize("wrong", ["123", "123456789", "12*4"])
def test_digits_of_another_shape(wrong: str) -> None:
    book = at_menu().presses("1", wrong).hears("ask_account").presses(wrong)
    book.hears("ask_about").noted("asked", outcome="not given").holds(lambda call: not call.variables)


def test_words_are_asked_for_and_a_key_is_a_way_on_without() -> None:
    book = at_menu().presses("1").stays_silent().stays_silent().hears("ask_about")
    book.copy().presses("5").stage(Stage.WAITING)
    says(book, " my\n bill \x00 ").stage(Stage.WAITING).holds(lambda call: call.variables["about"] == "my bill")


# -- hours


@pytest.mark.parametrize(
    ("at", "opened"),
    [
        ("2026-03-02T09:00", True), ("2026-03-02T08:59", False), ("2026-03-02T17:00", False),
        ("2026-03-06T11:59", True), ("2026-03-06T12:00", False), ("2026-03-06T23:59", True),
        ("2026-03-07T01:59", True), ("2026-03-07T02:00", False), ("2026-12-25T23:00", False),
        ("2026-12-26T01:00", False),
    ],
)  # fmt: skip
def test_open_and_closed(at: str, opened: bool) -> None:
    assert is_open(OPEN, datetime.fromisoformat(at).replace(tzinfo=UTC)) is opened


def test_the_clock_on_the_wall_decides_also_when_clocks_change() -> None:
    day = ((9 * 60, 17 * 60),)
    hours = Hours(timezone="Europe/London", weekly=(day,) * 7)
    assert is_open(hours, datetime(2026, 7, 1, 8, tzinfo=UTC))
    assert not is_open(hours, datetime(2026, 1, 7, 8, 59, tzinfo=UTC))
    assert is_open(hours, datetime(2026, 3, 29, 8, tzinfo=UTC))  # the day on which summer time begins
    assert is_open(replace(hours, weekly=(((0, 1440),),) * 7), datetime(2026, 1, 7, 23, 59, tzinfo=UTC))


def test_closed_goes_another_way() -> None:
    shut = replace(STEPS["opening"], hours=Hours(timezone="UTC", weekly=((),) * 7), otherwise="left")
    beginning(shut, replace(LEFT), STEPS["reason"]).hears("leave_message").noted("hours", outcome="closed")


# -- language


def test_the_language_changes_from_then_on() -> None:
    book = Playbook(FLOWING).calls().presses("2").holds(lambda call: call.language == "es").hears("reason_menu")
    book.noted("language", actor="caller", outcome="es")


def test_no_choice_of_language_keeps_the_one_there_is() -> None:
    book = Playbook(FLOWING).calls().presses("9").hears("pick_language").stays_silent().hears("reason_menu")
    book.holds(lambda call: call.language == "en")


# -- lookup


def looking() -> Playbook:
    return at_menu().presses("1", "12345").hears("one_moment").ordered(LookUp)


def answered(book: Playbook, lookup: str = "", **values: str) -> Playbook:
    return book.take(LookupDone(at=book.at, lookup=lookup or book.call.lookup, values=values))


def test_an_answer_is_spoken() -> None:
    book = answered(looking().wait(2), name="Ana Diaz", other="never asked for").hears("hello_name")
    book.holds(lambda call: call.caller.place.prompts[0].values["name"] == "Ana Diaz" and "other" not in call.variables)
    book.noted("lookup", outcome="done", found=1)
    assert "Ana" not in str(book.notes)


def test_no_answer_within_its_time() -> None:
    book = looking()
    first = book.call.lookup
    book.wait(9).hears("ask_about").noted("lookup", outcome="failed: no answer in time")
    before = book.call
    answered(book, first, name="Ana")
    assert replace(book.call, seq=before.seq, at=before.at) == before


def test_a_failure_goes_the_way_of_failures() -> None:
    book = looking()
    book.take(LookupFailed(at=book.at, lookup=book.call.lookup, reason="HTTP 503")).hears("ask_about")
    book.noted("lookup", outcome="failed: HTTP 503")


def test_the_answer_to_another_question_is_nothing() -> None:
    answered(looking(), "find.1", name="Eve").hears("one_moment").holds(lambda call: "name" not in call.variables)


def test_a_fallback_does_not_ask_a_second_time() -> None:
    book = looking()
    waited_for = book.call.lookup
    book.falls_back().holds(lambda call: call.lookup == waited_for).wait(10).hears("ask_about")


def test_the_caller_hangs_up_meanwhile() -> None:
    book = looking()
    asked = book.call.lookup
    answered(book.hangs_up(), asked, name="Ana").stage(Stage.ENDED)


def test_a_line_has_its_default_as_long_as_nothing_is_known() -> None:
    book = answered(looking())
    book.hears("hello_name").holds(lambda call: call.caller.place.prompts[0].values["name"] == "our customer")


# -- connect


def waiting() -> Playbook:
    book = at_menu()
    book.away = {"ana", "ben"}
    return book.stays_silent().stays_silent().stage(Stage.WAITING).hears("connecting", "ring_offer")


def test_a_flow_may_begin_with_a_team() -> None:
    book = Playbook(flowing(STEPS["desk"], STEPS["ring_me"], STEPS["message"])).calls()
    book.stage(Stage.WAITING).places(caller="queue", ana="ringing")


def test_the_place_in_line_is_told_every_so_often() -> None:
    book = waiting()
    book.ahead = 2
    book.wait(31).hears("queue_progress").wait(30).hears("queue_progress", "ring_offer")
    book.holds(lambda call: call.caller.place.prompts[0].values["n"] == "3" and call.search.priority == 3)


def test_a_call_back_instead_of_waiting() -> None:
    book = waiting()
    book.away = set()
    book.wait(11).places(ana="ringing").caller().presses("1").hears("callback_confirm", "call_back_keys")
    book.noted("left_the_line", actor="caller", outcome="ring_me")
    book.stage(Stage.ARRIVING).places(ana="gone").presses("1").hears("call_back_kept").wait(20).stage(Stage.ENDED)
    book.holds(lambda call: call.call_back.confirmed and call.call_back.number == "+15550190042")


def test_another_key_goes_on_waiting() -> None:
    waiting().presses("7").stage(Stage.WAITING).hears("queue_progress").wait(301).hears("leave_message")


# -- call_back


def test_a_withheld_number_is_asked_for() -> None:
    book = beginning(replace(STEPS["ring_me"], otherwise="left"), LEFT, number="").hears("call_back_number")
    book.holds(lambda call: call.caller.place.details["seconds"] == 10)
    book.presses("123").hears("call_back_number").presses("15550190077").hears("callback_confirm").presses("1")
    book.hears("call_back_kept").holds(lambda call: call.call_back.number == "+15550190077")
    assert "5550190077" not in str(book.notes)


def test_another_number() -> None:
    book = beginning(replace(STEPS["ring_me"], otherwise="left"), LEFT).hears("callback_confirm").presses("2")
    book.hears("call_back_number").presses("15550190077", "1").holds(lambda call: call.call_back.confirmed)


def test_0_reads_the_promise_again() -> None:
    """As often as wanted, and it is not a wrong answer. A number is typed with it like with any digit."""
    book = beginning(replace(STEPS["ring_me"], otherwise="left", attempts=1), LEFT).hears("callback_confirm")
    book.presses("0", "0", "0").hears("callback_confirm", "call_back_keys").presses("1")
    book.holds(lambda call: call.call_back and call.call_back.confirmed)
    book = beginning(replace(STEPS["ring_me"], otherwise="left"), LEFT, number="").hears("call_back_number")
    book.presses("0").hears("call_back_number").presses("0").hears("leave_message")


def test_silence_keeps_the_promise_on_file() -> None:
    book = beginning(replace(STEPS["ring_me"], otherwise="left"), LEFT).stays_silent().hears("callback_confirm")
    book.stays_silent().hears("leave_message").holds(lambda call: call.call_back and not call.call_back.confirmed)


# -- forward


def outside() -> Playbook:
    return at_menu().presses("2").hears("one_moment").noted("forward", outcome="ringing")


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", ""])
def test_nobody_outside(status: str) -> None:
    book = outside()
    book.take(ForwardEnded(at=book.at, leg="caller", status=status), answering="caller").hears("callback_confirm")


def test_they_have_talked() -> None:
    book = outside()
    book.take(ForwardEnded(at=book.at, leg="caller", status="completed"), answering="caller").hears("goodbye")
    book.noted("forward", outcome="done").noted("flow_ended").wait(20).stage(Stage.ENDED)


def test_nobody_is_rung_after_the_goodbye_of_a_long_talk() -> None:
    """The deadline of the step comes while goodbye is said."""
    book = beginning(replace(STEPS["outside"], otherwise="desk"), replace(STEPS["desk"], otherwise="outside"))
    deadline = book.hears("one_moment").call.deadlines[Timer.STEP]
    book.take(ForwardEnded(at=book.at, leg="caller", status="completed"), answering="caller").hears("goodbye")
    book.take(TimerFired(at=deadline, name=Timer.STEP)).places(caller="gone").not_noted("waiting")


def test_nobody_is_rung_twice_for_a_fallback() -> None:
    outside().falls_back().hears("callback_confirm").noted("forward", outcome="not known")


# -- another flow


def test_into_another_flow_and_back() -> None:
    book = at_menu().presses("4").hears("leave_message").holds(lambda call: call.flow == "night" and call.returns)
    book.records().hears("night_told").holds(lambda call: call.language == "es")
    book.stays_silent().hears("goodbye").holds(lambda call: call.flow == "front_desk" and not call.returns)


def test_too_deep_is_not_followed_for_ever() -> None:
    again = SubFlowStep(name="again", flow="night", next="again")
    book = Playbook(flowing(SubFlowStep(name="go", flow="night", next="left"), LEFT, night=(again,))).calls()
    book.stage(Stage.ARRIVING).places(caller="message").hears("failure_nobody").noted("flow_lost")


def test_every_repeated_answer_counts_once() -> None:
    book = answered(looking(), name="Ana")
    before, orders = book.call, command_diff.commands(None, book.call)
    book.take(LookupDone(at=book.at, lookup="find.9", values={"name": "Eve"}))
    book.take(CallStarted(at=book.at, sid="CA-caller", number="", called=""))
    assert _same(book.call, before)
    assert not [one for one in orders if isinstance(one, LookUp)]


def _same(one: Call, other: Call) -> bool:
    return replace(one, seq=0, at=other.at) == replace(other, seq=0)


def test_an_ask_needs_no_more_digits_than_there_are() -> None:
    one = AskStep(name="one", script="ask_account", into="account", digits=Digits(least=1, most=1),
                  next="left", otherwise="left")  # fmt: skip
    beginning(one, LEFT).presses("7").hears("leave_message").holds(lambda call: call.variables == {"account": "7"})
