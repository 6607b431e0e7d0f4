"""What the demo says between the columns: what was promised to the people on the call, and what was kept."""

import re
from typing import Final

from callflow.simulator.transcript import Told

BACK_IN: Final = re.compile(r"will be back in about (\d+) seconds")
TOGETHER: Final = "in the room together: "


class Promises:
    """Follows what people notice, and returns a remark when something promised has been kept or broken."""

    def __init__(self) -> None:
        self._promised = 0
        self._since: float | None = None
        self._three: float | None = None
        self._warned: float | None = None

    def remark(self, told: Told) -> str:
        """What to say after this event, or ""."""
        return self._hold(told) or self._handover(told) or self._warning(told)

    def _hold(self, told: Told) -> str:
        """The promise runs from the end of the words, which is when the music begins, to being together again."""
        if told.who == "Caller" and (found := BACK_IN.search(told.what)):
            self._promised, self._since = int(found[1]), None
        elif self._promised and told.who == "Caller" and "hears  music" in told.what and self._since is None:
            self._since = told.seconds
        elif self._since is not None and TOGETHER in told.what and "Caller" in told.what:
            took, promised, self._promised, since = told.seconds - self._since, self._promised, 0, self._since
            self._since = None
            kept = "Kept" if took <= promised else "BROKEN"
            return f"{kept}: back after {took:.0f} s, promised {promised}." if since else ""
        return ""

    def _handover(self, told: Told) -> str:
        if TOGETHER in told.what and len(told.what.split(",")) == 3:
            self._three = told.seconds
        elif self._three is not None and "you are off the line" in told.what:
            took, self._three = told.seconds - self._three, None
            return f"Kept: {told.who} leaves only now, after all three were together for {took:.0f} s."
        return ""

    def _warning(self, told: Told) -> str:
        if told.who == "Caller" and re.search(r'"We (want to help you|still want to help)', told.what):
            self._warned = told.seconds
        elif self._warned is not None and "Heard in full" in told.what:
            took, self._warned = told.seconds - self._warned, None
            return f"Kept: the caller heard the whole warning, {took:.0f} s. Without that, nothing can be closed."
        return ""
