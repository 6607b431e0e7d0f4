"""What ops and strangers can read of a call: the log, the metrics, the health pages, error pages and the output."""

import io
import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import Any

from callflow.simulator.scenario import Acts, Scenario
from callflow.simulator.world import TOKEN

PAGES = ("/metrics", "/readyz", "/healthz", "/voice/inbound", "/nowhere", "/audio/none/none.wav")
SECRETS = (TOKEN, "a rehearsal, not a secret")
AT_LEAST = 4
"""Digits that are worth a search: fewer are in any figure."""
WORDS = ("a name", "words said")


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The log of everything inside, at its most talkative, and what is printed. Filled at the end."""
    texts: list[str] = []
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))  # the traceback comes with it
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        with redirect_stdout(stream), redirect_stderr(stream):
            yield texts
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        texts.append(stream.getvalue())


def pages(app: Any) -> list[str]:
    """The pages as this machine sees them, which is more than strangers do."""
    client = app.test_client()
    found = [client.get(path) for path in PAGES]
    found += [client.post("/voice/inbound", data={"Digits": "1"}), client.post("/voice/inbound", data="x" * 70_000)]
    return [f"{one.status}\n{one.headers}\n{one.text}" for one in found]


def personal(scenario: Scenario) -> dict[str, str]:
    """What must not be read, by what it is."""
    configuration = scenario.configuration
    people = {**configuration.agents, **configuration.supervisors, "security": configuration.security}
    numbers = [*scenario.callers.values(), *(one.phone for one in people.values())]
    acts = [step for step in scenario.steps if isinstance(step, Acts)]
    typed = [step.value.strip("*#") for step in acts if step.action == "presses"]
    said = [step.value for step in acts if step.action == "says"]
    return {
        **{secret: "a secret" for secret in SECRETS},
        **{number.lstrip("+"): "a number" for number in numbers if len(number) > AT_LEAST},
        **{digits: "digits typed" for digits in typed if len(digits) >= AT_LEAST},
        **{words: "words said" for words in said if len(words) >= AT_LEAST},
        **{one.name: "a name" for one in people.values()},
    }


def found_in(texts: list[str], wanted: Mapping[str, str]) -> list[str]:
    """What of ``wanted`` stands in one of the texts: words as whole words, anything else anywhere."""
    whole = "\n".join(texts)
    return [
        f"{kind}: {what}"
        for what, kind in wanted.items()
        if (re.search(rf"(?<!\w){re.escape(what)}(?!\w)", whole, re.IGNORECASE) if kind in WORDS else what in whole)
    ]
