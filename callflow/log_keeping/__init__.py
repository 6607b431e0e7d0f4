"""Keeps the log of finished calls: appends to it, signs checkpoints, and shows them to others (docs/evidence.md)."""

from typing import Final

KIND: Final = "witness"
"""Of the jobs that show a checkpoint."""
TRIES: Final = 12
"""About eight hours; the next checkpoint is shown all the same."""
KEEP_SECONDS: Final = 10.0
