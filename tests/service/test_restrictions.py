"""Contact restrictions: who may decide, what must be there, how they end. None of them decides anything on a call."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from callflow.core.call import Call, Leg, Place, Role
from callflow.core.opening_hours import Hours
from callflow.core.stages import PlaceName, Stage
from callflow.core.working_days import later
from callflow.service.caller_records import ON, CallerRecord, NotPossible, RecordEntry, RecordKind
from callflow.service.restrictions import Restrictions
from callflow.store.memory import MemoryStore
from tests.contracts.sample import a_call
from tests.core.example import CONFIGURATION

DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = date(2026, 3, 2)


class Office:
    """People who work with restrictions, and a clock. Sam was on the call; sky and kim are seniors, too."""

    def __init__(self, seniors: tuple[str, ...] = ("sam", "sky", "kim"), hours: Hours | None = None) -> None:
        self.now, self.store = DAY, MemoryStore()
        people = {**CONFIGURATION.supervisors, "kim": CONFIGURATION.supervisors["sky"]}
        configuration = replace(CONFIGURATION, seniors=seniors, supervisors=people)
        self.restrictions = Restrictions(self.store, configuration, lambda: self.now, hours)

    def propose(self, call: Call | None = None) -> str:
        return self.restrictions.propose(call or the_call(), "ana", "insults on four calls", "the bill", "letters")

    def decided(self, by: str = "sky", **how: Any) -> str:
        id = self.propose()
        self.restrictions.decide(id, by, "read all four", **{"agreed": True, "letter_sent": LETTER, **how})
        return id

    def recognised(self) -> list[str]:
        found = self.store.transact(lambda tx: tx.recognise("another", the_call().number, self.now))
        return [one.id for one in found[1]]


def the_call(**changes: Any) -> Call:
    legs = [Leg(id=id, role=Role.PARTED, place=Place(PlaceName.GONE), person=person, since=DAY)
            for id, person in (("a1", "ana"), ("s2", "sam"))]  # fmt: skip
    call = a_call()
    return call.but(**{"legs": (*call.legs, *legs), "stage": Stage.ENDED, **changes})  # type: ignore[arg-type]


def refused(words: str) -> Any:
    return pytest.raises(NotPossible, match=words)


def test_a_proposal_has_no_effect_before_somebody_decides() -> None:
    office = Office()
    office.propose()
    assert office.recognised() == []


def test_what_is_proposed_twice_is_one_proposal() -> None:
    office = Office()
    office.propose()
    with refused("this is proposed already"):
        office.propose()


def test_nothing_is_proposed_about_a_call_that_goes_on() -> None:
    with refused("call 4F7K is not over yet"):
        Office().propose(the_call(stage=Stage.WAITING))


def test_a_senior_who_was_not_on_the_call_decides() -> None:
    office = Office()
    id = office.propose()
    for by, why in (("ana", "ana is no senior"), ("sam", "sam was on the call")):
        with refused(why):
            office.restrictions.decide(id, by, "because", agreed=True, letter_sent=LETTER)
    with refused("send the letter first"):
        office.restrictions.decide(id, "sky", "because", agreed=True)
    office.restrictions.decide(id, "sky", "because", agreed=True, letter_sent=LETTER)
    assert office.recognised() == [id]
    with refused("decided already"):
        office.restrictions.decide(id, "kim", "because", agreed=False)


def test_where_nobody_is_named_as_senior_nobody_decides() -> None:
    office = Office(seniors=())
    id = office.propose()
    with refused("name at least two people as `seniors`"):
        office.restrictions.decide(id, "sky", "because", agreed=True, letter_sent=LETTER)


def test_a_refused_proposal_never_has_an_effect() -> None:
    office = Office()
    id = office.propose()
    assert office.restrictions.decide(id, "sky", "once is not a pattern", agreed=False).state == "refused"
    assert office.recognised() == []


@pytest.mark.parametrize("missing", ["reason", "scope", "channel"])
def test_it_says_why_what_and_which_channel_stays_open(missing: str) -> None:
    said = {"reason": "insults", "scope": "the bill", "channel": "letters", missing: " "}
    with refused("needs words"):
        Office().restrictions.propose(the_call(), "ana", **said)


def test_nobody_is_restricted_who_has_an_adjustment() -> None:
    office = Office()
    with refused("this caller has an adjustment"):
        office.propose(the_call(adjustments=("tics",)))
    adjusted = CallerRecord(id="a1", kind=RecordKind.ADJUSTMENT, state=ON, at=DAY, body={"needs": ["tics"]})
    office.store.add_caller_record(adjusted, the_call().number, RecordEntry(at=DAY, kind="kept", actor="caller"))
    with refused("this caller has an adjustment"):
        office.propose()


def test_a_withheld_number_cannot_be_restricted() -> None:
    with refused("withheld the number"):
        Office().propose(the_call(number=""))


def test_it_lapses_on_its_review_date_without_anybody_doing_anything() -> None:
    office = Office()
    id = office.decided()
    office.now = datetime(2026, 8, 31, 23, 59, tzinfo=UTC)
    assert office.recognised() == [id]
    office.now = datetime(2026, 9, 1, tzinfo=UTC)
    assert office.recognised() == []
    assert office.restrictions.listed("kim", "the yearly report")[0][1] == "lapsed"
    with refused("not in force: lapsed"):
        office.restrictions.renew(id, "kim", "still the same")


def test_it_is_renewed_with_reasons_before_that() -> None:
    office = Office()
    id = office.decided(review=DAY.date() + timedelta(days=10))
    office.now = DAY + timedelta(days=9)
    with refused("a reason is needed"):
        office.restrictions.renew(id, "kim", "")
    office.restrictions.renew(id, "kim", "two more calls of that kind", office.now.date() + timedelta(days=30))
    office.now = DAY + timedelta(days=30)
    assert office.recognised() == [id]


@pytest.mark.parametrize("days", [0, -1, 367])
def test_no_restriction_is_for_ever(days: int) -> None:
    with refused("within a year"):
        Office().decided(review=DAY.date() + timedelta(days=days))


def test_an_appeal_is_answered_by_another_senior_within_20_working_days() -> None:
    office = Office()
    id = office.decided()
    assert office.restrictions.appeal(id, "ana", "the caller wrote").body["appeal"]["due"] == "2026-03-30"
    with refused("open already"):
        office.restrictions.appeal(id, "ana", "again")
    with refused("sky decided on it"):
        office.restrictions.answer(id, "sky", "no", upheld=True)
    with refused("sam was on the call"):
        office.restrictions.answer(id, "sam", "no", upheld=True)
    office.restrictions.answer(id, "kim", "the calls were about a real mistake", upheld=False)
    assert office.recognised() == []


def test_an_appeal_that_nobody_answers_is_shown_as_late() -> None:
    office = Office()
    id = office.decided()
    office.restrictions.appeal(id, "ana", "the caller wrote")
    office.now = datetime(2026, 3, 31, 8, 0, tzinfo=UTC)
    assert office.restrictions.listed("kim", "monday round")[0][1] == "on, appeal to be answered by 2026-03-30, late"
    office.restrictions.answer(id, "kim", "read again", upheld=True)
    assert office.recognised() == [id]


def test_holidays_are_no_working_days() -> None:
    hours = Hours(timezone="UTC", weekly=((((540, 1020)),),) * 5 + ((), ()), holidays=frozenset({"2026-04-03"}))
    assert later(date(2026, 4, 1), 2, hours) == date(2026, 4, 6)
    assert later(date(2026, 4, 1), 2, None) == date(2026, 4, 3)


def test_a_senior_lifts_it_at_any_time() -> None:
    office = Office()
    id = office.decided()
    with refused("ana is no senior"):
        office.restrictions.lift(id, "ana", "it helped")
    office.restrictions.lift(id, "sam", "it helped")
    assert office.recognised() == []


def test_every_read_is_logged_with_its_reason() -> None:
    office = Office()
    id = office.decided()
    with refused("a reason is needed"):
        office.restrictions.read(id, "ana", " ")
    with refused("nobody in people.yaml"):
        office.restrictions.read(id, "a stranger", "curious")
    office.restrictions.read(id, "ana", "the caller asked what it says")
    office.restrictions.listed("ben", "who is restricted?")
    assert [(one.kind, one.actor, one.reason) for one in office.store.caller_record_entries(id)][2:] == [
        ("read", "ana", "the caller asked what it says"), ("read", "ben", "who is restricted?")]  # fmt: skip


def test_what_is_not_there_is_said() -> None:
    with refused("no restriction has the id r9"):
        Office().restrictions.read("r9", "ana", "looking")
