"""The board in a real browser: what a supervisor sees, hears and presses."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Response, Route, expect

from callflow.core.call import Lock
from callflow.service.accounts import Way
from callflow.service.ports import Change, Store
from callflow.service.sign_in import begin_wall
from callflow.store import open_store
from tests.browser.accessible import findings
from tests.browser.conftest import OpenPage
from tests.browser.looks import WIDTHS, fits, too_small, unnamed, unreadable
from tests.browser.served import Served, served
from tests.playbook import talking
from tests.web.edge import START
from tests.web.pages import board_scenes as scenes
from tests.web.pages.board_scenes import BUSY, fill, put
from tests.web.pages.signed_in import sessions

NOW = START + timedelta(hours=3)
SECRET = ("a secret of sixteen",)


class House:
    """A server whose clock stands still until the test moves it."""

    def __init__(self, stack: ExitStack, store: Store | None = None) -> None:
        self.now = NOW
        self.served: Served = stack.enter_context(served(BUSY, lambda: self.now, store))
        self.store = self.served.store

    def opened(self, open_page: OpenPage, path: str = "/board", *, person: str = "sam", **more: Any) -> Page:
        token = (
            sessions(self.served.callflow.app).begin(person, Way.PASSKEY)
            if person
            else begin_wall(self.store, self.now)
        )
        cookie = {"name": "callflow", "value": token, "domain": "localhost", "path": "/", "expires": -1,
                  "httpOnly": True, "secure": False, "sameSite": "Lax"}  # fmt: skip
        return open_page(self.served.url + path, storage_state={"cookies": [cookie], "origins": []}, **more)

    def one(self, scene: Any = talking, **more: Any) -> None:
        put(self.store, scene(), self.now, **{"id": "c1", "reference": "7K2M", "digest": BUSY.digest, **more})

    def happens(self, **changes: Any) -> None:
        def work(unit: Any) -> None:
            before = unit.load("c1")
            unit.save(Change(call=before.but(seq=before.seq + 1, **changes), before=before, lease_until=self.now))

        self.store.transact(work)


@pytest.fixture
def house() -> Iterator[House]:
    with ExitStack() as stack:
        yield House(stack)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))


def in_vain(page: Page) -> list[str]:
    """The polls of this page from now on in which nothing is new compared with what it shows now."""
    polls: list[str] = []
    asked = str(page.locator("#rows").get_attribute("hx-get"))

    def heard(answer: Response) -> None:
        if answer.status == 204 and answer.url.endswith(asked):
            polls.append(answer.url)

    page.on("response", heard)
    return polls


def seen_by(page: Page) -> list[str]:
    return [*fits(page), *unreadable(page), *too_small(page), *unnamed(page), *findings(page)]


def test_a_full_board_is_readable_named_and_without_a_finding(open_page: OpenPage, house: House) -> None:
    fill(house.store, house.now)
    assert seen_by(house.opened(open_page)) == []


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", ["/board", "/board/calls/16C7K", "/board?wall=1"])
def test_every_page_of_it_fits_every_window(
    open_page: OpenPage, house: House, path: str, width: int, dark: bool
) -> None:
    fill(house.store, house.now)
    page = house.opened(open_page, path, person="" if "wall" in path else "sam", width=width, dark=dark)
    for details in page.locator("main details:not([open]) > summary").all():
        if details.is_visible():
            details.click()
    assert seen_by(page) == []


@pytest.mark.long
def test_a_telephone_shows_what_needs_a_person_and_folds_the_rest(open_page: OpenPage, house: House) -> None:
    fill(house.store, house.now)
    page = house.opened(open_page, width=390, height=844)
    expect(page.get_by_role("heading", name="Safeguarding, no supervisor yet")).to_be_visible()
    expect(page.locator(".call").first).to_be_hidden()
    assert page.locator(".card .press button").first.bounding_box()["height"] >= 48  # type: ignore[index]
    page.get_by_text("All calls (13)").click()
    expect(page.locator(".call").first).to_be_visible()
    house.one(id="c99", reference="NEW1")
    expect(page.get_by_text("All calls (14)")).to_be_visible()
    expect(page.locator(".call").first).to_be_visible()


@pytest.mark.long
def test_a_change_is_shown_by_the_next_poll_and_focus_stays_where_it_was(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.get_by_role("button", name="Listen").focus()
    page.evaluate("""() => { window.swapped = 0;
      new MutationObserver((all) => { for (const one of all) if (!one.target.closest?.("time")) window.swapped += 1; })
        .observe(document.getElementById("rows"), {childList: true, subtree: true, characterData: true}); }""")
    page.wait_for_timeout(2500)  # two polls in which nothing has changed
    assert page.evaluate("window.swapped") == 0
    house.happens(reason="a refund")
    polls = in_vain(page)
    page.get_by_text("About a refund.").wait_for()
    assert len(polls) <= 1, "one poll may have been under way"
    assert focused(page) == "Listen"


@pytest.mark.long
def test_a_time_that_has_passed_reads_late_and_not_in(open_page: OpenPage, house: House) -> None:
    house.one(scenes.holding)
    page = house.opened(open_page)
    sentence = page.locator("[data-row]", has_text="holds the caller by consent").first
    expect(sentence).to_contain_text("by consent, back in 2")
    house.now += timedelta(minutes=1)
    page.reload()
    expect(sentence).to_contain_text("s late")
    expect(sentence).not_to_contain_text("back in")


def test_only_what_needs_a_person_is_said_aloud_and_one_sound_is_heard_once_it_is_allowed(
    open_page: OpenPage, house: House
) -> None:
    page = house.opened(open_page)
    page.get_by_role("button", name="Sound").click()
    heard = int(page.evaluate("document.documentElement.dataset.sounds"))
    house.one()
    page.get_by_text("Ana talks with the caller").wait_for()
    expect(page.locator("#told")).to_have_text("")
    house.one(scenes.locked, id="c2", reference="3B4C")
    expect(page.locator("#told")).to_have_text("Needs a person: Safeguarding, no supervisor yet, call 3B4C.")
    assert int(page.evaluate("document.documentElement.dataset.sounds")) == heard + 1
    assert page.locator("[aria-live]").count() == 1


@pytest.mark.long
def test_by_keyboard_alone_a_closing_is_found_asked_about_and_stopped(open_page: OpenPage, house: House) -> None:
    house.one(scenes.closing)
    page = house.opened(open_page)
    page.keyboard.press("j")
    assert focused(page) == "need-c1-closing"
    page.keyboard.press("v")
    expect(page.get_by_role("dialog")).to_contain_text("The closing stops at once")
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.textContent === 'Veto'")
    assert house.store.read("c1").closing is not None  # type: ignore[union-attr]
    page.keyboard.press("v")
    page.keyboard.press("Enter")
    page.get_by_text("The closing is stopped.").first.wait_for()
    assert house.store.read("c1").closing is None  # type: ignore[union-attr]
    assert focused(page) != ""


def test_a_refusal_stands_where_it_was_pressed(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.forgiven += ["409 ("]  # type: ignore[attr-defined]
    for words in ("Your telephone rings. Press 1, and you listen, muted.", "This is done already."):
        page.get_by_role("button", name="Listen").click()
        said = page.locator("#call-c1 [data-told]")
        expect(said).to_have_text(words)
        house.happens(reason=f"a refund, {words[:4]}")
        page.get_by_text(f"About a refund, {words[:4]}.").wait_for()
        page.wait_for_timeout(3500)  # three polls
        expect(said).to_be_visible()
        expect(said).to_have_text(words)


@pytest.mark.long
def test_an_act_without_an_answer_is_not_said_to_be_undone(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.forgiven += ["net::ERR_", "Failed to fetch"]  # type: ignore[attr-defined]

    def lost(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/board/act", lost)
    page.get_by_role("button", name="Lock").click()
    said = "No answer: it may have been done. Look at the call before you press again."
    expect(page.get_by_text(said)).to_be_visible()
    assert house.store.read("c1").locks  # type: ignore[union-attr]


@pytest.mark.long
def test_what_came_of_an_act_is_told_although_its_card_has_gone(open_page: OpenPage, house: House) -> None:
    house.one(scenes.closing)
    page = house.opened(open_page)
    page.locator(".card").get_by_role("button", name="Veto").click()
    page.locator("#ask-yes").click()
    expect(page.locator(".cards .card")).to_have_count(0)
    page.wait_for_timeout(3500)
    expect(page.locator("#call-c1 [data-told]")).to_have_text(
        "The closing is stopped. The caller stays with the agent."
    )


@pytest.mark.long
def test_a_clock_that_ticks_is_not_set_back_by_a_poll(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.evaluate("""() => { window.reset = 0; new MutationObserver((all) => {
        for (const one of all) if (/UTC/.test(one.target.textContent)) window.reset += 1;
      }).observe(document.querySelector("#call-c1 .on-line time"),
                  {childList: true, subtree: true, characterData: true}); }""")
    house.happens(reason="a refund")
    page.get_by_text("About a refund.").wait_for()
    assert page.evaluate("window.reset") == 0


def test_a_call_that_changes_behind_the_question_is_left_alone(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.forgiven += ["409 ("]  # type: ignore[attr-defined]
    page.get_by_role("button", name="Take over").click()
    house.happens(locks=(Lock.SAFEGUARDING,))
    expect(page.locator("#call-c1 .lock")).to_have_text("safeguarding")
    page.locator("#ask-yes").click()
    expect(page.locator("#call-c1 [data-told]")).to_contain_text("Nothing was done, because the call has changed")


@pytest.mark.long
def test_single_letters_can_be_switched_off_and_stay_off(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("take over")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.get_by_label("Single letters are keys of the board").uncheck()
    with page.expect_navigation():
        page.get_by_role("button", name="Keep").click()
    page.keyboard.press("j")
    assert focused(page) != "call-c1"
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.long
def test_paused_nothing_moves_and_afterwards_it_is_up_to_date(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    house.happens(reason="a refund")
    page.wait_for_timeout(2200)
    expect(page.get_by_text("About a refund.")).to_have_count(0)
    page.keyboard.press("p")
    page.get_by_text("About a refund.").wait_for()


@pytest.mark.long
def test_without_its_server_the_board_says_that_it_is_old(open_page: OpenPage) -> None:
    with ExitStack() as stack:
        house = House(stack)
        page = house.opened(open_page)
        page.forgiven += ["net::ERR_", "Failed to fetch"]  # type: ignore[attr-defined]
        stack.close()
        expect(page.locator("#offline")).to_be_visible(timeout=20_000)
        expect(page.get_by_text("Nobody needs you.")).to_be_visible()


@pytest.mark.long
def test_without_scripts_everything_can_be_seen_and_pressed(open_page: OpenPage, house: House) -> None:
    house.one(scenes.closing)
    page = house.opened(open_page, java_script_enabled=False)
    page.get_by_role("button", name="Veto").first.click()
    expect(page.get_by_role("status").first).to_have_text("The closing is stopped. The caller stays with the agent.")


@pytest.mark.long
def test_a_wallboard_whose_cards_do_not_fit_shows_all_of_them_in_turn(open_page: OpenPage, house: House) -> None:
    for number in range(9):
        house.one(scenes.locked, id=f"c{number}", reference=f"R{number}")
    page = house.opened(open_page, person="", width=1280, height=720)
    page.clock.install()
    page.reload()
    first = page.locator(".wall-cards > li:visible").count()
    assert 0 < first < 9
    expect(page.locator("[data-rotation]")).to_have_text(f"1 to {first} of 9; the others follow")
    page.clock.run_for(20_000)
    expect(page.locator("[data-rotation]")).to_contain_text(f"{first + 1} to ")
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.long
def test_two_boards_on_two_nodes_show_the_same_within_two_seconds(open_page: OpenPage, database_url: str) -> None:
    with ExitStack() as stack:
        one, other = (House(stack, stack.enter_context(closing(open_store(database_url, SECRET)))) for _ in range(2))
        first, second = one.opened(open_page), other.opened(open_page, person="sky")
        one.one(scenes.locked)
        polls = [in_vain(page) for page in (first, second)]
        for page in (first, second):
            page.get_by_role("heading", name="Safeguarding, no supervisor yet").wait_for()
        assert all(len(some) <= 1 for some in polls), "a poll a second, of which one may have been under way"
        first.get_by_role("button", name="Join").first.click()
        first.locator("#ask-yes").click()
        second.get_by_text("Sam is being rung").first.wait_for()
