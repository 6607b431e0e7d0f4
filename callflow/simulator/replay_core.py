"""A past call lived through again: its history, fact by fact, through the pure core. No clock, no provider."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callflow.core.call import Call, Note
from callflow.core.configuration import Configuration
from callflow.core.decide import decide, new_call
from callflow.core.events import CallStarted, Event
from callflow.core.invariants import broken
from callflow.service.moments import Moment
from callflow.service.redaction import restored


@dataclass(frozen=True, slots=True)
class ReplayStep:
    """One fact of a past call: the call before it and after it, and what the journal says of it.

    ``last``: no other fact of the same unit of work follows, so ``moment.stage`` and ``places`` are those of ``after``.
    """

    moment: Moment
    fact: Event
    before: Call
    after: Call
    notes: tuple[Note, ...]
    last: bool

    def broken(self, configuration: Configuration) -> list[str]:
        """The floors that this decision breaks: none, ever."""
        before = None if isinstance(self.fact, CallStarted) else self.before
        return broken(before, self.fact, self.after, self.notes, configuration)


def replayed(
    end: Call, history: Sequence[Moment], configuration: Configuration, digest: str = ""
) -> Iterator[ReplayStep]:
    """Every fact in order. ``end`` is the call as it is stored now, ``digest`` of another configuration to live in."""
    call: Call | None = None
    for moment in history:
        for number, told in enumerate(moment.facts, 1):
            fact = restored(told, call or end, end, configuration)
            if call is None:
                if not isinstance(fact, CallStarted):
                    return
                call = _opened(end, fact, configuration, digest)
            decision = decide(call, fact, configuration)
            yield ReplayStep(moment, fact, call, decision.call, decision.notes, number == len(moment.facts))
            call = decision.call


def _opened(end: Call, fact: CallStarted, configuration: Configuration, digest: str) -> Call:
    """The beginning: in its own configuration as it was, in another one by that one's rules."""
    flow = configuration.numbers.get(end.called, end.flow)
    return new_call(end.id, fact, reference=end.reference, flow=flow, digest=digest or end.digest,
                    language=configuration.language)  # fmt: skip
