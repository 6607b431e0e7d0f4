"""The attempts of a lookup: which failures are followed by another attempt, and how long each may take.

The HTTP client and the answers in scenarios share these rules. Time is passed in, because scenarios have a clock of
their own.
"""

from collections.abc import Callable
from typing import TypeVar

from callflow.service.lookup_client import LookupFailure, LookupRequest

Found = TypeVar("Found")

PAUSE_SECONDS = 0.2
IN_TIME = "no answer in time"


class TryAgain(LookupFailure):
    """The request failed, and may be repeated."""


def attempts(
    question: LookupRequest,
    once: Callable[[float], Found],
    now: Callable[[], float],
    sleep: Callable[[float], None],
) -> Found:
    """What ``once`` returns; it is called with the time at which that attempt ends. All attempts together take at most
    the request's seconds. Raises LookupFailure."""
    until = now() + question.seconds
    for left in range(question.tries, 0, -1):
        begun = now()
        try:
            return once(begun + (until - begun) / left)
        except TryAgain as failure:
            if left == 1 or now() + PAUSE_SECONDS >= until:
                raise LookupFailure(str(failure)) from None
            sleep(PAUSE_SECONDS)
    raise LookupFailure(IN_TIME)


def after_sending(method: str, reason: str) -> LookupFailure:
    """The failure of a request that may have arrived. A POST is not repeated then."""
    return (TryAgain if method == "GET" else LookupFailure)(reason)


def check_status(status: int, method: str) -> None:
    """Raises LookupFailure for a status without a usable answer. Redirects (3xx) are left to the caller."""
    if status >= 500 or status == 429:
        raise after_sending(method, f"HTTP {status}")
    if status >= 400 or status < 200:
        raise LookupFailure(f"HTTP {status}")
