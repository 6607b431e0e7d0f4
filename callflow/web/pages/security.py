"""What protects the pages in a browser: headers, the cookie, and that changes come from our own pages only."""

from typing import Final
from urllib.parse import urlsplit

from flask import Request, Response

CONTENT_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: forms of ours would be sent with "Origin: null" then (Fetch Standard, 3.2).
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self), payment=(), usb=()",
    "Cache-Control": "no-store",
}
"""A page may set another one itself."""
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
SECURE_COOKIE: Final = "__Host-callflow"
"""Browsers take a cookie of such a name only over https, for this host and all of its paths (RFC 6265bis, 4.1.3.2)."""
COOKIE: Final = "callflow"


def protect(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response


def from_our_pages(request: Request, public_url: str) -> bool:
    """Whether a request that may change something was made by one of our own pages.

    Browsers say so in Sec-Fetch-Site, which no script can set; older ones in Origin. Who says neither is no browser.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    return bool(origin) and urlsplit(origin).netloc in (request.host, urlsplit(public_url).netloc)


def cookie_name(public_url: str) -> str:
    return SECURE_COOKIE if public_url.startswith("https:") else COOKIE


def set_cookie(response: Response, public_url: str, token: str, seconds: int) -> None:
    response.set_cookie(cookie_name(public_url), token, max_age=seconds, path="/", httponly=True, samesite="Lax",
                        secure=public_url.startswith("https:"))  # fmt: skip


def drop_cookie(response: Response, public_url: str) -> None:
    response.delete_cookie(cookie_name(public_url), path="/", httponly=True, samesite="Lax",
                           secure=public_url.startswith("https:"))  # fmt: skip
