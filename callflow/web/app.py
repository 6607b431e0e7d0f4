"""The application factory: the voice webhooks, audio, health, metrics, and the pages for people.

The pages are an application of their own, which is made when the first of them is asked for: it takes a tenth of a
start, and after a crash callers wait for the start.
"""

import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from threading import RLock
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from callflow.fast_path.routes import LazyRule
from callflow.fast_path.webhooks import LARGEST_BODY, Environ, FastPath, Start, WsgiApp
from callflow.service.faults import described
from callflow.telephony.signature import SIGNATURE, SIGNATURE_SETTINGS
from callflow.web import audio, health, voice
from callflow.web.dependencies import Dependencies

log = logging.getLogger(__name__)
OF_MACHINES = ("/voice/", "/audio/")
"""Paths that nobody sees in a browser."""


class Application(Flask):
    """One of our applications. Flask logs an exception with its text, which may quote people; here the log says where
    it happened."""

    url_rule_class = LazyRule

    def __init__(self, dependencies: Dependencies) -> None:
        super().__init__("callflow", static_folder=None)
        self.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        self.extensions["callflow"] = dependencies

    def log_exception(self, exc_info: tuple[Any, ...]) -> None:
        log.error("request failed: %s", described(exc_info[1]))


class Pages:
    """The pages for people, as a WSGI application."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies, self._mutex = dependencies, RLock()

    @cached_property
    def app(self) -> Flask:
        from callflow.web.pages import site

        app = Application(self._dependencies)
        site.register(app, self._dependencies)
        return app

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        with self._mutex:
            app = self.app
        return app(environ, start_response)


def create_app(dependencies: Dependencies) -> Flask:
    """Create a Flask application with these dependencies. Starts no thread and opens nothing.

    ``extensions["pages"]`` are its ``Pages``."""
    app = Application(dependencies)
    handlers = voice.Voice(dependencies)
    app.register_blueprint(voice.blueprint(handlers))
    app.register_blueprint(audio.blueprint(dependencies))
    app.register_blueprint(health.blueprint(dependencies))
    pages = app.extensions["pages"] = Pages(dependencies)
    headers = (SIGNATURE, SIGNATURE_SETTINGS)
    fast_path = FastPath(divided(app.wsgi_app, pages), handlers.handle, voice.ROUTES, headers, LARGEST_BODY)
    below = folders(dependencies)
    app.wsgi_app = mounted(fast_path, below, urlsplit(dependencies.urls.public).path)  # type: ignore[method-assign, assignment]
    app.extensions["plain"] = None if below else fast_path.answer
    return app


def divided(machines: WsgiApp, pages: WsgiApp) -> WsgiApp:
    """``machines`` for the paths that nobody sees in a browser, ``pages`` for all others."""

    def by_path(environ: Environ, start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        of_machines = path.startswith(OF_MACHINES) or path in health.PATHS
        return (machines if of_machines else pages)(environ, start_response)

    return by_path


def folders(dependencies: Dependencies) -> Sequence[str]:
    """The paths of our base URLs. Some proxies remove them from a request, and some do not.

    A path that begins like one of our routes could be either, so it must be removed.
    """
    paths = {urlsplit(base).path for base in (dependencies.urls.public, dependencies.urls.fallback_base)}
    return sorted(path for path in paths if path and path.split("/")[1] not in ("voice", "audio"))


def mounted(app: WsgiApp, folders: Sequence[str], public: str) -> WsgiApp:
    """The application below one of ``folders`` as well, which becomes the SCRIPT_NAME (PEP 3333).

    Pages link to each other below ``public``, also if the proxy has removed it.
    """
    if not folders:
        return app

    def below(environ: Environ, start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        for folder in folders:
            if path.startswith(f"{folder}/") and not environ.get("SCRIPT_NAME"):
                environ = {**environ, "SCRIPT_NAME": folder, "PATH_INFO": path[len(folder) :]}
                break
        else:
            if public and not environ.get("SCRIPT_NAME") and not path.startswith(OF_MACHINES):
                environ = {**environ, "SCRIPT_NAME": public}
        return app(environ, start_response)

    return below
