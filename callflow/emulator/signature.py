"""X-Twilio-Signature, implemented from its description (twilio.md 2) and not from Twilio's code."""

from __future__ import annotations

import hmac
from binascii import b2a_base64
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from urllib.parse import urlsplit


def signed_url(url: str) -> str:
    """`url` as it is signed: without fragment and userinfo, and for https without the port."""
    if url.startswith("http://") and "@" not in url and "#" not in url:
        return url  # nothing of it is left out
    url = url.partition("#")[0]
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    cut = min((i for i in (rest.find("/"), rest.find("?")) if i >= 0), default=len(rest))
    authority, tail = rest[:cut].rpartition("@")[2], rest[cut:]
    if scheme.lower() == "https" and urlsplit(f"//{authority}").port is not None:
        authority = authority.rpartition(":")[0]
    return f"{scheme}://{authority}{tail}"


def sign(token: str, url: str, parameters: Iterable[tuple[str, str]] = ()) -> str:
    """Base64 of HMAC-SHA1 over the URL and each name and value, sorted by name. Repeated pairs count once."""
    return _digest(token, signed_url(url) + "".join(chain.from_iterable(sorted(set(parameters)))))


def sign_form(token: str, url: str, form: dict[str, str]) -> str:
    """The same for a form without repeated names, as the emulator sends it. Twice as fast."""
    return _digest(token, signed_url(url) + "".join([name + form[name] for name in sorted(form)]))


def _digest(token: str, text: str) -> str:
    mac = _begun(token).copy()
    mac.update(text.encode())
    return b2a_base64(mac.digest(), newline=False).decode()


@lru_cache(maxsize=64)  # there are a few tokens, and to begin takes most of the time
def _begun(token: str) -> hmac.HMAC:
    return hmac.new(token.encode(), digestmod="sha1")
