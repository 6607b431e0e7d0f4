"""The pages of one application: their blueprints, and what every template may use."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from flask import Flask, current_app, g

from callflow.runtime.password_hashing import PasswordHashing
from callflow.service.desk import Desk
from callflow.service.incidents import Incidents
from callflow.web.dependencies import Dependencies
from callflow.web.pages import (
    access,
    after,
    assets,
    board,
    calls,
    desk,
    firm,
    incidents,
    invitation,
    ops,
    refusals,
    restrictions,
    sign_in,
    softphone,
)
from callflow.web.pages.desk_views import DeskViews
from callflow.web.pages.turns import Turns


class Page(NamedTuple):
    """An entry of the navigation. ``roles`` are those of whom it is shown to; access is decided elsewhere."""

    endpoint: str
    name: str
    roles: frozenset[str]
    further: frozenset[str] = frozenset()
    """Blueprints whose pages belong to it."""

    def holds(self, blueprint: str) -> bool:
        return blueprint == self.endpoint.partition(".")[0] or blueprint in self.further


NAVIGATION: Final[Sequence[Page]] = (
    Page("board.page", "Board", frozenset({"supervisor"})),
    Page("desk.page", "Desk", frozenset({"agent", "supervisor"})),
    Page(
        "incidents.page",
        "Incidents",
        frozenset({"agent", "supervisor", "reviewer"}),
        frozenset({"after", "restrictions"}),
    ),
    Page("calls.page", "Calls", frozenset({"supervisor", "reviewer"})),
    Page("ops.page", "Operations", frozenset({"ops", "auditor"}), frozenset({"calls"})),
)


def register(app: Flask, dependencies: Dependencies) -> None:
    refusals.register(app)
    access.register(app, dependencies)
    app.register_blueprint(assets.blueprint())
    hashing = PasswordHashing(dependencies.secrets)
    app.register_blueprint(sign_in.blueprint(dependencies, hashing))
    app.register_blueprint(invitation.blueprint(dependencies, hashing))
    if dependencies.promises:
        of_agents = Desk(dependencies.calls, Incidents(dependencies.calls.store, dependencies.follow_ups))
        views = DeskViews(of_agents)
        app.register_blueprint(desk.blueprint(of_agents, dependencies.promises, views))
        app.register_blueprint(softphone.blueprint(dependencies.configurations, dependencies.softphone, views))
    firm.register(app, dependencies)
    board.register(app, dependencies)
    app.register_blueprint(ops.blueprint(dependencies))
    app.register_blueprint(calls.blueprint(dependencies))
    for part in (incidents, after, restrictions):
        app.register_blueprint(part.blueprint(dependencies))
    asked = {name for name, route in access.ROUTES.items() if route.poll}
    polls = frozenset(rule.rule for rule in app.url_map.iter_rules() if rule.endpoint in asked)
    app.wsgi_app = Turns(app.wsgi_app, polls)  # type: ignore[method-assign]
    app.context_processor(lambda: _of_templates(dependencies.calls.clock))


def _of_templates(clock: Callable[[], datetime]) -> dict[str, Any]:
    return {
        "asset": assets.asset,
        "now_utc": lambda: utc(clock()),
        "utc": utc,
        "viewer": g.get("viewer"),
        "session_ends": g.get("session_ends"),
        "pages_for": pages_for,
    }


def pages_for(viewer: Any) -> list[Page]:
    """The pages that this person has, of those that this server has."""
    return [
        page for page in NAVIGATION if page.roles & set(viewer.roles) and page.endpoint in current_app.view_functions
    ]


def utc(at: datetime) -> str:
    """For ``data-from`` and ``data-until`` of a <time>, as ``static/clock.js`` reads them."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
