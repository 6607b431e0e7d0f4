"""Delivering one webhook: signature, cookies, attempts, redirects, time limits. Runs outside the lock and uses no state
of the emulator; its only side effect is the request that the client sends."""

from __future__ import annotations

import base64
import http.cookies
from dataclasses import replace
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urljoin, urlsplit

from callflow.emulator.immutable import immutable
from callflow.emulator.signature import sign_form
from callflow.emulator.transport import (
    HARD_CEILING_SECONDS,
    AppClient,
    ConnectFailed,
    HttpRequest,
    HttpResponse,
    Overrides,
    ReadTimedOut,
    parse_overrides,
)

MAX_REDIRECTS = 10
FORM = "application/x-www-form-urlencoded; charset=UTF-8"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DEFAULT = Overrides()


@immutable
class Delivery:
    """What to send. `url` may have a fragment of overrides; `token` None = unsigned; `attempt_id` None = no
    I-Twilio-Idempotency-Token (`token_on_retries`: only from the second attempt on)."""

    method: str
    url: str
    parameters: dict[str, str]
    token: str | None
    cookies: tuple[tuple[str, str], ...] = ()
    attempt_id: str | None = None
    token_on_retries: bool = False
    retry_on_5xx: bool = False


@immutable
class Reply:
    """The answer. With `status` None there was none, and `code` and `text` (Twilio's error) say why. `url` is the URL
    after redirects, `seconds` the modelled duration, `attempts` the statuses of all attempts."""

    url: str
    status: int | None
    body: bytes = b""
    headers: dict[str, str] | None = None
    code: int | None = None
    text: str = ""
    seconds: float = 0.0
    cookies: tuple[tuple[str, str], ...] = ()
    attempts: tuple[int | None, ...] = ()

    @property
    def content_type(self) -> str | None:
        value = (self.headers or {}).get("content-type")
        return value.partition(";")[0].strip().lower() if value else None

    @property
    def ok(self) -> bool:
        return self.status is not None and 200 <= self.status < 300 and self.code is None


_QUOTED = {code: quote_plus(chr(code)) for code in range(128)}


@lru_cache(maxsize=4096)
def _pair(name: str, value: str) -> str:
    return f"{_quoted(name)}={_quoted(value)}"


def _quoted(text: str) -> str:
    return text.translate(_QUOTED) if text.isascii() else quote_plus(text)


def encode_form(parameters: dict[str, str]) -> str:
    """application/x-www-form-urlencoded; empty values are kept."""
    return "&".join(map(_pair, parameters, parameters.values()))


def deliver(delivery: Delivery, app_client: AppClient) -> Reply:
    """Send, and retry as the URL's overrides say (default: once, after a failed connection only). Never raises."""
    address, _, fragment = delivery.url.partition("#")
    if not _is_address(address):
        return Reply(address, None, code=11100, text=f"Invalid URL: {address!r}")
    overrides = parse_overrides(fragment) if fragment else _DEFAULT
    if delivery.retry_on_5xx:
        overrides = replace(overrides, retry_on=overrides.retry_on | {"5xx"})
    reply, cause = _attempt(delivery, address, overrides, 0, app_client)
    if not cause or not _again(cause, overrides):
        return reply
    return _retried(delivery, address, overrides, app_client, reply)


def _retried(delivery: Delivery, address: str, overrides: Overrides, app_client: AppClient, reply: Reply) -> Reply:
    """More attempts, as far as number and time allow. The seconds of all attempts add up."""
    statuses, spent = list(reply.attempts), reply.seconds
    while len(statuses) <= overrides.retries and spent < overrides.total_seconds:
        reply, cause = _attempt(delivery, address, overrides, len(statuses), app_client)
        statuses.append(reply.status)
        spent += reply.seconds
        if not _again(cause, overrides):
            break
    return replace(reply, seconds=min(spent, HARD_CEILING_SECONDS), attempts=tuple(statuses))


def _is_address(address: str) -> bool:
    scheme, separator, rest = address.partition("://")
    return scheme.lower() in {"http", "https"} and bool(separator) and rest[:1] not in {"", "/", "?"}


def _again(cause: str, overrides: Overrides) -> bool:
    return bool(cause) and (cause in overrides.retry_on or "all" in overrides.retry_on)


def _attempt(
    delivery: Delivery, address: str, overrides: Overrides, number: int, app_client: AppClient
) -> tuple[Reply, str]:
    """One attempt: the reply, and the kind of failure (ct, rt, 4xx, 5xx or '')."""
    tried = (None,)
    try:
        response, final = _follow(delivery, address, overrides, number, app_client)
    except ConnectFailed as error:
        return Reply(address, None, code=error.code, text=str(error), attempts=tried), "ct"
    except ReadTimedOut as error:
        return Reply(address, None, code=11200, text=str(error), seconds=error.seconds, attempts=tried), "rt"
    except OSError as error:
        return Reply(address, None, code=11206, text=str(error), attempts=tried), ""
    if response is None:
        return Reply(final, None, code=11215, text="Too many redirects", attempts=tried), ""
    reply = Reply(
        final,
        response.status,
        response.body,
        response.headers,
        seconds=response.seconds,
        cookies=_cookies(response.cookies) if response.cookies else (),
        attempts=(response.status,),
    )
    return reply, f"{response.status // 100}xx" if response.status >= 400 else ""


def _follow(
    delivery: Delivery, address: str, overrides: Overrides, number: int, app_client: AppClient
) -> tuple[HttpResponse | None, str]:
    method, parameters, cookies = delivery.method, delivery.parameters, dict(delivery.cookies)
    for _ in range(MAX_REDIRECTS + 1):
        url, headers, body = _content(method, address, parameters, delivery.token)
        _add_headers(headers, delivery, url, number, cookies)
        request = HttpRequest(method, _ascii(url), headers, body, overrides.connect_seconds, overrides.read_seconds)
        response = app_client.send(request)
        if response.status not in _REDIRECTS or "location" not in response.headers:
            return response, address
        cookies.update(_cookies(response.cookies))
        address = urljoin(address, response.headers["location"]).partition("#")[0]
        # "after a 3xx Digits is not resent" (gather page); the method changes as in a browser
        parameters = {name: value for name, value in parameters.items() if name != "Digits"}
        method = method if response.status in {307, 308} else "GET"
    return None, address


def _content(
    method: str, address: str, parameters: dict[str, str], token: str | None
) -> tuple[str, dict[str, str], bytes]:
    """URL, signed headers and body. GET sends the parameters in the URL, POST in a form."""
    headers = {"User-Agent": "TwilioProxy/1.1", "Accept": "*/*", "X-Home-Region": "us1"}
    url, body, signed = address, b"", parameters
    if method == "GET":
        if parameters:
            url += ("&" if "?" in url else "?") + encode_form(parameters)
        signed = {}
    else:
        headers["Content-Type"] = FORM
        body = encode_form(parameters).encode("ascii")
    if token is not None:
        headers["X-Twilio-Signature"] = sign_form(token, url, signed)
    return url, headers, body


def _add_headers(headers: dict[str, str], delivery: Delivery, url: str, number: int, cookies: dict[str, str]) -> None:
    if delivery.attempt_id and (number > 0 or not delivery.token_on_retries):
        headers["I-Twilio-Idempotency-Token"] = delivery.attempt_id
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    user, at, _ = urlsplit(url).netloc.rpartition("@") if "@" in url else ("", "", "")
    if at:
        headers["Authorization"] = "Basic " + base64.b64encode(unquote(user).encode()).decode()


def _ascii(url: str) -> str:
    return url if url.isascii() else quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def _cookies(lines: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Names and values of Set-Cookie headers. Path and domain are ignored: one call talks to one app."""
    found: list[tuple[str, str]] = []
    for line in lines:
        jar = http.cookies.SimpleCookie(line)
        found.extend((name, morsel.value) for name, morsel in jar.items())
    return tuple(found)
