"""Documents of which nothing is known any more, because the database has lost the latest moments of a call."""

from typing import Final

MOST_LOST: Final = 50
"""The most documents of a leg that a database can lose: minutes of somebody who presses keys all the time."""


def is_lost(token: int, known: int) -> bool:
    """Whether the database has lost the document of this number; ``known`` is that of the leg's latest."""
    return known < token <= known + MOST_LOST
