"""Durations and ages in the words of ``static/clock.js``, so that nothing changes when the script takes over."""

from datetime import datetime, timedelta


def words(seconds: float) -> str:
    """ "12 s", "3 min 05 s", "2 h 10 min", "3 d 4 h"."""
    whole = max(0, int(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if days:
        return f"{days} d {hours % 24} h"
    if hours:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{minutes} min {whole % 60:02d} s" if minutes else f"{whole} s"


def between(begin: datetime, end: datetime) -> str:
    return words((end - begin) / timedelta(seconds=1))


def until(at: datetime, now: datetime) -> str:
    """How long yet, or how late: "2 h 10 min", "3 d 4 h late"."""
    left = (at - now).total_seconds()
    return f"{words(-left)} late" if left < 0 else words(left)
