"""During an upgrade from the Callflow of schema version 5, it and this one go on with each other's calls."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from callflow.core.call import Call
from callflow.core.codec import decode, encode
from callflow.core.earlier_layout import LAYOUT
from callflow.service.ports import Change, Transaction
from callflow.store.memory import MemoryStore
from callflow.telephony import place_documents
from callflow.telephony.urls import Urls
from tests.simulator.suite import AUDIO, played_into, shipped, shipped_scenarios

T = TypeVar("T")
HERE = Path(__file__).parent / "schema5"
URLS = Urls("https://a.test", "https://b.test", "secret")


@pytest.fixture(scope="session")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Callflow of schema version 5, as it was."""
    folder = tmp_path_factory.mktemp("schema5")
    with tarfile.open(HERE / "callflow.tar.xz") as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # since Python 3.11.4
        packed.extractall(folder)
    return folder


def done_by(callflow: Path, program: str, given: str = "") -> list[str]:
    """What a program of that Callflow prints."""
    environment = {**os.environ, "PYTHONPATH": str(callflow)}
    done = subprocess.run([sys.executable, HERE / program, AUDIO], env=environment, cwd=callflow, capture_output=True,
                          text=True, check=False, input=given)  # fmt: skip
    assert not done.returncode, done.stderr
    return done.stdout.splitlines()


class Shared(MemoryStore):
    """Keeps every state of its calls as it is stored while servers of before may read it."""

    def __init__(self) -> None:
        super().__init__()
        self.states: list[str] = []

    def transact(self, work: Callable[[Transaction], T]) -> T:
        return super().transact(lambda unit: work(Noted(unit, self.states)))  # type: ignore[arg-type]


class Noted:
    def __init__(self, unit: Transaction, states: list[str]) -> None:
        self._unit, self._states = unit, states

    def save(self, change: Change) -> None:
        assert change.earlier
        self._states.append(encode(change.earlier(), version=LAYOUT))
        self._unit.save(change)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)


def unspeakable(call: Call) -> Iterator[str]:
    for leg in call.legs:
        try:
            place_documents.render(call, leg, shipped(), URLS)
        except KeyError as error:
            yield f"{leg.place.name} {error!r}"


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.long)])
def test_the_old_one_reads_and_speaks_every_state_of_a_scenario(before: Path, every: int) -> None:
    store = Shared()
    both = [name for name in shipped_scenarios() if not name.startswith("outgoing_")]  # these wait for the upgrade
    for name in both[::every]:
        played_into(store, name)
    assert done_by(before, "read.py", "\n".join(store.states)) == []
    assert {found for text in store.states for found in unspeakable(decode(text))} == set()


def test_this_one_reads_and_speaks_every_state_of_the_old_one(before: Path) -> None:
    states = done_by(before, "demo.py")
    seen = {decode(text).stage.value for text in states}
    assert seen >= {"arriving", "waiting", "choosing", "holding", "consulting", "introducing", "warning"}
    assert {found for text in states for found in unspeakable(decode(text))} == set()
