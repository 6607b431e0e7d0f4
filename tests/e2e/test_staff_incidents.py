"""On the staff line Ana hears who has her incident and by when, and may say yes or no to being asked how she is."""

from dataclasses import replace

from callflow.core.check_ins import CheckInState
from tests.e2e.after_calls import AfterCall
from tests.e2e.conversation import LINE, Conversation
from tests.e2e.scenes import warned
from tests.e2e.staff_lines import StaffCall, with_pins, with_staff_line
from tests.e2e.test_incidents import with_reviewers


def after_a_warning() -> tuple[Conversation, AfterCall]:
    """Rae has the incident of a call of Ana's."""
    configuration = replace(with_staff_line(), reviewers=with_reviewers("rae", "kim").reviewers)
    talk = Conversation(configuration, store=with_pins())
    talk.caller.phone.call(LINE)
    talk.caller.hears("reason_menu").presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    return talk, AfterCall(warned(talk.together("caller", "ana")).over())


def test_ana_is_reminded_and_hears_who_has_it_and_by_when() -> None:
    talk, told = after_a_warning()
    call = StaffCall(talk=talk).logs_in().hears("staff_incident_remind").presses("6").hears("staff_incident")
    assert any("Rae has the incident" in one.text_or_url for one in call.phone.heard)
    call.hears("staff_incident_missing").presses("#").over()
    told.incidents.add(told.call, "ana", {"words": "He said: go home."})
    StaffCall(talk=talk).logs_in().hears("staff_incident_key").presses("#").over()


def test_with_nothing_open_key_6_says_so() -> None:
    StaffCall().logs_in().presses("6").hears("staff_incident_none").presses("#").over()


def test_a_late_answer_is_told_as_late() -> None:
    talk, told = after_a_warning()
    told.passes(days=3)
    StaffCall(talk=talk).logs_in().presses("6").hears("staff_incident_late").presses("#").over()


def test_ana_says_yes_to_a_check_in() -> None:
    talk, told = after_a_warning()
    call = StaffCall(talk=talk).hears("staff_pin").presses("271828#").hears("staff_check_in_key")
    call.presses("7").hears("staff_check_in").presses("9").hears("unknown_key").presses("1")
    call.hears("staff_check_in_yes").hears("staff_menu").presses("7").hears("unknown_key").presses("#").over()
    assert [one.state for one in told.check_ins].count(CheckInState.ACCEPTED) == 1
    assert told.outcomes("check_in") == ["ana: offered", "ana: accepted"]


def test_ana_says_no_thanks_and_is_not_asked_again() -> None:
    talk, told = after_a_warning()
    call = StaffCall(talk=talk).logs_in().presses("7").hears("staff_check_in").presses("3").hears("staff_check_in_no")
    call.presses("#").over()
    assert told.outcomes("check_in") == ["ana: offered", "ana: no"]
