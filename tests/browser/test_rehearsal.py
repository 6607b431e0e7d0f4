"""The page of `callflow demo --browser` with a real server process: the first two minutes of a newcomer."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from callflow.cli import program as callflow
from callflow.cli.simulate import composer
from callflow.emulator.rest.server import Server
from callflow.live_rehearsal.control import Control
from callflow.live_rehearsal.rehearsals import Rehearsals
from tests.browser import looks
from tests.browser.conftest import OpenPage
from tests.browser.telephones import card, played

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
CONFIG, AUDIO = ROOT / "config", ROOT / "audio"
CALLER = "+15550100199"


@pytest.fixture
def rehearsals(tmp_path: Path) -> Iterator[Rehearsals]:
    found = Rehearsals(CONFIG, AUDIO, tmp_path / "files", composer(AUDIO))
    yield found
    found.close()


@pytest.fixture
def url(rehearsals: Rehearsals) -> Iterator[str]:
    server = Server(Control(rehearsals), 0)
    yield f"http://127.0.0.1:{server.port}/"
    server.close()


def beat(page: Page, name: str, seconds: float = 60.0) -> None:
    looks.until(page, f"callflowPhones.rehearsal.beat === '{name}'", seconds)


def guide(rehearsals: Rehearsals) -> dict[str, Any]:
    return rehearsals.live.guide.state()


def take_the_call(page: Page) -> None:
    """With the keyboard alone: the focus stays where the next thing is to be pressed."""
    expect(page.get_by_role("button", name="Take the call")).to_be_visible()
    page.locator("#next").focus()
    page.keyboard.press("Enter")
    for name, key in (("offer", "1"), ("star", "star"), ("menu", "1")):
        beat(page, name)
        expect(page.get_by_role("button", name=f"Press {key}", exact=True)).to_be_focused()
        page.keyboard.press("Enter")


def test_a_newcomer_takes_the_call_kills_the_server_and_the_caller_is_back(
    open_page: OpenPage, rehearsals: Rehearsals, url: str, tmp_path: Path
) -> None:
    page = open_page(url)
    take_the_call(page)
    beat(page, "back")
    expect(page.locator("#next")).to_have_text("Now kill the server")
    page.keyboard.press("Enter")
    beat(page, "killed")
    expect(page.locator("#server-mark")).to_have_text("dead")
    assert rehearsals.live.server.pid is None
    beat(page, "kept")
    expect(page.locator("#rooms")).to_contain_text("hear each other")
    state = guide(rehearsals)
    assert state["promised"] - 3 < state["back"] <= state["promised"] + 0.3
    expect(page.locator("#promise-words")).to_contain_text("before the promised second")
    assert (looks.fits(page), looks.unreadable(page), looks.unnamed(page)) == ([], [], [])
    page.get_by_role("button", name="Start the server again").click()
    expect(page.locator("#server-mark")).to_have_text("running", timeout=30_000)
    expect(page.locator("#journal")).to_contain_text("hold, returned on time", timeout=30_000)
    looks.until(page, "[...document.querySelectorAll('#journal li')].filter((one) =>"
                      " one.textContent.includes('returned on time')).length === 2")  # fmt: skip
    sounded_as_the_emulator_says(page, rehearsals)
    passes_simulate(saved(page, tmp_path), tmp_path)


def sounded_as_the_emulator_says(page: Page, rehearsals: Rehearsals) -> None:
    """Everything that the caller heard was played left, once, and cut where the emulator cut it."""
    caller = rehearsals.live.emulator.phone(CALLER)
    heard = [one for one in caller.heard if one.kind in ("say", "play") and one.ended and one.seconds_heard > 0.5]
    log = [one for one in played(page) if one["phone"] == CALLER and one["kind"] in ("say", "play")]
    for one in heard:
        end = one.monotonic + one.seconds_heard
        (found,) = (piece for piece in log if piece["start"] == one.monotonic)
        assert found["side"] == "left"
        assert one.monotonic <= found["begun"] < end
        assert one.complete or found["until"] == pytest.approx(end)


def saved(page: Page, folder: Path) -> Path:
    page.once("dialog", lambda dialog: dialog.accept("My first call"))
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("link", name="Save what you did as a scenario").click()
    assert download.value.suggested_filename == "my_first_call.yaml"
    download.value.save_as(folder / "my_first_call.yaml")
    return folder / "my_first_call.yaml"


def passes_simulate(scenario: Path, folder: Path) -> None:
    config = folder / "config"
    shutil.copytree(CONFIG, config, ignore=shutil.ignore_patterns("scenarios"))
    (config / "scenarios").mkdir()
    shutil.copy(scenario, config / "scenarios")
    done = CliRunner().invoke(callflow, ["simulate", scenario.stem, "--config", str(config), "--audio", str(AUDIO)])
    assert done.exit_code == 0, done.output
    assert "1 of 1 calls went as written" in done.output


def test_a_shipped_scenario_is_played_at_any_speed_and_step_by_step(open_page: OpenPage, url: str) -> None:
    page = open_page(url)
    page.get_by_label("Rehearse", exact=True).select_option("supervisor_takes_over")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Pause")).to_have_attribute("aria-pressed", "true")
    shown = "callflowPhones.telephones.cards.get('+15550100199').lines.length"
    before = page.evaluate(shown)
    for _ in range(4):
        page.get_by_role("button", name="Step").click()
        page.wait_for_timeout(300)
    page.wait_for_function(f"{shown} > {before}")
    page.get_by_role("button", name="16×").click()
    expect(page.locator("#outcome")).to_have_text("The call went as written.", timeout=60_000)
    expect(page.locator("#journal")).to_contain_text("sam: handover, done")
    page.get_by_label("Rehearse", exact=True).select_option("")
    expect(page.get_by_role("button", name="Take the call")).to_be_visible()


def test_a_scenario_sounds_in_the_order_of_its_transcript(
    open_page: OpenPage, rehearsals: Rehearsals, url: str
) -> None:
    page = open_page(url)
    page.get_by_role("button", name="Sound is off").click()
    page.get_by_label("Rehearse", exact=True).select_option("connected")
    expect(page.locator("#outcome")).to_have_text("The call went as written.", timeout=60_000)
    caller = rehearsals.stage.emulator.phone(CALLER)
    heard = [one.text_or_url for one in caller.heard if one.kind == "say"]
    said = [one for one in played(page) if one["phone"] == CALLER and one["kind"] == "say"]
    assert [one["text"] for one in sorted(said, key=lambda one: float(one["start"]))] == heard
    assert [one["side"] for one in played(page) if one["text"].startswith("energy desk")] == ["centre"]


def test_start_over_brings_a_new_server_and_an_empty_journal(
    open_page: OpenPage, rehearsals: Rehearsals, url: str
) -> None:
    page = open_page(url)
    first = rehearsals.live.server.pid
    card(page, "Caller").get_by_role("button", name="Call: Caller").click()
    expect(page.locator("#journal")).to_contain_text("call started", timeout=20_000)
    page.get_by_role("button", name="Start over").click()
    expect(page.locator("#journal li")).to_have_count(0, timeout=30_000)
    assert rehearsals.live.server.pid not in (first, None)
