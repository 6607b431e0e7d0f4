"""Configurations and their activations, the same in every store."""

from callflow.service.ports import Store
from callflow.store.prepared import SCHEMA_VERSION
from tests.contracts.sample import NOW, after


def test_a_configuration_is_kept_once(store: Store) -> None:
    store.keep_configuration("d1", {"callflow.yaml": "version: 1\n# ü"}, NOW)
    store.keep_configuration("d1", {"callflow.yaml": "another text"}, after(5))
    assert store.configuration("d1") == {"callflow.yaml": "version: 1\n# ü"}
    assert store.configurations() == [("d1", NOW)]
    assert store.configuration("d2") is None


def test_configurations_are_listed_newest_first(store: Store) -> None:
    for number in range(3):
        store.keep_configuration(f"d{number}", {}, after(number))
    assert [digest for digest, _ in store.configurations()] == ["d2", "d1", "d0"]


def test_every_activation_is_remembered(store: Store) -> None:
    assert store.activations() == []
    for second, (digest, who) in enumerate([("d1", "directory"), ("d2", "directory"), ("d1", "kim")]):
        store.activate(digest, after(second), who)
    assert [(one.digest, one.by) for one in store.activations()] == [
        ("d1", "kim"),
        ("d2", "directory"),
        ("d1", "directory"),
    ]
    assert store.activations()[0].at == after(2)


def test_a_new_database_is_used_by_no_older_server(store: Store) -> None:
    assert store.oldest_server() == SCHEMA_VERSION
