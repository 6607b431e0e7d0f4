"""One event and what it did to a call, as the floors (``invariants``) and the promises of the proofs look at it."""

from collections.abc import Sequence
from typing import NamedTuple

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import DigitPressed, Event
from callflow.core.notes import Note, NoteKind
from callflow.core.stages import PlaceName


class Transition(NamedTuple):
    """One event that was applied. ``before`` is the call before it; for the first event, a new call."""

    before: Call
    event: Event
    after: Call
    notes: Sequence[Note]
    configuration: Configuration
    newly_at: PlaceName | None
    """The caller's place, if the caller was elsewhere before."""

    def noted(self, *kinds: NoteKind) -> list[Note]:
        return [note for note in self.notes if note.kind in kinds]

    def by_key_of_lead(self, key: str, actor: str) -> bool:
        """Whether the event is this key, pressed by the person who was the lead."""
        lead, event = self.before.lead_leg, self.event
        pressed = isinstance(event, DigitPressed) and event.leg == self.before.lead and event.key == key
        return bool(lead and pressed and lead.person == actor)

    def by_lead_at(self, place: PlaceName) -> bool:
        """Whether the event is a key of the lead at this place."""
        lead, event = self.before.lead_leg, self.event
        return isinstance(event, DigitPressed) and lead is not None and event.leg == lead.id and lead.at(place)


def transition(
    before: Call, event: Event, after: Call, notes: Sequence[Note], configuration: Configuration
) -> Transition:
    was, place = before.caller.place.name, after.caller.place.name
    return Transition(before, event, after, notes, configuration, None if place is was else place)
