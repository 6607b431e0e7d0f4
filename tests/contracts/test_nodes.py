"""The servers that run on a database, the same in every store."""

from dataclasses import replace
from datetime import timedelta

from callflow.service.configurations import Configurations
from callflow.service.nodes import FORGET, Node, NodeNotice
from callflow.service.ports import Store
from tests.contracts.sample import NOW, after
from tests.core.example import CONFIGURATION

NODE = Node(name="a:1", version="1", configuration="d1", started=NOW, seen=NOW)


def test_a_node_is_there_once_with_what_it_said_last(store: Store) -> None:
    store.put_node(replace(NODE, name="b:1"), NOW)
    store.put_node(NODE, NOW)
    store.put_node(replace(NODE, configuration="d2", seen=after(30)), NOW)
    assert store.nodes() == [replace(NODE, configuration="d2", seen=after(30)), replace(NODE, name="b:1")]


def test_a_node_that_says_nothing_for_a_day_is_forgotten(store: Store) -> None:
    store.put_node(NODE, NOW)
    later = NOW + FORGET + timedelta(seconds=1)
    NodeNotice(store, Configurations(CONFIGURATION), lambda: later, "b:2", "2", later).say()
    (left,) = store.nodes()
    assert (left.name, left.version, left.configuration) == ("b:2", "2", CONFIGURATION.digest)
