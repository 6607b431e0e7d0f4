"""A rehearsal's configuration: the shipped files with some values changed, written where they can be loaded."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML


def shortened(config: Path, target: Path, changes: Mapping[str, Mapping[str, int]]) -> Path:
    """Copy a configuration directory and change values of ``deescalation.yaml``; returns the copy's path."""
    shutil.copytree(config, target)
    yaml, path = YAML(), target / "deescalation.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"))
    for section, values in changes.items():
        content[section].update(values)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return target
