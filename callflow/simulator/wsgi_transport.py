"""Sends REST requests to a WSGI callable in this process instead of over a socket."""

import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from requests import Response

from callflow.emulator.identifiers import rfc2822
from callflow.fast_path.direct_connections import response_of

STILL: Mapping[str, Any] = {
    "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.errors": io.StringIO(),
    "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
}  # fmt: skip


class WsgiTransport:
    """Carries requests as ``fast_path.http_connections`` does."""

    def __init__(self, app: Any, clock: Callable[[], datetime]) -> None:
        self._app, self._clock = app, clock

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> Response:
        """Send one request; returns the response."""
        scheme, _, rest = url.partition("://")
        host, slash, target = rest.partition("/")
        path, _, query = target.partition("?")
        name, _, port = host.partition(":")
        content = body.encode()
        environ = {
            **STILL, "REQUEST_METHOD": method, "PATH_INFO": slash + path, "QUERY_STRING": query,
            "SERVER_NAME": name, "SERVER_PORT": port or "80", "HTTP_HOST": host,
            "CONTENT_LENGTH": str(len(content)), "CONTENT_TYPE": headers.get("Content-Type", ""),
            "HTTP_AUTHORIZATION": headers["Authorization"],
            "wsgi.url_scheme": scheme, "wsgi.input": io.BytesIO(content),
        }  # fmt: skip
        status, found = "", [("Date", rfc2822(self._clock()).replace("+0000", "GMT"))]

        def start_response(line: str, some: list[tuple[str, str]], exc_info: object = None) -> None:
            nonlocal status
            status = line
            found.extend(some)

        content = b"".join(self._app(environ, start_response))
        return response_of(int(status[:3]), status[4:], url, found, content)

    def close(self) -> None:
        """Does nothing: no connection is kept open."""
