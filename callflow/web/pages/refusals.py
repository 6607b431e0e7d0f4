"""What a browser shows when a page cannot be had: why, and where to go on. Scripts and programs get the bare words."""

from collections.abc import Mapping
from typing import Final

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.web.webhook import PLAIN

WHY: Final[Mapping[int, str]] = {
    403: "Your sign-in does not open this page.",
    404: "There is no such page, or its call is over: a call that has ended is in the list of calls.",
    405: "This address only takes what a form sends.",
    413: "That was too long: nothing was kept.",
}


def register(app: Flask) -> None:
    app.url_map.strict_slashes = False
    app.register_error_handler(HTTPException, of_flask)


def of_flask(error: HTTPException) -> WerkzeugResponse:
    code = error.code or 0
    if error.response is not None or code not in WHY or not by_person():
        return error.get_response()
    return refused(code, WHY[code])


def refused(status: int, why: str) -> Response:
    """Shown as a page to a person who opens an address, or sends a form, in a browser."""
    if by_person():
        return Response(render_template("refused.html", why=why), status)
    return Response(f"{why}\n", status, content_type=PLAIN)


def by_person() -> bool:
    return request.headers.get("Sec-Fetch-Mode") == "navigate" and "HX-Request" not in request.headers
