"""The star key in a document that knows the call by its name only: the first press opens the menu."""

import pytest

from callflow.core.call import Role
from callflow.core.stages import PlaceName, Stage
from tests.web.edge import Edge, verbs


@pytest.fixture
def edge() -> Edge:
    return Edge().talking()


def star(edge: Edge, leg: str = "", **more: str) -> str:
    found = edge.call.leg(leg or edge.lead)
    assert found
    target = edge.callflow.urls.star(edge.call.id).partition("https://app.test")[2].partition("#")[0]
    return edge.post(target, edge.form(found.sid, DialCallStatus="answered", **more)).text


def test_in_the_room_it_opens_the_menu(edge: Edge) -> None:
    assert "<Gather" in star(edge)
    assert edge.call.lead_leg.at(PlaceName.MENU)


def test_delivered_twice_it_opens_one_menu(edge: Edge) -> None:
    first, seq = star(edge), edge.call.seq
    assert star(edge) == first
    assert edge.call.seq == seq


@pytest.mark.parametrize("keys", [[], ["3"], ["9"]])
def test_from_a_menu_that_the_outage_ended_it_opens_the_menu(edge: Edge, keys: list[str]) -> None:
    """The stateless document brought the leg back into the room, and the report of that was lost."""
    edge.answers(edge.lead)
    for key in keys:
        edge.answers(edge.lead, Digits=key)
    edge.later(30)
    assert "<Gather" in star(edge)
    assert edge.call.stage is Stage.CHOOSING
    assert edge.call.lead_leg.at(PlaceName.MENU)


def test_while_the_caller_is_asked_it_takes_the_question_back(edge: Edge) -> None:
    edge.answers(edge.lead)
    edge.answers(edge.lead, Digits="1")
    edge.later(3)
    star(edge)
    assert edge.call.stage is Stage.TALKING


def test_a_caller_has_no_star_key(edge: Edge) -> None:
    star(edge, "caller")
    assert edge.call.stage is Stage.TALKING


def test_a_hang_up_is_no_star(edge: Edge) -> None:
    star(edge, CallStatus="completed")
    assert edge.call.stage is Stage.LEFT_ALONE


def test_somebody_who_is_only_asked_gets_the_offer_again() -> None:
    """A key at the fallback is not a yes to this call (F5)."""
    edge = Edge().waiting().flush()
    asked = edge.call.legs[1]
    edge.later(3).enters(asked.id)
    star(edge, asked.id)
    assert edge.call.legs[1].at(PlaceName.OFFER)
    assert edge.call.legs[1].role is Role.CANDIDATE
    assert edge.call.stage is Stage.WAITING


def test_it_leads_a_leg_of_a_call_that_is_not_known_into_the_room(edge: Edge) -> None:
    reply = edge.post("/voice/CAunknown/anyone/0/room", edge.form("CAx"))
    assert "Conference" in verbs(reply)
