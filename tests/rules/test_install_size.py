"""The size of an installation that the README tells is the size that it has."""

import re
from pathlib import Path

from tests.bench.size import EXTRAS, measure
from tests.conftest import skip_or_fail

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TOLERANCE = 0.15
"""Wheels of other machines and later versions are a little larger or smaller."""


def test_an_installation_is_as_large_as_the_readme_says() -> None:
    told = re.search(r"takes (\d+) MB with everything it requires; the extra `postgres`[^.]* adds (\d+) MB", README)
    assert told, "the README does not tell the size of an installation"
    sizes = measure()
    for kind, size in zip(("default", *EXTRAS), told.groups(), strict=True):
        found, absent = sizes[kind]
        if absent:
            skip_or_fail(f"{', '.join(sorted(absent))} not installed")
        real = sum(found.values())
        assert abs(int(size) - real) <= TOLERANCE * real, f"{kind}: {real:.0f} MB, told {size} MB"
