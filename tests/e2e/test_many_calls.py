"""Many calls at once, each with a hold by consent, on one server process with SQLite: everybody is back on time."""

from collections import Counter
from pathlib import Path

import pytest

from callflow.core.stages import Stage
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.configurations import brief
from tests.e2e.crowd import Crowd, people
from tests.e2e.processes import nodes, provider, until

APART_SECONDS = 0.08
WITHIN_SECONDS = 75


@pytest.mark.long
@pytest.mark.parametrize("calls", [pytest.param(60, marks=pytest.mark.ci), 200])
def test_two_hundred_holds_at_once(tmp_path: Path, calls: int) -> None:
    """There is no error; every hold begins with a yes and ends by the promised time; every call is ENDED.

    60 on the build server, 200 in `make test-long`.
    """
    config = brief(tmp_path, people=people(calls))
    with provider() as emulator, nodes(emulator, tmp_path, config) as (server, database):
        crowd = Crowd(emulator, calls, calls, calls * APART_SECONDS)
        crowd.arrive()
        until(lambda: len(crowd.over) >= 2 * calls, "all calls to be over", WITHIN_SECONDS)
        assert emulator.errors == []
        assert (len(crowd.promised), len(crowd.back), crowd.late, crowd.lost) == (calls, calls, [], [])
        assert "\ncallflow_failures_total 0.0\n" in server.get("/metrics"), server.told
        store = open_store(f"sqlite:///{database}", SECRETS)
        try:
            until(lambda: not store.calls(), "all to be ENDED", 10)
            ended = store.calls(live=False)
            assert Counter(call.stage for call in ended) == {Stage.ENDED: calls}
            ends = [one.note.outcome for call in ended for one in store.journal(call.id) if one.note.kind == "hold"]
            assert Counter(ends) == {"begun": calls, "returned on time": calls}
        finally:
            store.close()
