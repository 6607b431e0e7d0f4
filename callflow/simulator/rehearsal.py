"""A configuration for the demo: a copy of the files with some values changed."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from ruamel.yaml import YAML


def shortened(config: Path, target: Path, changes: Mapping[str, Mapping[str, int]]) -> Path:
    """Copy the directory ``config`` to ``target``, change values of ``deescalation.yaml``, and return ``target``.

    ``changes`` maps a section to its new values.
    """
    shutil.copytree(config, target)
    yaml, path = YAML(), target / "deescalation.yaml"
    content = yaml.load(path.read_text(encoding="utf-8"))
    for section, values in changes.items():
        content[section].update(values)
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(content, file)
    return target
