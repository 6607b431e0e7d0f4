"""The client of the provider's REST API, and its errors as GatewayFailure, which says what to do.

The text of a failure never contains a number, and nothing is logged here. The provider's messages quote numbers, so
they are dropped (``from None``); only the HTTP status and the provider's error code are passed on.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from logging import getLogger
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]
from twilio.http import HttpClient  # type: ignore[import-untyped]
from twilio.http.response import Response  # type: ignore[import-untyped]

from callflow.fast_path.http_connections import HttpConnections
from callflow.service.ports import GatewayFailure
from callflow.telephony.refusals import UNREACHABLE, advice

GONE = {21220, 20404}
"""Codes for a call that is not in progress (also when completing a finished call) or unknown (twilio.md 5.0)."""
TOO_MANY = 20429
HALF_A_SECOND = timedelta(seconds=0.5)
NO_ANSWER = "no answer"
"""Used instead of a code for a request that was not answered."""


class Refused(Exception):
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
        self.carrier = carrier or HttpConnections(base_url)
        self._date = ""

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
        """Send one request. ``timeout`` and ``allow_redirects`` are ignored. Raises Refused and RequestException."""
        parts = urlsplit(uri)
        query = "&".join(one for one in (parts.query, urlencode(params or {}, doseq=True)) if one)
        target = parts.path + (f"?{query}" if query else "")
        answer = self.send(method, target, self.signed(headers or {}, auth), urlencode(data or {}, doseq=True))
        answer.encoding = "utf-8"
        return Response(answer.status_code, answer.text, answer.headers)

    def media(self, path: str, auth: tuple[str, str]) -> bytes:
        """Fetch a file. Raises Refused and RequestException."""
        answer = self.send("GET", path, self.signed({}, auth), "")
        if answer.status_code != 200:
            raise Refused(answer)
        return bytes(answer.content)

    def send(self, method: str, target: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send one request below the base URL. Raises Refused and RequestException."""
        answer: requests.Response = self.carrier.carry(method, self._base_url + target, headers, body)
        if answer.status_code >= 400:
            raise Refused(answer)
        self._date = answer.headers.get("Date") or ""
        return answer

    @staticmethod
    def signed(headers: Mapping[str, str], auth: tuple[str, str] | None) -> dict[str, str]:
        """The headers with those that say who asks."""
        return {**headers, **({"Authorization": _basic(*auth)} if auth else {})}

    @property
    def latest(self) -> datetime | None:
        """The provider's time in its latest answer, in the middle of the second that it names."""
        try:
            return parsedate_to_datetime(self._date) + HALF_A_SECOND
        except ValueError:
            return None

    def close(self) -> None:
        self.carrier.close()


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


@contextmanager
def gateway_failures(action: str, *, leg: bool = False) -> Iterator[None]:
    """Convert the exceptions of the client to GatewayFailure. ``action`` is the beginning of its text: what failed.

    ``leg``: the request was about one existing leg, so the codes of ``GONE`` mean that it is over.
    """
    try:
        yield
    except Refused as refusal:
        raise _failure(action, refusal, leg) from None
    except TwilioException as error:
        raise GatewayFailure(f"{action}: {type(error).__name__}") from None
    except (requests.RequestException, ValueError) as error:  # no connection, no answer, or not JSON
        failed = f"{action}: {type(error).__name__}"
        raise GatewayFailure(failed, retry=True, code=NO_ANSWER, advice=UNREACHABLE) from None


def _failure(action: str, refusal: Refused, leg: bool) -> GatewayFailure:
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
