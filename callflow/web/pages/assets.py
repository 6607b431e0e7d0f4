"""Styles, scripts and pictures of the pages. Their URLs hold a hash of the content, so browsers keep them a year."""

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, request, url_for

FOLDER: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
KEPT: Final = "public, max-age=31536000, immutable"


@cache
def _content(name: str) -> tuple[bytes, str]:
    """The file and its hash. A name that is not in the folder raises KeyError."""
    path = FOLDER / name
    if path.parent != FOLDER or path.suffix not in TYPES or not path.is_file():
        raise KeyError(name)
    body = path.read_bytes()
    return body, hashlib.sha256(body).hexdigest()[:16]


def asset(name: str) -> str:
    """The URL of a file in ``static``. Raises KeyError for an unknown name: a page with a wrong one fails."""
    return url_for("assets.file", digest=_content(name)[1], name=name)


def blueprint() -> Blueprint:
    assets = Blueprint("assets", __name__, url_prefix="/pages")

    @assets.get("/<digest>/<name>")
    def file(digest: str, name: str) -> Response:
        """Any digest is answered: after an upgrade, a page of before may ask for its file. Only ours is kept."""
        try:
            body, current = _content(name)
        except KeyError:
            abort(404)
        answer = Response(body, content_type=TYPES[Path(name).suffix])
        answer.headers["Cache-Control"] = KEPT if digest == current else "no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.set_etag(current)
        answer.make_conditional(request)
        return answer

    return assets
