"""Colours on a terminal: as the person wants them (no-color.org, force-color.org), else where they can be seen."""

import os
from collections.abc import Mapping
from typing import IO, Any


def wanted(environment: Mapping[str, str] = os.environ) -> bool | None:
    """True or False if NO_COLOR, FORCE_COLOR or a dumb terminal says so; None if the output decides."""
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return False if environment.get("TERM") == "dumb" else None


def colour(stream: IO[Any]) -> bool:
    """Whether to write colours to this stream."""
    said = wanted()
    return stream.isatty() if said is None else said
