"""The HTTP client for lookups, on the standard library because it has to connect to the address that was checked.

A name is resolved once, its addresses are checked, and the connection is made to a checked address, so DNS rebinding
has no effect. No proxy and no cookie is used. Private, loopback and link-local addresses, plain http, and redirects to
another host are refused unless ops allowed the host.
"""

import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from functools import cached_property, partial
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from typing import Any, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

from callflow.core.configuration import LookupRules
from callflow.core.variables import SECRETS_OF_OURS
from callflow.lookups.attempts import IN_TIME, TryAgain, after_sending, attempts, check_status
from callflow.service.lookup_client import Answered, LookupFailure, LookupRequest

log = logging.getLogger(__name__)
MOST_BYTES = 64 * 1024
MOST_REDIRECTS = 3
GLOBAL_UNICAST, NAT64 = ip_network("2000::/3"), ip_network("64:ff9b::/96")
"""The only IPv6 addresses of the public internet. Outside are also IPv4-compatible (``::127.0.0.1``), IPv4-translated
(``::ffff:0:127.0.0.1``) and site-local ones, and NAT64 of a local network (``64:ff9b:1::/48``)."""
NOT_PUBLIC = tuple(map(ip_network, ("192.88.99.0/24", "3fff::/20")))
"""Ranges that the standard library of some Python versions takes for public: 6to4 relays and documentation."""
ISATAP = (b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe")
"""The bytes before an IPv4 address in the second half of an IPv6 address that is tunnelled to it (RFC 5214)."""

Resolve = Callable[..., list[tuple[Any, ...]]]


class _Answer(NamedTuple):
    status: int
    location: str
    body: bytes


class HttpLookupClient:
    """Implements ``LookupClient``. ``environ`` has the values of the headers that flows name; ``resolve`` is
    ``socket.getaddrinfo``, or a replacement in tests."""

    def __init__(self, environ: Mapping[str, str], resolve: Resolve = socket.getaddrinfo,
                 context: ssl.SSLContext | None = None) -> None:  # fmt: skip
        self._environ, self._resolve, self._given = environ, resolve, context

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._given or ssl.create_default_context()

    def ask(self, question: LookupRequest, rules: LookupRules, answered: Answered) -> None:
        """Send the request, and pass on its answer before returning."""
        found: bytes | LookupFailure
        try:
            found = self.answer(question, rules)
        except LookupFailure as failure:
            found = failure
        answered(found)

    def answer(self, question: LookupRequest, rules: LookupRules) -> bytes:
        """The body of a successful answer. Raises LookupFailure."""
        once = partial(self._followed, question, rules)
        return attempts(question, once, time.monotonic, time.sleep)

    def _followed(self, question: LookupRequest, rules: LookupRules, until: float) -> bytes:
        """Follow redirects, on the same host only. A POST is not redirected."""
        url = question.url
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._once(question, urlsplit(url), rules, until)
            if not 300 <= answer.status < 400:
                return answer.body
            onward = urljoin(url, answer.location)
            if question.method != "GET" or not answer.location or _origin(onward) != _origin(url):
                raise LookupFailure("a redirect")
            url = onward
        raise LookupFailure("too many redirects")

    def _once(self, question: LookupRequest, url: SplitResult, rules: LookupRules, until: float) -> _Answer:
        from http.client import HTTPException  # here and below: with the parser for mail, 1 % of a start

        secure = _is_secure(url, rules)
        headers = self._headers(question, url)
        with closing(self._connected(url, rules, until)) as plain, _watched(plain, until):
            try:
                sock = self._context.wrap_socket(plain, server_hostname=url.hostname) if secure else plain
                with closing(sock):
                    answer = _exchange(sock, question, url, headers)
                if time.monotonic() >= until:
                    raise TimeoutError  # the answer was cut off, although it looks complete
                return answer
            except TimeoutError:
                raise after_sending(question.method, IN_TIME) from None
            except (OSError, HTTPException, ValueError):
                late = time.monotonic() >= until
                raise after_sending(question.method, IN_TIME if late else "no answer") from None

    def _connected(self, url: SplitResult, rules: LookupRules, until: float) -> socket.socket:
        """Connect. Nothing has been sent yet, so every failure here may be retried."""
        try:
            port = url.port or (443 if url.scheme == "https" else 80)
            found = self._resolve(url.hostname, port, type=socket.SOCK_STREAM)
        except (OSError, ValueError, UnicodeError):
            raise TryAgain("no such host") from None
        private = url.hostname in rules.allow_private
        allowed = [one for one in found if private or is_public(str(one[4][0]))]
        if not allowed:
            raise LookupFailure("an address that is not allowed")
        for family, kind, protocol, _, address in allowed:
            sock = socket.socket(family, kind, protocol)
            with suppress(OSError):
                sock.settimeout(max(0.05, until - time.monotonic()))
                sock.connect(address)
                return sock
            sock.close()
        raise TryAgain("no connection")

    def _headers(self, question: LookupRequest, url: SplitResult) -> dict[str, str]:
        """The headers; secrets are read from the environment by name."""
        known = {"Host": url.netloc, "Accept": "application/json", "User-Agent": "callflow", "Connection": "close"}
        if question.method == "POST":
            known["Content-Type"] = "application/json"
        known.update(question.own_headers)
        for header, name in question.headers.items():
            value = "" if name.startswith(SECRETS_OF_OURS) else self._environ.get(name, "")
            if not value:
                log.error("a lookup needs the environment variable %s, which is not set", name)
                raise LookupFailure("a secret is missing")
            known[header] = value
        return known


def _exchange(sock: socket.socket, question: LookupRequest, url: SplitResult, headers: Mapping[str, str]) -> _Answer:
    from http.client import HTTPConnection

    connection = HTTPConnection(url.hostname or "")
    connection.auto_open = 0  # never connect to another address than the checked one
    connection.sock = sock
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    connection.request(question.method, target, question.body or None, dict(headers))
    answer = connection.getresponse()
    check_status(answer.status, question.method)
    if answer.getheader("Content-Encoding", "identity") != "identity":
        raise LookupFailure("a compressed answer")
    body = answer.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise LookupFailure("more than 64 kB")
    return _Answer(answer.status, answer.getheader("Location", ""), body)


@contextmanager
def _watched(sock: socket.socket, until: float) -> Iterator[None]:
    """Close the connection at its deadline. A socket's own timeout is not enough: it restarts with every byte."""
    other = sock.dup()  # because the TLS socket takes over the first one
    timer = Timer(max(0.0, until - time.monotonic()), _shut, (other,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        other.close()


def _shut(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.shutdown(socket.SHUT_RDWR)


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower()


def _is_secure(url: SplitResult, rules: LookupRules) -> bool:
    if url.scheme == "https":
        return True
    if url.scheme != "http" or url.hostname not in rules.allow_http:
        raise LookupFailure("not https")
    return False


def is_public(address: str) -> bool:
    """Whether it is a global unicast address, and so is every address embedded in it."""
    found = ip_address(address.partition("%")[0])
    return all(_is_global(one) for one in _wrapped(found))


def _is_global(one: IPv4Address | IPv6Address) -> bool:
    special = any(one in network for network in NOT_PUBLIC)
    known = isinstance(one, IPv4Address) or one in GLOBAL_UNICAST or one in NAT64
    return one.is_global and not one.is_multicast and known and not special


def _wrapped(found: IPv4Address | IPv6Address) -> Iterator[IPv4Address | IPv6Address]:
    if isinstance(found, IPv4Address):
        yield found
        return
    if found.ipv4_mapped:
        yield found.ipv4_mapped
        return
    yield found
    if found.sixtofour:
        yield found.sixtofour
    if found.teredo:
        yield from found.teredo
    if found in NAT64 or found.packed[8:12] in ISATAP:
        yield IPv4Address(found.packed[-4:])
