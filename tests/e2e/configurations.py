"""Configurations for whole calls: the shipped one with some values changed."""

import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.simulator import demo_script, rehearsal
from tests.e2e.conversation import AUDIO, ROOT

BRIEF = {
    "greeting": "Hello.", "reason_menu": "Press 1 for a bill, or 2 for a delivery.", "connecting": "Thank you.",
    "hold_request": "Hold {n} seconds to {reason}?",
    "hold_start": "Thank you. About {n} seconds, or press 2 to talk.", "hold_return": "Thank you for holding.",
}  # fmt: skip
"""Scripts that take a second or two, for calls in real time."""


@cache
def demo_configuration() -> Configuration:
    """The configuration of the demo: every wait is as short as permitted."""
    with tempfile.TemporaryDirectory() as folder:
        changed = rehearsal.shortened(ROOT / "config", Path(folder) / "config", demo_script.SHORTER)
        return load(changed, AUDIO)


def brief(folder: Path, **files: Mapping[str, Any]) -> Path:
    """Write the shipped files with brief scripts and the shortest hold to ``folder``; ``files`` replaces other keys."""
    config = rehearsal.shortened(ROOT / "config", folder / "config", {"time_out": {"seconds": 15}})
    rewrite(config / "scripts" / "en.yaml", {"scripts": {name: {"text": text} for name, text in BRIEF.items()}})
    for name, values in files.items():
        rewrite(config / f"{name}.yaml", values)
    return config


def rewrite(path: Path, values: Mapping[str, Any]) -> None:
    yaml = YAML()
    content = yaml.load(path.read_text(encoding="utf-8"))
    for key, value in values.items():
        content[key] = {**content[key], **value} if isinstance(content[key], dict) else value
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
