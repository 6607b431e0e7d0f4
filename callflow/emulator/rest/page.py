"""The page with all phones, at /_page/: static files, which only talk to this emulator."""

from __future__ import annotations

from pathlib import Path

from callflow.emulator.rest.request import Response

FOLDER = Path(__file__).parents[1] / "page"
TYPES = {".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml",
         ".js": "text/javascript; charset=utf-8"}  # fmt: skip
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cache-Control", "no-cache"),
)
HERE = frozenset({"127.0.0.1", "localhost", "[::1]"})


def page(path: str) -> Response:
    """The file at /_page/NAME."""
    name = path.removeprefix("/_page/") or "phones.html"
    file = FOLDER / name
    if "/" in name or file.suffix not in TYPES or not file.is_file():
        return Response(404, {"message": f"nothing at {path}"})
    return Response(200, file.read_bytes(), TYPES[file.suffix], HEADERS)


def foreign(method: str, host: str, site: str) -> bool:
    """Whether a page of another site asks: by a name that was made to lead here, or by a form or script of its own."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return (bool(host) and name not in HERE) or (method != "GET" and site not in ("", "same-origin", "none"))
