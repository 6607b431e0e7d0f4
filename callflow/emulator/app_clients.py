"""Two clients for the app: real HTTP, and a WSGI callable in this process (no sockets, about 10,000 requests/s)."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

from callflow.emulator.transport import ConnectFailed, HttpRequest, HttpResponse, ReadTimedOut

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
MODELLED_SECONDS = "x-modelled-seconds"


class HttpAppClient:
    """Real HTTP with http.client. Connections are kept alive, one set per thread."""

    def __init__(self, verify_tls: bool = True) -> None:
        self._threads = threading.local()
        self._opened: weakref.WeakSet[http.client.HTTPConnection] = weakref.WeakSet()
        self._tls = ssl.create_default_context() if verify_tls else ssl._create_unverified_context()

    def send(self, request: HttpRequest) -> HttpResponse:
        parts = urlsplit(request.url)
        key = (parts.scheme, parts.netloc)
        kept = self._connections().pop(key, None)
        if kept is not None:
            try:
                return self._exchange(kept, key, request)
            except ConnectionError:
                pass  # the app closed an idle connection, which is no failure: open a new one
        return self._exchange(self._connect(key, request), key, request)

    def _connections(self) -> dict[tuple[str, str], http.client.HTTPConnection]:
        if not hasattr(self._threads, "open"):
            self._threads.open = {}
        connections: dict[tuple[str, str], http.client.HTTPConnection] = self._threads.open
        return connections

    def _connect(self, key: tuple[str, str], request: HttpRequest) -> http.client.HTTPConnection:
        host = key[1].rpartition("@")[2]
        connection = (
            http.client.HTTPSConnection(host, timeout=request.connect_seconds, context=self._tls)
            if key[0] == "https"
            else http.client.HTTPConnection(host, timeout=request.connect_seconds)
        )
        self._opened.add(connection)
        try:
            connection.connect()
        except socket.gaierror as error:
            raise ConnectFailed(str(error), 11210) from error
        except ssl.SSLError as error:
            raise ConnectFailed(str(error), 11220) from error
        except (OSError, http.client.HTTPException) as error:
            raise ConnectFailed(str(error) or type(error).__name__) from error
        return connection

    def close(self) -> None:
        """Close all connections, of whatever thread."""
        for connection in list(self._opened):
            connection.close()

    def _exchange(
        self, connection: http.client.HTTPConnection, key: tuple[str, str], request: HttpRequest
    ) -> HttpResponse:
        parts = urlsplit(request.url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if connection.sock is not None:
            connection.sock.settimeout(request.read_seconds)
        begun = time.monotonic()
        try:
            connection.request(request.method, target, body=request.body or None, headers=request.headers)
            answer = connection.getresponse()
            body = answer.read()
        except TimeoutError as error:
            connection.close()
            raise ReadTimedOut(time.monotonic() - begun) from error
        except (http.client.HTTPException, OSError) as error:
            connection.close()
            raise ConnectionError(str(error) or type(error).__name__) from error
        if answer.will_close:
            connection.close()
        else:
            self._connections()[key] = connection
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return HttpResponse(answer.status, headers, body, tuple(answer.headers.get_all("Set-Cookie") or ()))


class WsgiAppClient:
    """A WSGI callable that answers for every host. An exception of the app becomes a 500, as behind a real server.

    The response header `X-Modelled-Seconds: 20` makes the answer take 20 seconds of a virtual clock.
    """

    def __init__(self, app: WsgiApp, raise_errors: bool = False) -> None:
        self._app = app
        self._raise_errors = raise_errors
        self._template: dict[str, Any] = {
            "SCRIPT_NAME": "",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": False,
            "wsgi.run_once": False,
        }
        self._hosts: dict[str, dict[str, Any]] = {}

    def send(self, request: HttpRequest) -> HttpResponse:
        environ = self._environ(request)
        collected: list[Any] = []

        def start_response(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[[bytes], None]:
            collected[:] = [int(status[:3]), headers]
            return written.append

        written: list[bytes] = []
        try:
            answer = self._app(environ, start_response)
            body = b"".join(answer)
            if hasattr(answer, "close"):
                answer.close()
        except Exception:
            if self._raise_errors:
                raise
            return HttpResponse(500, {"content-type": "text/plain"}, b"the app raised an exception")
        return _response(request, collected, b"".join(written) + body)

    def _environ(self, request: HttpRequest) -> dict[str, Any]:
        scheme, _, rest = request.url.partition("://")
        authority, slash, tail = rest.partition("/")
        path, _, query = (slash + tail).partition("?")
        environ = dict(self._template)
        environ.update(self._host(scheme, authority.partition("?")[0]))
        environ["REQUEST_METHOD"] = request.method
        environ["PATH_INFO"] = unquote_to_bytes(path).decode("latin-1") if "%" in path else path
        environ["QUERY_STRING"] = query
        environ["RAW_URI"] = environ["REQUEST_URI"] = slash + tail
        environ["CONTENT_LENGTH"] = str(len(request.body))
        environ["wsgi.input"] = io.BytesIO(request.body)
        for name, value in request.headers.items():
            environ[_environ_key(name)] = value
        return environ

    def _host(self, scheme: str, authority: str) -> dict[str, Any]:
        key = f"{scheme}://{authority}"
        if key not in self._hosts:
            host = authority.rpartition("@")[2]
            name, _, port = host.partition(":")
            self._hosts[key] = {
                "wsgi.url_scheme": scheme,
                "HTTP_HOST": host,
                "SERVER_NAME": name,
                "SERVER_PORT": port or ("443" if scheme == "https" else "80"),
            }
        return self._hosts[key]


@lru_cache(maxsize=256)
def _environ_key(header: str) -> str:
    key = header.upper().replace("-", "_")
    return key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"


def _response(request: HttpRequest, collected: list[Any], body: bytes) -> HttpResponse:
    headers = {name.lower(): value for name, value in collected[1]}
    seconds = float(headers.get(MODELLED_SECONDS, 0.0))
    if seconds > request.read_seconds:
        raise ReadTimedOut(request.read_seconds)
    if "set-cookie" not in headers:
        return HttpResponse(collected[0], headers, body, (), seconds)
    cookies = tuple(value for name, value in collected[1] if name.lower() == "set-cookie")
    return HttpResponse(collected[0], headers, body, cookies, seconds)
