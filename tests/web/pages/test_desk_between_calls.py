"""What is theirs at the desk without a call: promises, incidents, check-ins, heads-ups, breaks."""

import re
from datetime import datetime

from callflow.core.stages import Stage
from tests.e2e import scenes
from tests.e2e.conversation import Conversation
from tests.e2e.test_promises import waited
from tests.web.pages.test_desk_pages import Person, ana, text_of


def test_own_incidents_say_who_has_them_and_by_when() -> None:
    talk = scenes.warned(scenes.steps_tried(scenes.talking()))
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").presses("#")
    talk.wait(300)
    talk.callflow.keepers.promises.keeper.look()
    page = ana(talk).sees()
    assert re.search(r"Sam answers it by \w{3} \d+ \w{3}, \d\d:\d\d", page), page
    assert "Say what happened" in page


def test_a_break_is_taken_and_ended_by_the_person_alone() -> None:
    talk = Conversation()
    desk = ana(talk)
    desk.client.post("/desk/away", data={"away": "yes"})
    assert "You took a break, or did not answer your last calls." in desk.sees()
    desk.client.post("/desk/away", data={"away": "no"})
    assert "Calls can reach you" in desk.sees()


def test_a_break_after_a_hard_call_is_made_longer_and_shorter_and_is_never_counted_down() -> None:
    talk = scenes.warned(scenes.steps_tried(scenes.talking()))
    talk.caller.hangs_up()
    talk.ana.hears("wrap_up").presses("#")
    talk.wait(5)
    desk = ana(talk)
    assert "Your break" in desk.sees()
    assert "data-until" not in desk.html()
    before = until(talk)
    desk.client.post("/desk/break", data={"longer": "yes"})
    assert (until(talk) - before).total_seconds() == 600
    talk.noted("cool_down", actor="ana", outcome="longer")
    desk.client.post("/desk/break", data={"longer": "no"})
    talk.noted("cool_down", actor="ana", outcome="shorter")
    for _ in range(4):
        desk.client.post("/desk/break", data={"longer": "no"})
    assert "Calls can reach you" in desk.sees()
    assert desk.client.post("/desk/break", data={"longer": "yes"}).headers["Location"] == "/desk?said=no_break"


def until(talk: Conversation) -> datetime:
    (found,) = [one for one in talk.callflow.store.people(talk.clock.now()) if one.person == "ana"]
    assert found.until
    return found.until


def test_a_promise_is_due_and_one_press_rings_the_person_and_then_the_caller() -> None:
    talk = waited(1)
    sam = Person(talk, "sam")
    assert "You promised to call back" in sam.sees()
    found = re.search(r'action="(/desk/promises/[^"]+/ring)"', sam.html())
    assert found
    assert ana(talk).client.post(found[1]).status_code == 404, "it is not hers"
    assert sam.client.post(found[1]).headers["Location"] == "/desk?said=ringing"
    talk.wait(3)
    assert [call.stage for call in talk.callflow.store.calls()] == [Stage.PREPARING]
    again = sam.client.post(found[1]).headers["Location"]
    assert "sam+is+" in again
    assert "rung" in text_of(sam.client.get(again).text)


def test_somebody_who_may_ring_back_is_announced_to_the_team() -> None:
    talk = scenes.talking()
    (call,) = talk.callflow.store.calls()
    talk.callflow.keepers.heads_ups.run({"call": call.id, "hours": 2})
    assert "Somebody may ring back about a bill The call goes to Sam, until 11:00." in Person(talk, "ben").sees()


def test_how_they_are_is_asked_and_a_no_has_no_consequence() -> None:
    talk = locked_and_over()
    desk = ana(talk)
    assert "Sam would like to ask how you are" in desk.sees()
    found = re.search(r'action="(/desk/check-ins/[^"]+)"', desk.html())
    assert found
    theirs = Person(talk, "ben").client.post(found[1], data={"reply": "no"})
    assert "who+alone+says" in theirs.headers["Location"]
    assert desk.client.post(found[1], data={"reply": "no"}).headers["Location"] == "/desk?said=saved"
    assert "would like to ask" not in desk.sees()


def locked_and_over() -> Conversation:
    talk = scenes.talking()
    talk.ana.presses("*").hears("menu").presses("5")
    talk.wait(5).caller.hangs_up()
    talk.ana.hears("wrap_up").presses("#")
    talk.wait(300)
    keeper = talk.callflow.keepers.promises.keeper
    for _ in range(3):
        keeper.look()
        talk.wait(90)
    return talk
