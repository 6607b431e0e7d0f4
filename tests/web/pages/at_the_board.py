"""A supervisor at the board, as a browser gets it without running scripts."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from callflow.core.call import Call
from callflow.service.ports import Change
from tests.playbook import talking
from tests.web.edge import START, Edge
from tests.web.pages.board_scenes import BUSY, put
from tests.web.pages.signed_in import pages_of, signed_in

NOW = START + timedelta(hours=3)


@pytest.fixture
def edge() -> Edge:
    edge = Edge(BUSY)
    edge.now = NOW
    pages_of(edge.callflow.app).extensions[
        "board"
    ].live.least_seconds = 0.0  # what a test does is seen by its next request
    return edge


@pytest.fixture
def sam(edge: Edge) -> FlaskClient:
    return signed_in(edge.callflow.app, "sam")


def poll(page: str) -> str:
    """Where the page asks for its next fragment."""
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found
    return unescape(found[1])


def one(edge: Edge, scene: Any = talking, **more: Any) -> Call:
    return put(edge.store, scene(), edge.now, **{"id": "c1", "reference": "7K2M", "digest": BUSY.digest, **more})


def happens(edge: Edge, id: str = "c1", **changes: Any) -> None:
    """Something happens on the call."""

    def work(unit: Any) -> None:
        before = unit.load(id)
        unit.save(Change(call=before.but(seq=before.seq + 1, **changes), before=before, lease_until=edge.now))

    edge.store.transact(work)
