"""Operations, calls and incidents in a real browser: readable at every width, by keyboard alone, and up to date."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from callflow.service.accounts import Way
from tests.browser import accessible, looks
from tests.browser.conftest import OpenPage
from tests.browser.served import Served, served
from tests.web.pages.after_a_call import Seen, after_a_warning, house
from tests.web.pages.signed_in import sessions

WIDTHS = (320, 768, 1440)


class House(NamedTuple):
    served: Served
    seen: Seen

    def path(self, text: str) -> str:
        return text.replace("CALL", self.seen.call.id)


@pytest.fixture(scope="module")
def here() -> Iterator[House]:
    seen = after_a_warning()
    with served(house(), clock=seen.talk.clock.now, store=seen.store) as running:
        yield House(running, seen)


def signed_in(open_page: OpenPage, here: House, person: str, path: str, **window: object) -> Page:
    token = sessions(here.served.callflow.app).begin(person, Way.PASSKEY)
    page = open_page(f"{here.served.url}/sign-in", **window)
    page.context.add_cookies([{"name": "callflow", "value": token, "url": here.served.url}])
    page.goto(f"{here.served.url}{here.path(path)}")
    return page


PAGES = [
    ("omar", "/ops"), ("omar", "/ops/drawings/ladder"), ("omar", "/ops/drawings/front_desk"),
    ("omar", "/ops/codes/CF285"),
    ("ada", "/ops/calls"), ("ada", "/ops/calls/CALL"), ("rae", "/incidents"), ("rae", "/incidents/of/CALL"),
    ("ana", "/incidents/of/CALL"), ("sam", "/incidents/alarms"), ("sam", "/incidents/call-backs"),
    ("ana", "/incidents/check-ins"), ("sky", "/incidents/restrictions"),
]  # fmt: skip


def faults(page: Page) -> list[str]:
    return [*looks.fits(page), *looks.unreadable(page), *looks.too_small(page), *looks.unnamed(page),
            *accessible.findings(page)]  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("person", "path"), PAGES)
def test_every_page_can_be_read_at_every_width(open_page: OpenPage, here: House, person: str, path: str, dark: bool
                                               ) -> None:  # fmt: skip
    page = signed_in(open_page, here, person, path, dark=dark)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert faults(page) == [], f"{path} at {width}"


@pytest.mark.long
def test_a_reviewer_answers_with_the_keyboard_alone(open_page: OpenPage, here: House) -> None:
    page = signed_in(open_page, here, "rae", "/incidents", width=768)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.get_by_role("link", name=f"Call {here.seen.call.reference}").focus()
    page.keyboard.press("Enter")
    page.get_by_label("No action").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("We ring him tomorrow.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Answered.")
    assert here.seen.entries("incident")[-1] == "rae: apology"


@pytest.mark.long
def test_the_state_is_up_to_date_by_itself_and_keeps_the_focus(open_page: OpenPage, here: House) -> None:
    page = signed_in(open_page, here, "omar", "/ops")
    page.get_by_role("link", name="The ladder").focus()
    here.seen.talk.clock.run_for(30)
    shown = page.locator("#now")
    before = shown.get_attribute("hx-get")
    page.wait_for_function("before => document.querySelector('#now').getAttribute('hx-get') !== before", arg=before)
    expect(page.get_by_role("link", name="The ladder")).to_be_focused()


@pytest.mark.long
def test_the_timeline_has_a_table_that_says_the_same(open_page: OpenPage, here: House) -> None:
    page = signed_in(open_page, here, "ada", "/ops/calls/CALL")
    drawn = page.locator("svg.timeline g").count()
    page.get_by_text("The drawing as a table").click()
    rows = page.get_by_role("region", name="Who was where").locator("tbody tr")
    assert rows.count() == drawn > 8


def test_a_call_fits_a_phone(open_page: OpenPage, here: House) -> None:
    page = signed_in(open_page, here, "ada", "/ops/calls/CALL", width=390)
    assert looks.fits(page) + looks.unreadable(page) == []
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Call {here.seen.call.reference}")
