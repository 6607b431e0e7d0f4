"""Replays a past call: passes its recorded events through the core, one by one. No clock, no provider."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.decide import decide, new_call
from callflow.core.events import CallStarted, Event, OutgoingStarted
from callflow.core.invariants import broken
from callflow.core.notes import Note
from callflow.core.outgoing import new_outgoing
from callflow.service.moments import Moment
from callflow.service.outgoing import way_of
from callflow.service.redaction import restored

BEGINNINGS = (CallStarted, OutgoingStarted)


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One event of a past call, with the call before and after it and its journal notes.

    ``last``: the last event of its unit of work, so that ``moment.stage`` and ``places`` are those of ``after``.
    """

    moment: Moment
    fact: Event
    before: Call
    after: Call
    notes: tuple[Note, ...]
    last: bool

    def broken(self, configuration: Configuration) -> list[str]:
        """The floors that this decision breaks: none, ever."""
        before = None if isinstance(self.fact, BEGINNINGS) else self.before
        return broken(before, self.fact, self.after, self.notes, configuration)


def replayed(
    end: Call, history: Sequence[Moment], configuration: Configuration, digest: str = ""
) -> Iterator[ReplayStep]:
    """Every event in order. ``end`` is the call as stored; ``digest`` is that of another configuration than its own."""
    call: Call | None = None
    for moment in history:
        for number, recorded in enumerate(moment.facts, 1):
            fact = restored(recorded, call or end, end, configuration)
            if call is None:
                if not isinstance(fact, BEGINNINGS):
                    return
                call = _opened(end, fact, configuration, digest)
            decision = decide(call, fact, configuration)
            yield ReplayStep(moment, fact, call, decision.call, decision.notes, number == len(moment.facts))
            call = decision.call


def _opened(end: Call, fact: CallStarted | OutgoingStarted, configuration: Configuration, digest: str) -> Call:
    """The call at its beginning, in the flow that ``configuration`` has for the called number."""
    if isinstance(fact, OutgoingStarted):
        flow, step = way_of(configuration, fact.team, fact.called)
        begun = new_outgoing(end.id, fact, configuration, reference=end.reference, language=end.language, flow=flow,
                             step=step, account=end.account)  # fmt: skip
        return begun.but(digest=digest or end.digest)
    flow = configuration.numbers.get(end.called, end.flow)
    return new_call(end.id, fact, reference=end.reference, flow=flow, digest=digest or end.digest,
                    language=configuration.language, account=end.account, call_token=end.call_token)  # fmt: skip
