"""What a supervisor does at the board, as a browser without scripts does it."""

import re

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callflow.core.act_refusals import Asked, Reason, closed, refusal
from callflow.core.stages import Stage
from callflow.service.board.call_view import ROW_ACTS
from tests.web.edge import Edge
from tests.web.pages import board_scenes as scenes
from tests.web.pages.at_the_board import edge, happens, one, poll, sam
from tests.web.pages.board_scenes import BUSY, fill
from tests.web.pages.signed_in import signed_in

__all__ = ["edge", "sam"]


def form(page: str, act: str) -> dict[str, str]:
    """The hidden fields of the first form that has this button."""
    for found in re.findall(r"<form[^>]*data-act.*?</form>", page, re.DOTALL):
        if f'value="{act}"' in found:
            return {"act": act, **dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))}
    raise AssertionError(f"nothing to press for {act}")


def press(sam: FlaskClient, act: str, **more: str) -> TestResponse:
    return sam.post("/board/act", data={**form(sam.get("/board").text, act), **more})


def test_one_press_rings_my_telephone_to_listen_muted(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    answer = press(sam, "listen")
    assert answer.status_code == 200
    assert "Your telephone rings. Press 1, and you listen, muted." in answer.text
    assert "Sam is being rung" in answer.text
    assert any(note.note.kind == "act" and note.note.actor == "sam" for note in edge.store.journal("c1"))


def test_a_veto_stops_the_closing(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.closing)
    assert "The closing is stopped." in press(sam, "veto").text
    assert edge.store.read("c1").closing is None


def test_a_refusal_says_why_and_where_it_was_pressed_the_words_stand(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    press(sam, "listen")
    again = sam.post("/board/act", data=form(sam.get("/board").text, "listen"), headers={"HX-Request": "true"})
    assert (again.status_code, again.text) == (409, "This is done already.")


def test_an_act_decided_on_an_older_state_is_not_done_and_the_new_state_is_said(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.closing)
    old = form(sam.get("/board").text, "veto")
    press(sam, "veto")
    late = sam.post("/board/act", data={**old, "act": "take_over"})
    assert late.status_code == 409
    assert "Nothing was done, because the call has changed: Ana talks with the caller." in late.text


def test_nobody_acts_on_a_call_of_another_team(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    wanted = form(sam.get("/board").text, "lock")
    assert signed_in(edge.callflow.app, "tess").post("/board/act", data=wanted).status_code == 409
    assert edge.store.read("c1").locks == ()


def test_a_lock_and_its_end_with_a_reason(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    press(sam, "lock")
    assert [lock.value for lock in edge.store.read("c1").locks] == ["safeguarding"]
    page = sam.get("/board/calls/7K2M").text
    choice = page.partition('aria-label="Lift the lock"')[2].partition("</select>")[0]
    assert choice.startswith(' required><option value="">Why?</option>')
    assert " selected" not in choice
    assert "Passed to emergency services" in choice
    without = sam.post("/board/act", data={**form(page, "unlock"), "what": ""})
    assert (without.status_code, bool(edge.store.read("c1").locks)) == (409, True)
    lifted = sam.post("/board/act", data={**form(page, "unlock"), "what": "misunderstanding"})
    assert lifted.status_code == 200
    assert edge.store.read("c1").locks == ()


def test_the_page_of_a_call_says_of_each_act_that_is_not_open_why(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    assert "The call is not being ended." in sam.get("/board/calls/7K2M").text


def test_the_page_of_a_call_asks_for_what_is_new_and_writes_nothing_down(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    page = sam.post("/board/calls/7K2M/caller").text
    opened = len(edge.store.access_entries())
    assert sam.get(poll(page)).status_code == 204
    press(sam, "lock")
    now = sam.get(poll(page)).text
    assert "Safeguarding: no hold, no warning and no closing" in now
    assert form(now, "unlock")["state"] != form(page, "lock")["state"]
    assert sam.get(poll(now)).status_code == 204
    assert len(edge.store.access_entries()) == opened
    assert signed_in(edge.callflow.app, "tess").get(poll(now)).status_code == 404


def test_a_call_that_has_ended_is_said_to_be_over_and_leads_to_its_timeline(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    page = sam.get("/board/calls/7K2M").text
    happens(edge, stage=Stage.ENDED)
    for shown in (sam.get(poll(page)), sam.get("/board/calls/7K2M"), sam.post("/board/calls/7K2M/caller")):
        assert shown.status_code == 200
        assert "This call is over." in shown.text
        assert 'href="/ops/calls/c1"' in shown.text
        assert "hx-get" not in shown.text
    assert signed_in(edge.callflow.app, "tess").get("/board/calls/7K2M").status_code == 404
    assert sam.get("/board/calls/NONE").status_code == 404


def test_a_row_says_of_each_act_that_is_open_to_nobody_why(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.waiting)
    row = sam.get("/board").text.partition('id="call-c1"')[2].partition("</form>")[0]
    why = ' aria-disabled="true" title="Nobody is with the caller yet."'
    for act, no in (("listen", why), ("coach", why), ("join", why), ("take_over", ""), ("lock", "")):
        assert f'value="{act}"{no}>' in row
    happens(edge, stage=Stage.AFTERCARE)
    row = sam.get("/board").text.partition('id="call-c1"')[2].partition("</form>")[0]
    assert row.count('title="The caller is no longer on the line."') == 5


@pytest.mark.parametrize("scene", scenes.SCENES.values(), ids=scenes.SCENES)
def test_what_a_row_shows_as_open_to_nobody_is_open_to_nobody(edge: Edge, scene: scenes.Scene) -> None:
    call = one(edge, scene)
    for act in ROW_ACTS:
        found = {refusal(Asked(call, BUSY, person, act)) for person in BUSY.teams[call.team].supervisors}
        assert None not in found or not closed(call, act)
        assert closed(call, act) or found != {Reason.NOBODY_THERE}


def test_an_alarm_is_cleared_with_words_and_a_late_promise_is_kept(edge: Edge, sam: FlaskClient) -> None:
    fill(edge.store, edge.now)
    assert press(sam, "clear", words=" ").status_code == 409
    assert press(sam, "clear", words="talked with Noah").status_code == 200
    assert press(sam, "kept").status_code == 200
    assert edge.store.urgent_follow_ups() == []


def test_no_other_site_can_press_for_me(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    wanted = form(sam.get("/board").text, "lock")
    assert sam.post("/board/act", data=wanted, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_safeguarding_takes_one_press(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    page = sam.get("/board").text
    assert re.search(r'data-asks="join"[^>]*>Your telephone rings', page)
    assert re.search(r'data-asks="lock"[^>]*></p>', page)
