"""The desk in a browser without a script: what a person sees of their own call, and what a press does."""

import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from callflow.core.call import Lock
from callflow.core.guidance import Card, Guidance, Offer
from callflow.core.incident_facts import incident_facts
from callflow.core.notes import NoteKind
from callflow.core.stages import Stage
from tests.e2e import scenes
from tests.e2e.conversation import Conversation, shipped
from tests.web.pages.signed_in import signed_in


class Person:
    """Somebody at their desk. Forms are sent as a browser without a script sends them."""

    def __init__(self, talk: Conversation, person: str) -> None:
        self.talk, self.person = talk, person
        self.client: FlaskClient = signed_in(talk.callflow.app, person)

    def sees(self) -> str:
        page = self.client.get("/desk")
        assert page.status_code == 200, page.text
        return text_of(page.text)

    def html(self) -> str:
        return self.client.get("/desk").text

    def presses(self, choice: str, **changed: str) -> TestResponse:
        found = re.search(r'name="call" value="([^"]+)"><input type="hidden" name="seen" value="([^"]+)"', self.html())
        assert found, "no button is there"
        form = {"call": found[1], "seen": found[2], "choice": choice, **changed}
        answer = self.client.post("/desk/press", data=form)
        self.talk.wait(1)
        return answer


def text_of(html: str) -> str:
    body = html[html.index("<main") :]
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&#34;", '"').replace("&#39;", "'").split())


def ana(talk: Conversation) -> Person:
    return Person(talk, "ana")


def stage(talk: Conversation) -> Stage:
    (call,) = talk.callflow.store.calls()
    return call.stage


def test_one_press_asks_the_caller_and_the_telephone_follows() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    assert "You are with the caller. " in desk.sees()
    assert "about a bill" in desk.sees()
    answer = desk.presses("time_out")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk")
    talk.caller.heard("hold_request").presses("1").hears("hold_start")
    assert "The caller holds, by consent." in desk.sees()
    desk.presses("bring_back")
    talk.together("caller", "ana").noted("hold", outcome="ended by the lead", where="desk")


def test_what_is_closed_says_why_in_the_words_that_are_spoken() -> None:
    assert "No final warning was heard yet. First offer a time out: star 1." in ana(scenes.talking()).sees()


def test_a_press_that_was_decided_on_another_state_does_nothing_and_shows_the_new_one() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    seen = re.search(r'name="seen" value="([^"]+)"', desk.html())
    assert seen
    desk.presses("time_out")
    answer = desk.presses("supervisor", seen=seen[1])
    assert answer.headers["Location"] == "/desk?said=stale"
    assert "The call has moved on since." in text_of(desk.client.get("/desk?said=stale").text)
    assert stage(talk) is Stage.ASKING_HOLD


def test_safeguarding_works_on_whatever_was_shown_and_twice_is_once() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    seen = re.search(r'name="seen" value="([^"]+)"', desk.html())
    assert seen
    desk.presses("time_out")
    for _ in range(2):
        assert desk.presses("safeguarding", seen=seen[1]).headers["Location"] == "/desk"
    (call,) = talk.callflow.store.calls()
    assert call.locks == (Lock.SAFEGUARDING,)
    entries = [one.note for one in talk.callflow.store.journal(call.id) if one.note.kind == NoteKind.SAFEGUARDING]
    assert [one.actor for one in entries] == ["ana"]
    page = desk.sees()
    for wanted in ("Safeguarding for", "Ambulance 911", "Stay with the caller.", "Breathe".lower()):
        assert wanted in page


def test_a_threat_shows_police_clock_and_checklist() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    desk.presses("threat")
    page = desk.sees()
    for wanted in ("Threat for", "Police 911", "Do not hang up, even if the caller goes quiet.", "exact words"):
        assert wanted in page
    assert 'href="tel:911"' in desk.html()


@pytest.mark.parametrize("choice", ["warn_1", "end_call", "unlock_1", "accept", "close", "nonsense", ""])
def test_what_is_not_there_cannot_be_pressed(choice: str) -> None:
    talk = scenes.talking()
    assert ana(talk).presses(choice).headers["Location"] == "/desk?said=not_open"
    assert stage(talk) is Stage.TALKING


def test_nobody_presses_on_the_call_of_somebody_else() -> None:
    talk = scenes.talking()
    mine = re.search(r'name="call" value="([^"]+)"><input type="hidden" name="seen" value="([^"]+)"', ana(talk).html())
    assert mine
    ben = Person(talk, "ben")
    assert "Calls can reach you" in ben.sees()
    form = {"call": mine[1], "seen": mine[2], "choice": "safeguarding"}
    assert ben.client.post("/desk/press", data=form).headers["Location"] == "/desk?said=no_call"
    assert ben.client.get(f"/desk/calls/{mine[1]}").status_code == 404
    (call,) = talk.callflow.store.calls()
    assert not call.locks


def test_a_supervisor_takes_the_call_at_the_desk() -> None:
    talk = scenes.consulting(scenes.talking())
    sam = Person(talk, "sam")
    assert "You and Ana are in private; the caller waits." in sam.sees()
    assert "2 Supervisor: here" in ana(talk).sees()
    sam.presses("bring_in")
    talk.caller.hears("introduction")
    talk.together("caller", "ana", "sam").wait(14)
    sam.presses("take_over")
    talk.together("caller", "sam").noted("handover", actor="sam", where="desk")
    assert "You have left the caller." in ana(talk).sees()


def test_the_steps_say_what_goes_on_and_then_who_has_ended_the_call() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    desk.presses("time_out")
    assert "1 Time out: asked now" in desk.sees()
    talk.caller.hangs_up()
    talk.wait(2)
    assert "The caller has hung up." in desk.sees()


def test_a_poll_is_answered_with_nothing_while_nothing_changes() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    found = re.search(r"/desk/rows\?v=(\w+)", desk.html())
    assert found
    assert desk.client.get(f"/desk/rows?v={found[1]}").status_code == 204
    desk.presses("time_out")
    assert desk.client.get(f"/desk/rows?v={found[1]}").status_code == 200


def test_an_offer_is_one_click_and_is_told_to_the_supervisor_and_stands_in_the_journal() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    assert "a fee waived up to 20 once in 12 months" in desk.sees()
    assert "a new delivery" not in desk.sees(), "that is for calls about a delivery"
    (call,) = talk.callflow.store.calls()
    for _ in range(2):
        desk.client.post("/desk/offers", data={"call": call.id, "offer": "waive_fee"})
    assert "Offered a fee waived up to 20" in desk.sees()
    talk.noted("offer", actor="ana", offer="a fee waived up to 20", where="desk")
    (call,) = talk.callflow.store.calls()
    assert call.offers == ("waive_fee",)
    assert len([one for one in talk.callflow.store.journal(call.id) if one.note.kind == NoteKind.OFFER]) == 1
    desk.presses("supervisor")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper", "a fee waived up to 20 was offered")
    assert "Offered on this call a fee waived up to 20" in Person(talk, "sam").sees()


def test_what_may_not_be_offered_is_not_written_down() -> None:
    talk = scenes.talking()
    desk = ana(talk)
    (call,) = talk.callflow.store.calls()
    answer = desk.client.post("/desk/offers", data={"call": call.id, "offer": "reshipment"})
    assert answer.headers["Location"] == "/desk?said=stale"
    talk.not_noted("offer")


def test_sentences_are_filled_in_from_what_is_known() -> None:
    cards = {"default": Card(title="ASAP", words=("listen",), say="I see.")}
    told = Guidance(cards=cards, empathy=("Sorry about {order} and {reason}.", "Sorry about {reason}."), summary=())
    talk = scenes.talking(replace(shipped(), guidance=told))
    assert "Sorry about a bill." in ana(talk).sees()


def test_what_a_caller_needs_is_no_conduct() -> None:
    talk = scenes.talking()
    (call,) = talk.callflow.store.calls()
    changed(talk, adjustments=("tics",))
    page = ana(talk).sees()
    assert "The caller needs" in page
    assert "Swearing or silence may not be meant: it is no conduct." in page
    assert call.reference in page


def changed(talk: Conversation, **fields: Any) -> None:
    from callflow.service.ports import Change

    (call,) = talk.callflow.store.calls()
    after = call.but(**fields)
    talk.callflow.store.transact(lambda tx: tx.save(Change(call=after, before=tx.load(call.id), due=talk.clock.now(),
                                                           lease_until=talk.clock.now())))  # fmt: skip


def test_after_the_call_its_outcome_a_note_and_an_account() -> None:
    talk = scenes.warned(scenes.steps_tried(scenes.talking()))
    (call,) = talk.callflow.store.calls()
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up")
    desk = ana(talk)
    desk.presses("resolved")
    talk.noted("outcome", actor="ana", outcome="resolved", where="desk")
    assert "outcome: resolved" in desk.sees()
    form = {"note": "Bill is right.", "words": "He said it twice.", "vulnerable": "no"}
    assert desk.client.post(f"/desk/calls/{call.id}", data=form).headers["Location"] == "/desk?said=saved"
    entries = {one.note.kind: one.note for one in talk.callflow.store.journal(call.id)}
    assert entries[NoteKind.WRITTEN_NOTE].details["words"] == "Bill is right."
    incident = talk.callflow.store.follow_up(f"{call.id}-incident-1")
    assert incident
    assert incident.body["accounts"]["ana"]["words"] == "He said it twice."
    assert "He said it twice." in desk.client.get(f"/desk/calls/{call.id}").text
    assert desk.client.post(f"/desk/calls/{call.id}", data={}).status_code == 400


def test_offers_by_reason_and_team() -> None:
    fee = Offer(id="fee", name="a fee", number="1", reasons=frozenset({"a bill"}), teams=frozenset({"north"}))
    all_ = Offer(id="all", name="sorry", number="2")
    told = Guidance(offers={"all": all_, "fee": fee})
    assert [one.id for one in told.offers_for("north", "a bill")] == ["fee", "all"]
    assert [one.id for one in told.offers_for("south", "a bill")] == ["all"]
    assert [one.id for one in told.offers_for("north", "")] == ["all"]


def test_what_was_offered_stands_in_the_incident() -> None:
    talk = scenes.warned(scenes.steps_tried(scenes.talking()))
    (call,) = talk.callflow.store.calls()
    ana(talk).client.post("/desk/offers", data={"call": call.id, "offer": "instalments"})
    incident = talk.callflow.store.follow_up(f"{call.id}-incident-1")
    assert incident
    entries = [(one.at, one.note) for one in talk.callflow.store.journal(call.id)]
    told = incident_facts(call, entries, incident)
    assert [one.details for one in told.offered if one.what == NoteKind.OFFER] == [
        {"offer": "paying in three parts", "where": "desk"}
    ]
