"""Text messages to phones. They are taken and arrive; delivery reports are not emulated."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ARRIVES_SECONDS = 1.0


@dataclass(frozen=True, eq=False)
class Message:
    """As the account sent it. `body` is whole, whatever the network makes of it."""

    sid: str
    created: datetime
    from_number: str
    to_number: str
    body: str
