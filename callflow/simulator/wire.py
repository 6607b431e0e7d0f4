"""REST requests carried to a WSGI callable in this process instead of over a socket: the same client, no network."""

import io
from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from requests import Response
from requests.structures import CaseInsensitiveDict

STILL: Mapping[str, Any] = {
    "SCRIPT_NAME": "", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.version": (1, 0), "wsgi.errors": io.StringIO(),
    "wsgi.multithread": False, "wsgi.multiprocess": False, "wsgi.run_once": False,
}  # fmt: skip


class Wire:
    """As much of a requests.Session as the gateway's client uses. A session itself takes 250 us a request, which is
    most of what an order costs in a rehearsal (goal G8)."""

    def __init__(self, app: Any) -> None:
        self._app = app

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, Any] | None = None,
        data: str | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] = ("", ""),
        **_: Any,
    ) -> Response:
        """Send one request; the answer has a status, headers and a body."""
        parts, body = urlsplit(url), (data or "").encode()
        query = "&".join(one for one in (parts.query, urlencode(params or {}, doseq=True)) if one)
        environ = {
            **STILL, "REQUEST_METHOD": method, "PATH_INFO": parts.path, "QUERY_STRING": query,
            "SERVER_NAME": parts.hostname or "", "SERVER_PORT": str(parts.port or 80), "HTTP_HOST": parts.netloc,
            "CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": (headers or {}).get("Content-Type", ""),
            "HTTP_AUTHORIZATION": f"Basic {b64encode(':'.join(auth).encode()).decode()}",
            "wsgi.url_scheme": parts.scheme, "wsgi.input": io.BytesIO(body),
        }  # fmt: skip
        response = Response()

        def start_response(status: str, found: list[tuple[str, str]], exc_info: object = None) -> None:
            response.status_code = int(status[:3])
            response.headers = CaseInsensitiveDict(found)

        response._content = b"".join(self._app(environ, start_response))
        return response

    def close(self) -> None:
        """Nothing is kept open."""
