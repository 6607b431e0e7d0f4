"""Flows closed by hand, the same in every store."""

from collections.abc import Callable

from callflow.service.closed_flows import ClosedFlows
from callflow.service.flow_closings import FlowClosing
from callflow.service.ports import Store, StoreUnavailable
from tests.contracts.sample import NOW, after


def closing(flow: str, at: float = 0, until: float = 60, by: str = "kim") -> FlowClosing:
    return FlowClosing(flow=flow, at=after(at), until=after(until), by=by)


def test_a_flow_is_closed_until_its_time(store: Store) -> None:
    assert store.closed_flows(NOW) == []
    store.close_flow(closing("reception"))
    store.close_flow(closing("billing", until=30))
    assert store.closed_flows(NOW) == [closing("billing", until=30), closing("reception")]
    assert store.closed_flows(after(30)) == [closing("reception")]
    assert store.closed_flows(after(60)) == []


def test_the_last_word_on_a_flow_counts(store: Store) -> None:
    store.close_flow(closing("reception", until=600))
    store.close_flow(closing("reception", at=5, until=20, by="jo"))
    assert store.closed_flows(after(6)) == [closing("reception", at=5, until=20, by="jo")]
    store.close_flow(closing("reception", at=7, until=7))
    assert store.closed_flows(after(8)) == []


def test_every_node_follows(database_url: str, opened: Callable[[str], Store]) -> None:
    """Two servers on one database; one that cannot reach it goes on with what it knew, until the time is over."""
    here, there = opened(database_url), opened(database_url)
    nodes = [ClosedFlows(store, lambda: after(1)) for store in (here, there)]
    here.close_flow(closing("reception"))
    for node in nodes:
        node.refresh()
    assert [node.at(after(1)) for node in nodes] == [("reception",), ("reception",)]
    assert [node.at(after(60)) for node in nodes] == [(), ()]
    there.close_flow(closing("reception", at=2, until=2))
    assert nodes[0].read(after(2)) == ()


class Away:
    def closed_flows(self, now: object) -> list[FlowClosing]:
        raise StoreUnavailable("away")

    def close_flow(self, closing: FlowClosing) -> None:
        raise StoreUnavailable("away")


def test_while_the_database_is_away_what_was_known_stays(store: Store) -> None:
    node = ClosedFlows(store, lambda: NOW)
    store.close_flow(closing("reception"))
    node.refresh()
    node.closings = Away()
    node.refresh()
    assert node.at(NOW) == ("reception",)
