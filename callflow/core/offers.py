"""What an agent has offered to the caller (``guidance``): written down, and told to whoever takes the call next."""

from typing import Final

from callflow.core.call import Word
from callflow.core.draft import DecisionDraft
from callflow.core.events import OfferMade
from callflow.core.guidance import Offer
from callflow.core.notes import NoteKind, NoteOutcome

KEY: Final = "#"
"""In the star menu, where something may be offered: it asks for the number of what was."""


def open_to(draft: DecisionDraft) -> list[Offer]:
    """What may be offered on this call, by its team and reason, and was not yet."""
    call = draft.call
    return [one for one in draft.configuration.guidance.offers_for(call.team, call.reason) if one.id not in call.offers]


def made(draft: DecisionDraft, event: OfferMade) -> None:
    """By a person who is with the caller. What was offered already, or may not be, changes nothing."""
    if event.leg in (draft.call.lead, draft.call.helper):
        note(draft, event.leg, event.offer)


def note(draft: DecisionDraft, leg: str, offer: str, key: str = "") -> bool:
    """Write it down, once. False if it is none of those that are open."""
    found = next((one for one in open_to(draft) if one.id == offer), None)
    if found is None:
        return False
    draft.call = draft.call.but(offers=(*draft.call.offers, found.id))
    draft.note(NoteKind.OFFER, draft.actor(leg), key=key, outcome=NoteOutcome.OFFERED, offer=found.name)
    return True


def told(draft: DecisionDraft) -> list[Word]:
    """For a briefing: each offer that was made, by its name."""
    known = draft.configuration.guidance.offers
    return [draft.fragment("flag_offered", offer=known[one].name) for one in draft.call.offers if one in known]
