"""The board as a browser gets it, without running scripts: what it shows."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from callflow.core.call import Call
from callflow.core.later_fields import NewerCall
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Change, StoreUnavailable
from tests.playbook import talking
from tests.web.edge import Edge
from tests.web.pages import board_scenes as scenes
from tests.web.pages.at_the_board import edge, happens, one, poll, sam
from tests.web.pages.board_scenes import BUSY, fill, put
from tests.web.pages.signed_in import on_the_wall, signed_in

FIRST_LOAD_BYTES = 120_000

__all__ = ["edge", "sam"]


def test_the_three_zones_come_in_the_order_of_urgency(edge: Edge, sam: FlaskClient) -> None:
    fill(edge.store, edge.now)
    page = sam.get("/board").text
    assert page.index("Now needs a person") < page.index('id="calls-title"') < page.index('id="people-title"')


def test_the_page_asks_every_second_as_it_was_tried(edge: Edge, sam: FlaskClient) -> None:
    page = sam.get("/board").text
    attributes = r'hx-get="/board/rows\?v=[^"]+" hx-trigger="every 1s" hx-swap="outerMorph"'
    assert re.search(rf'<div id="rows" class="board" {attributes}>', page)


def test_while_nothing_changes_the_answer_is_204_and_a_change_is_shown_at_once(edge: Edge, sam: FlaskClient) -> None:
    one(edge)
    asked = poll(sam.get("/board").text)
    assert sam.get(asked).status_code == 204
    happens(edge, reason="a refund")
    answer = sam.get(asked)
    assert "About a refund." in answer.text
    assert sam.get(poll(answer.text)).status_code == 204


def test_a_hold_that_is_over_its_time_is_shown_although_nothing_happens(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.holding)
    asked = poll(sam.get("/board").text)
    edge.later(15)
    assert sam.get(asked).status_code == 204
    edge.later(10)
    assert "The hold is over its time" in sam.get(asked).text


def test_a_break_that_is_over_is_shown_although_nothing_happens(edge: Edge, sam: FlaskClient) -> None:
    fill(edge.store, edge.now)
    asked = poll(sam.get("/board").text)
    edge.later(600)
    assert "resting" not in sam.get(asked).text


def test_nobody_needs_you_says_when_somebody_was_helped_last(edge: Edge, sam: FlaskClient) -> None:
    page = sam.get("/board").text
    assert "Nobody needs you." in page
    assert "Last help" not in page
    one(edge, lambda: scenes.consulting().supervisor("sam").star().presses("1"))
    assert re.search(r"Nobody needs you\..*Last help <time data-at=", sam.get("/board").text)


def test_a_caller_who_waits_is_never_passed_over_in_silence(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.waiting)
    wall = on_the_wall(edge.callflow.app)
    for page in (sam.get("/board").text, wall.get("/board").text):
        assert "No call needs a supervisor. 1 caller waits." in page
    everybody = [PersonPresence(person=one, presence=Presence.COOL_DOWN, since=edge.now,
                                until=edge.now + timedelta(minutes=9)) for one in BUSY.agents]  # fmt: skip
    call = edge.store.read("c1")
    assert call
    change = Change(call=call.but(seq=call.seq + 1), before=call, people=everybody, lease_until=edge.now)
    edge.store.transact(lambda unit: unit.save(change))
    for page in (sam.get("/board").text, wall.get("/board").text):
        assert "Nobody can take this call" in page


def test_a_call_that_cannot_be_read_hides_no_other_and_is_told(edge: Edge, sam: FlaskClient, monkeypatch: Any) -> None:
    one(edge)
    one(edge, id="c2", reference="9Q9Q")
    read = edge.store.read

    def newer(id: str) -> Call | None:
        if id == "c2":
            raise NewerCall("another stage")
        return read(id)

    monkeypatch.setattr(edge.store, "read", newer)
    page = sam.get("/board").text
    assert "7K2M" in page
    assert "9Q9Q" not in page
    assert "1 more call is not shown, because this server cannot read it." in page
    assert "1 more call that this server cannot read" in on_the_wall(edge.callflow.app).get("/board").text


def test_who_has_no_such_team_sees_nothing_of_the_call(edge: Edge) -> None:
    one(edge)
    tess = signed_in(edge.callflow.app, "tess")
    assert "7K2M" not in tess.get("/board").text
    assert tess.get("/board/calls/7K2M").status_code == 404


def test_no_number_of_a_caller_is_on_any_page_until_it_is_asked_for_and_then_it_is_written_down(
    edge: Edge, sam: FlaskClient
) -> None:
    call = one(edge)
    for address in ("/board", "/board/calls/7K2M"):
        assert call.number not in sam.get(address).text
    assert edge.store.access_entries() == [] or all(one.subject == "" for one in edge.store.access_entries())
    shown = sam.post("/board/calls/7K2M/caller").text
    assert call.number in shown
    (entry,) = [one for one in edge.store.access_entries() if one.subject]
    assert (entry.person, entry.subject) == ("sam", "caller of 7K2M")


def test_the_timeline_of_a_call_says_who_did_what(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.finally_warned)
    page = sam.get("/board/calls/7K2M").text
    assert "warning: heard in full" in page
    assert "personal insults" in page


def test_filter_and_columns_are_kept_for_the_person_on_the_server(edge: Edge, sam: FlaskClient) -> None:
    one(edge, scenes.holding)
    put(edge.store, talking(), edge.now, id="c2", reference="3B4C", digest=BUSY.digest)
    sam.post("/board/preferences", data={"group": "hold", "columns": ["-", "team"]})
    again = signed_in(edge.callflow.app, "sam").get("/board").text
    assert "7K2M" in again
    assert "3B4C" not in again.partition('id="people-title"')[0]
    assert "Time out:" not in again
    assert "Calls 1 to 1 of 1, of 2 in all." in again
    assert "3B4C" in signed_in(edge.callflow.app, "sky").get("/board").text
    sam.post("/board/preferences", data={"group": ""})
    assert "3B4C" in sam.get("/board").text


def test_the_wallboard_has_no_names_no_numbers_and_nothing_to_press(edge: Edge) -> None:
    fill(edge.store, edge.now)
    wall = on_the_wall(edge.callflow.app)
    page = wall.get("/board").text
    assert "Safeguarding, no supervisor yet" in page
    for person in (*BUSY.agents.values(), *BUSY.supervisors.values()):
        assert not re.search(rf"\b{person.name}\b", page)
    assert not re.search(r"<(button|form|input|a )", page.partition("<main")[2])
    assert "+1555" not in page
    assert wall.get(poll(page)).status_code == 204
    for address in ("/board/calls/4W7K", "/board/preferences", "/board/act"):
        assert wall.get(address).status_code in (403, 405)
        assert wall.post(address).status_code in (403, 405)


def test_no_count_and_no_time_of_any_person_is_on_the_board(edge: Edge, sam: FlaskClient) -> None:
    fill(edge.store, edge.now)
    people = sam.get("/board").text.partition('aria-labelledby="people-title"')[2].partition("</section>")[0]
    assert "<time" not in people
    assert "data-" not in people.replace("data-open-from", "")


def test_every_clock_and_every_number_says_what_it_is(edge: Edge, sam: FlaskClient) -> None:
    fill(edge.store, edge.now)
    page = sam.get("/board").text.partition("<main")[2]
    assert not [found for found in re.findall(r"<time data-(?:from|until)[^>]*>", page) if "title=" not in found]
    assert not re.search(r"\b\d{3,} (s|min|seconds|minutes)\b", page)


def test_nothing_inline_is_sent(edge: Edge, sam: FlaskClient) -> None:
    fill(edge.store, edge.now)
    for address in ("/board", "/board/calls/4W7K", "/board?wall=1"):
        page = sam.get(address).text
        assert not re.search(r"\sstyle=|<style|\son\w+=|<script(?![^>]*\ssrc=)|javascript:", page), address


def test_a_board_of_500_calls_weighs_less_than_120_kb_with_all_its_files(edge: Edge, sam: FlaskClient) -> None:
    books = [scene() for scene in scenes.SCENES.values()]
    for number in range(500):
        put(edge.store, books[number % len(books)], edge.now, id=f"c{number}", reference=f"R{number}",
            digest=BUSY.digest, agent=scenes.AGENTS[number % 14])  # fmt: skip
    page = sam.get("/board").text
    files = set(re.findall(r'(?:src|href)="(/pages/[^"]+)"', page))
    weight = len(page.encode()) + sum(len(sam.get(one).data) for one in files)
    assert weight < FIRST_LOAD_BYTES, weight
    assert "Calls 1 to 20 of 500." in page
    assert "480 more" in page


def test_without_its_database_a_board_is_told_so_and_keeps_what_it_shows(
    edge: Edge, sam: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = poll(sam.get("/board").text)

    def gone() -> str:
        raise StoreUnavailable("gone")

    monkeypatch.setattr(edge.store, "page_version", gone)
    assert sam.get(asked).status_code == 503
