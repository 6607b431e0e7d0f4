"""A pytest plugin: run chosen tests only, in the order of the choice, and write down the CPU time that each took.

The choice, and the file for the durations, are in a JSON file whose path is in CALLFLOW_TESTS_SELECTION.
"""

import json
import os
import resource
import time
from pathlib import Path

import pytest

import callflow

MEMORY_BYTES = 4 << 30
"""A mutant that appends for ever must not take the machine with it."""


class Selection:
    def __init__(self, wanted: list[str], durations: str) -> None:
        self.wanted = {id: number for number, id in enumerate(wanted)}
        self.durations = durations
        self.seconds: dict[str, float] = {}
        self.begun = 0.0

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        if self.wanted:
            config.hook.pytest_deselected(items=[one for one in items if one.nodeid not in self.wanted])
            items[:] = sorted(
                (one for one in items if one.nodeid in self.wanted), key=lambda one: self.wanted[one.nodeid]
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self.begun = time.process_time()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        item.user_properties.append(("seconds", time.process_time() - self.begun))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            self.seconds[report.nodeid] = float(str(dict(report.user_properties).get("seconds", 0)))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.durations and not hasattr(session.config, "workerinput"):
            Path(self.durations).write_text(json.dumps(self.seconds), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    here = Path(callflow.__file__).parents[1]
    assert here == config.rootpath, f"the tests would import {here}, not the broken copy in {config.rootpath}"
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    asked = json.loads(Path(os.environ["CALLFLOW_TESTS_SELECTION"]).read_text(encoding="utf-8"))
    config.pluginmanager.register(Selection(asked["wanted"], asked["durations"]), "mutants")
