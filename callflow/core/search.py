"""The search of a call for a person, as a part of the call."""

from datetime import datetime

from callflow.core.configuration import Group
from callflow.core.records import record


@record
class Search:
    """A search for a person. It ends at ``until``; the people in ``tried`` are not rung again in this round."""

    group: Group
    team: str
    tried: tuple[str, ...] = ()
    until: datetime | None = None
    priority: int = 0
    ahead: int = 0  # callers before this one in the queue, when last counted
    refused: tuple[str, ...] = ()  # people whom the provider has refused to ring since it last rang anybody
    since: datetime
    later: str = ""  # as in Call
