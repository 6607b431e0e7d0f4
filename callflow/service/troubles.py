"""Troubles that a person of ops has to end: requests that we refuse, calls without a flow, refusals of the provider.

They are no fault of this process, which stays ready (``readiness``): taking it out would help nobody.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from callflow.core.records import immutable, record
from callflow.service.ports import Counters, GatewayFailure


class TroubleKind(StrEnum):
    WEBHOOK_REFUSED = "webhook_refused"
    NUMBER_UNKNOWN = "number_unknown"
    CALL_UNKNOWN = "call_unknown"
    PROVIDER_REFUSED = "provider_refused"


@immutable
class Trouble:
    """What is wrong, and what to do about it, in words that quote no secret and no number of a person.

    Two troubles with the same kind and the same ``what`` are the same one.
    """

    kind: TroubleKind
    what: str
    advice: str


@record
class StandingTrouble:
    """A trouble that was met ``count`` times since ``first``, and again not long ago (``last``)."""

    trouble: Trouble
    count: int
    first: datetime
    last: datetime


class Troubles(Protocol):
    def report(self, trouble: Trouble) -> None:
        """It was met now. Cheap enough for every request of a stranger."""

    def standing(self) -> list[StandingTrouble]:
        """The present troubles, the latest first; only so many that a page can show them."""


def provider_refused(counters: Counters, troubles: Troubles, request: str, failure: GatewayFailure) -> None:
    """Count and report a request that the provider refused or failed to answer. Not one that waits for its turn."""
    if failure.code:
        counters.count("provider_refusals", request, failure.code)
        troubles.report(Trouble(TroubleKind.PROVIDER_REFUSED, str(failure), failure.advice))
