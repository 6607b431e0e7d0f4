"""The codes of problems, read from ``codes.md``: severity, title, explanation, fix.

A code never changes its meaning. ``callflow explain`` and ``docs/checks.md`` show the same text.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

TEXT = Path(__file__).with_name("codes.md")
HEADING = re.compile(r"^## (?P<code>CF\d{3}) (?P<severity>error|warning): (?P<title>.+)$")
FIX = "Fix: "


class Severity(StrEnum):
    ERROR = "error"
    """The configuration cannot be used."""
    WARNING = "warning"
    """It works, but is probably not meant; ``callflow check --strict`` fails."""


class Code(NamedTuple):
    """``about`` is Markdown: the meaning, the reason, an example. ``fix`` is one sentence."""

    severity: Severity
    title: str
    about: str
    fix: str
    topic: str


def _codes(text: str) -> Iterator[tuple[str, Code]]:
    topic = ""
    for part in re.split(r"^(?=## CF|# [A-Z])", text, flags=re.MULTILINE):
        heading, _, body = part.partition("\n")
        found = HEADING.match(heading)
        if found:
            lines = body.strip().splitlines()
            fix = next(line.removeprefix(FIX) for line in lines if line.startswith(FIX))
            about = "\n".join(line for line in lines if not line.startswith(FIX)).strip()
            yield found["code"], Code(Severity(found["severity"]), found["title"], about, fix, topic)
        else:
            topic = heading.removeprefix("# ")


CODES: Mapping[str, Code] = MappingProxyType(dict(_codes(TEXT.read_text(encoding="utf-8"))))
