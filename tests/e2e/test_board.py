"""A supervisor at the board: what is pressed there, by what everybody on the telephone really hears."""

import re
from html import unescape

from flask.testing import FlaskClient

from callflow.core.stages import Stage
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import talking, warned
from tests.web.pages.signed_in import pages_of, signed_in


def at_the_board(talk: Conversation) -> FlaskClient:
    app = talk.callflow.app
    pages_of(app).extensions["board"].live.least_seconds = 0.0  # the clock of this call is not that of the machine
    return signed_in(app, "sam")


def press(board: FlaskClient, act: str) -> str:
    """Press the first button of this name, as a browser without scripts does. Returns what is answered."""
    page = board.get("/board").text
    forms = (one for one in re.findall(r"<form[^>]*data-act.*?</form>", page, re.DOTALL) if f'value="{act}"' in one)
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', next(forms)))
    told = re.search(r'id="answer"[^>]*>([^<]*)', board.post("/board/act", data={**fields, "act": act}).text)
    assert told
    return unescape(told[1])


def test_one_press_and_my_telephone_brings_me_muted_to_the_call_after_its_notice() -> None:
    talk = talking()
    board = at_the_board(talk)
    assert "Ana talks with the caller." in board.get("/board").text
    assert press(board, "listen") == "Your telephone rings. Press 1, and you listen, muted."
    talk.sam.hears("listen_offer").presses("1")
    talk.caller.heard("listener_notice")
    talk.until(lambda: "Sam listens" in board.get("/board").text, "the board says who listens")
    talk.noted("act", actor="sam", outcome="listen").over()


def test_a_closing_that_counts_down_is_on_the_board_and_one_press_stops_it() -> None:
    talk = warned(talking()).wait(20)
    board = at_the_board(talk)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.ana.hears("closing_watch")
    talk.stage(Stage.CLOSING)
    assert "A call is being closed" in board.get("/board").text
    assert press(board, "veto") == "The closing is stopped. The caller stays with the agent."
    assert "A call is being closed" not in board.get("/board").text
    talk.ana.hears("vetoed", "Sam")
    talk.stage(Stage.TALKING).over()


def test_a_locked_call_is_on_the_board_until_the_supervisor_of_the_card_has_come() -> None:
    talk = talking()
    board = at_the_board(talk)
    talk.ana.presses("*").hears("menu").presses("5")
    talk.until(lambda: "Safeguarding, no supervisor yet" in board.get("/board").text, "the card is there")
    assert "Owner: <strong>Sam</strong>" in board.get("/board").text
    talk.sam.hears("whisper").presses("1")
    talk.together("caller", "ana", "sam")
    assert "Safeguarding, no supervisor yet" not in board.get("/board").text
    talk.over()
