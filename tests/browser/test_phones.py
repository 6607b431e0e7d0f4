"""The page of telephones at an emulator alone: it fits, it can be read and used with keys alone, and it is heard."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import looks
from tests.browser.conftest import OpenPage
from tests.browser.telephones import OTHER_LINE, Telephones, card, played, telephones
from tests.emulator.world import ANA, CALLER


@pytest.fixture
def line() -> Iterator[Telephones]:
    with telephones() as found:
        yield found


def listening(page: Page) -> Page:
    page.get_by_role("button", name="Sound is off").click()
    expect(page.get_by_role("button", name="Sound is on")).to_be_visible()
    return page


def a_call(page: Page) -> None:
    """The caller rings, presses a key, Ana is rung and answers: they are together."""
    card(page, "Caller").get_by_role("button", name="Call: Caller").click()
    expect(card(page, "Caller")).to_contain_text("long.wav")
    card(page, "Caller").get_by_role("button", name="7", exact=True).click()
    expect(page.locator("#rooms")).to_contain_text("alone in the room")


def test_a_call_fits_every_window_and_can_be_read(open_page: OpenPage, line: Telephones) -> None:
    page = open_page(line.url)
    a_call(page)
    line.ring(ANA)
    card(page, "Ana").get_by_role("button", name="Answer: Ana").click()
    expect(page.locator("#rooms")).to_contain_text("hear each other")
    for width in looks.WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert (width, looks.fits(page)) == (width, [])
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert (scheme, looks.unreadable(page)) == (scheme, [])
    assert (looks.too_small(page), looks.unnamed(page)) == ([], [])


def test_the_keyboard_alone_is_enough(open_page: OpenPage, line: Telephones) -> None:
    """Keys of the keyboard are those of the telephone that has the focus, and of no other; in words they are words."""
    page = open_page(line.url)
    card(page, "Caller").get_by_role("button", name="Call: Caller").focus()
    page.keyboard.press("Enter")
    expect(card(page, "Caller")).to_contain_text("on the line")
    expect(card(page, "Caller").get_by_role("button", name="Hang up: Caller")).to_be_focused()
    page.keyboard.press("5")
    expect(card(page, "Caller")).to_contain_text("pressed 5")
    page.locator("#sound").focus()
    page.keyboard.press("6")
    card(page, "Caller").get_by_role("textbox").focus()
    page.keyboard.type("In 2 days?")
    page.keyboard.press("Enter")
    expect(card(page, "Caller")).to_contain_text("said “In 2 days?”")
    pressed = [event.key for _, event in line.emulator.exchange.events if type(event).__name__ == "Pressed"]  # type: ignore[attr-defined]
    assert pressed == ["5"]


def test_another_number_can_be_called(open_page: OpenPage, line: Telephones) -> None:
    page = open_page(line.url)
    card(page, "Caller").get_by_label("Number that Caller calls").select_option(OTHER_LINE)
    card(page, "Caller").get_by_role("button", name="Call: Caller").click()
    expect(card(page, "Caller")).to_contain_text("Welcome to the other line.")


def test_what_is_heard_is_written_and_told_to_screen_readers(open_page: OpenPage, line: Telephones) -> None:
    page = open_page(line.url)
    card(page, "Caller").get_by_role("button", name="Call: Caller").click()
    expect(card(page, "Caller")).to_contain_text("Welcome to us.")
    expect(page.get_by_role("status")).to_contain_text("Caller hears: Welcome to us.")


def test_it_sounds_in_order_in_the_right_ear_until_the_emulator_ends_it(open_page: OpenPage, line: Telephones) -> None:
    """The line that is cut by a key is cut at the second at which the emulator cut it."""
    page = listening(open_page(line.url))
    card(page, "Caller").get_by_role("button", name="Call: Caller").click()
    looks.until(page, "callflowPhones.sound.log.some((one) => one.text === 'long.wav')")
    loud = "(() => { const [left, right] = callflowPhones.sound.levels(); return left > 0.02 && left > 2 * right; })()"
    looks.until(page, loud)
    card(page, "Caller").get_by_role("button", name="7", exact=True).click()
    looks.until(page, "callflowPhones.sound.log.every((one) => one.kind === 'key' || one.until !== null)")
    looks.until(page, "Math.max(...callflowPhones.sound.levels()) < 0.001")
    heard = {one.text_or_url.rpartition("/")[2]: one for one in line.caller.heard if one.kind in ("say", "play")}
    log = [one for one in played(page) if one["kind"] in ("say", "play")]
    assert [(one["text"], one["side"]) for one in log] == [("Welcome to us.", "left"), ("long.wav", "left")]
    for one in log:
        sound = heard[one["text"]]
        assert one["until"] == pytest.approx(sound.monotonic + sound.seconds_heard)
        assert sound.monotonic <= one["begun"] < one["until"]
    assert not heard["long.wav"].complete


def test_a_telephone_that_rings_is_heard_until_it_is_answered(open_page: OpenPage, line: Telephones) -> None:
    page = listening(open_page(line.url))
    line.ring(ANA)
    looks.until(page, "Math.max(...callflowPhones.sound.levels()) > 0.02")
    expect(card(page, "Ana")).to_contain_text("rings")
    card(page, "Ana").get_by_role("button", name="Answer: Ana").click()
    looks.until(page, "Math.max(...callflowPhones.sound.levels()) < 0.001")


def test_an_emulator_alone_shows_no_guide(open_page: OpenPage, line: Telephones) -> None:
    page = open_page(line.url)
    expect(card(page, "Caller")).to_be_visible()
    for hidden in ("#guide", "#controls", "#server", "#journal-panel"):
        expect(page.locator(hidden)).to_be_hidden()
    assert line.emulator.phone(CALLER).legs == []
