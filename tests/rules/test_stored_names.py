"""The values of enumerations are stored, sent and configured, so one that is renamed is not found again."""

import importlib
import os
import pkgutil
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import callflow

KEPT = Path(__file__).parent / "stored_names.txt"
PACKAGES = ("callflow.core", "callflow.service")


def modules() -> Iterator[str]:
    for package in PACKAGES:
        found = importlib.import_module(package)
        yield from (one.name for one in pkgutil.walk_packages(found.__path__, f"{package}."))


def names() -> str:
    lines = set()
    for module in modules():
        for found in vars(importlib.import_module(module)).values():
            if isinstance(found, type) and issubclass(found, StrEnum) and found.__module__ == module:
                where = f"{module.removeprefix(f'{callflow.__name__}.')}.{found.__name__}"
                lines |= {f"{where} {member.value}" for member in found}
    return "".join(f"{line}\n" for line in sorted(lines))


def test_no_stored_name_is_changed_by_accident() -> None:
    """One that is added or taken out on purpose is written here, after reading callflow/store/migrations/README.md."""
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        KEPT.write_text(names(), encoding="utf-8")
    assert names() == KEPT.read_text(encoding="utf-8")
