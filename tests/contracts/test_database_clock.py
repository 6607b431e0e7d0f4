"""The clock of the database, with which `callflow doctor` compares the machine's."""

from datetime import timedelta

from callflow.bootstrap import system_clock
from callflow.store import open_store
from callflow.store.upgrades import opened
from tests.contracts.sample import SECRETS


def test_the_clock_of_a_database_on_this_machine_is_the_machines(database_url: str) -> None:
    open_store(database_url, SECRETS).close()
    before = system_clock() - timedelta(milliseconds=5)
    with opened(database_url) as tables:
        assert before <= tables.clock() <= system_clock() + timedelta(milliseconds=5)
