"""Who may see what of an incident file. Nothing is shown to an agent or a caller that is not named here.

| | court | agent | caller |
|---|---|---|---|
| the caller's number, words and voice | yes | no | yes |
| names of staff | yes | their own | roles |
| what staff said and wrote about it | yes | their own | no |
| the configuration, the journal as it is hashed | yes | no | no |
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from callflow.core.call import CALLER, Call
from callflow.core.configuration import Configuration
from callflow.core.draft import SYSTEM
from callflow.core.notes import Note, NoteOutcome
from callflow.core.records import record

PLAIN_DETAILS: Final = frozenset({
    "conduct", "needed_seconds", "elapsed_seconds", "seconds", "how", "kind", "n", "offer",
})  # fmt: skip
"""Details of entries that name nobody, and quote nobody."""
PLAIN_OUTCOMES: Final = frozenset(one.value for one in NoteOutcome)
LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "court": (),
    "agent": ("the number, the words and the voice of the caller", "names, words and recordings of colleagues",
              "the journal as it is hashed, and the configuration, because they name people"),
    "caller": ("names of our people: they are called by their role", "what our people said and wrote about the call",
               "the journal as it is hashed, and the configuration, because they name people"),
}  # fmt: skip
"""By audience, in words."""


class Audience(StrEnum):
    COURT = "court"
    AGENT = "agent"
    CALLER = "caller"


@record
class View:
    """What one audience sees of a call. ``person``: whose copy it is, for an agent."""

    audience: Audience
    person: str
    call: Call
    configuration: Configuration | None

    @property
    def whole(self) -> bool:
        return self.audience is Audience.COURT

    def shows(self, person: str) -> bool:
        """Whether this person's words and voice are shown."""
        match self.audience:
            case Audience.COURT:
                return True
            case Audience.AGENT:
                return person == self.person
            case Audience.CALLER:
                return person == CALLER

    def label(self, actor: str) -> str:
        """What an actor of the journal is called."""
        if self.whole or actor in (CALLER, SYSTEM, "") or (self.audience is Audience.AGENT and actor == self.person):
            return actor
        return "a colleague" if self.audience is Audience.AGENT else self.role(actor)

    def role(self, person: str) -> str:
        known = self.configuration
        if known and person in known.agents:
            return "an agent"
        if known and person in known.supervisors:
            return "a supervisor"
        return "one of our people"

    def name(self, person: str) -> str:
        """ "" if the audience must not know it."""
        known = self.configuration
        if not known or not (self.whole or (self.audience is Audience.AGENT and person == self.person)):
            return ""
        found = known.agents.get(person) or known.supervisors.get(person)
        return found.name if found else ""

    def outcome(self, note: Note) -> str:
        return str(note.outcome) if self.whole or note.outcome in PLAIN_OUTCOMES else ""

    def details(self, note: Note) -> dict[str, Any]:
        return {name: value for name, value in note.details.items() if self.whole or name in PLAIN_DETAILS}
