"""Who can be rung: somebody who is free, on a telephone that nobody is using.

Free, resting and away are said of a person (``people``). In use is said of a telephone, which several may have: the
presence of all of them is read and locked together. A person who rests does not keep the others from their telephone.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from callflow.core.configuration import Configuration
from callflow.core.telephones import everybody_at
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Transaction


def in_use(one: PersonPresence) -> bool:
    """Whether this person is on the telephone, or is being rung there. After a call they may rest without it."""
    on_the_line = one.presence is Presence.WRAP_UP and one.until is None
    return on_the_line or one.presence in (Presence.RUNG, Presence.ON_CALL, Presence.STAFF_LINE)


def free(tx: Transaction, wanted: Sequence[str], configuration: Configuration, at: datetime) -> list[PersonPresence]:
    """Those of ``wanted`` who are free at a telephone that is not in use, in the same order."""
    if not wanted:
        return []
    shared = configuration.shared_telephones
    known = {one.person: one for one in tx.presence([*wanted, *sorted(everybody_at(wanted, shared) - {*wanted})], at)}
    busy = everybody_at([id for id, one in known.items() if in_use(one)], shared) if shared else ()
    return [known[id] for id in wanted if known[id].presence is Presence.FREE and id not in busy]


def once_each(people: Iterable[PersonPresence], configuration: Configuration) -> list[PersonPresence]:
    """Without whoever has the telephone of somebody before: it is rung once."""
    rung: set[str] = set()
    found = []
    for one in people:
        if one.person not in rung:
            found.append(one)
            rung |= everybody_at([one.person], configuration.shared_telephones)
    return found


def freed(people: Iterable[PersonPresence], configuration: Configuration) -> list[str]:
    """The ids of those who can be rung now: who became free, and who has a telephone that is not in use any more."""
    shared = configuration.shared_telephones
    found: dict[str, None] = {}  # dict[str, None]() makes a type each time
    for one in people:
        if one.presence is Presence.FREE:
            found[one.person] = None
        if shared and not in_use(one):
            found |= dict.fromkeys(sorted(everybody_at([one.person], shared) - {one.person}))
    return list(found)
