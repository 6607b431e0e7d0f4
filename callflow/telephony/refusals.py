"""Refusals of the provider's REST API: read, converted to GatewayFailure, and explained to ops by their codes.

The provider changes the codes now and then, so nothing but ``GONE`` and ``TOO_MANY`` is decided by them. Its messages
quote numbers, so they are dropped (``from None``).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from types import MappingProxyType

import requests
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]

from callflow.service.ports import GatewayFailure

GONE = {21220, 20404}
"""Codes for a call that is not in progress (also when completing a finished call) or unknown (twilio.md 5.0)."""
TOO_MANY = 20429
NO_ANSWER = "no answer"
"""Used instead of a code for a request that was not answered."""

CREDENTIALS = "compare TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or TWILIO_API_KEY, with the provider's console"
ACCOUNT = "the account is suspended, closed or on trial: see the provider's console"
CALLER_ID = "caller_id in callflow.yaml is not ours: write a number of the account, or verify it in the console"
PHONE = "a phone in people.yaml cannot be rung: `callflow check`, then compare it with the person's"
COUNTRY = "the account may not call that country: switch it on in the console under voice geographic permissions"
SLOWER = "too many requests at once: nothing to do if it passes, else lower CALLFLOW_CALLS_PER_SECOND"
ADDRESS = "the provider cannot use an address of ours: compare CALLFLOW_PUBLIC_URL and CALLFLOW_FALLBACK_URL"

BY_CODE: Mapping[str, str] = MappingProxyType({
    "10001": ACCOUNT, "10002": ACCOUNT, "10004": SLOWER, "10005": ACCOUNT,
    "13223": PHONE, "13224": PHONE, "13225": PHONE, "13226": PHONE, "13227": COUNTRY,
    "20003": CREDENTIALS, "20005": ACCOUNT, "20006": CREDENTIALS, "20404": CREDENTIALS, "20429": SLOWER,
    "21205": ADDRESS, "21210": CALLER_ID, "21211": PHONE, "21212": CALLER_ID, "21213": CALLER_ID, "21214": PHONE,
    "21215": COUNTRY, "21216": PHONE, "21217": PHONE, "21219": "a trial account rings verified phones only: upgrade it",
    "401": CREDENTIALS, "403": CREDENTIALS, "429": SLOWER,
})  # fmt: skip
"""By error code, and by HTTP status for an answer without one."""
LATER = "the provider is in trouble: nothing to do if it passes, else see its status page"
UNREACHABLE = "the provider cannot be reached: compare TWILIO_API_BASE_URL, then this machine's way to the internet"
UNKNOWN = "look up the code in the provider's error dictionary"


def advice(status: int, code: int | None) -> str:
    """What to do about a refusal with this HTTP status and error code (None if it had none)."""
    known = BY_CODE.get(str(code)) or BY_CODE.get(str(status))
    return known or (LATER if status >= 500 else UNKNOWN)


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
