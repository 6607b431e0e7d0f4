"""Sends requests to the provider's REST API, and converts its errors to GatewayFailure, which says what to do.

The text of a failure never contains a number, and nothing is logged here. The provider's messages quote numbers, so
they are dropped (``from None``); only the HTTP status and the provider's error code are passed on.

Nothing is retried here. An update may be repeated at any time. A create may have been carried out although it failed,
and there is no idempotency key (twilio.md 5.0). It is repeated by the dispatcher all the same: the request's token is
in the leg's URL, so a second leg is recognised when it answers, and hung up politely.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from functools import cache, cached_property, partial
from logging import getLogger
from typing import Any, assert_never
from urllib.parse import urlencode, urlsplit

import requests
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]

from callflow.core.call import CALLER
from callflow.fast_path.http_connections import HttpConnections
from callflow.service.ports import (
    AnnounceRequest,
    GatewayFailure,
    LegReport,
    LegRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
)
from callflow.telephony.limiter import Limiter
from callflow.telephony.refusals import UNREACHABLE, advice
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import Urls, room_name

STATUS_EVENTS = ["completed"]
"""The end of a leg, however it ended (twilio.md 1.6). The request for its document shows that a leg was answered; the
other status callbacks are not needed, and would be a third of all webhooks."""
GONE = {21220, 20404}
"""Codes for a call that is not in progress (also when completing a finished call) or unknown (twilio.md 5.0)."""
TOO_MANY = 20429
NO_ANSWER = "no answer"
"""Used instead of a code for a request that was not answered."""


class _Refused(Exception):
    """A response with status 400 or more. ``code`` is the provider's error code, or None.

    Raised before twilio-python raises its own exceptions, which drop Retry-After (libs.md 1), for lists the error code
    as well, and quote the provider's messages.
    """

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(answer.status_code)
        self.status = answer.status_code
        self.code = _code(answer)
        self.after = _retry_after(answer.headers)


class KeepAliveClient(HttpClient):  # type: ignore[misc]
    """The HTTP client of twilio-python: sends to ``base_url`` over persistent connections, with a timeout.

    It replaces TwilioHttpClient, which logs every URL and keeps the last request, including numbers, in an attribute.
    Scheme and host are replaced here because twilio-python has no setting for them. This also overrides TWILIO_EDGE and
    TWILIO_REGION, which would send requests to another host.
    """

    def __init__(self, base_url: str, carrier: Any = None) -> None:
        super().__init__(getLogger(__name__), False, None)
        self._base_url = base_url
        self._carrier = carrier or HttpConnections(base_url)

    def request(
        self,
        method: str,
        uri: str,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Send one request. ``timeout`` and ``allow_redirects`` are ignored. Raises _Refused and RequestException."""
        parts = urlsplit(uri)
        query = "&".join(one for one in (parts.query, urlencode(params or {}, doseq=True)) if one)
        url = self._base_url + parts.path + (f"?{query}" if query else "")
        sent = {**(headers or {}), **({"Authorization": _basic(*auth)} if auth else {})}
        answer = self._carrier.carry(method, url, sent, urlencode(data or {}, doseq=True))
        if answer.status_code >= 400:
            raise _Refused(answer)
        answer.encoding = "utf-8"
        return Response(answer.status_code, answer.text, answer.headers)

    def close(self) -> None:
        self._carrier.close()


@cache
def _basic(user: str, password: str) -> str:
    return "Basic " + b64encode(f"{user}:{password}".encode()).decode()


def rest_client(account_sid: str, credentials: tuple[str, str], api_base_url: str, carrier: Any = None) -> Any:
    """A twilio.rest.Client. ``credentials`` are the account SID and a token, or an API key and its secret.

    ``carrier`` is used instead of ``HttpConnections`` (for the local provider of a rehearsal).
    """
    from twilio.rest import Client  # type: ignore[import-untyped]  # here: 150 ms, only for those who need it

    user, password = credentials
    # A dictionary that is not empty, or the client would use the environment of the process.
    return Client(user, password, account_sid, http_client=KeepAliveClient(api_base_url, carrier), environment={"": ""})


class TwilioGateway:
    """Implements ``ports.Gateway`` with Twilio's REST API, or a compatible one, at ``api_base_url``. Thread-safe."""

    def __init__(
        self,
        *,
        account_sid: str,
        credentials: tuple[str, str],
        api_base_url: str,
        urls: Urls,
        limiter: Limiter,
        carrier: Any = None,
    ) -> None:
        self._make = partial(rest_client, account_sid, credentials, api_base_url, carrier)
        self._urls = urls
        self._limiter = limiter

    @cached_property
    def client(self) -> Any:
        """The twilio.rest.Client of all requests."""
        return self._make()

    def warm(self) -> None:
        """Import what the first request would otherwise wait 250 ms for (libs.md 1). Sends nothing."""
        _ = self.client.calls, self.client.conferences("CF").participants, self.client.calls("CA")

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.http_client.close()

    def ping(self) -> None:
        """Check the URL and the credentials by asking for one call. Raises GatewayFailure."""
        with gateway_failures("asking for calls"):
            self.client.calls.list(limit=1)

    def send(self, order: LegRequest) -> str:
        """Carry out a request and return the leg's provider id. Raises GatewayFailure.

        A ring that exceeds the rate limit fails with ``retry`` and ``after``, and keeps its slot (see Limiter).
        """
        match order:
            case RingRequest():
                return self._ring(order)
            case RedirectRequest():
                return self._update(order, method="POST", url=self._enter(order), **self._fallback(order))
            case ReleaseRequest():
                return self._update(order, status="completed")
            case AnnounceRequest():
                return self._announce(order)
            case _:
                assert_never(order)

    def look_up(self, sid: str, room: str) -> LegReport:
        """The leg's call status as the provider calls it, and whether it is in the room. Raises GatewayFailure.

        Reads are eventually consistent, and a new room may be missing for seconds (twilio.md 5.3, 5.5). So ``in_room``
        is certain if True, but not if False.
        """
        with gateway_failures("looking up a leg", leg=True):
            status = str(self.client.calls(sid).fetch().status)
        with gateway_failures("looking into a room"):
            seat = None if is_over(status) else self._seat(sid, room)
        if seat is None:
            return LegReport(status=status)
        return LegReport(status=status, in_room=True, joined_at=seat.date_created, label=seat.label or "")

    def _ring(self, order: RingRequest) -> str:
        wait = self._limiter.reserve(order.id)
        if wait:
            raise GatewayFailure("waiting for a slot: one new call a second", retry=True, after=wait)
        with gateway_failures("ring"):
            call = self.client.calls.create(
                to=order.to,
                from_=order.caller_id,
                url=self._enter(order),
                method="POST",
                status_callback=self._urls.leg_status(order.call, order.leg),
                status_callback_event=STATUS_EVENTS,
                status_callback_method="POST",
                timeout=order.ring_seconds,
                **self._fallback(order),
            )
            return _sid(call)

    def _update(self, order: RedirectRequest | ReleaseRequest, **changes: str) -> str:
        with gateway_failures(order.kind, leg=True):
            return _sid(self.client.calls(order.sid).update(**changes))

    def _announce(self, order: AnnounceRequest) -> str:
        """A participant is addressed by the SID of its room, which changes when a room ends and begins again (0.5).

        The failure is ``gone`` if the leg is not in the room, or not yet.
        """
        with gateway_failures(order.kind, leg=True):
            for status in ("in-progress", "init"):
                for room in self.client.conferences.list(friendly_name=room_name(order.call), status=status, limit=1):
                    seat = self.client.conferences(room.sid).participants(order.sid)
                    seat.update(announce_url=self._urls.waiting(order.call, order.leg), announce_method="POST")
                    return order.sid
        raise GatewayFailure(f"{order.kind}: no such room", gone=True)

    def _enter(self, order: LegRequest) -> str:
        return self._urls.enter(order.call, order.leg, order.token)

    def _fallback(self, order: LegRequest) -> dict[str, str]:
        """The fallback URL of the leg, which is part of every request that gives the leg a URL."""
        url = self._urls.fallback(room_name(order.call), lead=order.leg != CALLER)
        return {"fallback_url": url, "fallback_method": "POST"}

    def _seat(self, sid: str, room: str) -> Any:
        """The participant in the newest room of this name that is not over. With one leg its status is "init"."""
        for one in self.client.conferences.list(friendly_name=room, limit=20):
            if one.status != "completed":
                seats = self._seats(one.sid)
                found = next((seat for seat in seats if seat.call_sid == sid), None)
                if found is not None and found.status in (None, "connected"):
                    return found
        return None

    def _seats(self, conference: str) -> list[Any]:
        try:
            return list(self.client.conferences(conference).participants.list(limit=50))
        except _Refused as error:
            if error.code in GONE:  # the room ended between two requests
                return []
            raise


def _sid(call: Any) -> str:
    if not call.sid:
        raise ValueError("an answer without a call id")
    return str(call.sid)


@contextmanager
def gateway_failures(action: str, *, leg: bool = False) -> Iterator[None]:
    """Convert the exceptions of the client to GatewayFailure. ``action`` is the beginning of its text: what failed.

    ``leg``: the request was about one existing leg, so the codes of ``GONE`` mean that it is over.
    """
    try:
        yield
    except _Refused as refusal:
        raise _failure(action, refusal, leg) from None
    except TwilioException as error:
        raise GatewayFailure(f"{action}: {type(error).__name__}") from None
    except (requests.RequestException, ValueError) as error:  # no connection, no answer, or not JSON
        failed = f"{action}: {type(error).__name__}"
        raise GatewayFailure(failed, retry=True, code=NO_ANSWER, advice=UNREACHABLE) from None


def _failure(action: str, refusal: _Refused, leg: bool) -> GatewayFailure:
    """The failure for a refusal. A 4xx is not retried, because it would be refused again, except for too many requests.

    Only the provider's error code proves that a leg is over. A 404 without one may come from a proxy.
    """
    return GatewayFailure(
        f"{action}: HTTP {refusal.status}" + (f", code {refusal.code}" if refusal.code else ""),
        retry=refusal.status == 429 or refusal.status >= 500 or refusal.code == TOO_MANY,
        gone=leg and refusal.code in GONE,
        after=refusal.after,
        code=str(refusal.code or refusal.status),
        advice=advice(refusal.status, refusal.code),
    )


def _code(answer: requests.Response) -> int | None:
    """The provider's error code (twilio.md 5.0), in both formats of error bodies, or None."""
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, int) else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a Retry-After header, or None. A date is compared with the Date header of the same response."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value) - parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return max(0.0, until.total_seconds())
