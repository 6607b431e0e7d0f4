"""A real browser: Debian's chromium, driven by Playwright. Any page that a test opens must not fail in silence."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import skip_or_fail
from tests.contracts.conftest import database_url, postgres_server, postgres_url, sqlite_url

__all__ = ["database_url", "postgres_server", "postgres_url", "sqlite_url"]

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
OURS = frozenset({"127.0.0.1", "localhost"})
ARGUMENTS = (
    "--no-sandbox",  # as root, in a container
    "--autoplay-policy=no-user-gesture-required",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)

OpenPage = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One chromium for a file of tests (half a second of CPU).

    Not for a whole run: while Playwright is there, ``asyncio.run`` fails in this thread.
    """
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        skip_or_fail("no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """``open_page(url, width=1440, height=900, dark=False, **context)`` opens a page in a new browser context (its own
    cookies) and returns it. Afterwards no page may have had an error in a script, an error in its console (which is
    where a breach of the content policy is reported), or a request to another host. Put what is meant into
    ``page.forgiven``: texts of which one must occur in the message.
    """
    pages: list[tuple[Page, list[str]]] = []

    def opened(url: str, width: int = 1440, height: int = 900, dark: bool = False, **context: Any) -> Page:
        page = contexts.enter_context(browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light",
            reduced_motion="reduce", locale="en-GB", timezone_id="Europe/Berlin", **context,
        )).new_page()  # fmt: skip
        page.forgiven = []  # type: ignore[attr-defined]
        pages.append((page, watched(page)))
        page.goto(url)
        return page

    with ExitStack() as contexts:
        yield opened
        for page, wrong in pages:
            forgiven = page.forgiven  # type: ignore[attr-defined]
            assert [one for one in wrong if not any(text in one for text in forgiven)] == [], page.url


def watched(page: Page) -> list[str]:
    """What goes wrong on this page from now on, in words."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"an error in a script: {error}"))
    page.on("console", lambda told: wrong.append(f"in the console: {told.text}") if told.type == "error" else None)
    page.on("request", lambda request: wrong.append(f"a request to {request.url}") if elsewhere(request.url) else None)
    return wrong


def elsewhere(url: str) -> bool:
    address = urlsplit(url)
    return address.scheme in ("http", "https", "ws", "wss") and address.hostname not in OURS
