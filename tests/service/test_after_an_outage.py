"""The first thing that reaches the server after an outage is a person's key: what passed meanwhile comes before it."""

from datetime import timedelta

import pytest

from callflow.core import events as e
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer, TimerName, leg_timer
from callflow.service.ports import Change, GatewayFailure, LegReport
from callflow.service.reconcile import LOOKS_PER_SECOND
from tests.web.edge import SID, Edge


def holding() -> Edge:
    edge = Edge().talking()
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.flush().enters()
    edge.later(10).answers(Digits="1")
    edge.flush().enters(edge.lead)
    assert edge.call.stage is Stage.HOLDING
    return edge


def warning() -> Edge:
    edge = Edge().talking()
    edge.answers(edge.lead)
    for key in "33":
        edge.answers(edge.lead, Digits=key)
    edge.flush().enters()
    assert edge.call.stage is Stage.WARNING
    return edge


def outage(edge: Edge, seconds: float, joined_after: float | None) -> Edge:
    """No deadline fires. Then the provider says that the caller's document brought the caller into the room."""
    if joined_after is not None:
        label, joined = f"caller-{edge.call.caller.token}", edge.now + timedelta(seconds=joined_after)
        edge.provider.reports[SID] = LegReport(status="in-progress", in_room=True, label=label, joined_at=joined)
    return edge.later(seconds)


def star(edge: Edge) -> Edge:
    """The lead's own document has ended in the room, too, where star is pressed."""
    leg = edge.call.lead_leg
    assert leg
    edge.post(f"/voice/{edge.call.id}/{leg.id}/{leg.token}/room", edge.form(leg.sid))
    return edge


def outcomes(edge: Edge, kind: str) -> list[tuple[str, str]]:
    return [(one.note.actor, one.note.outcome) for one in edge.store.journal(edge.call.id) if one.note.kind == kind]


@pytest.mark.parametrize("seconds", [39, 45, 300])
def test_star_after_an_outage_opens_the_menu_and_ends_no_hold(seconds: float) -> None:
    """Also between the planned end of the hold and its deadline, which leaves time for the report."""
    edge = star(outage(holding(), seconds, joined_after=36))
    assert edge.call.stage is Stage.CHOOSING
    assert outcomes(edge, "hold") == [("callflow", "begun"), ("callflow", "returned on time")]


@pytest.mark.parametrize("seconds", [25, 300])
def test_star_after_an_outage_does_not_cut_a_warning_that_was_heard(seconds: float) -> None:
    edge = star(outage(warning(), seconds, joined_after=14))
    assert edge.call.stage is Stage.CHOOSING
    assert outcomes(edge, "warning") == [("ana", "begun"), ("caller", "heard in full")]
    assert "warn_learnt" in [one.script for one in edge.call.lead_leg.place.prompts]


def test_a_lead_who_hangs_up_after_an_outage_did_not_cut_the_warning() -> None:
    edge = outage(warning(), 60, joined_after=14)
    edge.post(f"/voice/{edge.call.id}/{edge.lead}/status", edge.form(edge.call.lead_leg.sid, CallStatus="completed"))
    assert edge.call.stage is Stage.LEFT_ALONE
    assert outcomes(edge, "warning")[-1] == ("caller", "heard in full")


def test_if_the_provider_is_away_too_nobody_is_said_to_have_ended_the_hold() -> None:
    edge = outage(holding(), 120, joined_after=None)
    edge.provider.refusal = GatewayFailure("away", retry=True)
    star(edge)
    assert edge.call.stage is Stage.CHOOSING
    assert outcomes(edge, "hold")[-1] == ("callflow", "end not reported")


def test_the_provider_is_not_asked_before_ordinary_keys() -> None:
    edge = holding()
    edge.later(20).answers(Digits="2")
    assert edge.call.stage is Stage.TALKING
    assert not edge.provider.looked_up


@pytest.mark.parametrize("timer", [Timer.PAGE, Timer.REJOIN, Timer.SEARCH, Timer.WAIT, leg_timer("a1")])
def test_every_deadline_that_has_passed_acts_before_a_key(timer: TimerName) -> None:
    """Also one of which the provider knows nothing. The history has them in this order, so that replays agree."""
    edge = Edge().talking()
    late = edge.call.timer(timer, edge.now + timedelta(seconds=1))
    edge.store._calls[late.id] = late
    edge.later(2)
    star(edge)
    facts = [type(fact) for fact in edge.store.history(edge.call.id)[-1].facts]
    assert facts.index(e.TimerFired) < facts.index(e.StarPressed)


def test_a_key_that_cancels_a_closing_comes_before_the_countdown_that_ended_just_now() -> None:
    edge = warning()
    edge.later(14).joins("caller")
    edge.flush().later(1).enters(edge.lead)
    edge.joins(edge.lead)
    edge.later(20).answers(edge.lead)
    for key in "431":
        edge.answers(edge.lead, Digits=key)
    edge.flush()
    assert edge.call.lead_leg.at(PlaceName.CLOSING_WATCH)
    edge.later(5.1).answers(edge.lead, Digits="*")
    assert edge.call.stage is Stage.TALKING
    assert outcomes(edge, "closing") == [("ana", "decided"), ("ana", "cancelled")]


# -- every live call is looked at once after a start


def many_calls(edge: Edge, number: int) -> None:
    known = edge.call
    for each in range(number):
        legs = tuple(leg.but(sid=f"{leg.sid}-{each}") for leg in known.legs)
        call = known.but(id=f"{each}", legs=legs, at=edge.now)
        due = edge.now + timedelta(seconds=0 if each % 2 else 60)
        edge.store.transact(lambda tx, call=call, due=due: tx.save(
            Change(call=call, before=None, due=due, lease_until=edge.now)
        ))  # fmt: skip


def test_after_a_start_every_live_call_is_looked_at_once_at_a_bounded_rate() -> None:
    first = Edge().talking()
    many_calls(first, 200)
    edge = Edge(store=first.store)
    edge.now = first.now
    asked = [len(edge.provider.looked_up)]
    for _ in range(48):
        edge.later(0.25).runner.tick()
        asked.append(len(edge.provider.looked_up))
    assert sorted(edge.provider.looked_up) == sorted({leg.sid for one in edge.store.calls() for leg in one.legs})
    assert max(later - now for now, later in zip(asked, asked[4:], strict=False)) <= LOOKS_PER_SECOND * 1.1


def test_a_call_that_was_looked_at_after_the_start_is_left_to_its_deadlines() -> None:
    edge = Edge().talking()
    edge.runner.tick()
    edge.later(10).runner.tick()
    assert len(edge.provider.looked_up) <= 2
