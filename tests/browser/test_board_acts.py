"""What a supervisor presses on the board and on the page of a call, in a real browser, and what comes of it."""

from contextlib import ExitStack

import pytest
from playwright.sync_api import Route, expect

from callflow.core.call import Lock
from callflow.core.stages import Stage
from tests.browser.conftest import OpenPage
from tests.browser.house import House, focused, house
from tests.web.pages import board_scenes as scenes

__all__ = ["house"]


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
def test_an_act_that_is_open_to_nobody_says_why_and_asks_nothing(open_page: OpenPage, house: House) -> None:
    house.one(scenes.waiting)
    page = house.opened(open_page)
    expect(page.locator("#call-c1 button", has_text="Join")).to_have_css("text-decoration-line", "line-through")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)
    page.keyboard.press("j")
    page.keyboard.press("b")
    expect(page.locator("#call-c1 [data-told]")).to_have_text("Nobody is with the caller yet.")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert asked == []


@pytest.mark.long
def test_a_lock_is_lifted_for_a_chosen_reason_that_the_question_repeats(open_page: OpenPage, house: House) -> None:
    house.one(locks=(Lock.SAFEGUARDING,))
    page = house.opened(open_page, "/board/calls/7K2M")
    page.get_by_role("button", name="Lift the lock").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label("Lift the lock").select_option("misunderstanding")
    page.get_by_role("button", name="Lift the lock").click()
    expect(page.get_by_role("dialog")).to_contain_text("Misunderstanding. The ladder begins anew")
    page.locator("#ask-yes").click()
    expect(page.get_by_text("The lock is lifted.")).to_be_visible()
    assert not house.store.read("c1").locks  # type: ignore[union-attr]


def test_a_call_that_changes_behind_the_question_is_left_alone(open_page: OpenPage, house: House) -> None:
    house.one()
    page = house.opened(open_page)
    page.forgiven += ["409 ("]  # type: ignore[attr-defined]
    page.get_by_role("button", name="Take over").click()
    house.happens(locks=(Lock.SAFEGUARDING,))
    expect(page.locator("#call-c1 .lock")).to_have_text("safeguarding")
    page.locator("#ask-yes").click()
    expect(page.locator("#call-c1 [data-told]")).to_contain_text("Nothing was done, because the call has changed")


def test_the_page_of_a_call_is_live_and_keeps_an_answer_a_choice_and_a_question(
    open_page: OpenPage, house: House
) -> None:
    house.one()
    page = house.opened(open_page, "/board/calls/7K2M")
    page.get_by_label("Ring", exact=True).select_option("sky")
    page.get_by_role("button", name="Listen").click()
    expect(page.get_by_text("Sam is being rung.")).to_be_visible()
    page.get_by_role("button", name="Ring", exact=True).click()
    house.happens(reason="a refund")
    expect(page.get_by_text("about a refund")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.wait_for_timeout(1500)
    expect(page.get_by_text("Your telephone rings. Press 1, and you listen, muted.")).to_be_visible()
    expect(page.get_by_label("Ring", exact=True)).to_have_value("sky")
    house.happens(stage=Stage.ENDED)
    expect(page.get_by_text("This call is over.")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.wait_for_timeout(1500)
    assert asked == []


@pytest.mark.long
def test_without_its_server_the_page_of_a_call_says_that_it_is_old(open_page: OpenPage) -> None:
    with ExitStack() as stack:
        house = House(stack)
        house.one()
        page = house.opened(open_page, "/board/calls/7K2M")
        page.forgiven += ["net::ERR_", "Failed to fetch"]  # type: ignore[attr-defined]
        stack.close()
        expect(page.locator("#offline")).to_be_visible(timeout=20_000)


@pytest.mark.long
def test_without_scripts_everything_can_be_seen_and_pressed(open_page: OpenPage, house: House) -> None:
    house.one(scenes.closing)
    page = house.opened(open_page, java_script_enabled=False)
    page.get_by_role("button", name="Veto").first.click()
    expect(page.get_by_role("status").first).to_have_text("The closing is stopped. The caller stays with the agent.")
