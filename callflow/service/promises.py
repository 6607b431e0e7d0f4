"""The use cases of promises of a call back (``core.promises``): who has which, being reminded, keeping one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from callflow.core import promises
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.core.promises import CannotChange
from callflow.core.records import immutable
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.follow_ups import FollowUpChange
from callflow.service.jobs import Args, NewJob
from callflow.service.ports import Store

RING: Final = "ring_owner"
"""The kind of job that rings the owner of a promise, and then the caller. ``args``: ``promise`` (an id), ``person``."""
AGAIN_SECONDS: Final = 300.0
"""How long after an owner could not be rung, because they were busy, it is tried again."""


class Promise(NamedTuple):
    """A promise with its call. ``due``: by when the caller was promised a call."""

    follow_up: FollowUp
    call: Call
    due: datetime

    @property
    def number(self) -> str:
        """E.164; "" if the caller showed none and has given none."""
        return self.call.call_back.number if self.call.call_back else ""


def listed(store: Store, person: str = "", *, closed: bool = False) -> list[Promise]:
    """Open promises (of a person), or with ``closed`` all: what is due first comes first. Raises StoreUnavailable."""
    found = [
        (one, store.read(one.call)) for one in store.follow_ups(FollowUpKind.PROMISE, person=person, closed=closed)
    ]
    known = [Promise(one, call, call.call_back.due) for one, call in found if call and call.call_back]
    return sorted(known, key=lambda one: (one.follow_up.closed, one.due, one.follow_up.id))


def of_call(store: Store, reference: str) -> Promise:
    """The promise of the call with this spoken reference, or id. Raises CannotChange, StoreUnavailable."""
    call = store.find(reference) or store.read(reference)
    if call is None:
        raise CannotChange(f"there is no call with the reference {reference}")
    found = store.follow_up(follow_up_id(call.id, FollowUpKind.PROMISE))
    if found is None or call.call_back is None:
        raise CannotChange(f"nobody was promised a call back on call {call.reference}")
    return Promise(found, call, call.call_back.due)


@immutable
class Promises:
    """``ring`` begins the call that keeps a promise: it rings this person, and then the caller; returns its id.

    It raises ``refused`` with the reason if that cannot be done now.
    """

    keeper: FollowUpKeeper
    ring: Callable[[Promise, str], str]
    refused: type[Exception]

    def kept(self, id: str, by: str, call: str = "") -> None:
        """Raises CannotChange, StoreUnavailable; so do the others."""
        self._change(id, lambda one, _, at: promises.kept(one, by, at, call))

    def withdrawn(self, id: str, by: str, reason: str) -> None:
        self._change(id, lambda one, _, at: promises.withdrawn(one, by, at, reason))

    def given(self, id: str, by: str, to: str) -> None:
        self._change(id, lambda one, configuration, at: promises.given(one, by, to, configuration, at))

    def call(self, id: str, person: str) -> str:
        """Ring this person, and then the caller. Returns the id of the call. Raises ``refused``, too."""
        one = of_call(self.keeper.store, id.rpartition(f"-{FollowUpKind.PROMISE.value}-")[0])
        if one.follow_up.closed:
            raise CannotChange(f"it is {one.follow_up.state} already")
        return self.ring(one, person)

    def run_ring(self, args: Args) -> None:
        """The handler of the job ``RING``."""
        store, at = self.keeper.store, self.keeper.clock()
        one = store.follow_up(args["promise"])
        if one is None or one.closed or one.person != args["person"]:
            return
        try:
            if any(known.away for known in store.people(at) if known.person == one.person):
                raise self.refused("on a break")
            self.call(one.id, one.person)
        except self.refused:  # which is no failure
            again = ringing(one.call, one.person, at, AGAIN_SECONDS)
            store.transact(lambda tx: tx.defer(again))

    def run_kept(self, args: Args) -> None:
        """The handler of the job ``KEPT``. It does nothing the second time."""
        try:
            self.kept(args["promise"], args["person"], args["call"])
        except CannotChange:
            return

    def _change(self, id: str, work: Callable[[FollowUp, Configuration, datetime], promises.Changed]) -> None:
        def _decide(one: FollowUp, _: Call, configuration: Configuration, at: datetime) -> FollowUpChange:
            after, entries = work(one, configuration, at)
            return FollowUpChange(follow_up=after, entries=entries)

        self.keeper.change(id, _decide)


def ringing(call: str, person: str, at: datetime, wait_seconds: float = 0.0) -> NewJob:
    """The job that rings this person to keep the promise of a call (its id). While one waits, nothing is deferred."""
    id = follow_up_id(call, FollowUpKind.PROMISE)
    return NewJob(kind=RING, at=at, key=f"{RING} {id}", args={"promise": id, "person": person},
                  wait_seconds=wait_seconds, once=True)  # fmt: skip


def due(one: FollowUp, call: Call, configuration: Configuration, at: datetime) -> FollowUpChange:
    """What happens when the time of a promise has come (``follow_up_keeper.Decide``): whoever has it then is rung."""
    after, entries = promises.due(one, call, configuration, at)
    can_be_called = configuration.outgoing_calls and call.call_back and call.call_back.number
    jobs: Sequence[NewJob] = [ringing(after.call, after.person, at)] if entries and can_be_called else ()
    return FollowUpChange(follow_up=after, entries=entries, jobs=jobs)
