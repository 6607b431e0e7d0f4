"""The date and time at which a scenario begins, as clocks on the wall show them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

EXAMPLE = '"2026-12-24 11:59"'


def moment(text: str, timezone: str) -> datetime:
    """The time in UTC. Without an offset it is that of ``timezone``, and of a repeated hour the first one.

    Raises ValueError with a sentence if it is no time, or is left out because clocks are put forward.
    """
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f'"{text}" is no date and time: write it like {EXAMPLE}') from None
    if at.tzinfo:
        return at.astimezone(UTC)
    found = at.replace(tzinfo=ZoneInfo(timezone)).astimezone(UTC)
    if found.astimezone(ZoneInfo(timezone)).replace(tzinfo=None) != at:
        raise ValueError(f"there is no {text} in {timezone}: clocks are put forward then")
    return found
