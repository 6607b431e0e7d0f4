"""What an agent has in view during a call: a card for each stage, sentences, and what may be offered to the caller.

It advises and decides nothing; only an offer that was made is written down, and told to whoever comes next.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from string import Formatter
from typing import Final

from callflow.core.records import record

DEFAULT: Final = "default"
"""The card of every stage without one of its own."""


@record
class Card:
    """At most five words, and one sentence."""

    title: str
    words: tuple[str, ...]
    say: str


@record
class Offer:
    """Something that agents may offer by themselves. ``number`` is its digit; ``name`` completes "offered: ...".

    ``limits`` are for the agent's eyes. No ``teams`` or ``reasons``: for every one.
    """

    id: str
    name: str
    number: str
    limits: str = ""
    teams: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()

    def for_call(self, team: str, reason: str) -> bool:
        return (not self.teams or team in self.teams) and (not self.reasons or reason in self.reasons)


@record
class Guidance:
    """``empathy`` and ``summary``: sentences with variables, the most exact one first."""

    cards: Mapping[str, Card] = field(default_factory=dict)
    offers: Mapping[str, Offer] = field(default_factory=dict)
    empathy: tuple[str, ...] = ()
    summary: tuple[str, ...] = ()

    def card(self, *names: str) -> Card | None:
        """The first that there is of these names (locks, then the stage), else the default."""
        return next((self.cards[one] for one in (*names, DEFAULT) if one in self.cards), None)

    def offers_for(self, team: str, reason: str) -> list[Offer]:
        """In the order of their numbers."""
        found = [one for one in self.offers.values() if one.for_call(team, reason)]
        return sorted(found, key=lambda one: one.number)


def fields_of(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def filled(sentences: Iterable[str], values: Mapping[str, str]) -> str:
    """The first sentence all of whose variables are known, with their values; "" if there is none."""
    for one in sentences:
        if all(values.get(name) for name in fields_of(one)):
            return one.format_map(values)
    return ""
