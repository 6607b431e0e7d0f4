"""A server with calls for a board in a browser."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from callflow.service.accounts import Way
from callflow.service.ports import Change, Store
from callflow.service.sign_in import begin_wall
from tests.browser.conftest import OpenPage
from tests.browser.served import Served, served
from tests.playbook import talking
from tests.web.edge import START
from tests.web.pages.board_scenes import BUSY, put
from tests.web.pages.signed_in import sessions

NOW = START + timedelta(hours=3)


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
