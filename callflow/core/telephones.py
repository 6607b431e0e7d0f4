"""Telephones with something special about them: several people have one, or an extension is dialled behind a number."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from callflow.core.call import Call, Leg, Prompt
from callflow.core.draft import DecisionDraft

ANSWER_SECONDS = 10
"""How long an offer waits for a key."""
REPEATED_AFTER_SECONDS = 4
"""The same behind an extension, where the exchange answers first and the telephone rings on (twilio.md 5.1): whoever
picks up in the middle hears the whole offer a moment later."""
ROUND_SECONDS = 10
"""The least that a round of an offer takes there, in words and silence."""


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


def for_whom(draft: DecisionDraft, leg: Leg) -> list[Prompt]:
    """Whom the call is for, said first where several people have the telephone."""
    if leg.person not in draft.configuration.shared_telephones:
        return []
    return [draft.prompt("offer_for", callee=draft.configuration.person(leg.person).name)]


def rounds(draft: DecisionDraft, leg: Leg) -> dict[str, int]:
    """How long a document waits for a key (``seconds``), and behind an extension how often it is spoken (``rounds``):
    for as long as a telephone is rung."""
    if not draft.configuration.person(leg.person).extension:
        return {"seconds": ANSWER_SECONDS}
    return {"seconds": REPEATED_AFTER_SECONDS, "rounds": 2 + leg.ring_seconds // ROUND_SECONDS}
