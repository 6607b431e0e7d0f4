"""A changed directory is activated if it is valid. Calls keep theirs. People can go back to an earlier one."""

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callflow.configuration.problems import ConfigurationError
from callflow.configuration.snapshots import changes, load_texts, texts
from callflow.core.configuration import Configuration
from callflow.service.activation import DIRECTORY, ConfigurationActivator, ConfigurationSource, InvalidConfiguration
from callflow.service.configurations import Configurations
from callflow.service.ports import Store, StoreUnavailable
from callflow.store import open_store

ROOT = Path(__file__).parents[2]
START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class Node:
    """One server, with its own directory and a store that it may share with others."""

    def __init__(self, folder: Path, store: Store) -> None:
        self.config, self.store, self.ticks = folder, store, 0
        if not folder.exists():
            shutil.copytree(ROOT / "config", folder)
        configuration, files = self.directory()
        source = ConfigurationSource(changes=lambda: changes(folder), directory=self.directory, stored=self.checked)
        self.activator = ConfigurationActivator(store, Configurations(configuration), source, self.now)
        self.activator.begin(configuration, files)

    def now(self) -> datetime:
        self.ticks += 1
        return START + timedelta(seconds=self.ticks)

    def checked(self, files: Mapping[str, str]) -> Configuration:
        try:
            return load_texts(files, ROOT / "audio")
        except ConfigurationError as error:
            raise InvalidConfiguration(str(error)) from error

    def directory(self) -> tuple[Configuration, Mapping[str, str]]:
        try:
            files = texts(self.config)
        except ConfigurationError as error:
            raise InvalidConfiguration(str(error)) from error
        return self.checked(files), files

    def edit(self, old: str, new: str) -> None:
        path = self.config / "deescalation.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        self.activator.check_for_changes()

    @property
    def hold_seconds(self) -> int:
        return self.activator.configurations.current.policy.time_out.seconds

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
    digest = node.activator.configurations.current.digest
    assert node.history == [(digest, DIRECTORY)]
    assert node.store.configuration(digest) == texts(node.config)


def test_a_good_change_is_taken_up_and_an_old_call_keeps_its_own(node: Node) -> None:
    old = node.activator.configurations.current
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    assert node.hold_seconds == 45
    assert node.activator.configurations.of(old.digest).policy.time_out.seconds == 30
    assert [by for _, by in node.history] == [DIRECTORY, DIRECTORY]


def test_a_bad_change_is_told_and_changes_nothing(node: Node) -> None:
    node.edit("  seconds: 30 ", "  seconds: 90 ")
    assert node.hold_seconds == 30
    assert "CF014" in node.activator.problem
    assert len(node.history) == 1
    node.edit("  seconds: 90 ", "  seconds: 40 ")
    assert (node.hold_seconds, node.activator.problem) == (40, "")


def test_the_log_says_where_a_bad_change_is_and_no_telephone_number(
    node: Node, caplog: pytest.LogCaptureFixture
) -> None:
    path = node.config / "people.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("+15550100111", "+4930 12"), encoding="utf-8")
    node.edit("  seconds: 30 ", "  seconds: 90 ")
    assert "+4930" in node.activator.problem
    (told,) = [one for one in caplog.messages if "not taken up" in one]
    assert "deescalation.yaml:" in told
    assert "people.yaml:7:" in told
    assert "CF014, " in told
    assert "4930" not in told


def test_a_file_that_cannot_be_read_is_told_and_changes_nothing(node: Node) -> None:
    (node.config / "scripts" / "fr.yaml").mkdir()
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    assert node.hold_seconds == 30
    assert "scripts/fr.yaml:1:1 CF002 this file cannot be read: Is a directory" in node.activator.problem
    (node.config / "scripts" / "fr.yaml").rmdir()
    node.activator.check_for_changes()
    assert (node.hold_seconds, node.activator.problem) == (45, "")


def test_a_store_that_is_away_at_the_start_is_told_when_it_is_back(node: Node) -> None:
    class Away:
        def activations(self) -> object:
            raise StoreUnavailable("away")

    source = ConfigurationSource(changes=lambda: changes(node.config), directory=node.directory, stored=node.checked)
    configuration, files = node.directory()
    late = ConfigurationActivator(Away(), Configurations(configuration), source, node.now)  # type: ignore[arg-type]
    for use in (lambda: late.begin(configuration, files), late.check_for_changes):
        with pytest.raises(StoreUnavailable):
            use()
    late.versions = open_store("memory:")
    late.check_for_changes()
    assert [one.digest for one in late.versions.activations()] == [configuration.digest]


def test_problems_of_a_changed_directory_name_the_files_of_ops(node: Node) -> None:
    node.edit("seconds: 30", "seconds: 3000")
    assert "\ndeescalation.yaml:" in node.activator.problem


def test_a_person_goes_back_and_every_node_follows(node: Node, tmp_path: Path) -> None:
    first = node.activator.configurations.current.digest
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    other = Node(node.config, node.store)
    node.store.activate(first, node.now(), "kim")
    for one in (node, other):
        one.activator.check_for_changes()
        assert one.hold_seconds == 30
        assert f"in force is configuration {first[:12]}, activated by kim, and not that of" in one.activator.difference
    assert node.history[0] == (first, "kim")
    node.edit("  seconds: 45 ", "  seconds: 50 ")
    assert (node.hold_seconds, node.activator.difference) == (50, "")


def test_a_restart_does_not_undo_a_rollback_but_a_new_change_does(node: Node) -> None:
    first = node.activator.configurations.current.digest
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    node.store.activate(first, node.now(), "kim")
    again = Node(node.config, node.store)
    assert again.hold_seconds == 30
    assert "activated by kim" in again.activator.difference
    again.edit("  seconds: 45 ", "  seconds: 50 ")
    assert again.hold_seconds == 50


def test_files_that_were_put_back_while_no_server_ran_are_told(node: Node) -> None:
    """Another node may have newer files, so they are not taken up by themselves."""
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    path = node.config / "deescalation.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("  seconds: 45 ", "  seconds: 30 "), encoding="utf-8")
    again = Node(node.config, node.store)
    assert again.hold_seconds == 45
    told = again.activator.difference
    assert "taken from a directory, and not that of this directory" in told
    assert "`callflow config activate directory`" in told
    again.store.activate(node.history[1][0], again.now(), "kim")
    again.activator.check_for_changes()
    assert (again.hold_seconds, again.activator.difference) == (30, "")


def test_a_change_that_is_noticed_while_the_store_is_away_is_taken_up_afterwards(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(node.store, "keep_configuration", away)
        with pytest.raises(StoreUnavailable):
            node.edit("  seconds: 30 ", "  seconds: 45 ")
    node.activator.check_for_changes()
    assert node.hold_seconds == 45


def test_after_a_restart_a_call_in_progress_finds_what_it_began_with(node: Node) -> None:
    first = node.activator.configurations.current.digest
    node.edit("  seconds: 30 ", "  seconds: 45 ")
    again = Node(node.config, node.store)
    assert again.activator.configurations.of(first).policy.time_out.seconds == 30
    assert again.activator.configurations.of("unknown") is again.activator.configurations.current


def test_an_activation_that_cannot_be_loaded_here_is_told_and_not_followed(node: Node) -> None:
    node.store.keep_configuration("f" * 64, {"callflow.yaml": "version: 1"}, node.now())
    node.store.activate("f" * 64, node.now(), "kim")
    node.activator.check_for_changes()
    assert node.hold_seconds == 30
    assert "cannot be loaded here" in node.activator.problem
