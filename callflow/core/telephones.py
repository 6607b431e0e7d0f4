"""Telephones with something special about them: several people have one, or an extension is dialled behind a number."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import ceil

from callflow.core.call import Call, Leg, Prompt
from callflow.core.draft import DecisionDraft
from callflow.core.stages import PlaceName

ANSWER_SECONDS = 10
"""How long an offer waits for a key."""
REPEATED_AFTER_SECONDS = 4
"""The same behind an extension: whoever picks up in the middle of an offer hears the whole one a moment later."""


def everybody_at(people: Iterable[str], shared: Mapping[str, frozenset[str]]) -> set[str]:
    """These people, and all who have the telephone of one of them. ``shared``: ``Configuration.shared_telephones``."""
    found = set(people)
    return found.union(*(shared[one] for one in found if one in shared)) if shared else found


def in_turn(people: Sequence[str], call: Call, shared: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """The same people; of those who have one telephone, whoever was rung less often on this call comes first."""
    if not shared:
        return tuple(people)
    rung = Counter(leg.person for leg in call.legs)
    turns: dict[frozenset[str], Iterator[str]] = {}
    for one in people:
        if one in shared and shared[one] not in turns:
            turns[shared[one]] = iter(sorted((other for other in people if other in shared[one]), key=rung.__getitem__))
    return tuple(next(turns[shared[one]]) if one in shared else one for one in people)


def ask(draft: DecisionDraft, leg: Leg, place: PlaceName, spoken: Sequence[Prompt], *otherwise: Prompt,
        **details: str | int) -> None:  # fmt: skip
    """Put whoever was rung at ``place`` and say this, then wait for a key; without one, ``otherwise``.

    Where several people have the telephone, it says first for whom the call is. Behind an extension it is all said
    again, for as long as a telephone is rung and once more, because the exchange has answered before the person.
    """
    person = draft.configuration.person(leg.person)
    shared = leg.person in draft.configuration.shared_telephones
    said = [*([draft.prompt("offer_for", callee=person.name)] if shared else []), *spoken]
    numbers = {"seconds": ANSWER_SECONDS}
    if person.extension:
        each = sum(map(draft.seconds, said)) + REPEATED_AFTER_SECONDS
        numbers = {"seconds": REPEATED_AFTER_SECONDS, "rounds": 1 + ceil(leg.ring_seconds / each)}
    draft.put(leg.id, place, *said, *otherwise, **numbers, **details)
