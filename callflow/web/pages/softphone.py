"""The telephone in the browser, beside the desk, for people whose telephone is a client of the provider."""

from typing import Final

from flask import Blueprint, Response, abort, g, jsonify, render_template

from callflow.service.configurations import Configurations
from callflow.telephony.softphone import CLIENT, CONTENT_POLICY, TOKEN_SECONDS, IssueToken
from callflow.web.pages.desk_views import DeskViews

NOT_HERE: Final = "no API key of the provider is set, so browsers cannot be telephones"


def blueprint(configurations: Configurations, issue: IssueToken | None, views: DeskViews) -> Blueprint:
    phone = Blueprint("softphone", __name__, url_prefix="/desk/phone", template_folder="templates")

    def address() -> str:
        """The telephone of whoever is signed in, "" if it is no client."""
        configuration = configurations.current
        found = configuration.agents.get(g.viewer.person) or configuration.supervisors.get(g.viewer.person)
        return found.phone if found and found.phone.startswith(CLIENT) else ""

    @phone.get("")
    def page() -> Response:
        shown = views.shown(g.viewer.person)
        ready = bool(issue and address())
        text = render_template("desk_phone.html", v=shown.version, body=shown.html, poll_seconds=shown.poll_seconds,
                               said="", words="", ready=ready, key=issue is not None)  # fmt: skip
        answer = Response(text, content_type="text/html; charset=utf-8")
        if ready:
            answer.headers["Content-Security-Policy"] = CONTENT_POLICY
        return answer

    @phone.post("/token")
    def token() -> Response:
        """A new token for this browser, for ``TOKEN_SECONDS``."""
        own = address()
        if issue is None or not own:
            abort(404)
        return jsonify({"token": issue(own), "seconds": TOKEN_SECONDS})

    return phone
