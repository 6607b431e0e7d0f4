"""Signing in as people do it, in a real browser with a virtual authenticator."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from callflow.bootstrap import system_clock
from callflow.service.accounts import Way
from callflow.service.invitations import invite
from callflow.service.sign_in import begin_wall
from tests.browser import looks
from tests.browser.conftest import OpenPage
from tests.browser.served import Served, served
from tests.web.pages.signed_in import sessions

PHRASE = "four words, easily kept"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def house() -> Iterator[Served]:
    with served() as running:
        yield running


def with_device(page: Page) -> None:
    """Give the browser a device that confirms every passkey."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def invitation(house: Served, person: str) -> str:
    return f"{house.url}/sign-in/invitation#{invite(house.store, person, system_clock(), 'ops')}"


@pytest.mark.long
def test_a_person_makes_a_passkey_signs_out_and_is_back_with_one_press(open_page: OpenPage, house: Served) -> None:
    page = open_page(f"{house.url}/sign-in")
    with_device(page)
    page.goto(invitation(house, "sam"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Sam")
    page.get_by_role("button", name="Make a passkey").press("Enter")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    assert [one.way for one in house.store.access_entries("sam", 1)] == ["passkey"]
    cookie = next(one for one in page.context.cookies() if one["name"] == "callflow")
    assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    assert page.evaluate("document.cookie") == ""


@pytest.mark.long
def test_a_device_that_has_none_says_so_and_the_password_is_still_there(open_page: OpenPage, house: Served) -> None:
    page = open_page(f"{house.url}/sign-in")
    with_device(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_have_text("Your device has not confirmed it. You can try again.")
    expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_enabled()
    page.forgiven += ["403 ("]
    page.get_by_label("Your id").fill("sam")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Sign in with a password").click()
    expect(page.get_by_role("alert").first).to_have_text("The name or the password is not right.")
    expect(page.get_by_label("Your id")).to_have_value("sam")


@pytest.mark.long
def test_a_password_is_chosen_with_an_invitation_and_pasted(open_page: OpenPage, house: Served) -> None:
    page = open_page(invitation(house, "ana"), permissions=["clipboard-read", "clipboard-write"])
    page.get_by_label("Password, at least 15 characters").fill("all the same sa")
    page.get_by_label("Password, at least 15 characters").fill(PHRASE)
    page.get_by_role("button", name="Keep this password").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Your id").fill("ana")
    page.evaluate(f"navigator.clipboard.writeText({PHRASE!r})")
    page.get_by_label("Password").focus()
    page.keyboard.press("Control+V")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Desk")


@pytest.mark.long
def test_an_invitation_that_is_used_up_says_what_to_do(open_page: OpenPage, house: Served) -> None:
    page = open_page(f"{house.url}/sign-in/invitation#used-up")
    page.forgiven += ["403 ("]
    expect(page.get_by_role("alert")).to_contain_text("Ask for a new one.")
    expect(page.get_by_role("button")).to_have_count(0)


@pytest.mark.long
def test_a_page_that_nobody_uses_says_so_before_it_is_closed(open_page: OpenPage, house: Served) -> None:
    page = open_page(f"{house.url}/sign-in")
    page.forgiven += ["401 (", "htmx:error: timeout"]  # the clock leaps past the time that the board gives an answer
    token = sessions(house.callflow.app).begin("sam", Way.PASSKEY)
    page.context.add_cookies([{"name": "callflow", "value": token, "url": house.url}])
    page.clock.install()
    page.goto(f"{house.url}/sign-in")
    warning = page.get_by_text("Nobody has used this page for a while")
    page.clock.run_for(27 * 60_000)
    expect(warning).to_be_hidden()
    page.clock.run_for(90_000)
    expect(warning).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()  # the server's clock has not moved: 30 minutes more
    house.store.end_page_sessions_of("sam")
    page.clock.run_for(60 * 60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.long
def test_a_page_that_asks_by_itself_leads_to_the_sign_in_when_its_session_has_ended(
    open_page: OpenPage, house: Served
) -> None:
    page = open_page(f"{house.url}/sign-in")
    page.forgiven += ["401 ("]
    token = sessions(house.callflow.app).begin("sam", Way.PASSKEY)
    page.context.add_cookies([{"name": "callflow", "value": token, "url": house.url}])
    with page.expect_response("**/board/**") as asked:
        page.goto(f"{house.url}/board")
    assert asked.value.status in (200, 204)
    house.store.end_page_sessions_of("sam")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.long
def test_a_television_opens_its_link_and_stays(open_page: OpenPage, house: Served) -> None:
    token = begin_wall(house.store, system_clock())
    page = open_page(f"{house.url}/sign-in/wall#{token}")
    page.wait_for_url("**/board?wall=1")
    page.forgiven += ["404 (", "403 (", "500 ("]  # whatever the board shows
    assert any(one["value"] == token for one in page.context.cookies())


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_pages_fit_and_can_be_read_at_every_width(open_page: OpenPage, house: Served, dark: bool) -> None:
    for path in ("/sign-in", "/sign-in/invitation#" + invitation(house, "sky").partition("#")[2]):
        page = open_page(house.url + path, dark=dark)
        expect(page.get_by_role("button").first).to_be_visible()
        for width in looks.WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            assert (looks.fits(page), looks.too_small(page)) == ([], []), (path, width)
        assert (looks.unreadable(page), looks.unnamed(page)) == ([], [])
