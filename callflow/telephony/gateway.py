"""Orders become REST requests, and every way in which one can fail becomes a GatewayFailure that says what to do.

Numbers are never in a failure's text and nothing is logged here: the provider's own messages quote numbers, so they
are dropped (``from None``) and only the HTTP status and the provider's error code are passed on.

Nothing is retried here. An update may be repeated at any time. A create may have been carried out although it
failed, and there is no idempotency key (twilio.md 5.0); it is ordered again all the same, because the order's token
is in the leg's address: the second leg is recognised when it answers, and let go politely.
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
    GatewayFailure,
    LegReport,
    LegRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
)
from callflow.telephony.limiter import Limiter
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import Urls, room_name

STATUS_EVENTS = ["completed"]
"""The end of a leg, however it ended (twilio.md 1.6). That it was answered its own document request tells; news that
nobody acts on would be a third of all webhooks."""
GONE = {21220, 20404}
"""Not in progress (also when completing a finished call), and unknown (twilio.md 5.0)."""
TOO_MANY = 20429


class _Refused(Exception):
    """Any answer from 400 up, raised before twilio-python can make its own of it: those drop Retry-After (libs.md 1),
    lists drop the error code as well, and their texts quote the provider's. ``code`` is the provider's own, or None.
    """

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(answer.status_code)
        self.status = answer.status_code
        self.code = _code(answer)
        self.after = _retry_after(answer.headers)


class KeepAliveClient(HttpClient):  # type: ignore[misc]
    """What twilio-python sends its requests with: to ``base_url``, over connections kept open, with a timeout.

    Not TwilioHttpClient: that one logs every address and keeps the last request, numbers included, in an attribute.
    Host and scheme are replaced here because the client has no setting for them; this also overrules TWILIO_EDGE and
    TWILIO_REGION, which would silently send us elsewhere.
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
        """Send one request; ``timeout`` and ``allow_redirects`` are ours to decide. Raises _Refused, and what requests
        raises."""
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

    ``carrier`` takes the requests instead of ``HttpConnections`` (a rehearsal's local provider).
    """
    from twilio.rest import Client  # type: ignore[import-untyped]  # here: 150 ms, only for those who need it

    user, password = credentials
    # A dictionary that is not empty, or the client would look into the process's environment.
    return Client(user, password, account_sid, http_client=KeepAliveClient(api_base_url, carrier), environment={"": ""})


class TwilioGateway:
    """ports.Gateway over Twilio's REST API, or whatever speaks it at ``api_base_url``. Shared by threads."""

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
        """The twilio.rest.Client all requests go through."""
        return self._make()

    def warm(self) -> None:
        """Load what the first order would otherwise wait 250 ms for (libs.md 1). Sends nothing."""
        _ = self.client.calls, self.client.conferences("CF").participants, self.client.calls("CA")

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.http_client.close()

    def ping(self) -> None:
        """Ask for one call, to see that the address and the credentials are good. Raises GatewayFailure."""
        with sorted_failures("asking for calls"):
            self.client.calls.list(limit=1)

    def send(self, order: LegRequest) -> str:
        """Carry out an order and return the leg's provider id. Raises GatewayFailure.

        A ring that has to wait for its turn fails with ``retry`` and ``after``: its slot is kept (see Limiter).
        """
        match order:
            case RingRequest():
                return self._ring(order)
            case RedirectRequest():
                return self._update(order, method="POST", url=self._enter(order), **self._fallback(order))
            case ReleaseRequest():
                return self._update(order, status="completed")
            case _:
                assert_never(order)

    def look_up(self, sid: str, room: str) -> LegReport:
        """The leg's call status in the provider's words, and its seat in the room. Raises GatewayFailure.

        Reads are eventually consistent, and a room made just now may be missing for seconds (twilio.md 5.3, 5.5):
        ``in_room`` proves, its absence does not.
        """
        with sorted_failures("looking up a leg", leg=True):
            status = str(self.client.calls(sid).fetch().status)
        with sorted_failures("looking into a room"):
            seat = None if is_over(status) else self._seat(sid, room)
        if seat is None:
            return LegReport(status=status)
        return LegReport(status=status, in_room=True, joined_at=seat.date_created, label=seat.label or "")

    def _ring(self, order: RingRequest) -> str:
        wait = self._limiter.reserve(order.id)
        if wait:
            raise GatewayFailure("waiting for a slot: one new call a second", retry=True, after=wait)
        with sorted_failures("ring"):
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
        with sorted_failures(order.kind, leg=True):
            return _sid(self.client.calls(order.sid).update(**changes))

    def _enter(self, order: LegRequest) -> str:
        return self._urls.enter(order.call, order.leg, order.token)

    def _fallback(self, order: LegRequest) -> dict[str, str]:
        """The fallback stays with the leg for good, so it is given with the first order and repeated with each."""
        url = self._urls.fallback(room_name(order.call), lead=order.leg != CALLER)
        return {"fallback_url": url, "fallback_method": "POST"}

    def _seat(self, sid: str, room: str) -> Any:
        """The participant, in the newest room of this name that is not over; a room alone is still "init"."""
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
            if error.code in GONE:  # the room ended between two requests: nobody sits in it
                return []
            raise


def _sid(call: Any) -> str:
    if not call.sid:
        raise ValueError("an answer without a call id")
    return str(call.sid)


@contextmanager
def sorted_failures(deed: str, *, leg: bool = False) -> Iterator[None]:
    """Turn whatever the client raises into a GatewayFailure; ``deed`` says in its text what failed.

    ``leg``: the request was about one leg that exists, so that "unknown" and "not in progress" mean: it is over.
    """
    try:
        yield
    except _Refused as refusal:
        raise _failure(deed, refusal, leg) from None
    except TwilioException as error:
        raise GatewayFailure(f"{deed}: {type(error).__name__}") from None
    except (requests.RequestException, ValueError) as error:  # no connection, no answer, or one that is not JSON
        raise GatewayFailure(f"{deed}: {type(error).__name__}", retry=True) from None


def _failure(deed: str, refusal: _Refused, leg: bool) -> GatewayFailure:
    """What the provider refuses with a 4xx it will refuse again, unless there were too many requests at a time.

    Only the provider's own code says that a leg is gone: a bare 404 is some proxy's, and the caller may be there.
    """
    return GatewayFailure(
        f"{deed}: HTTP {refusal.status}" + (f", code {refusal.code}" if refusal.code else ""),
        retry=refusal.status == 429 or refusal.status >= 500 or refusal.code == TOO_MANY,
        gone=leg and refusal.code in GONE,
        after=refusal.after,
    )


def _code(answer: requests.Response) -> int | None:
    """The provider's error code (twilio.md 5.0), in both shapes of error bodies; None if this is not one."""
    try:
        code = answer.json().get("code")
    except (ValueError, AttributeError):
        return None
    return code if isinstance(code, int) else None


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds of a Retry-After header. A date is counted from the answer's own Date, for want of a clock."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        until = parsedate_to_datetime(value) - parsedate_to_datetime(headers["Date"])
    except (KeyError, TypeError, ValueError):
        return None
    return max(0.0, until.total_seconds())
