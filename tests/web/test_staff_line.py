"""Webhooks of the staff line: which calls come there, and what an address is worth."""

from dataclasses import replace

from callflow.core.configuration import StaffLine
from callflow.core.staff_line.session import StaffPlace
from tests.e2e.conversation import shipped
from tests.e2e.staff_lines import STAFF_LINE, with_staff_line
from tests.web.edge import LINE, SID, Edge

OTHER_SID = "CA" + "d" * 32


def test_a_number_that_may_be_one_for_callers_is_never_the_staff_line() -> None:
    """Without a country code it could be either, so it is neither."""
    foreign = "+445550100100"
    both = replace(shipped(), staff_line=StaffLine(called=frozenset({foreign})))
    edge = Edge(both)
    assert "<Gather" not in edge.rings(To="5550100100").text
    assert edge.store.staff_session(SID) is None
    assert edge.rings(To=LINE).status_code == 200
    assert len(edge.store.calls()) == 1


def test_a_staff_call_that_falls_back_joins_no_room() -> None:
    edge = Edge(with_staff_line())
    assert "staff_line?token=1" in edge.rings(To=STAFF_LINE).text
    reply = edge.post("/voice/fallback", edge.form(To=STAFF_LINE))
    assert "<Hangup/>" in reply.text
    assert "<Conference" not in reply.text


def test_the_address_of_a_session_opens_nothing_for_another_call() -> None:
    edge = Edge(with_staff_line())
    edge.rings(To=STAFF_LINE)
    before = edge.store.staff_session(SID)
    address = f"/voice/{SID}/staff_line?token=1"
    assert "<Gather" not in edge.post(address, edge.form(OTHER_SID, Digits="204")).text
    assert edge.store.staff_session(SID) == before
    assert "<Gather" in edge.post(address, edge.form(Digits="204")).text
    assert edge.store.staff_session(SID).place is StaffPlace.PIN


def test_an_answer_that_comes_again_gets_the_same_document() -> None:
    edge = Edge(with_staff_line())
    address = f"/voice/{SID}/staff_line?token=1"
    assert edge.rings(To=STAFF_LINE).text == edge.rings(To=STAFF_LINE).text
    assert edge.post(address, edge.form(Digits="204")).text == edge.post(address, edge.form(Digits="204")).text
    assert edge.store.staff_session(SID).token == 2
