"""The applications of Flask: one for machines, one for the pages of people.

Nothing here is needed for a webhook as the provider sends it, so ``app`` imports this module with the first other
request, or a second after the start: Flask takes a quarter of a start, and after a crash callers wait for the start.
"""

import logging
from functools import partial
from typing import Any

from flask import Blueprint, Flask, Response, request

from callflow.fast_path.routes import LazyRule
from callflow.fast_path.webhooks import LARGEST_BODY
from callflow.service.faults import described
from callflow.web import audio
from callflow.web.dependencies import Dependencies
from callflow.web.health import PATHS, HealthPages
from callflow.web.voice import ROUTES, Voice
from callflow.web.webhook import Answer, raw_target

log = logging.getLogger(__name__)


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


def machines(dependencies: Dependencies, voice: Voice, health: HealthPages) -> Flask:
    """The webhooks, audio, health and metrics."""
    app = Application(dependencies)
    app.register_blueprint(_of_webhooks(voice))
    app.register_blueprint(audio.blueprint(dependencies))
    app.register_blueprint(_of_health(health))
    return app


def pages(dependencies: Dependencies) -> Flask:
    """What people see in their browsers. It takes a tenth of a start itself, and is made when it is asked for."""
    from callflow.web.pages import site

    app = Application(dependencies)
    site.register(app, dependencies)
    return app


def _of_webhooks(handlers: Voice) -> Blueprint:
    voice = Blueprint("voice", __name__)
    for route, rule in ROUTES.items():
        voice.add_url_rule(rule, endpoint=route, view_func=partial(_webhook, handlers, route), methods=["POST"])
    return voice


def _webhook(handlers: Voice, route: str, **where: str) -> Response:
    body = request.get_data(cache=True)
    return _response(handlers.handle(route, raw_target(request.environ), request.headers, body, where))


def _of_health(pages: HealthPages) -> Blueprint:
    health = Blueprint("health", __name__)
    for path in PATHS:
        health.add_url_rule(path, endpoint=path[1:], view_func=lambda: _response(pages.asked(request.environ)))
    return health


def _response(answer: Answer) -> Response:
    return Response(answer.body, answer.status, answer.headers())
