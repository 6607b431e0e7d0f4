"""The example of docs/flows for whole calls, with a second language and a system that answers lookups."""

import json
import shutil
import socket
import tempfile
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Self

from callflow.configuration.loading import load
from callflow.core.configuration import Configuration, Flow
from callflow.core.flow_step import Step
from callflow.service.lookup_client import LookupFailure
from callflow.service.ports import Store
from tests.e2e.conversation import AUDIO, OTHERS, ROOT, Conversation
from tests.flows import NUMBER, with_example
from tests.service.test_lookups import Answers

OUTSIDE = "+15550100777"


@cache
def example() -> Configuration:
    """With American and British English (the same words in another voice), and always open."""
    with tempfile.TemporaryDirectory() as folder:
        config = with_example(Path(shutil.copytree(ROOT / "config", Path(folder) / "config")))
        english = config / "scripts" / "en.yaml"
        english.write_text(english.read_text("utf-8") + '  pick: {text: "For English press 1, or 2."}\n', "utf-8")
        british = english.read_text("utf-8").replace("Joanna", "Amy").replace("language: en-US", "language: en-GB")
        (config / "scripts" / "en-gb.yaml").write_text(british, "utf-8")
        flow = config / "flows" / "reception.yaml"
        text = flow.read_text("utf-8").replace("start: opening", "start: pick")
        pick = 'steps:\n  pick: {language: pick, languages: {"1": en, "2": en-gb}, next: opening}\n'
        flow.write_text(text.replace("steps:\n", pick, 1), "utf-8")
        configuration = load(config, AUDIO)
    OTHERS.update(configuration.languages["en"].scripts)
    return with_step(
        configuration, "opening", hours=replace(step_of(configuration, "opening").hours, weekly=(((0, 1440),),) * 7)
    )


def step_of(configuration: Configuration, name: str) -> Any:
    return configuration.flows["reception"].steps[name]


def with_step(configuration: Configuration, name: str, **changes: Any) -> Configuration:
    """The same configuration with one step of the reception changed."""
    flow: Flow = configuration.flows["reception"]
    changed: Step = replace(flow.steps[name], **changes)
    return replace(
        configuration, flows={**configuration.flows, "reception": replace(flow, steps={**flow.steps, name: changed})}
    )


def closed() -> Configuration:
    return with_step(example(), "opening", hours=replace(step_of(example(), "opening").hours, weekly=((),) * 7))


class Crm(Answers):
    """Another system in this process, with its answer, or the reason why it fails."""

    def __init__(self, answer: object) -> None:
        super().__init__(answer if isinstance(answer, LookupFailure) else json.dumps(answer).encode())


class Reception(Conversation):
    """A call to the example's own number, up to the menu."""

    def __init__(self, configuration: Configuration | None = None, lookup_client: Any = None,
                 store: Store | None = None, seed: int = 0) -> None:  # fmt: skip
        super().__init__(configuration or example(), store=store, seed=seed)
        dispatcher = self.callflow.runner.dispatcher
        assert dispatcher
        dispatcher.lookup_client = lookup_client

    def rings(self, caller_id: str | None = None) -> Self:
        self.caller.phone.call(NUMBER, caller_id)
        return self

    def at_menu(self, key: str = "1") -> Self:
        self.rings().caller.hears("pick").presses(key).hears("greeting").hears("matters_menu")
        return self


def local(port: int) -> Callable[..., list[tuple[Any, ...]]]:
    """A resolver of host names that knows one machine."""
    return lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
