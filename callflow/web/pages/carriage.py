"""How a page stays up to date: it asks once a second for its fragment, with the version that it shows.

Nothing has changed: 204, which htmx leaves alone. (With 304 the browser gives the script its own copy as a 200, and
everything is swapped.) Else the fragment is rendered once per version and audience, and shared by all who ask alike.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from time import perf_counter
from typing import Final

from flask import Response

MOST_KEPT: Final = 64
"""So many fragments are kept: audiences that look at once. Each has some 10 to 200 kB."""
POLL_SECONDS: Final = 1
SLOW_POLL_SECONDS: Final = 5
SLOW_RENDER_SECONDS: Final = 0.1
"""If making a fragment takes longer than this, its page asks every ``SLOW_POLL_SECONDS``."""
MOST_OPEN: Final = 400
"""If more sessions than this have a page open, too."""
OPEN_SECONDS: Final = 15.0


class Fragments:
    """Rendered fragments by audience. Thread-safe; of those who ask for the same at once, one renders it."""

    def __init__(self) -> None:
        self._mutex = Lock()
        self._kept: OrderedDict[Hashable, tuple[str, str]] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self.seconds = 0.0
        """What one takes to be made: the quicker one of the last two, as the first also compiles its template."""
        self._last = 0.0
        self._open: dict[str, float] = {}

    @property
    def poll_seconds(self) -> int:
        """How often pages should ask. They are told with each fragment."""
        many = len(self._open) > MOST_OPEN
        return SLOW_POLL_SECONDS if many or self.seconds > SLOW_RENDER_SECONDS else POLL_SECONDS

    def asked_by(self, session: str) -> None:
        """A page of this session is open."""
        now = perf_counter()
        with self._mutex:
            self._open[session] = now
            if len(self._open) > MOST_OPEN:
                self._open = {one: at for one, at in self._open.items() if at > now - OPEN_SECONDS}

    def answer(self, audience: Hashable, version: str, seen: str, render: Callable[[], str]) -> Response:
        """204 if the page shows this version already, else the fragment."""
        if seen == version:
            return Response(status=204, headers={"Cache-Control": "no-store"})
        return Response(self.text(audience, version, render), content_type="text/html; charset=utf-8",
                        headers={"Cache-Control": "no-store"})  # fmt: skip

    def text(self, audience: Hashable, version: str, render: Callable[[], str]) -> str:
        with self._mutex:
            making = self._making.setdefault(audience, Lock())
        with making:
            kept = self._kept.get(audience)
            if kept and kept[0] == version:
                return kept[1]
            begun = perf_counter()
            made = render()
            self._last, before = perf_counter() - begun, self._last
            self.seconds = min(self._last, before)
            self._keep(audience, version, made)
            return made

    def _keep(self, audience: Hashable, version: str, made: str) -> None:
        with self._mutex:
            self._kept[audience] = (version, made)
            self._kept.move_to_end(audience)
            while len(self._kept) > MOST_KEPT:
                oldest, _ = self._kept.popitem(last=False)
                self._making.pop(oldest, None)
