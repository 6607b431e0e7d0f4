"""What a server looks at again and again: its configuration, closed flows, connections, clocks, pages."""

from typing import Final

from callflow.page_work import noticed
from callflow.runtime.connections import LOOK_SECONDS, ConnectionGuard
from callflow.runtime.periodic import PeriodicTask
from callflow.service.activation import ConfigurationActivator
from callflow.service.call_service import CallService
from callflow.service.closed_flows import ClosedFlows
from callflow.service.node_clock import compare_with_database
from callflow.service.page_versions import SHARE_SECONDS
from callflow.web.recordings import Recordings

CHECK_SECONDS: Final = 2.0
"""The time between two checks for a changed configuration, and for flows that are closed by hand."""
CLOCK_SECONDS: Final = 5.0


def checks(calls: CallService, activator: ConfigurationActivator, guard: ConnectionGuard, flows: ClosedFlows,
           recordings: Recordings) -> tuple[PeriodicTask, ...]:  # fmt: skip
    clock = PeriodicTask(lambda: compare_with_database(calls.clock, calls.store), CLOCK_SECONDS, "clock")
    clock.run()
    flows.refresh()  # before the first call
    return (
        PeriodicTask(recordings.check, CHECK_SECONDS, "recordings"),
        PeriodicTask(activator.check_for_changes, CHECK_SECONDS, "activation"),
        PeriodicTask(flows.refresh, CHECK_SECONDS, "closings"),
        PeriodicTask(guard.check, LOOK_SECONDS, "connections"),
        clock,
        PeriodicTask(lambda: calls.store.share_changes(), SHARE_SECONDS, "pages"),
        noticed(calls),
    )
