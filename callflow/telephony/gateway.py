"""Sends the requests of calls to the provider's REST API.

Nothing is retried here. An update may be repeated at any time. A create may have been carried out although it failed,
and there is no idempotency key (twilio.md 5.0). It is repeated by the dispatcher all the same: the request's token is
in the leg's URL, so a second leg is recognised when it answers, and hung up politely.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import cached_property, partial
from typing import Any, assert_never

from callflow.core.call import CALLER
from callflow.core.stages import PlaceName
from callflow.service.ports import (
    AnnounceRequest,
    GatewayFailure,
    LegReport,
    LegRequest,
    RecordRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
)
from callflow.telephony.call_requests import CallRequests
from callflow.telephony.limiter import Limiter
from callflow.telephony.rest_client import GONE, Refused, gateway_failures, rest_client
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import Urls, room_name

log = logging.getLogger(__name__)
STATUS_EVENT = "completed"
"""The end of a leg, however it ended (twilio.md 1.6). The request for its document shows that a leg was answered; the
other status callbacks are not needed, and would be a third of all webhooks."""


CURRENT = "Twilio.CURRENT"
"""The recording of a call that is running."""
UNKNOWN = ("20404", "404")


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
        credentials_of: Callable[[str], tuple[str, str]] | None = None,
    ) -> None:
        """``credentials_of`` returns those of a sub-account by its SID."""
        self._make = partial(rest_client, account_sid, credentials, api_base_url, carrier)
        self._make_other = partial(rest_client, api_base_url=api_base_url)
        self._credentials_of = credentials_of or (lambda account: credentials)
        self._others: dict[str, Any] = {}
        self._requests: dict[str, CallRequests] = {}
        self._urls = urls
        self._limiter = limiter

    @cached_property
    def client(self) -> Any:
        """The twilio.rest.Client of the main account."""
        return self._make()

    def client_of(self, account: str) -> Any:
        """The client for requests about a sub-account, over the same connections; "" is the main account."""
        if account and account not in self._others:
            user, carrier = self._credentials_of(account), self.client.http_client.carrier
            self._others[account] = self._make_other(account, user, carrier=carrier)
        return self._others[account] if account else self.client

    def _calls(self, account: str) -> CallRequests:
        """What places and changes calls of a sub-account, or of the main one."""
        found = self._requests.get(account)
        if found is None:
            found = self._requests[account] = CallRequests(self.client_of(account))
        return found

    def warm(self) -> None:
        """Import what the first request would otherwise wait 250 ms for (libs.md 1). Sends nothing."""
        _ = self._calls(""), self.client.conferences("CF").participants, self.client.calls("CA")

    def close(self) -> None:
        if "client" in self.__dict__:
            self.client.http_client.close()

    def ping(self) -> datetime | None:
        """Check the URL and the credentials by asking for one call. Raises GatewayFailure."""
        with gateway_failures("asking for calls"):
            self.client.calls.list(limit=1)
        found: datetime | None = self.client.http_client.latest
        return found

    def send(self, order: LegRequest) -> str:
        """Carry out a request and return the leg's provider id. Raises GatewayFailure.

        A ring that exceeds the rate limit fails with ``retry`` and ``after``, and keeps its slot (see Limiter).
        """
        match order:
            case RingRequest():
                return self._ring(order)
            case RedirectRequest():
                return self._update(order, {"Url": self._enter(order), "Method": "POST", **self._fallback(order)})
            case ReleaseRequest():
                return self._update(order, {"Status": "completed"})
            case AnnounceRequest():
                return self._announce(order)
            case RecordRequest():
                return self._record(order)
            case _:
                assert_never(order)

    def look_up(self, sid: str, room: str, account: str = "") -> LegReport:
        """The leg's call status as the provider calls it, and whether it is in the room. Raises GatewayFailure.

        Reads are eventually consistent, and a new room may be missing for seconds (twilio.md 5.3, 5.5). So ``in_room``
        is certain if True, but not if False.
        """
        client = self.client_of(account)
        with gateway_failures("looking up a leg", leg=True):
            call = client.calls(sid).fetch()
        status = str(call.status)
        with gateway_failures("looking into a room"):
            seat = None if is_over(status) else _seat(client, sid, room)
        if seat is None:
            return LegReport(status=status, ended_at=call.end_time)
        return LegReport(status=status, in_room=True, joined_at=seat.date_created, label=seat.label or "")

    def _ring(self, order: RingRequest) -> str:
        wait = self._limiter.reserve(order.id)
        if wait:
            raise GatewayFailure("waiting for a slot: one new call a second", retry=True, after=wait)
        if order.call_token and order.caller:
            try:
                with gateway_failures("ring"):
                    return self._placed(order, order.caller, order.call_token)
            except GatewayFailure as failure:
                if failure.retry:
                    raise
                log.warning("the caller's number cannot be shown to staff, so ours is: %s", failure)
        with gateway_failures("ring"):
            return self._placed(order, order.caller_id)

    def _placed(self, order: RingRequest, shown: str, call_token: str = "") -> str:
        """Place the call. ``shown`` is the caller id; ``call_token`` proves that it may be another than ours."""
        keys = {"SendDigits": order.extension} if order.extension else {}
        token = {"CallToken": call_token} if call_token else {}
        return self._calls(order.account).create({
            "To": order.to, "From": shown, "Method": "POST", **self._fallback(order),
            "StatusCallback": self._urls.leg_status(order.call, order.leg), "StatusCallbackEvent": STATUS_EVENT,
            "StatusCallbackMethod": "POST", **keys, "Timeout": str(order.ring_seconds), **token,
            "Url": self._enter(order),
        })  # fmt: skip

    def _update(self, order: RedirectRequest | ReleaseRequest, changes: dict[str, str]) -> str:
        with gateway_failures(order.kind, leg=True):
            return self._calls(order.account).update(order.sid, changes)

    def _announce(self, order: AnnounceRequest) -> str:
        """A participant is addressed by the SID of its room, which changes when a room ends and begins again (0.5).

        If the leg came first, and not to a lead (a hold that the caller ended), the provider's music plays: it ends
        now. The failure is ``gone`` if the leg is not in the room, or not yet.
        """
        sound = {"announce_url": self._urls.waiting(order.call, order.leg), "announce_method": "POST", "wait_url": ""}
        client = self.client_of(order.account)
        with gateway_failures(order.kind, leg=True):
            for room in _rooms(client, room_name(order.call), limit=1):
                client.conferences(room.sid).participants(order.sid).update(**sound)
                return order.sid
        raise GatewayFailure(f"{order.kind}: no such room", gone=True)

    def _record(self, order: RecordRequest) -> str:
        """Only what the caller says, in one channel: which side is which in two is told differently (twilio.md 5.4).
        A pause is silence, so that the recording keeps the time of the call."""
        call = self.client_of(order.account).calls(order.sid)
        try:
            with gateway_failures(order.kind):
                if order.change == "start":
                    call.recordings.create(
                        recording_channels="mono", recording_track="inbound", trim="do-not-trim",
                        recording_status_callback=self._urls.leg_status(order.call, order.leg),
                        recording_status_callback_event=["completed"], recording_status_callback_method="POST",
                    )  # fmt: skip
                elif order.change == "pause":
                    call.recordings(CURRENT).update(status="paused", pause_behavior="silence")
                else:
                    call.recordings(CURRENT).update(status="in-progress")
        except GatewayFailure as failure:
            # Before the provider has begun, there is no recording to pause.
            failure.retry |= order.change != "start" and failure.code in UNKNOWN
            raise
        return order.sid

    def _enter(self, order: LegRequest) -> str:
        """A customer whom we call may be a machine: the address says so, also while our database is away."""
        if isinstance(order, RingRequest) and order.leg == CALLER:
            return self._urls.leg(order.call, order.leg, PlaceName.INVITATION, order.token)
        return self._urls.enter(order.call, order.leg, order.token)

    def _fallback(self, order: LegRequest) -> dict[str, str]:
        """The fallback URL of the leg, which is part of every request that gives the leg a URL. Whoever is rung has to
        press a key there before they join. Who listens has none, because the caller would hear them."""
        if isinstance(order, RingRequest | RedirectRequest) and order.listens:
            return {}
        url = self._urls.fallback(order.call, staff=order.leg != CALLER or isinstance(order, RingRequest))
        return {"FallbackUrl": url, "FallbackMethod": "POST"}


def _seat(client: Any, sid: str, room: str) -> Any:
    """The participant in the newest room of this name that is not over."""
    for one in _rooms(client, room, limit=20):
        found = next((seat for seat in _seats(client, one.sid) if seat.call_sid == sid), None)
        if found is not None and found.status in (None, "connected"):
            return found
    return None


def _rooms(client: Any, name: str, limit: int) -> Iterator[Any]:
    """The rooms of this name that are not over. With one leg the status is "init", which must be asked for: since
    2026-09-30 a list without a status has only the rooms in progress (twilio.md 12)."""
    for status in ("in-progress", "init"):
        yield from client.conferences.list(friendly_name=name, status=status, limit=limit)


def _seats(client: Any, conference: str) -> list[Any]:
    try:
        return list(client.conferences(conference).participants.list(limit=50))
    except Refused as error:
        if error.code in GONE:  # the room ended between two requests
            return []
        raise
