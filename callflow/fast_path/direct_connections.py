"""HTTP/1.1 connections to one host, kept open: ``http.client`` without requests and urllib3 around it.

These two take three times as long as the rest of a REST request (``python -m tests.bench.fast_path``), and an order is
a fifth of the work of a call. ``http_connections`` uses this where no proxy lies between.
"""

import gzip
import os
import select
import ssl
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection, IncompleteRead
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH


class DirectConnections:
    """Connections to the host of ``base_url``. Thread-safe.

    ``timeout``: seconds to connect, and between bytes. ``verify``: True for the certificates that requests uses, or the
    path of others, a file or a directory; False for none. At most ``most`` connections are kept. Raises OSError if
    there are no certificates at the path.
    """

    def __init__(self, base_url: str, timeout: tuple[float, float], verify: bool | str, most: int) -> None:
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "", parts.port
        self._timeout, self._most = timeout, most
        self._tls = certificates(verify) if parts.scheme == "https" else None
        self._idle: list[HTTPConnection] = []

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send a request and read the whole answer, as ``HttpConnections.carry``."""
        parts = urlsplit(url)
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection: HTTPConnection | None = None
        try:
            connection = self._connection()
            connection.request(method, target, body or None, dict(headers))
            answer = connection.getresponse()
            content = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
        except (OSError, HTTPException) as error:
            if connection:
                connection.close()
            raise _failure(error) from error
        if not answer.will_close and len(self._idle) < self._most:
            self._idle.append(connection)
        else:
            connection.close()
        response = requests.Response()
        response.status_code, response.reason, response.url = answer.status, answer.reason, url
        response.headers = CaseInsensitiveDict(answer.headers.items())
        response._content = content
        return response

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _connection(self) -> HTTPConnection:
        """The connection that was used last and is still open, or a new one."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._connected()
            if not _is_dropped(connection):
                return connection
            connection.close()

    def _connected(self) -> HTTPConnection:
        connect, between = self._timeout
        if self._tls:
            connection: HTTPConnection = HTTPSConnection(self._host, self._port, timeout=connect, context=self._tls)
        else:
            connection = HTTPConnection(self._host, self._port, timeout=connect)
        connection.connect()
        connection.sock.settimeout(between)
        return connection


def certificates(verify: bool | str) -> ssl.SSLContext:
    """What the certificate of a host is checked with."""
    if verify is False:
        return ssl._create_unverified_context()
    path = DEFAULT_CA_BUNDLE_PATH if verify is True else verify
    if not os.path.exists(path):
        raise OSError(f"there is no file or directory of certificates at {path}")
    is_folder = os.path.isdir(path)
    return ssl.create_default_context(cafile=None if is_folder else path, capath=path if is_folder else None)


def _is_dropped(connection: HTTPConnection) -> bool:
    """Whether the host has closed an idle connection. (Nothing else can be readable on it.)"""
    waiting = select.poll()
    waiting.register(connection.sock, select.POLLIN)
    return bool(waiting.poll(0))


def _failure(error: OSError | HTTPException) -> requests.RequestException:
    if isinstance(error, TimeoutError):
        return requests.Timeout("no answer in time")
    if isinstance(error, IncompleteRead):
        return requests.exceptions.ChunkedEncodingError("the answer is not whole")
    return requests.ConnectionError(type(error).__name__)
