"""A changed directory is taken up only if it passes; calls keep theirs; a person may go back; all is on record."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callflow.configuration.kept import changes, load_texts, texts
from callflow.configuration.problems import ConfigurationError
from callflow.core.configured import Configuration
from callflow.service.editions import DIRECTORY, Editions, Shelf, Unfit
from callflow.service.houses import Houses
from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store

ROOT = Path(__file__).parents[2]
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Node:
    """One server's view: a directory of its own, a store that others may share."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.config, self.store, self.ticks = folder, store, 0
        if not folder.exists():
            shutil.copytree(ROOT / "config", folder)
        house, files = self.directory()
        shelf = Shelf(changes=lambda: changes(folder), directory=self.directory, kept=self.checked)
        self.editions = Editions(store, Houses(house), shelf, self.now)
        self.editions.begin(house, files)

    def now(self) -> datetime:
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)

    def checked(self, files: Mapping[str, str]) -> Configuration:
        try:
            return load_texts(files, ROOT / "audio")
        except ConfigurationError as error:
            raise Unfit(str(error)) from error

    def directory(self) -> tuple[Configuration, Mapping[str, str]]:
        files = texts(self.config)
        return self.checked(files), files

    def edit(self, old: str, new: str) -> None:
        path = self.config / "deescalation.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.editions.look()

    @property
    def hold_seconds(self) -> int:
        return self.editions.houses.current.policy.time_out.seconds

    @property
    def history(self) -> list[tuple[str, str]]:
        return [(one.digest, one.by) for one in self.store.activations()]


@pytest.fixture
def store() -> Store:
    return open_store("memory:")


@pytest.fixture
def node(tmp_path: Path, store: Store) -> Node:
    return Node(tmp_path / "config", store)


def test_the_first_start_keeps_and_activates_the_directory(node: Node) -> None:
    digest = node.editions.houses.current.digest
    assert node.history == [(digest, DIRECTORY)]
    assert node.store.configuration(digest) == texts(node.config)


def test_a_good_change_is_taken_up_and_an_old_call_keeps_its_own(node: Node) -> None:
    old = node.editions.houses.current
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    assert node.hold_seconds == 45
    assert node.editions.houses.of(old.digest).policy.time_out.seconds == 30
    assert [by for _, by in node.history] == [DIRECTORY, DIRECTORY]


def test_a_bad_change_is_told_and_changes_nothing(node: Node) -> None:
    node.edit("  seconds: 30 ", "  seconds: 90 ")
    assert node.hold_seconds == 30
    assert "CF014" in node.editions.problem
    assert len(node.history) == 1
    node.edit("  seconds: 90 ", "  seconds: 40 ")
    assert (node.hold_seconds, node.editions.problem) == (40, "")


def test_a_store_that_is_away_at_the_start_is_told_when_it_is_back(node: Node) -> None:
    class Away:
        def activations(self) -> object:
            raise StoreUnavailable("away")

    shelf = Shelf(changes=lambda: changes(node.config), directory=node.directory, kept=node.checked)
    house, files = node.directory()
    late = Editions(Away(), Houses(house), shelf, node.now)  # type: ignore[arg-type]
    for use in (lambda: late.begin(house, files), late.look):
        with pytest.raises(StoreUnavailable):
            use()
    late.versions = open_store("memory:")
    late.look()
    assert [one.digest for one in late.versions.activations()] == [house.digest]


def test_problems_of_a_changed_directory_name_the_files_of_ops(node: Node) -> None:
    node.edit("seconds: 30", "seconds: 3000")
    assert "\ndeescalation.yaml:" in node.editions.problem


def test_a_person_goes_back_and_every_node_follows(node: Node, tmp_path: Path) -> None:
    first = node.editions.houses.current.digest
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    other = Node(node.config, node.store)
    node.store.activate(first, node.now(), "kim")
    for one in (node, other):
        one.editions.look()
        assert one.hold_seconds == 30
    assert node.history[0] == (first, "kim")


def test_a_restart_does_not_undo_a_rollback_but_a_new_change_does(node: Node) -> None:
    first = node.editions.houses.current.digest
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    node.store.activate(first, node.now(), "kim")
    again = Node(node.config, node.store)
    assert again.hold_seconds == 30
    again.edit("  seconds: 45 ", "  seconds: 50 ")
    assert again.hold_seconds == 50


def test_after_a_restart_a_call_in_progress_finds_what_it_began_with(node: Node) -> None:
    first = node.editions.houses.current.digest
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    again = Node(node.config, node.store)
    assert again.editions.houses.of(first).policy.time_out.seconds == 30
    assert again.editions.houses.of("unknown") is again.editions.houses.current


def test_an_activation_that_cannot_be_loaded_here_is_told_and_not_followed(node: Node) -> None:
    node.store.keep_configuration("f" * 64, {"callflow.yaml": "version: 1"}, node.now())
    node.store.activate("f" * 64, node.now(), "kim")
    node.editions.look()
    assert node.hold_seconds == 30
    assert "cannot be loaded here" in node.editions.problem
