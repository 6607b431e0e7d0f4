"""Every test of this folder breaks a copy of its own."""

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from callflow.audio import levels
from callflow.configuration import loading
from callflow.configuration.checks import audio as audio_checks
from callflow.configuration.reading import source
from tests.configuration.workbench import ROOT, Workbench, plain_audio

READ: dict[tuple[str, str, bytes], source.Source] = {}
SHAPED: dict[int, tuple[source.Source, Any]] = {}
"""By the id of the source, which is kept so that no other gets the same id."""
# Most tests read the shipped configuration, and change little of it: what is the same is parsed and measured once.
source.composed = cache(source.composed)
audio_checks.level = cache(levels.level)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    shutil.copytree(ROOT / "config", tmp_path / "config", ignore=shutil.ignore_patterns("scenarios"))
    (tmp_path / "audio").symlink_to(plain_audio())
    monkeypatch.chdir(tmp_path)
    return Workbench(Path("config"), Path("audio"))


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that did not change are not read again: edits are what is tested."""
    read, shape = loading.read, loading.shape

    def read_once(directory: Path, name: str) -> source.Source:
        path = directory / name
        key = (directory.as_posix(), name, path.read_bytes() if path.is_file() else b"missing")
        if key not in READ:
            READ[key] = read(directory, name)
        return READ[key]

    def shape_once(one: source.Source, model: Any) -> Any:
        # The same file is always of the same shape; the missing folder, which is not in READ, is made anew each time.
        if not one.content:
            return shape(one, model)
        if id(one) not in SHAPED:
            SHAPED[id(one)] = one, shape(one, model)
        return SHAPED[id(one)][1]

    monkeypatch.setattr(loading, "read", read_once)
    monkeypatch.setattr(loading, "shape", shape_once)
