"""A pytest plugin: run chosen tests only, in the order of the choice, and write down how long each took.

The choice, and the file for the durations, are in a JSON file whose path is in CALLFLOW_TESTS_SELECTION.
"""

import json
import os
import resource
from collections import defaultdict
from pathlib import Path

import pytest

import callflow

MEMORY_BYTES = 4 << 30
"""A mutant that appends for ever must not take the machine with it."""


class Selection:
    def __init__(self, wanted: list[str], durations: str) -> None:
        self.wanted = {id: number for number, id in enumerate(wanted)}
        self.durations = durations
        self.seconds: dict[str, float] = defaultdict(float)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self.wanted:
            config.hook.pytest_deselected(items=[one for one in items if one.nodeid not in self.wanted])
            items[:] = sorted(
                (one for one in items if one.nodeid in self.wanted), key=lambda one: self.wanted[one.nodeid]
            )

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.durations and not hasattr(session.config, "workerinput"):
            Path(self.durations).write_text(json.dumps(self.seconds), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    here = Path(callflow.__file__).parents[1]
    assert here == config.rootpath, f"the tests would import {here}, not the broken copy in {config.rootpath}"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.loads(Path(os.environ["CALLFLOW_TESTS_SELECTION"]).read_text(encoding="utf-8"))
    config.pluginmanager.register(Selection(asked["wanted"], asked["durations"]), "mutants")
