"""A telephone behind a number: the exchange there answers, hears the keys of SendDigits, and rings the extension.

For the app the leg is in progress from then on (the keys are sent "after connecting to the number", OpenAPI document),
so its document plays while the telephone still rings. Its person hears it from the moment of picking up.
"""

from __future__ import annotations

import re

SENT = re.compile(r"[0-9A-D#*wW]{1,32}")
"""What SendDigits may be (the OpenAPI document)."""
WAITS = {"w": 0.5, "W": 1.0}
KEY_SECONDS = 0.2
"""Assumed; no document gives a figure."""
EXCHANGE_SECONDS = 1.0
"""Until the exchange answers. Assumed."""


def address(number: str, sent: str) -> str:
    """The name of the telephone: `+15550100111 204`, or the number alone without keys."""
    keys = "".join([one for one in sent if one not in WAITS]) if sent else ""
    return f"{number} {keys}" if keys else number


def seconds(sent: str) -> float:
    """How long it takes to send these keys."""
    return sum(WAITS.get(one, KEY_SECONDS) for one in sent)
