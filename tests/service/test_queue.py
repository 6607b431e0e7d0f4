"""The presence of people, who is rung for which call, and the order of the queue (rules 5 and 38)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from callflow.core.call import GONE, ROOM, Call, Leg, LegStatus, Place, Role
from callflow.core.configuration import Ring, Team
from callflow.core.stages import PlaceName, Stage
from callflow.service.people import Presence
from callflow.service.presence import moved
from callflow.service.telephones import freed
from tests.core.example import CONFIGURATION, configuration
from tests.web.edge import START, Edge

WRAP_UP, NOTE = Place(PlaceName.WRAP_UP), Place(PlaceName.NOTE)
RESTING = {"role": Role.PARTED, "place": WRAP_UP, "wrap_up_until": START + timedelta(seconds=30)}


def a_leg(person: str = "ana", **what: object) -> Leg:
    facts = {"role": Role.LEAD, "place": ROOM, "status": LegStatus.UP, "accepted": True, **what}
    id = "s1" if person in CONFIGURATION.supervisors else "a1"
    return Leg(id=id, person=person, since=START, **facts)  # type: ignore[arg-type]


def a_call(leg: Leg, **what: object) -> Call:
    caller = Leg(id="caller", role=Role.CALLER, place=ROOM, status=LegStatus.UP, since=START)
    facts = {"at": START, "stage": Stage.TALKING, **what}
    return Call(id="c1", reference="123456", digest=CONFIGURATION.digest, language="en", flow="front_desk", number="",
                called="", started_at=START, legs=(caller, leg), **facts)  # type: ignore[arg-type] # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "call", "presence", "minutes"),
    [
        (None, {"role": Role.CANDIDATE, "accepted": False, "status": LegStatus.WANTED}, {}, Presence.RUNG, None),
        (None, {"role": Role.ALERTED, "accepted": False}, {}, Presence.RUNG, None),
        ({"role": Role.CANDIDATE, "accepted": False}, {}, {}, Presence.ON_CALL, None),
        ({}, {"role": Role.PARTED, "place": WRAP_UP}, {}, Presence.WRAP_UP, None),
        ({}, {"status": LegStatus.GONE, "place": GONE}, {}, Presence.WRAP_UP, 1),
        ({"place": WRAP_UP}, {"status": LegStatus.GONE, "place": GONE}, {}, Presence.FREE, None),
        ({"place": NOTE}, {"status": LegStatus.GONE, "place": GONE}, {}, Presence.FREE, None),
        ({"place": GONE}, {"status": LegStatus.GONE, "place": GONE}, {}, Presence.FREE, None),
        (RESTING, {**RESTING, "status": LegStatus.GONE, "place": GONE}, {}, Presence.WRAP_UP, 0.5),
        (RESTING, {**RESTING, "status": LegStatus.GONE}, {"at": START + timedelta(seconds=30)}, Presence.FREE, None),
        ({**RESTING, "place": GONE}, {**RESTING, "status": LegStatus.GONE}, {}, Presence.WRAP_UP, 0.5),
        ({}, {"status": LegStatus.GONE, "place": GONE}, {"cool_down": True}, Presence.COOL_DOWN, 10),
        (
            {},
            {"status": LegStatus.GONE, "place": GONE},
            {"cool_down": True, "more_cool_down": 2},
            Presence.COOL_DOWN,
            30,
        ),
        (
            {"role": Role.CANDIDATE, "accepted": False},
            {"status": LegStatus.GONE, "accepted": False},
            {},
            Presence.FREE,
            None,
        ),
    ],
)
def test_where_a_person_is_follows_from_the_leg(
    before: dict[str, object] | None,
    after: dict[str, object],
    call: dict[str, object],
    presence: Presence,
    minutes: float | None,
) -> None:
    old = a_call(a_leg(**before)) if before is not None else None
    (found,) = moved(old, a_call(a_leg(**after), **call), CONFIGURATION)
    assert (found.person, found.presence) == ("ana", presence)
    assert found.call == ("" if presence is Presence.FREE else "c1")
    assert (found.until is None) == (minutes is None)
    if minutes:
        assert found.until == START + timedelta(minutes=minutes)
    assert freed([found], CONFIGURATION) == (["ana"] if presence is Presence.FREE else [])


def test_nothing_is_said_of_people_who_did_not_move() -> None:
    call = a_call(a_leg())
    assert moved(call, call.moved("a1", Place(PlaceName.MENU)), CONFIGURATION) == []
    assert moved(call, replace(call, stage=Stage.CHOOSING), CONFIGURATION) == []


def test_a_supervisor_has_no_cool_down_of_an_agent() -> None:
    over = a_call(a_leg("sam", status=LegStatus.GONE, place=GONE), cool_down=True)
    (found,) = moved(a_call(a_leg("sam")), over, CONFIGURATION)
    assert found.presence is Presence.WRAP_UP


# -- the queue


def waiting(edge: Edge, sid: str) -> str:
    """Add a caller to the queue of the desk. Returns the call's id."""
    edge.later(1).rings(sid)
    id = edge.call.id
    for digits in ({}, {"Digits": "1"}):
        call = edge.store.read(id)
        target = f"/voice/{id}/caller/{call.caller.token}/{call.caller.place.name}"
        edge.later(1).post(target, edge.form(sid, **digits))
    assert edge.store.read(id).stage is Stage.WAITING
    return id


def rung(edge: Edge, call: str) -> list[str]:
    return [leg.person for leg in edge.store.read(call).legs if leg.person and leg.live]


def fails(edge: Edge, call: str, person: str, status: str = "no-answer") -> None:
    leg = next(leg for leg in edge.store.read(call).legs if leg.person == person and leg.live)
    edge.post(f"/voice/{call}/{leg.id}/status", edge.form(leg.sid, CallStatus=status))


def team(*agents: str, ring: Ring = Ring.IN_ORDER) -> Edge:
    return Edge(configuration(team=Team(id="energy_desk", agents=agents, supervisors=("sam", "sky"), ring=ring)))


def test_two_callers_are_rung_for_at_the_same_time_if_two_people_are_free() -> None:
    """The second caller does not wait until the ringing for the first one ends."""
    edge = team("ana", "ben")
    first, second = waiting(edge, "CA1"), waiting(edge, "CA2")
    assert (rung(edge, first), rung(edge, second)) == (["ana"], ["ben"])


def test_a_new_caller_does_not_overtake_one_who_waits() -> None:
    edge = team("ana")
    first = waiting(edge, "CA1")
    edge.flush()
    fails(edge, first, "ana")
    second = waiting(edge, "CA2")
    edge.flush()
    assert (rung(edge, first), rung(edge, second)) == ([], [])
    assert edge.store.read(second).search.ahead == 1
    edge.later(11).runner.tick()
    assert (rung(edge, first), rung(edge, second)) == (["ana"], [])


def test_somebody_who_did_not_answer_has_a_pause_before_the_phone_rings_again() -> None:
    """Being free again triggers a search for other calls, not for the one that has just rung this phone in vain."""
    edge = team("ana")
    call = waiting(edge, "CA1")
    edge.flush()
    fails(edge, call, "ana")
    edge.flush()
    edge.later(8).runner.tick()
    assert rung(edge, call) == []
    edge.later(3).runner.tick()
    assert rung(edge, call) == ["ana"]


def test_people_who_become_free_are_rung_for_the_first_in_the_queue() -> None:
    edge = team("ana").talking()
    talking = edge.call
    first, second = waiting(edge, "CA1"), waiting(edge, "CA2")
    edge.flush()
    assert (rung(edge, first), rung(edge, second)) == ([], [])
    edge.post("/voice/status", edge.form(talking.caller.sid, CallStatus="completed"))
    lead = edge.store.read(talking.id).leg(talking.lead)
    edge.post(f"/voice/{talking.id}/{lead.id}/{lead.token}/enter", edge.form(lead.sid))
    edge.post(f"/voice/{talking.id}/{lead.id}/{lead.token}/wrap_up", edge.form(lead.sid, Digits="#"))
    edge.later(1).post(f"/voice/{talking.id}/{lead.id}/status", edge.form(lead.sid, CallStatus="completed"))
    edge.flush()
    assert (rung(edge, first), rung(edge, second)) == (["ana"], [])


def test_two_people_who_become_free_are_rung_for_the_first_two() -> None:
    edge = team("ana", "ben")
    calls = [waiting(edge, f"CA{number}") for number in range(4)]
    edge.flush()
    for caller in (0, 1):
        edge.post("/voice/status", edge.form(f"CA{caller}", CallStatus="completed"))
    edge.flush()
    for caller, person in ((0, "ana"), (1, "ben")):
        fails(edge, calls[caller], person, "canceled")
    edge.flush()
    assert (rung(edge, calls[2]), rung(edge, calls[3])) == (["ana"], ["ben"])


def test_after_a_break_a_person_is_found_by_the_next_search() -> None:
    edge = team("ana").talking()
    lead, call = edge.call.lead_leg, edge.call.id
    edge.post(f"/voice/{call}/{lead.id}/status", edge.form(lead.sid, CallStatus="completed"))
    edge.flush()
    (ana,) = [one for one in edge.store.people(edge.now) if one.person == "ana"]
    assert ana.presence is Presence.WRAP_UP
    assert edge.store.people(ana.until)[0].presence is Presence.FREE


def test_one_person_is_never_rung_for_two_callers() -> None:
    edge = team("ana", "ben", ring=Ring.ALL)
    calls = [waiting(edge, f"CA{number}") for number in range(5)]
    for _ in range(30):
        edge.flush()
        edge.later(3).runner.tick()
        everybody = [person for call in calls for person in rung(edge, call)]
        assert len(everybody) == len(set(everybody))
