"""The directory of the configuration is gone, or wrong, when a server starts."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from callflow import active_configuration
from callflow.bootstrap import compose, gateway_of
from callflow.configuration.problems import ConfigurationError
from callflow.runtime.periodic import PeriodicTask
from callflow.runtime.runners import InlineRunner
from callflow.simulator.world import World
from callflow.store.memory import MemoryStore
from tests.e2e.conversation import AUDIO, ROOT


def test_a_server_starts_with_what_was_activated_last(tmp_path: Path) -> None:
    """And takes up the directory again as soon as it is good."""
    world, store, config = World(), MemoryStore(), tmp_path / "config"
    shutil.copytree(ROOT / "config", config)
    settings = replace(world.settings(AUDIO), config=config, cache=tmp_path / "cache", operations_token="ops",
                       api_base_url="http://127.0.0.1:9")  # fmt: skip

    def starts() -> tuple[str, str]:
        """The configuration of new calls, and the warning of /readyz when the files have been looked at."""
        configuration, files = active_configuration.load(settings, store)
        server = compose(settings, configuration, store=store, gateway=gateway_of(settings), clock=world.clock.now,
                         runner=InlineRunner(), watch=files)  # fmt: skip
        for task in server.periodic_tasks:
            if isinstance(task, PeriodicTask):
                task._task()
        page = server.app.test_client().get("/readyz", headers={"Authorization": "Bearer ops"})
        return server.configurations.current.digest, str(json.loads(page.data).get("warnings", json.loads(page.data)))

    good, told = starts()
    assert "not taken up" not in told
    for break_it in (lambda: (config / "people.yaml").write_text("version: 1"), lambda: shutil.rmtree(config)):
        break_it()
        digest, told = starts()
        assert digest == good
        assert "not taken up" in told
    shutil.copytree(ROOT / "config", config)
    digest, told = starts()
    assert digest == good
    assert "not taken up" not in told


def test_a_first_start_without_a_configuration_is_refused(tmp_path: Path) -> None:
    settings = replace(World().settings(AUDIO), config=tmp_path / "none", cache=tmp_path / "cache")
    with pytest.raises(ConfigurationError):
        active_configuration.load(settings, MemoryStore())
