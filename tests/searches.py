"""What a search of the service answers in conversations on the virtual clock: who is told of a warning, who is rung."""

from collections.abc import Collection
from datetime import datetime

from callflow.core import events as e
from callflow.core import supervision
from callflow.core.call import Call
from callflow.core.configuration import Configuration


def answer(call: Call, configuration: Configuration, at: datetime, busy: Collection[str], *, tells: bool = True
           ) -> e.Event | None:  # fmt: skip
    """The answer to what the call has to tell a supervisor, or whose telephone a search takes over; else None.

    Without ``tells`` nobody is free to be told of a warning.
    """
    if call.telling:
        asked = tells or call.telling == supervision.CO_SIGNATURE
        free = [one for one in supervision.people(call, configuration) if asked and one not in busy]
        return e.SupervisorFound(at=at, people=tuple(free[:1]))
    rung = supervision.rung_for(call)
    return e.PeopleFound(at=at, people=(rung,)) if rung else None
