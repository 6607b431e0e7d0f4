"""After a call: what servers do about follow-ups when their time comes, and what people do about them."""

from datetime import datetime, timedelta
from typing import Self

from callflow.core import incidents
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.keepers import DUE
from callflow.service.configurations import Configurations
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.incidents import Incidents
from callflow.service.ports import Entry
from tests.e2e.conversation import Conversation


class AfterCall:
    """The time after a conversation. It passes only here, and servers look often enough."""

    def __init__(self, talk: Conversation) -> None:
        self.store, self.call, self.at = talk.callflow.store, talk.call, talk.clock.now()
        self.keeper = FollowUpKeeper(self.store, Configurations(talk.configuration), lambda: self.at, DUE)
        self.incidents = Incidents(self.store, self.keeper)
        self.until(self.at)

    def passes(self, **time: float) -> Self:
        """Hours or days pass; whatever is due meanwhile is looked at when it is due."""
        return self.until(self.at + timedelta(**time))

    def until(self, end: datetime) -> Self:
        while due := [one.due for one in self.store.follow_ups() if one.due and one.due <= end]:
            self.at = max(self.at, min(due))
            self.keeper.look()
        self.at = end
        return self

    @property
    def incident(self) -> FollowUp:
        found = self.store.follow_up(incidents.incident_id(self.call.id))
        assert found
        return found

    @property
    def check_ins(self) -> list[FollowUp]:
        return self.store.follow_ups(FollowUpKind.CHECK_IN, call=self.call.id, closed=True)

    def noted(self, kind: str, actor: str = "") -> list[Entry]:
        found = [one for one in self.store.journal(self.call.id) if one.note.kind == kind]
        return [one for one in found if actor in ("", one.note.actor)]

    def outcomes(self, kind: str) -> list[str]:
        return [f"{one.note.actor}: {one.note.outcome}" for one in self.noted(kind)]
