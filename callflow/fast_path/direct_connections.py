"""HTTP/1.1 connections to one host, kept open, without requests and urllib3 around them.

These two take three times as long as the rest of a REST request (``python -m tests.bench.fast_path``), and an order is
a fifth of the work of a call. ``http_connections`` uses this where no proxy lies between.

An answer is read here if it is as usual: its head arrives whole and has a length. ``http.client``, which reads headers
with the parser for mail, reads all others.
"""

import gzip
import io
import os
import re
import select
import socket
import ssl
from collections.abc import Iterable, Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from requests.structures import CaseInsensitiveDict
from requests.utils import DEFAULT_CA_BUNDLE_PATH

READ_BYTES = 65536
HEAD = re.compile(rb"HTTP/1\.1 ([2-5][0-9][0-9]) ([ -~]*)\r\n((?:[!#-9A-Z^-z|~]+:[ -~]*\r\n)*)\r\n")
"""The head of an answer with headers of one line, in ASCII."""
LENGTH = re.compile("[0-9]{1,9}")


class Answer(NamedTuple):
    status: int
    reason: str
    headers: list[tuple[str, str]]
    content: bytes
    closes: bool
    """Whether the host closes the connection."""


class DirectConnections:
    """Connections to the host of ``base_url``. Thread-safe.

    ``timeout``: seconds to connect, and between bytes. ``verify``: True for the certificates that requests uses, or the
    path of others, a file or a directory; False for none. At most ``most`` connections are kept. Raises OSError if
    there are no certificates at the path.
    """

    def __init__(self, base_url: str, timeout: tuple[float, float], verify: bool | str, most: int) -> None:
        parts = urlsplit(base_url)
        self._host, self._named = parts.hostname or "", parts.netloc.rpartition("@")[2]
        self._below = f"{parts.scheme}://{parts.netloc}/"
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._timeout, self._most = timeout, most
        self._tls = certificates(verify) if parts.scheme == "https" else None
        self._idle: list[socket.socket] = []

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send a request and read the whole answer, as ``HttpConnections.carry``."""
        sent = self._request(method, url, headers, body)
        connection: socket.socket | None = None
        try:
            connection = self._connection()
            connection.sendall(sent)
            answer = received(connection, method)
            content = answer.content
            if content and any(
                name.lower() == "content-encoding" and value == "gzip" for name, value in answer.headers
            ):
                content = gzip.decompress(content)
        except (OSError, HTTPException) as error:
            if connection:
                connection.close()
            raise _failure(error) from error
        if not answer.closes and len(self._idle) < self._most:
            self._idle.append(connection)
        else:
            connection.close()
        return response_of(answer.status, answer.reason, url, answer.headers, content)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def _request(self, method: str, url: str, headers: Mapping[str, str], body: str) -> bytes:
        lines = [f"{method} {self._target(url)} HTTP/1.1", f"Host: {self._named}", "Accept-Encoding: identity",
                 *[f"{name}: {value}" for name, value in headers.items()]]  # fmt: skip
        if body or method != "GET":
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join([*lines, "", body]).encode("latin-1")

    def _target(self, url: str) -> str:
        if url.startswith(self._below) and "#" not in url:
            return url[len(self._below) - 1 :]
        parts = urlsplit(url)
        return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"

    def _connection(self) -> socket.socket:
        """The connection that was used last and is still open, or a new one."""
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return self._connected()
            if not _is_dropped(connection):
                return connection
            connection.close()

    def _connected(self) -> socket.socket:
        connect, between = self._timeout
        connection = socket.create_connection((self._host, self._port), connect)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._tls:
            connection = self._tls.wrap_socket(connection, server_hostname=self._host)
        connection.settimeout(between)
        return connection


def response_of(status: int, reason: str, url: str, headers: Iterable[tuple[str, str]], content: bytes
                ) -> requests.Response:  # fmt: skip
    """A response of requests. Its constructor would make a jar for cookies, which takes as long as the rest."""
    made = requests.Response.__new__(requests.Response)
    made.__dict__ |= _EMPTY | {"status_code": status, "reason": reason, "url": url, "_content": content,
                               "headers": CaseInsensitiveDict(headers)}  # fmt: skip
    return made


_EMPTY = requests.Response().__dict__


def received(connection: socket.socket, method: str) -> Answer:
    """The answer to a request. Raises OSError or HTTPException."""
    first = connection.recv(READ_BYTES)
    found = HEAD.match(first)
    usual = _usual(found, first[found.end() :], connection) if found else None
    return usual or _unusual(first, connection, method)


def _usual(head: re.Match[bytes], content: bytes, connection: socket.socket) -> Answer | None:
    """The answer with this head, if it has a length."""
    headers = [(name, value.strip(" ")) for line in head[3].decode("ascii").splitlines()
               for name, _, value in [line.partition(":")]]  # fmt: skip
    known = {name.lower(): value for name, value in headers}
    length = known.get("content-length", "")
    if "transfer-encoding" in known or len(known) < len(headers) or not LENGTH.fullmatch(length):
        return None
    if len(content) < int(length):
        content = _whole(content, int(length), connection)
    return Answer(int(head[1]), head[2].decode("ascii").strip(), headers, content[: int(length)],
                  known.get("connection", "").lower() == "close" or len(content) > int(length))  # fmt: skip


def _whole(begun: bytes, length: int, connection: socket.socket) -> bytes:
    """``length`` bytes, of which some have arrived. Each part is written to its place: joining parts one by one takes
    40 s of CPU for the recording of an hour, which TLS hands over in parts of 16 kB."""
    content, place = bytearray(length), len(begun)
    content[:place] = begun
    with memoryview(content) as view:
        while place < length:
            count = connection.recv_into(view[place : place + READ_BYTES])
            if not count:
                raise IncompleteRead(bytes(view[:place]), length - place)
            place += count
    return bytes(content)


def _unusual(first: bytes, connection: socket.socket, method: str) -> Answer:
    answer = HTTPResponse(_Begun(first, connection), method=method)  # type: ignore[arg-type]
    answer.begin()
    content = answer.read()
    return Answer(answer.status, answer.reason, answer.headers.items(), content, answer.will_close)


class _Begun(io.RawIOBase):
    """A connection of which the first bytes are read already."""

    def __init__(self, first: bytes, connection: socket.socket) -> None:
        self._first, self._connection = first, connection

    def makefile(self, mode: str) -> Any:
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self._first:
            return self._connection.recv_into(buffer)
        part, self._first = self._first[: len(buffer)], self._first[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def certificates(verify: bool | str) -> ssl.SSLContext:
    """What the certificate of a host is checked with."""
    if verify is False:
        return ssl._create_unverified_context()
    path = DEFAULT_CA_BUNDLE_PATH if verify is True else verify
    if not os.path.exists(path):
        raise OSError(f"there is no file or directory of certificates at {path}")
    is_folder = os.path.isdir(path)
    return ssl.create_default_context(cafile=None if is_folder else path, capath=path if is_folder else None)


def _is_dropped(connection: socket.socket) -> bool:
    """Whether the host has closed an idle connection. (Nothing else can be readable on it.)"""
    waiting = select.poll()
    waiting.register(connection, select.POLLIN)
    return bool(waiting.poll(0))


def _failure(error: OSError | HTTPException) -> requests.RequestException:
    if isinstance(error, TimeoutError):
        return requests.Timeout("no answer in time")
    if isinstance(error, IncompleteRead):
        return requests.exceptions.ChunkedEncodingError("the answer is not whole")
    return requests.ConnectionError(type(error).__name__)
