"""The WSGI callable: authentication, simulated faults, routing, and the log of requests."""

from __future__ import annotations

import base64
import binascii
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from http.client import responses
from typing import Any

from callflow.emulator.app_clients import WsgiApp
from callflow.emulator.events import RestRequest
from callflow.emulator.exchange import Exchange, RestEntry
from callflow.emulator.legs import API_VERSION
from callflow.emulator.rest import accounts
from callflow.emulator.rest.control import control
from callflow.emulator.rest.page import foreign
from callflow.emulator.rest.problems import Problem, not_found
from callflow.emulator.rest.request import Request, Response, parse_form
from callflow.emulator.rest.routes import find_route

ACCOUNTS = f"/{API_VERSION}/Accounts/"
_MEDIA = (".wav", ".mp3")


def rest_application(exchange: Exchange) -> WsgiApp:
    """The REST API of `exchange` and, under /_phones and /_events, the phone control API."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        response = _answer(exchange, environ)
        body = response.encoded()
        headers = [("Content-Type", response.content_type), ("Content-Length", str(len(body)))]
        headers += response.headers
        if response.status == 401:
            headers.append(("WWW-Authenticate", 'Basic realm="Twilio API"'))
        start_response(f"{response.status} {responses.get(response.status, '')}", _without_length(environ, headers))
        return [body]

    return application


def _without_length(environ: dict[str, Any], headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The server of the standard library adds Content-Length itself."""
    return [pair for pair in headers if pair[0] != "Content-Length"]


def _answer(exchange: Exchange, environ: dict[str, Any]) -> Response:
    method, path, query = environ["REQUEST_METHOD"], environ["PATH_INFO"], environ.get("QUERY_STRING", "")
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode("utf-8", "replace")
    if path == "/":
        return Response(302, headers=(("Location", "/_page/"),))
    if path.startswith("/_"):
        if foreign(method, environ.get("HTTP_HOST", ""), environ.get("HTTP_SEC_FETCH_SITE", "")):
            return Response(403, {"message": "only this machine's own pages and programs may ask"})
        return control(exchange, method, path, query, body)
    form = parse_form(body if method == "POST" else query)
    slow = exchange.faults.seconds(exchange.faults.chaos.rest_slow)
    if slow and exchange.clock.real:
        time.sleep(slow)
    with exchange.clock.lock:
        wanted = path.removeprefix(ACCOUNTS).partition("/")[0].removesuffix(".json")
        wanted = wanted if path.startswith(ACCOUNTS) else ""
        request = Request(exchange.of_account(wanted) or exchange, method, path, query, form)
        response = _judge(request, environ)
        exchange.rest_log.append(RestEntry(method, path, form, response.status))
        exchange.emit(RestRequest(exchange.clock.now(), method, path, response.status))
    return response


def _judge(request: Request, environ: dict[str, Any]) -> Response:
    faults = request.exchange.faults
    try:
        if not request.path.endswith(_MEDIA):  # media URLs are public by default (twilio.md 5.4)
            _authenticate(request, environ.get("HTTP_AUTHORIZATION", ""))
        if faults.happens(faults.chaos.rest_429):
            raise Problem(429, 20429, "Too Many Requests")
        if faults.happens(faults.chaos.rest_5xx):
            raise Problem(503, 20503, "Service unavailable")
        response = _route(request)
        if faults.happens(faults.chaos.rest_5xx_after_effect):
            raise Problem(500, 20500, "Internal Server Error")
        return response
    except Problem as problem:
        return Response(problem.status, problem.body())


def _authenticate(request: Request, header: str) -> None:
    exchange = request.exchange
    user, password = _credentials(header)
    # Any API key (SK...) is accepted with the account's token as its secret. The main account's token opens its
    # sub-accounts, too, but its API keys do not (twilio.com/docs/iam/api/subaccounts).
    own = password == exchange.auth_token and (user == exchange.account_sid or user.startswith("SK"))
    main = exchange.main
    if not own and (main is None or (user, password) != (main.account_sid, main.auth_token)):
        raise Problem(401, 20003, "Authenticate")


@lru_cache(maxsize=64)  # an app sends the same ones with every request
def _credentials(header: str) -> tuple[str, str]:
    kind, _, encoded = header.partition(" ")
    try:
        user, _, password = base64.b64decode(encoded).decode().partition(":") if kind == "Basic" else ("", "", "")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password


def _route(request: Request) -> Response:
    account, _, rest = request.path.removeprefix(ACCOUNTS).partition("/")
    if not rest and request.method == "GET" and account == f"{request.exchange.account_sid}.json":
        return accounts.fetch(request)
    if not request.path.startswith(ACCOUNTS) or account != request.exchange.account_sid:
        raise not_found(request.path)
    if (request.method, rest.partition(".")[0].partition("/")[0]) in request.exchange.restricted:
        raise Problem(403, 20403, "Forbidden")
    handler, ids, exists = find_route(request.method, rest)
    if handler is None:
        raise Problem(405, 20004, "Method not allowed") if exists else not_found(request.path)
    request.ids = ids
    return handler(request)
