"""Which of what may be offered was offered: star, hash and its number. Hash once more: the caller does not answer."""

from callflow.core import choices, no_answer, offers
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed
from callflow.core.stages import PlaceName, Stage


def ask(draft: DecisionDraft, event: DigitPressed) -> None:
    said = draft.prompt("offers_menu", choices=choices.of_offers(draft))
    draft.put(event.leg, PlaceName.OFFERS_MENU, said, seconds=draft.policy.menu.seconds)


def pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    """It is written down, and the lead is back with the caller."""
    if event.key == no_answer.KEY:
        return no_answer.ask(draft, event)
    named = next((one for one in offers.open_to(draft) if one.number == event.key), None)
    draft.stage(Stage.TALKING)
    if named is None:
        return draft.unknown_key(event)
    offers.note(draft, event.leg, named.id, event.key)
    return draft.room(event.leg, draft.prompt("offer_noted", offer=named.name))
