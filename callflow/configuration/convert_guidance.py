"""Converts guidance.yaml to the core's values."""

from callflow.configuration.reading.guidance import GuidanceFile
from callflow.core.guidance import Card, Guidance, Offer


def guidance_of(file: GuidanceFile | None) -> Guidance:
    if file is None:
        return Guidance()
    return Guidance(
        cards={name: Card(title=one.title, words=tuple(one.words), say=one.say) for name, one in file.cards.items()},
        offers={id: Offer(id=id, name=one.name, number=one.number, limits=one.limits, teams=frozenset(one.teams),
                          reasons=frozenset(one.reasons)) for id, one in file.offers.items()},
        empathy=tuple(file.sentences.empathy),
        summary=tuple(file.sentences.summary),
    )  # fmt: skip
