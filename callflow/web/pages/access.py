"""Who may open which page. What is not in the table is open to nobody: a new page needs its row here."""

from collections.abc import Mapping
from typing import Final, NamedTuple
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, g, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.service.ports import StoreUnavailable
from callflow.service.sign_in import Sessions
from callflow.service.viewers import ViewerRole
from callflow.web.dependencies import Dependencies
from callflow.web.pages import refusals, security
from callflow.web.webhook import PLAIN

AGENT, SUPERVISOR, REVIEWER, OPS, AUDITOR, WALL = ViewerRole
STRANGERS: Final = frozenset({
    "assets.file", "sign_in.home", "sign_in.page", "sign_in.password", "sign_in.passkey_ask", "sign_in.passkey",
    "sign_in.sign_out", "sign_in.wall", "sign_in.wall_begin", "invitation.page", "invitation.ask", "invitation.passkey",
    "invitation.password", "firm.begin", "firm.back",
})  # fmt: skip
"""Endpoints that anybody may ask: how to sign in, and files without anything private."""


class Route(NamedTuple):
    """``roles``: one of them is enough. ``poll``: pages ask by themselves, which is no use of a session."""

    roles: frozenset[ViewerRole]
    poll: bool = False


def of(*roles: ViewerRole, poll: bool = False) -> Route:
    return Route(frozenset(roles), poll)


PEOPLE: Final = (AGENT, SUPERVISOR, REVIEWER, OPS, AUDITOR)
DESK: Final = ("page", "press", "form", "added", "ring", "check_in", "away", "change_break", "offer")
ROUTES: Final[Mapping[str, Route]] = {
    "sign_in.still_here": of(*PEOPLE),
    "board.page": of(SUPERVISOR, WALL),
    "board.rows": of(SUPERVISOR, WALL, poll=True),
    "board.call": of(SUPERVISOR),
    "board.call_now": of(SUPERVISOR, poll=True),
    "board.caller": of(SUPERVISOR),
    "board.act": of(SUPERVISOR),
    "board.preferences": of(SUPERVISOR),
    **{f"desk.{name}": of(AGENT, SUPERVISOR) for name in DESK},
    "softphone.page": of(AGENT, SUPERVISOR),
    "softphone.token": of(AGENT, SUPERVISOR),
    "desk.rows": of(AGENT, SUPERVISOR, poll=True),
    "ops.page": of(OPS, AUDITOR),
    "ops.now": of(OPS, AUDITOR, poll=True),
    "ops.checks": of(OPS, AUDITOR, poll=True),
    "ops.drawing": of(OPS, AUDITOR),
    "ops.code": of(OPS, AUDITOR),
    "calls.page": of(OPS, AUDITOR, REVIEWER, SUPERVISOR),
    "calls.call": of(OPS, AUDITOR, REVIEWER, SUPERVISOR),
    "calls.details": of(AUDITOR, REVIEWER, SUPERVISOR),
    "calls.recording": of(AUDITOR, REVIEWER, SUPERVISOR),
    "calls.audio": of(AUDITOR, REVIEWER, SUPERVISOR),
    "calls.sound": of(AUDITOR, REVIEWER, SUPERVISOR),
    "calls.sound_state": of(AUDITOR, REVIEWER, SUPERVISOR, poll=True),
    "calls.sound_file": of(AUDITOR, REVIEWER, SUPERVISOR),
    "incidents.page": of(AGENT, SUPERVISOR, REVIEWER),
    "incidents.incident": of(AGENT, SUPERVISOR, REVIEWER),
    "incidents.add": of(AGENT, SUPERVISOR, REVIEWER),
    "incidents.answer": of(SUPERVISOR, REVIEWER),
    "incidents.words": of(AGENT, SUPERVISOR, REVIEWER),
    "incidents.copy": of(AGENT, SUPERVISOR, REVIEWER),
    "incidents.file": of(AGENT, SUPERVISOR, REVIEWER),
    "incidents.file_state": of(AGENT, SUPERVISOR, REVIEWER, poll=True),
    "incidents.file_zip": of(AGENT, SUPERVISOR, REVIEWER),
    "after.alarms": of(SUPERVISOR),
    "after.clear": of(SUPERVISOR),
    "after.promises": of(SUPERVISOR),
    "after.promise": of(SUPERVISOR),
    "after.check_ins": of(AGENT, SUPERVISOR),
    "after.check_in": of(AGENT, SUPERVISOR),
    "restrictions.page": of(SUPERVISOR, REVIEWER),
    "restrictions.listed": of(SUPERVISOR, REVIEWER),
    "restrictions.one": of(SUPERVISOR, REVIEWER),
    "restrictions.propose": of(SUPERVISOR, REVIEWER),
    "restrictions.act": of(SUPERVISOR, REVIEWER),
}
"""By endpoint, who may ask it."""
UNAVAILABLE: Final = "the database cannot be used now: try again in a moment"


def register(app: Flask, dependencies: Dependencies) -> None:
    """Check every request before it is answered, and protect the answer."""
    calls, public = dependencies.calls, dependencies.urls.public
    sessions = Sessions(calls.store, calls.configurations, calls.clock)
    app.extensions["sessions"] = sessions

    def check() -> WerkzeugResponse | None:
        return _checked(request, sessions, public) if request.endpoint else None

    def unavailable(error: StoreUnavailable) -> WerkzeugResponse:
        return _refused(503, UNAVAILABLE)

    app.register_error_handler(StoreUnavailable, unavailable)
    app.before_request(check)
    app.after_request(security.protect)


def _checked(asked: Request, sessions: Sessions, public: str) -> WerkzeugResponse | None:
    """The refusal, or None if the request may go on. Puts the viewer into ``flask.g``."""
    if asked.method not in security.SAFE and not security.from_our_pages(asked, public):
        return _refused(403, "only our own pages may ask for this")
    endpoint = asked.endpoint or ""
    route = ROUTES.get(endpoint)
    token = asked.cookies.get(security.cookie_name(public), "")
    try:
        found = sessions.read(token, poll=bool(route and route.poll) or endpoint in STRANGERS) if token else None
    except StoreUnavailable:
        if endpoint not in STRANGERS:
            raise
        found = None
    g.viewer, g.session_ends = (found.viewer, found.ends) if found else (None, None)
    if endpoint in STRANGERS:
        return None
    if found is None:
        return _not_signed_in(asked)
    if route is None or not route.roles & found.viewer.roles:
        return refusals.refused(403, refusals.WHY[403])
    return None


def _not_signed_in(asked: Request) -> WerkzeugResponse:
    """People are sent to the sign-in, and back from there, or to the page with the form; scripts are told."""
    by_person = "HX-Request" not in asked.headers and asked.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
    if by_person and asked.method == "GET":
        return redirect(f"{url_for('sign_in.page')}?next={quote(asked.full_path.rstrip('?'))}", 303)
    if by_person and "Sec-Fetch-Mode" in asked.headers:
        return redirect(f"{url_for('sign_in.page')}?next={quote(urlsplit(asked.referrer or '').path or '/')}", 303)
    refused = _refused(401, "you are not signed in any more")
    refused.headers["HX-Refresh"] = "true"  # htmx loads the page again, which leads to the sign-in and back
    return refused


def _refused(status: int, why: str) -> Response:
    return Response(f"{why}\n", status, content_type=PLAIN)
