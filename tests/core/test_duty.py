"""Hours of people: who is rung when, what becomes of locked calls, and one person who is agent and supervisor."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callflow.core.call import CALLER, Lock, Prompt
from callflow.core.configuration import Configuration, Team
from callflow.core.opening_hours import Hours
from callflow.core.stages import Stage
from tests.core.example import CONFIGURATION, configuration, people
from tests.playbook import START, Playbook, talking

DAY = Hours(timezone="UTC", weekly=(((8 * 60, 17 * 60),),) * 7)
NIGHT = Hours(timezone="UTC", weekly=(((17 * 60, 8 * 60),),) * 7)


def with_duty(known: Configuration = CONFIGURATION, **hours: Hours) -> Configuration:
    def timed(group: str) -> dict[str, object]:
        return {id: replace(one, on_duty=hours.get(id)) for id, one in getattr(known, group).items()}

    return replace(known, agents=timed("agents"), supervisors=timed("supervisors"))  # type: ignore[arg-type]


def with_both(*agents: str, supervisors: tuple[str, ...]) -> Configuration:
    """Everybody may stand in both lists."""
    both = dict.fromkeys((*agents, *supervisors))
    known = configuration(team=Team(id="energy_desk", agents=agents, supervisors=supervisors))
    return replace(known, agents=people(*both), supervisors=people(*both))


def rung(book: Playbook) -> list[str]:
    return [leg.person for leg in book.call.legs if leg.id != CALLER]


def at_night(known: Configuration) -> Playbook:
    """A call at ten in the evening, up to the desk."""
    book = Playbook(known)
    book.at = START + timedelta(hours=13)
    return book.calls().wait(10).caller().presses("1")


# -- ordinary calls


def test_nobody_is_rung_at_night_who_is_on_duty_by_day() -> None:
    assert rung(at_night(with_duty(ana=DAY)).wait(5)) == ["ben"]


def test_when_nobody_is_on_duty_the_caller_goes_the_other_way_without_being_told_to_wait() -> None:
    book = at_night(with_duty(ana=DAY, ben=DAY)).noted("not_connected", outcome="nobody on duty")
    book.caller().hears("leave_message")
    assert rung(book) == []


def test_a_caller_who_waits_goes_the_other_way_when_the_duty_of_all_ends() -> None:
    book = Playbook(with_duty(ana=DAY, ben=DAY))
    book.at, book.away = START + timedelta(hours=7, minutes=58), {"ana", "ben"}  # both are on other calls
    book.calls().wait(10).caller().presses("1").wait(60).stage(Stage.WAITING)
    book.wait(75).noted("not_connected", outcome="nobody on duty")


def test_who_comes_on_duty_is_rung_for_a_caller_who_waits() -> None:
    book = Playbook(with_duty(ana=NIGHT, ben=DAY))
    book.at, book.away = START + timedelta(hours=7, minutes=58), {"ben"}
    book.calls().wait(10).caller().presses("1").wait(60)
    assert rung(book) == []
    book.wait(75)
    assert rung(book) == ["ana"]


# -- supervisors


def test_a_supervisor_off_duty_is_not_rung_for_help() -> None:
    book = talking(with_duty(sam=NIGHT)).agent("ana").star().presses("2").caller().presses("1").wait(2)
    assert rung(book) == ["ana", "sky"]


def test_without_a_supervisor_on_duty_the_caller_is_offered_a_call_back_and_not_a_supervisor() -> None:
    book = talking(with_duty(sam=NIGHT, sky=NIGHT)).agent("ana").star().presses("2")
    book.hears("no_supervisor_staff").caller().hears("no_supervisor").stage(Stage.OFFERING_CALL_BACK)
    book.noted("delegate_upwards", actor="ana", key="2", outcome="nobody on duty").not_noted("consent")
    book.caller().presses("2").stage(Stage.TALKING)
    assert rung(book) == ["ana"]


def test_the_same_from_a_hold() -> None:
    book = talking(with_duty(sam=NIGHT, sky=NIGHT)).agent("ana").star().presses("1").caller().presses("1")
    book.agent("ana").presses("2").caller().hears("no_supervisor").stage(Stage.OFFERING_CALL_BACK)


def test_the_caller_is_offered_the_role_of_a_supervisor_who_is_on_duty() -> None:
    known = with_duty(sam=NIGHT)
    roles = {"sam": "a team leader", "sky": "the duty manager"}
    known = replace(known, supervisors={id: replace(one, role=roles[id]) for id, one in known.supervisors.items()})
    book = talking(known).agent("ana").star().presses("2")
    assert book.call.caller.place.prompts[0].values["supervisor_role"] == "the duty manager"


# -- locks


@pytest.mark.parametrize("key", ["5", "6"])
def test_a_lock_pages_those_on_duty_before_those_who_are_not(key: str) -> None:
    book = talking(with_duty(sam=NIGHT)).agent("ana").star().presses(key).wait(2)
    assert [one for one in rung(book) if one != "security"] == ["ana", "sky"]
    book.supervisor("sky").hangs_up().wait(2)
    assert rung(book)[-1] == "sam", "nobody on duty has come, and the agent must not stay alone"


@pytest.mark.parametrize(("key", "script"), [("5", "alert_safeguarding"), ("6", "alert")])
def test_with_nobody_on_duty_a_lock_rings_the_security_desk_and_everybody(key: str, script: str) -> None:
    book = talking(with_duty(sam=NIGHT, sky=NIGHT)).agent("ana").star().presses(key).wait(2)
    assert {"security", "sam"} <= {*rung(book)}
    book.agent("security").answers().hears(script)
    book.supervisor("sam").hangs_up().wait(2)
    assert "sky" in rung(book)


def test_with_a_supervisor_on_duty_safeguarding_does_not_ring_the_security_desk() -> None:
    assert "security" not in rung(talking(with_duty(sam=NIGHT)).agent("ana").star().presses("5").wait(2))


def test_the_security_desk_that_was_rung_for_safeguarding_hears_of_a_threat() -> None:
    book = talking(with_duty(sam=NIGHT, sky=NIGHT)).agent("ana").star().presses("5").wait(2)
    book.agent("security").answers().hears("alert_safeguarding").agent("ana").star().presses("6").wait(1)
    book.agent("security").hears("alert")


# -- agent and supervisor in one


def test_an_agent_who_is_a_supervisor_too_is_not_rung_for_the_own_call() -> None:
    book = talking(with_both("ana", "ben", supervisors=("ana", "sam"))).agent("ana").star().presses("2")
    book.caller().presses("1").wait(2)
    assert rung(book) == ["ana", "sam"]


def test_alone_in_both_lists_there_is_nobody_to_bring_in() -> None:
    book = talking(with_both("ana", supervisors=("ana",))).agent("ana").star().presses("2")
    book.caller().hears("no_supervisor").stage(Stage.OFFERING_CALL_BACK)


def test_whoever_is_relieved_is_not_brought_back_as_the_supervisor() -> None:
    book = talking(with_both("ana", supervisors=("ana", "sam"))).agent("ana").star().presses("6")
    book.supervisor("sam").hangs_up().agent("ana").wait(3).star().presses("7").wait(3)
    book.agent("ana").hangs_up().wait(30)
    assert "ana" not in rung(book)[1:]


def test_whoever_handed_the_call_over_is_not_rung_to_help_with_it() -> None:
    known = with_both("ana", supervisors=("ana", "sam", "sky"))
    book = talking(known).agent("ana").star().presses("2").caller().presses("1").supervisor("sam").answers()
    book.presses("1").wait(1).star().presses("1").wait(25).star().presses("1").wait(3)
    book.stage(Stage.TALKING).agent("ana").presses("#").supervisor("sam").star().presses("2").caller().presses("1")
    book.wait(2)
    assert rung(book) == ["ana", "sam", "sky"]


def test_an_agent_does_not_lift_the_own_lock_by_being_a_supervisor_too() -> None:
    """Rule 35: a supervisor decides, who was brought in for it."""
    book = talking(with_both("ana", supervisors=("ana", "sam"))).agent("ana").star().presses("5").wait(8)
    book.star().presses("5").wait(3)
    assert book.call.locks == (Lock.SAFEGUARDING,)
    assert "sam" in rung(book)


# -- call backs


def test_a_call_back_is_promised_by_somebody_on_duty() -> None:
    book = talking(with_duty(sam=NIGHT)).agent("ana").star().presses("2").caller().presses("1").supervisor("sky")
    book.hangs_up().wait(2).caller().presses("1").wait(1)
    assert book.call.call_back
    assert book.call.call_back.owner == "sky"


def test_with_nobody_on_duty_it_counts_from_the_next_hour_of_duty() -> None:
    morning = Hours(timezone="Europe/Paris", weekly=(((7 * 60, 8 * 60),),) * 7)
    known = with_duty(sam=morning, sky=NIGHT, ana=NIGHT, ben=NIGHT)
    book = talking(with_duty(known, sam=morning, sky=NIGHT, ben=NIGHT)).agent("ana").star().presses("2")
    book.configuration = known  # the duty of the agent on the call is over, too
    book.caller().presses("1").wait(1)
    assert book.call.call_back
    assert book.call.call_back.owner == "sky", "at five in the afternoon, before Sam in the morning"
    assert book.call.call_back.due == START.replace(hour=17) + timedelta(hours=2)


# -- names


def test_the_id_of_a_team_without_a_name_is_never_spoken() -> None:
    book = Playbook().calls().wait(10).caller().presses("1").agent("ana").answers()
    assert book.configuration.teams["energy_desk"].name == ""
    assert book.leg.place.prompts[0].values["team"] == Prompt("unnamed_team")
