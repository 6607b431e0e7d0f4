"""What is counted and timed, for monitoring."""

from typing import Protocol


class Counters(Protocol):
    def count(self, name: str, *labels: str) -> None:
        """Add one to a counter of ``runtime.metrics``. ``labels`` are never numbers or words of callers."""

    def observe(self, name: str, seconds: float) -> None:
        """Add a duration to a histogram of ``runtime.metrics``."""
