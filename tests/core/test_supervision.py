"""Supervisors who are rung about a call and do not join it: told of warnings and closings, or asked to co-sign
(policy rules 30 and 31)."""

from dataclasses import replace

import pytest

from callflow.core.call import Role
from callflow.core.policy import DrawTheLine, Policy, TellSupervisors
from callflow.core.stages import Stage
from tests.core.example import configuration
from tests.core.test_draw_the_line import closing, ladder_open, warned
from tests.playbook import Playbook, talking


def told() -> Playbook:
    """The final warning plays, and Sam's telephone rings for it."""
    book = talking()
    book.tells = True
    return book.agent("ana").star().presses("3", "3").stage(Stage.WARNING).supervisor("sam")


def test_a_supervisor_hears_of_a_warning_while_it_plays_and_says_so() -> None:
    book = told().places(sam="ringing").answers().hears("told_final_warning").places(sam="told", caller="warning")
    book.presses("1").hears("told_thanks").noted("supervisor_told", actor="sam", key="1", outcome="confirmed",
                                                 reason="warning")  # fmt: skip
    book.wait(20).stage(Stage.TALKING).places(caller="room", ana="room").holds(lambda call: call.helper == "")


def test_whoever_is_told_and_asks_for_nothing_never_joins() -> None:
    book = told().answers()
    assert book.leg.role is Role.ALERTED
    book.presses("3").hears("told_final_warning").falls_back().places(sam="told", caller="warning")
    book.wait(300).holds(lambda call: not call.leg("s2").live and not call.leg("s2").accepted)


def test_the_first_warning_is_told_and_the_final_one_and_the_closing() -> None:
    book = ladder_open()
    book.tells = True
    book.star().presses("3", "1").supervisor("sam").answers().presses("1").wait(20)
    book.agent("ana").star().presses("3", "1").supervisor("sam").answers().presses("1").wait(20)
    book.agent("ana").wait(16).star().presses("4", "1", "1").stage(Stage.CLOSING)
    book.supervisor("sam").answers().hears("told_closing").presses("1")
    assert [note.details["reason"] for note in book.notes if note.kind == "supervisor_told"] == [
        "warning", "warning", "closing",
    ]  # fmt: skip


def test_if_one_does_not_answer_the_next_is_rung_and_no_third() -> None:
    """Two telephones at most for one warning: supervisors have other callers, too."""
    book = told().hangs_up().noted("supervisor_told", actor="sam", outcome="not reached").places(sky="ringing")
    book.supervisor("sky").hangs_up().noted("supervisor_told", actor="sky", outcome="not reached")
    book.noted("supervisor_told", actor="callflow", outcome="nobody free", reason="warning")


def test_a_voicemail_has_heard_nothing() -> None:
    book = told().answers().stays_silent()
    book.noted("supervisor_told", actor="sam", outcome="not confirmed").not_noted(
        "supervisor_told", outcome="confirmed"
    )


def test_nobody_is_free_and_the_journal_says_so() -> None:
    book = talking()
    book.tells, book.away = True, {"sam", "sky"}
    book.agent("ana").star().presses("3", "3").stage(Stage.WARNING)
    book.noted("supervisor_told", outcome="nobody free").holds(lambda call: len(call.legs) == 2)


def test_the_same_telephone_brings_newer_news() -> None:
    """It still rang for the warning when the closing was decided."""
    book = told()
    book.wait(17).agent("ana").wait(2)
    book.call = book.call.but(warnings=tuple(replace(one, talked_seconds=20.0) for one in book.call.warnings))
    book.star().presses("4", "3", "1").stage(Stage.CLOSING)
    assert sum(leg.person == "sam" for leg in book.call.legs) == 1
    book.supervisor("sam").answers().hears("told_closing")


def test_a_supervisor_with_the_caller_need_not_be_told() -> None:
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers().presses("1")
    book.star().presses("1").wait(15).star().presses("1").stage(Stage.TALKING).wait(8)
    book.tells = True
    book.star().presses("3", "3").stage(Stage.WARNING)
    book.noted("supervisor_told", actor="sam", outcome="on the call", reason="warning")
    book.holds(lambda call: not any(leg.person == "sky" for leg in call.legs))


def test_ops_can_leave_the_telephones_silent() -> None:
    quiet = DrawTheLine(tell_supervisors=TellSupervisors.JOURNAL)
    book = talking(configuration(Policy(draw_the_line=quiet)))
    book.tells = True
    book.agent("ana").star().presses("3", "3").stage(Stage.WARNING)
    book.noted("supervisor_told", outcome="in the journal").holds(lambda call: len(call.legs) == 2)


def test_a_telephone_that_rings_with_news_is_the_one_that_helps() -> None:
    """The agent needs somebody now: Sam's telephone rings already, so Sam hears the briefing."""
    book = told().wait(17).agent("ana").star().presses("2").caller().presses("1").stage(Stage.RINGING)
    assert sum(leg.person == "sam" for leg in book.call.legs) == 1
    book.supervisor("sam").answers().hears("whisper").presses("1").stage(Stage.CONSULTING).places(sam="room")


def test_who_listens_to_the_news_is_asked_to_help() -> None:
    book = told().answers().hears("told_final_warning").agent("ana").presses("5").stage(Stage.RINGING)
    book.supervisor("sam").hears("whisper").presses("1").stage(Stage.INTRODUCING).places(caller="room", sam="room")


def test_who_is_told_can_say_that_somebody_is_in_danger() -> None:
    book = told().answers().presses("5").noted("safeguarding", actor="sam", key="5")
    book.holds(lambda call: call.locks).places(caller="room", ana="room").hears("whisper")


# -- rule 30


def adjusted(book: Playbook) -> Playbook:
    book.call = book.call.but(adjustments=("speech",), warning_agreed="sam")
    return book


def asked_to_co_sign() -> Playbook:
    book = adjusted(warned().wait(46)).star().presses("4").stage(Stage.TALKING).hears("refuse_co_sign")
    return book.places(sam="ringing", caller="room", ana="room").noted("co_signature", actor="ana", outcome="asked")


def test_no_end_for_a_caller_who_stammers_before_a_supervisor_agrees() -> None:
    book = asked_to_co_sign().supervisor("sam").answers().hears("co_sign_offer").places(sam="co_sign")
    book.presses("1").hears("told_thanks").noted("co_signature", actor="sam", key="1", outcome="yes")
    book.agent("ana").hears("co_signed").wait(8).star().presses("4").hears("end_conduct").presses("3", "1")
    book.stage(Stage.CLOSING).holds(lambda call: call.co_signed == "sam").wait(6).places(caller="closing")


@pytest.mark.parametrize("key", ["2", "silence", "hangs up"])
def test_a_supervisor_who_does_not_agree_keeps_the_caller(key: str) -> None:
    book = asked_to_co_sign()
    book.away = {"sky"}
    book.supervisor("sam")
    if key == "hangs up":
        book.hangs_up()
    else:
        book.answers()
        book.presses(key) if key == "2" else book.stays_silent()
    book.agent("ana").hears("co_sign_missing").holds(lambda call: call.co_signed == "").wait(8)
    book.star().presses("4").hears("co_sign_missing").stage(Stage.TALKING).noted("refused", outcome="refuse_co_sign")
    book.away = set()
    book.wait(130).agent("ana").star().presses("4").hears("refuse_co_sign").places(sam="ringing")


def test_the_second_press_rings_nobody_twice() -> None:
    book = asked_to_co_sign().wait(8).agent("ana").star().presses("4").hears("refuse_co_sign")
    assert sum(leg.person in ("sam", "sky") for leg in book.call.legs) == 1


def test_the_offer_can_be_heard_again() -> None:
    asked_to_co_sign().supervisor("sam").answers().presses("3").hears("co_sign_offer").places(sam="co_sign")


def test_news_of_a_co_signature_waits_until_the_caller_is_back_from_a_menu() -> None:
    book = asked_to_co_sign().wait(8).agent("ana").star().stage(Stage.CHOOSING).supervisor("sam").answers().presses("1")
    book.agent("ana").presses("*").wait(3).star().hears("co_signed", "menu")


def test_a_new_warning_needs_a_new_co_signature() -> None:
    book = asked_to_co_sign().supervisor("sam").answers().presses("1").agent("ana").wait(8)
    book.star().presses("3", "4").wait(70).agent("ana").star().presses("4").hears("refuse_co_sign")


def test_the_caller_hangs_up_while_a_co_signature_is_asked() -> None:
    book = asked_to_co_sign().supervisor("sam").answers().caller().hangs_up()
    book.supervisor("sam").hears("offer_gone").wait(300).stage(Stage.ENDED)


def test_without_an_adjustment_nobody_is_asked() -> None:
    closing().not_noted("co_signature")


def test_ops_can_leave_the_decision_to_the_agent() -> None:
    book = warned()
    rules = replace(book.configuration.policy, draw_the_line=DrawTheLine(co_signature=False))
    book.configuration = replace(book.configuration, policy=rules)
    adjusted(book.wait(46)).star().presses("4").hears("end_conduct")


# -- rule 21


def test_who_is_told_of_the_final_warning_can_come_to_listen() -> None:
    book = told().answers().presses("2").places(sam="listen_wait", caller="warning").wait(14)
    book.stage(Stage.TALKING).caller().hears("listener_notice").wait(9).places(sam="listening", caller="room")
    book.noted("supervisor_told", actor="sam", key="2", outcome="confirmed", reason="warning")
    assert book.supervisor("sam").leg.role is Role.LISTENER


def test_ops_can_have_nobody_listen() -> None:
    quiet = DrawTheLine(supervisor_listens=False)
    book = talking(configuration(Policy(draw_the_line=quiet)))
    book.tells = True
    book.agent("ana").star().presses("3", "3").supervisor("sam").answers().hears("told_warning")
    book.presses("2").hears("told_warning").places(sam="told")
