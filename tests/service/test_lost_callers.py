"""Callers of whom we know nothing are looked for at the start, once a minute and when one is reported."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from callflow.core.configuration import Configuration
from callflow.runtime.metrics import Metrics
from callflow.service.configurations import Configurations
from callflow.service.lost_callers import LOOK_EVERY, LostCallers
from callflow.service.ports import GatewayFailure
from tests.core.example import CONFIGURATION
from tests.web.edge import LINE, SID, Edge

UNKNOWN = "CA" + "d" * 32


@dataclass
class Waiting:
    """The provider: who waits alone."""

    sids: list[str]
    failure: GatewayFailure | None = None
    taken: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def alone(self) -> list[str]:
        return self.sids

    def take_up(self, sid: str, numbers: Collection[str]) -> bool:
        if self.failure:
            raise self.failure
        self.taken.append((sid, tuple(numbers)))
        return True


@pytest.fixture
def edge() -> Edge:
    return Edge()


def lost(edge: Edge, waiting: Waiting, configuration: Configuration = CONFIGURATION) -> LostCallers:
    known = Configurations(configuration)
    return LostCallers(edge.store, waiting, lambda: edge.now, known, Metrics(), lambda at: None)


def test_only_a_caller_whose_call_is_not_known_is_taken_up(edge: Edge) -> None:
    edge.rings()
    waiting = Waiting([SID, UNKNOWN])
    lost(edge, waiting).look()
    assert waiting.taken == [(UNKNOWN, (LINE,))]


def test_it_looks_at_the_start_and_once_a_minute(edge: Edge) -> None:
    callers = lost(edge, Waiting([]))
    assert callers.due()
    assert not callers.due()
    edge.later(LOOK_EVERY.total_seconds() - 1)
    assert not callers.due()
    edge.later(1)
    assert callers.due()


def test_without_a_document_at_the_provider_it_looks_at_the_start_and_when_it_was_told_of_somebody(edge: Edge) -> None:
    """Then only a call that the database has lost can leave a caller alone, and ordinary calls cost no request."""
    known = Configurations(CONFIGURATION)
    callers = LostCallers(edge.store, Waiting([]), lambda: edge.now, known, Metrics(), lambda at: None, regularly=False)
    assert callers.due()
    edge.later(LOOK_EVERY.total_seconds() + 1)
    assert not callers.due()
    callers.reported()
    assert callers.due()
    edge.later(LOOK_EVERY.total_seconds() + 1)
    assert not callers.due()


def test_it_looks_soon_when_one_is_reported(edge: Edge) -> None:
    callers = lost(edge, Waiting([]))
    assert callers.due()
    callers.reported()
    assert callers.due()


@pytest.mark.parametrize(("gone", "failed"), [(True, 0), (False, 1)])
def test_one_who_cannot_be_taken_up_is_tried_again_later(edge: Edge, gone: bool, failed: int) -> None:
    waiting = Waiting([UNKNOWN], GatewayFailure("taking up a caller: HTTP 500", retry=True, gone=gone))
    callers = lost(edge, waiting)
    callers.look()
    assert isinstance(callers.counters, Metrics)
    assert callers.counters.value("lost_callers", "failed") == failed
    edge.now += timedelta(minutes=1)
    waiting.failure = None
    callers.look()
    assert [sid for sid, _ in waiting.taken] == [UNKNOWN]
