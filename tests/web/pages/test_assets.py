"""Styles and scripts of the pages: small, kept by browsers, and what they say they are."""

import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from callflow.web.pages import assets

HTMX = "a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130"
"""SHA-256 of dist/htmx.min.js in htmx.org 4.0.1 as npm has it."""
VOICE_SDK = "35d3cb1b22e309f9884724a89250aecd2de4f1556ad7b67a7bc5e06c73dcb74a"
"""SHA-256 of dist/twilio.min.js in @twilio/voice-sdk 2.18.5 as npm has it."""
OTHERS = re.compile(rb"(?:https?:)?//[a-z0-9-]+\.[a-z]", re.IGNORECASE)


@pytest.fixture
def web() -> FlaskClient:
    app = Flask("assets")
    app.register_blueprint(assets.blueprint())
    return app.test_client()


def url(web: FlaskClient, name: str) -> str:
    with web.application.test_request_context():
        return assets.asset(name)


@pytest.mark.parametrize("name", sorted(path.name for path in assets.FOLDER.iterdir()))
def test_a_browser_keeps_each_file_for_a_year(web: FlaskClient, name: str) -> None:
    answer = web.get(url(web, name))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == assets.KEPT
    assert answer.data == (assets.FOLDER / name).read_bytes()
    assert web.get(url(web, name), headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304


def test_a_page_of_before_the_upgrade_still_gets_its_style_but_does_not_keep_it(web: FlaskClient) -> None:
    answer = web.get("/pages/0123456789abcdef/callflow.css")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("name", ["nothing.css", "..%2fassets.py", "assets.py", "callflow"])
def test_nothing_else_is_served(web: FlaskClient, name: str) -> None:
    assert web.get(f"/pages/0/{name}").status_code == 404


@pytest.mark.parametrize(("name", "digest"), [("htmx-4.0.1.min.js", HTMX), ("voice-sdk-2.18.5.min.js", VOICE_SDK)])
def test_what_others_wrote_is_the_file_of_its_package(name: str, digest: str) -> None:
    assert hashlib.sha256((assets.FOLDER / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("path", sorted(assets.FOLDER.glob("*.[cj]s*")), ids=lambda path: path.name)
def test_no_file_asks_another_host(path: Path) -> None:
    if not path.name.startswith(("htmx", "voice-sdk")):  # errors that name its documentation; the provider's hosts
        assert not OTHERS.search(path.read_bytes())
