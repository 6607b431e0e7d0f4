"""The desk in a real browser: it follows the call, its buttons are found and pressed, and its words can be read."""

import threading
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Page, expect

from callflow.service.accounts import Way
from callflow.web.pages import security
from tests.browser import looks
from tests.browser.conftest import OpenPage
from tests.e2e import scenes
from tests.e2e.conversation import Conversation
from tests.web.pages.signed_in import sessions


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing is told."""


class Served:
    """A conversation whose pages a browser can open. The browser and the test take turns, so that time stands still."""

    def __init__(self, talk: Conversation) -> None:
        self.talk, self._turn = talk, threading.RLock()
        self._server: WSGIServer = make_server("127.0.0.1", 0, self._answer, handler_class=Quiet)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def _answer(self, environ: Any, start_response: Any) -> list[bytes]:
        with self._turn:
            return list(self.talk.callflow.app(environ, start_response))

    def goes_on(self, what: Callable[[Conversation], Any]) -> None:
        with self._turn:
            what(self.talk)

    def open(self, open_page: OpenPage, person: str = "ana", path: str = "/desk", **how: Any) -> Page:
        """The desk of this person, who is signed in."""
        running = self.talk.callflow
        token = sessions(running.app).begin(person, Way.PASSKEY)
        page = open_page("about:blank", **how)
        page.context.add_cookies([{"name": security.cookie_name(running.urls.public), "value": token, "url": self.url}])
        page.goto(f"{self.url}{path}")
        return page

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def served() -> Iterator[Callable[[Conversation], Served]]:
    opened: list[Served] = []

    def serve(talk: Conversation) -> Served:
        opened.append(Served(talk))
        return opened[-1]

    yield serve
    for one in opened:
        one.close()


def warned() -> Conversation:
    return scenes.warned(scenes.steps_tried(scenes.talking())).wait(20)


def locked() -> Conversation:
    talk = scenes.talking()
    talk.ana.presses("*").hears("menu").presses("5")
    return talk.wait(4)


def wrapping_up() -> Conversation:
    talk = warned()
    talk.caller.hangs_up()
    return talk.wait(3)


STATES: dict[str, Callable[[], Conversation]] = {
    "nobody calls": Conversation,
    "talking": scenes.talking,
    "holding": lambda: scenes.holding(scenes.talking()),
    "warned": warned,
    "locked": locked,
    "wrap-up": wrapping_up,
}


def test_one_press_and_the_page_follows_the_call(served: Any, open_page: OpenPage) -> None:
    desk = served(scenes.talking())
    page = desk.open(open_page, width=390, height=844)
    expect(page.get_by_role("heading", name="You are with the caller.")).to_be_visible()
    page.get_by_role("button", name="Ask the caller to hold").click()
    expect(page.get_by_role("heading", name="The caller is asked to hold.")).to_be_visible()
    desk.goes_on(lambda talk: talk.caller.heard("hold_request").presses("1").hears("hold_start"))
    expect(page.get_by_role("heading", name="The caller holds, by consent.")).to_be_visible()
    page.get_by_role("button", name="Back to the caller now").click()
    expect(page.get_by_role("heading", name="You are with the caller.")).to_be_visible()


def test_harm_is_one_press_and_shows_number_clock_and_card(served: Any, open_page: OpenPage) -> None:
    desk = served(scenes.talking())
    page = desk.open(open_page, width=390, height=844)
    page.get_by_role("button", name="Harm").click()
    card = page.get_by_role("region", name="Safeguarding")
    expect(card.get_by_role("link", name="911")).to_be_visible()
    expect(card).to_contain_text("Stay with the caller.")
    expect(page.get_by_role("region", name="Card")).to_contain_text("breathe")
    assert page.get_by_role("button", name="Harm").count() == 0


@pytest.mark.long
def test_what_is_opened_stays_open_and_is_pressed_by_keyboard_alone(served: Any, open_page: OpenPage) -> None:
    desk = served(warned())
    page = desk.open(open_page)
    page.locator("summary", has_text="Give a warning").focus()
    page.keyboard.press("Enter")
    choice = page.get_by_role("button", name="personal insults")
    expect(choice).to_be_visible()
    desk.goes_on(lambda talk: talk.wait(3))
    page.wait_for_timeout(1500)  # two polls, with another version
    expect(choice).to_be_visible()
    choice.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="A warning is playing; say nothing.")).to_be_visible()
    page.get_by_role("button", name="Stop the warning").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You are with the caller.")).to_be_visible()


def test_an_offer_is_one_click(served: Any, open_page: OpenPage) -> None:
    desk = served(scenes.talking())
    page = desk.open(open_page)
    page.get_by_role("button", name="a fee waived up to 20").click()
    expect(page.get_by_role("region", name="What you may offer")).to_contain_text("Offered a fee waived up to 20")


def test_without_a_script_everything_works(served: Any, open_page: OpenPage) -> None:
    desk = served(scenes.talking())
    page = desk.open(open_page, java_script_enabled=False)
    page.get_by_role("button", name="Bring in a supervisor").click()
    expect(page.get_by_role("heading", name="The caller is asked about a supervisor.")).to_be_visible()


COUNT_CHANGES = """() => {
  window.changes = [];
  const of = (one) => one.target.closest ? one.target : one.target.parentElement;
  new MutationObserver((all) => window.changes.push(
    ...all.filter((one) => !of(one).closest("time")).map((one) => one.type)
  )).observe(document.getElementById("rows"), {subtree: true, childList: true, characterData: true});
}"""


@pytest.mark.long
def test_nothing_is_written_on_the_page_while_nothing_changes(served: Any, open_page: OpenPage) -> None:
    """So that a screen reader is not interrupted: clocks aside, which tick by themselves."""
    desk = served(scenes.talking())
    page = desk.open(open_page)
    page.evaluate(COUNT_CHANGES)
    page.wait_for_timeout(2500)
    assert page.evaluate("window.changes") == []


@pytest.mark.parametrize(
    "state", [one if one == "talking" else pytest.param(one, marks=pytest.mark.long) for one in STATES]
)
def test_it_fits_and_can_be_read_everywhere(state: str, served: Any, open_page: OpenPage) -> None:
    desk = served(STATES[state]())
    for dark in (False, True):
        page = desk.open(open_page, dark=dark)
        for width in looks.WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert not looks.fits(page), (state, width)
        assert not looks.unreadable(page)
        assert not looks.too_small(page)
        assert not looks.unnamed(page)


@pytest.mark.long
def test_twice_as_large_it_still_fits(served: Any, open_page: OpenPage) -> None:
    desk = served(warned())
    page = desk.open(open_page, width=640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not looks.fits(page)


SOFT = """async ([loud, quiet]) => {
  const peak = async (level) => {
    const context = new OfflineAudioContext(1, 48000, 48000);
    const tone = new OscillatorNode(context, {frequency: 440}), gain = new GainNode(context, {gain: level});
    window.callflowEar.limit(context, tone.connect(gain), context.destination);
    tone.start();
    const heard = (await context.startRendering()).getChannelData(0).subarray(24000);
    return heard.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  };
  return [await peak(loud), await peak(quiet)];
}"""


@pytest.mark.long
def test_a_soft_ear_makes_shouting_quieter_and_leaves_quiet_words(served: Any, open_page: OpenPage) -> None:
    desk = served(Conversation())
    page = desk.open(open_page)
    clock = page.evaluate("document.querySelector('script[src*=clock]').src")
    page.add_script_tag(url=clock.replace("clock", "soft-ear"))
    loud, quiet = page.evaluate(SOFT, [1.0, 0.01])
    assert loud < 0.2, "a shout of full scale is at least 14 dB quieter"
    assert 0.006 < quiet < 0.014, "a murmur is as loud as it was, within 4 dB"


@pytest.mark.long
def test_two_quick_clicks_are_one_press(served: Any, open_page: OpenPage) -> None:
    desk = served(scenes.talking())
    page = desk.open(open_page)
    page.get_by_role("button", name="Ask the caller to hold").dblclick()
    expect(page.get_by_role("heading", name="The caller is asked to hold.")).to_be_visible()
    page.wait_for_timeout(300)
    expect(page.get_by_text("The call has moved on since.")).to_have_count(0)
    assert len(desk.talk.notes("time_out", "ana", outcome="asked")) == 1


@pytest.mark.long
def test_what_is_written_outlasts_the_end_of_the_session_and_is_shown_to_nobody_else(
    open_page: OpenPage, served: Callable[[Conversation], Served]
) -> None:
    talk = locked()
    desk, (call,) = served(talk), talk.callflow.store.calls()
    page = desk.open(open_page, path=f"/desk/calls/{call.id}")
    page.forgiven += ["401 ("]  # type: ignore[attr-defined]
    page.get_by_label("The exact words").fill("I know where you live")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    assert "/sign-in?next=/desk/calls/" in page.url
    signed_in(desk, page, "sam")
    page.goto(f"{desk.url}/desk")
    assert "where you live" not in page.evaluate("JSON.stringify(sessionStorage)")


@pytest.mark.long
def test_what_was_written_is_there_again_after_the_sign_in_and_gone_when_it_is_saved(
    open_page: OpenPage, served: Callable[[Conversation], Served]
) -> None:
    talk = locked()
    desk, (call,) = served(talk), talk.callflow.store.calls()
    form = f"/desk/calls/{call.id}"
    page = desk.open(open_page, path=form)
    page.get_by_label("The exact words").fill("I know where you live")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    signed_in(desk, page, "ana")
    page.goto(f"{desk.url}{form}")
    expect(page.get_by_label("The exact words")).to_have_value("I know where you live")
    expect(page.get_by_text("It is not saved yet.")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0


def signed_in(desk: Served, page: Page, person: str) -> None:
    running = desk.talk.callflow
    token = sessions(running.app).begin(person, Way.PASSKEY)
    page.context.add_cookies([{"name": security.cookie_name(running.urls.public), "value": token, "url": desk.url}])
