"""Signing in and out."""

from typing import cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.service.sign_in import Sessions
from callflow.web.dependencies import Dependencies
from callflow.web.pages import security


def blueprint(dependencies: Dependencies) -> Blueprint:
    sign_in, public = Blueprint("sign_in", __name__, template_folder="templates"), dependencies.urls.public

    @sign_in.get("/sign-in")
    def page() -> str:
        return render_template("sign_in.html")

    @sign_in.post("/sign-out")
    def sign_out() -> WerkzeugResponse:
        sessions().end(request.cookies.get(security.cookie_name(public), ""))
        response = redirect(url_for("sign_in.page"), 303)
        security.drop_cookie(cast(Response, response), public)
        return response

    @sign_in.post("/sign-in/still-here")
    def still_here() -> Response:
        """Somebody is using a page, not only looking at it."""
        return Response(status=204)

    return sign_in


def sessions() -> Sessions:
    return cast(Sessions, current_app.extensions["sessions"])
