"""A database that cannot be reached when the server starts, and later can."""

from collections.abc import Callable

import pytest

from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store
from callflow.store import reconnecting as late_module
from callflow.store.reconnecting import ReconnectingStore
from tests.contracts.sample import a_call, save


def test_it_is_unavailable_until_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    now, there, tries = [100.0], [False], [0]
    monkeypatch.setattr(late_module.time, "monotonic", lambda: now[0])

    def make() -> Store:
        tries[0] += 1
        if not there[0]:
            raise StoreUnavailable("away")
        return open_store("memory:")

    late = ReconnectingStore(make)
    uses: list[Callable[[], object]] = [lambda: late.ping(), lambda: late.read("c1"), lambda: late.next_due()]
    for use in uses * 5:
        with pytest.raises(StoreUnavailable):
            use()
    now[0] += late_module.PAUSE_SECONDS + 0.1
    for use in uses * 5:
        with pytest.raises(StoreUnavailable):
            use()
    assert tries == [1], "not every webhook waits for a try"
    there[0] = True
    now[0] += late_module.PAUSE_SECONDS + 0.1
    save(late, a_call())  # type: ignore[arg-type]
    assert late.read("c1") == a_call()
    late.close()
    with pytest.raises(StoreUnavailable):
        late.read("c1")
