"""The web application: the provider's webhooks, audio, health, metrics, and the pages for people.

Webhooks as the provider sends them and the pages of health are answered here, all else by Flask, which is imported by
the first such request, or a second after the start.
"""

from collections.abc import Callable, Iterable, Sequence
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from callflow.fast_path.webhooks import LARGEST_BODY, Environ, FastPath, Start, WsgiApp, respond
from callflow.telephony.signature import SIGNATURE, SIGNATURE_SETTINGS
from callflow.web import health, voice
from callflow.web.dependencies import Dependencies

if TYPE_CHECKING:  # a quarter of a start, and after a crash callers wait for the start
    from flask import Flask

OF_MACHINES = ("/voice/", "/audio/")
"""Paths that nobody sees in a browser."""


class LaterApp:
    """An application of Flask that is made when it is first asked, as a WSGI application."""

    def __init__(self, make: "Callable[[], Flask]") -> None:
        self._make, self._mutex = make, RLock()
        self._made: tuple[Flask, WsgiApp] | None = None

    @property
    def app(self) -> "Flask":
        return self._parts()[0]

    def warm(self) -> None:
        self._parts()

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        return self._parts()[1](environ, start_response)

    def _parts(self) -> "tuple[Flask, WsgiApp]":
        with self._mutex:
            if self._made is None:
                app = self._make()
                self._made = app, app.wsgi_app
            return self._made


class WebApp:
    """The WSGI application. Starts no thread and opens nothing.

    ``plain`` answers webhooks without an environment (``FastPath.answer``), if paths are as in our addresses.
    """

    def __init__(self, dependencies: Dependencies) -> None:
        self.dependencies = dependencies
        self._webhooks, self._health = voice.Voice(dependencies), health.HealthPages(dependencies)
        self.machines, self.pages = LaterApp(self._of_machines), LaterApp(self._of_people)
        headers = (SIGNATURE, SIGNATURE_SETTINGS)
        fast_path = FastPath(self._others, self._webhooks.handle, voice.ROUTES, headers, LARGEST_BODY)
        below = folders(dependencies)
        self.front = mounted(fast_path, below, urlsplit(dependencies.urls.public).path)
        self.plain = None if below else fast_path.answer

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        return self.front(environ, start_response)

    def _others(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path in health.PATHS and environ["REQUEST_METHOD"] == "GET":
            return respond(self._health.asked(environ), start_response)
        of_machines = path.startswith(OF_MACHINES) or path in health.PATHS
        return (self.machines if of_machines else self.pages)(environ, start_response)

    def _of_machines(self) -> "Flask":
        from callflow.web import flask_apps

        return flask_apps.machines(self.dependencies, self._webhooks, self._health)

    def _of_people(self) -> "Flask":
        from callflow.web import flask_apps

        return flask_apps.pages(self.dependencies)


def create_app(dependencies: Dependencies) -> "Flask":
    """Flask's application of machines, with everything else in front of it: for test clients.

    ``extensions`` has the ``pages``, and ``plain`` as in ``WebApp``.
    """
    return with_flask(WebApp(dependencies))


def with_flask(web: WebApp) -> "Flask":
    app = web.machines.app
    app.extensions |= {"pages": web.pages, "plain": web.plain}
    app.wsgi_app = web.front  # type: ignore[method-assign, assignment]
    return app


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
