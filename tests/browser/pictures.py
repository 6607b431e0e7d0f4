"""The pictures of board and desk in docs/pictures: ``python -m tests.browser.pictures``. Look at them afterwards."""

import shutil
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser import test_desk as desk
from tests.browser.conftest import ARGUMENTS
from tests.browser.house import House
from tests.e2e import scenes as calls
from tests.web.pages import board_scenes as scenes
from tests.web.pages.board_scenes import AGENTS, BUSY, put

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SHOWN = ("locked", "holding", "finally_warned", "consulting", "declined", "talking", "waiting")


def filled(house: House) -> House:
    """An ordinary afternoon on which one call needs a supervisor."""
    for number, name in enumerate(SHOWN):
        put(house.store, scenes.SCENES[name](), house.now - timedelta(seconds=number), id=f"c{number}",
            agent=AGENTS[number], reference=f"{number + 4}{'KMBTRWH'[number]}7K", digest=BUSY.digest)  # fmt: skip
    return house


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium")
    with sync_playwright() as playwright, ExitStack() as stack:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))

        def opened(url: str, width: int, height: int, dark: bool = False, **more: Any) -> Page:
            page = browser.new_context(viewport={"width": width, "height": height}, locale="en-GB",
                                       color_scheme="dark" if dark else "light", **more).new_page()  # fmt: skip
            page.goto(url)
            return page

        house = filled(House(stack))
        house.opened(opened, width=1280, height=720).screenshot(path=FOLDER / "board.png")
        house.opened(opened, width=390, height=760, dark=True).screenshot(path=FOLDER / "board-small.png")
        house.opened(opened, "/board?wall=1", person="", width=1280, height=720).screenshot(path=FOLDER / "wall.png")
        served = desk.Served(calls.steps_tried(calls.talking()).wait(20))
        stack.callback(served.close)
        served.open(opened, width=1080, height=800).screenshot(path=FOLDER / "desk.png")
        browser.close()


if __name__ == "__main__":
    main()
