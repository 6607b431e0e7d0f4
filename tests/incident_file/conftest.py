"""The played call, once for all tests of this folder."""

from pathlib import Path

import pytest

from tests.incident_file.played import Typing, play


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("played") / "calls.db"
    play(path)
    return path


@pytest.fixture
def typing(database: Path, tmp_path: Path) -> Typing:
    return Typing(database, tmp_path)


@pytest.fixture(scope="session")
def court(database: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file for a court, with its report as HTML."""
    return Typing(database, tmp_path_factory.mktemp("court")).made("--html")
