"""The live calls as this node knows them: while nothing changes nothing is read, and else only the calls that changed.

Shared by all pages of a node. Thread-safe; of those who ask at once, one reads.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic
from typing import Final

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp
from callflow.core.later_fields import UnreadableCall
from callflow.core.records import record
from callflow.service.board.call_view import CallView, call_view
from callflow.service.board.journal_facts import NO_FACTS, JournalFacts, Needed, facts_of, needed
from callflow.service.configurations import Configurations
from callflow.service.live_rows import LastHelp
from callflow.service.people import PersonPresence
from callflow.service.ports import CannotOpen, Store

log = logging.getLogger(__name__)

LEAST_SECONDS: Final = 0.15
"""With a poll a second, a change is still seen within 1.2 s."""
MANY: Final = 100
"""If more calls than this have changed, they are read in one query."""


@record
class Live:
    """What is live. ``version`` changes whenever it does, also because time passes, and is the same on every node that
    knows the same. ``stored`` is that of the store. ``urgent`` are follow-ups with the calls that they are of."""

    version: str = ""
    stored: str = ""
    calls: Mapping[str, Call] = field(default_factory=dict)
    views: Mapping[str, CallView] = field(default_factory=dict)
    """By id, those that have lasted longest first."""
    people: Sequence[PersonPresence] = ()
    urgent: Sequence[tuple[FollowUp, Call]] = ()
    unreadable: int = 0
    """So many live calls cannot be read here: those of a newer Callflow, or damaged ones. Their webhooks find out."""
    changes_at: datetime | None = None
    """When something of it looks different although nothing happens."""


class LiveCalls:
    """``least_seconds``: so long what was read counts as new, however much happens, so that many boards beside many
    calls cost no more than a few readings a second. ``between`` is called after each call that is read."""

    def __init__(self, store: Store, configurations: Configurations, clock: Callable[[], datetime],
                 least_seconds: float = LEAST_SECONDS, between: Callable[[], None] = lambda: None) -> None:  # fmt: skip
        self._store, self._configurations, self._clock = store, configurations, clock
        self.least_seconds, self._between, self._read_at = least_seconds, between, float("-inf")
        self._last_help: tuple[str, LastHelp] = ("", LastHelp())
        self._mutex = Lock()
        self._live = Live()
        self._facts: dict[str, tuple[Needed, JournalFacts]] = {}
        self._unreadable: dict[str, int] = {}

    def now(self, *, fresh: bool = False) -> Live:
        """``fresh``: for whoever has just changed something. Raises StoreUnavailable."""
        seen = self._live
        if self._is_current(seen, fresh):
            return seen
        with self._mutex:
            if self._live is seen or not self._is_current(self._live, fresh):
                self._live = self._read(self._live)
                self._read_at = monotonic()
            return self._live

    def last_help(self) -> datetime | None:
        """When somebody was helped last. Asked for only while nobody needs anybody. Raises StoreUnavailable."""
        version, known = self._last_help
        if version != self._live.stored:
            self._last_help = (self._live.stored, self._store.last_help(known))
        return self._last_help[1].at

    def _is_current(self, live: Live, fresh: bool) -> bool:
        if not fresh and monotonic() < self._read_at + self.least_seconds:
            return True
        due = live.changes_at is not None and live.changes_at <= self._clock()
        return live.stored == self._store.page_version() and not due

    def _read(self, known: Live) -> Live:
        """The version is read first: what changes meanwhile is another one, and is read the next time."""
        stored, at = self._store.page_version(), self._clock()
        calls, views = dict(known.calls), dict(known.views)
        if stored == known.stored:
            people, urgent = known.people, known.urgent
        else:
            self._bring_up_to_date(calls, views, at)
            people, urgent = self._store.people(at), self._urgent(calls, known.urgent)
        for id, view in known.views.items():
            if view.turns_at and view.made_at < view.turns_at <= at and id in calls:
                views[id] = self._view(calls[id], at)
        views = dict(sorted(views.items(), key=_begun))
        passed, changes_at = self._turns(views.values(), people, at)
        return Live(version=f"{stored}.{int(passed.timestamp()) if passed else 0}", stored=stored, calls=calls,
                    views=views, people=people, urgent=urgent, unreadable=len(self._unreadable),
                    changes_at=changes_at)  # fmt: skip

    def _turns(self, views: Iterable[CallView], people: Iterable[PersonPresence], at: datetime
               ) -> tuple[datetime | None, datetime | None]:  # fmt: skip
        """When time alone has changed something last, and will next: a promise is over, a break, or hours of duty."""
        turns = [one.turns_at for one in views if one.turns_at]
        for one in people:
            turns += [one.since] if one.until is None else [one.since, one.until]
        current = self._configurations.current
        if any(one.on_duty for group in (current.agents, current.supervisors) for one in group.values()):
            minute = at.replace(second=0, microsecond=0)
            turns += [minute, minute + timedelta(minutes=1)]
        return (max((one for one in turns if one <= at), default=None),
                min((one for one in turns if one > at), default=None))  # fmt: skip

    def _bring_up_to_date(self, calls: dict[str, Call], views: dict[str, CallView], at: datetime) -> None:
        versions = self._store.live_versions()
        for id in calls.keys() - versions.keys():
            del calls[id], views[id]
            self._facts.pop(id, None)
        known = {id: call.seq for id, call in calls.items()} | self._unreadable
        changed = {id: seq for id, seq in versions.items() if known.get(id) != seq}
        found = self._changed(changed)
        for id, call in found.items():
            if id in versions:
                calls[id], views[id] = call, self._view(call, at)
                self._between()
        failed = {id: seq for id, seq in (self._unreadable | changed).items() if id not in found}
        self._unreadable = {id: seq for id, seq in failed.items() if id in versions}
        for id in calls.keys() & self._unreadable:
            del calls[id], views[id]

    def _changed(self, ids: Collection[str]) -> dict[str, Call]:
        """Those that can be read."""
        if len(ids) > MANY:
            with suppress(UnreadableCall, CannotOpen):
                return {call.id: call for call in self._store.calls(limit=1_000_000)}
        return {id: call for id in ids if (call := self._readable(id))}

    def _readable(self, id: str) -> Call | None:
        """The call, None if it cannot be read."""
        try:
            return self._store.read(id)
        except (UnreadableCall, CannotOpen) as error:
            log.error("the board leaves out a call: %s", error)
            return None

    def _urgent(self, calls: Mapping[str, Call], known: Sequence[tuple[FollowUp, Call]]
                ) -> Sequence[tuple[FollowUp, Call]]:  # fmt: skip
        """Calls that are over do not change any more, as far as it is shown."""
        over = {call.id: call for _, call in known}
        found = [(one, calls.get(one.call) or over.get(one.call) or self._readable(one.call))
                 for one in self._store.urgent_follow_ups()]  # fmt: skip
        return [(one, call) for one, call in found if call]

    def _view(self, call: Call, at: datetime) -> CallView:
        return call_view(call, self.configuration_of(call), self._facts_of(call), at)

    def configuration_of(self, call: Call) -> Configuration:
        return self._configurations.of(call.digest)

    def _facts_of(self, call: Call) -> JournalFacts:
        wanted = needed(call)
        if wanted is None:
            return NO_FACTS
        kept = self._facts.get(call.id)
        if kept is None or kept[0] != wanted:
            kept = self._facts[call.id] = (wanted, facts_of(self._store.journal(call.id)))
        return kept[1]


def _begun(one: tuple[str, CallView]) -> tuple[datetime, str]:
    return one[1].started_at, one[0]
