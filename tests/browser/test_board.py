"""The board in a real browser: what a supervisor sees, hears and presses."""

from contextlib import ExitStack, closing
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Response, expect

from callflow.store import open_store
from tests.browser.accessible import findings
from tests.browser.conftest import OpenPage
from tests.browser.house import House, focused, house
from tests.browser.looks import WIDTHS, fits, too_small, unnamed, unreadable
from tests.web.pages import board_scenes as scenes
from tests.web.pages.board_scenes import fill

SECRET = ("a secret of sixteen",)

__all__ = ["house"]


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
