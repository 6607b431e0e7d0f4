"""A browser in which somebody is signed in: a client with the cookie and what a browser says."""

from dataclasses import replace
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from callflow.core.configuration import Configuration, Person
from callflow.service.accounts import Way
from callflow.service.sign_in import Sessions, begin_wall
from callflow.web.dependencies import Dependencies
from callflow.web.pages import security
from tests.core.example import CONFIGURATION


def person(id: str) -> Person:
    return Person(id=id, name=id.title(), phone="")


STAFFED: Configuration = replace(
    CONFIGURATION, reviewers={"rae": person("rae")}, ops={"omar": person("omar")}, auditors={"ada": person("ada")}
)
"""The example of the core, with somebody in every role: ana, ben (agents), sam, sky (supervisors), rae, omar, ada."""


def pages_of(app: Flask) -> Flask:
    """The application of the pages."""
    found: Flask = app.extensions["pages"].app
    return found


def sessions(app: Flask) -> Sessions:
    found: Sessions = pages_of(app).extensions["sessions"]
    return found


def browser(app: Flask, token: str = "") -> FlaskClient:
    """A browser with this token in its cookie. It shows the pages of our own server."""
    dependencies: Dependencies = app.extensions["callflow"]
    client: Any = app.test_client()
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    if token:
        client.set_cookie(security.cookie_name(dependencies.urls.public), token, secure=True)
    return client  # type: ignore[no-any-return]


def signed_in(app: Flask, person: str = "sam") -> FlaskClient:
    """A browser in which this person of the configuration has just signed in with a passkey."""
    return browser(app, sessions(app).begin(person, Way.PASSKEY))


def on_the_wall(app: Flask) -> FlaskClient:
    """A television with a link of `callflow people wall-link`."""
    found = sessions(app)
    return browser(app, begin_wall(found.store, found.clock()))
