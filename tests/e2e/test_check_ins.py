"""After a hard call somebody asks the agent how they are: offered three times, never forced."""

import pytest

from callflow.core import check_ins
from callflow.core.check_ins import CheckInState, Reply
from callflow.core.follow_ups import Refused
from tests.e2e.after_calls import AfterCall
from tests.e2e.scenes import names_conduct, steps_tried, talking, warned


def after_a_hard_call() -> AfterCall:
    return AfterCall(warned(talking()).over())


def offered(told: AfterCall) -> str:
    (one,) = told.incidents.offered("ana")
    return one.id


def times(told: AfterCall) -> list[str]:
    return [f"{check_ins.when(one)} {one.state} {one.person}".strip() for one in told.check_ins]


def test_it_is_offered_in_the_same_shift_the_next_working_day_and_after_two_weeks() -> None:
    told = after_a_hard_call()
    begun = told.at
    assert [(check_ins.whose(one), check_ins.owner(one)) for one in told.check_ins] == [("ana", "sam")] * 3
    assert times(told)[0] == "same shift offered ana"
    told.until(begun.replace(hour=17, minute=30))
    assert told.incidents.offered("ana") == []
    told.passes(hours=16)
    assert check_ins.when(told.incidents.offered("ana")[0]) == "next working day"
    told.passes(days=12)
    assert told.incidents.offered("ana") == []
    told.passes(days=1)
    assert check_ins.when(told.incidents.offered("ana")[0]) == "two weeks"
    assert (told.at.date() - begun.date()).days == 14
    assert told.outcomes("check_in") == ["ana: offered", "ana: over", "ana: offered", "ana: over", "ana: offered"]


def test_no_thanks_is_the_end_of_it() -> None:
    told = after_a_hard_call()
    told.incidents.reply(offered(told), "ana", Reply.NO)
    assert told.incidents.offered("ana") == []
    (declined,) = [one for one in told.check_ins if one.closed]
    assert (declined.state, declined.person) == (CheckInState.DECLINED, "")


def test_later_is_offered_again_an_hour_later() -> None:
    told = after_a_hard_call()
    told.incidents.reply(offered(told), "ana", Reply.LATER)
    told.passes(minutes=59)
    assert told.incidents.offered("ana") == []
    told.passes(minutes=2)
    assert offered(told)


def test_a_yes_is_for_sam_to_do_and_stays_red_until_it_is_done() -> None:
    told = after_a_hard_call()
    id = offered(told)
    with pytest.raises(Refused, match="it was not accepted: it is offered"):
        told.incidents.checked_in(id, "sam")
    told.incidents.reply(id, "ana", Reply.YES)
    assert told.store.follow_up(id).person == "sam"  # type: ignore[union-attr]
    told.passes(days=2)
    assert "sam: late" in told.outcomes("check_in")
    with pytest.raises(Refused, match="somebody else asks"):
        told.incidents.checked_in(id, "ana")
    told.incidents.checked_in(id, "sam")
    assert told.store.follow_up(id).state == CheckInState.DONE  # type: ignore[union-attr]


def test_nobody_else_says_no_for_ana() -> None:
    told = after_a_hard_call()
    with pytest.raises(Refused, match="for ana, who alone"):
        told.incidents.reply(offered(told), "sam", Reply.NO)


def test_a_gentle_warning_needs_none() -> None:
    told = AfterCall(names_conduct(steps_tried(talking()), "1").wait(20).over())
    assert told.check_ins == []
