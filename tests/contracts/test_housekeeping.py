"""Every night what is not to be kept any longer is deleted: histories of calls that are over for `history_days`."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callflow.configuration.loading import load
from callflow.core.stages import Stage
from callflow.service.configurations import Configurations
from callflow.service.housekeeping import KIND, Housekeeping, next_night
from callflow.service.moments import Moment
from callflow.service.ports import Store
from tests.contracts.sample import a_call, save
from tests.e2e.conversation import AUDIO, ROOT

Keeping = Callable[[int | None], Housekeeping]
"""The housekeeping for this `history_days`."""
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.fixture
def keeping(store: Store) -> Keeping:
    shipped = load(ROOT / "config", AUDIO)
    return lambda days: Housekeeping(store, Configurations(replace(shipped, history_days=days)), lambda: NOW,
                                     lambda seconds: None)  # fmt: skip


def a_call_of(store: Store, id: str, days_ago: float, stage: Stage = Stage.ENDED) -> None:
    at = NOW - timedelta(days=days_ago)
    call = a_call(id, stage=stage, started_at=at, at=at)
    save(store, call, history=Moment(at=at, facts=()))


def test_events_of_old_calls_are_deleted_and_others_stay(store: Store, keeping: Keeping,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    monkeypatch.setattr("callflow.service.housekeeping.STEP", 2)
    for n in range(7):
        a_call_of(store, f"old {n}", 40 + n)
    a_call_of(store, "still live", 50, Stage.TALKING)
    a_call_of(store, "recent", 29)
    keeping(30).run({})
    assert {id: len(store.history(id)) for id in ("old 0", "old 6", "still live", "recent")} == {
        "old 0": 0, "old 6": 0, "still live": 1, "recent": 1,
    }  # fmt: skip
    assert store.read("old 0") is not None  # the call and its journal stay
    keeping(30).run({})  # twice does no harm
    assert len(store.history("recent")) == 1


def test_without_history_days_everything_is_kept(
    store: Store, keeping: Keeping, caplog: pytest.LogCaptureFixture
) -> None:
    a_call_of(store, "old", 4000)
    with caplog.at_level(logging.INFO):
        keeping(None).run({})
    assert len(store.history("old")) == 1
    assert "history_days is not set" in caplog.text


def test_one_night_is_planned_whatever_the_number_of_looks(store: Store, keeping: Keeping) -> None:
    for _ in range(3):
        keeping(30).plan()
    (planned,) = store.jobs(NOW)
    assert planned.kind == KIND
    assert next_night(NOW) == datetime(2026, 12, 1, 3, tzinfo=UTC)
    assert next_night(datetime(2026, 12, 1, 2, 59, tzinfo=UTC)) == datetime(2026, 12, 1, 3, tzinfo=UTC)
