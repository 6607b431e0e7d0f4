"""What the staff line tells people of their incidents and check-ins, and takes from them."""

from collections.abc import Callable
from datetime import datetime, timedelta
from math import ceil

from callflow.core import incidents
from callflow.core.check_ins import Reply, owner
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused
from callflow.core.incidents import IncidentState
from callflow.core.records import immutable, record
from callflow.core.staff_line.menu import Given
from callflow.core.staff_line.session import Session, StaffPlace
from callflow.service.configurations import Configurations
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.incidents import Incidents, of_person
from callflow.service.ports import Store

HOUR = timedelta(hours=1)


@record
class Incident:
    """One that is spoken of: who has it ("" for nobody), in how many hours it is answered; 0 if that is late."""

    reference: str
    owner: str
    hours: int
    missing: bool


@record
class AfterCalls:
    """What the person hears besides the menu. ``open`` and ``missing``: whether there are incidents, and whether one
    waits for their words. ``check_in`` is who would like to ask how they are, or has just been answered."""

    open: bool = False
    missing: bool = False
    incident: Incident | None = None
    check_in: str = ""


@immutable
class StaffIncidents:
    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]

    @property
    def _cases(self) -> Incidents:
        return Incidents(self.store, FollowUpKeeper(self.store, self.configurations, self.clock, {}))

    def given(self, person: str) -> Given:
        offered = self._cases.offered(person)
        mine = tuple(one.id for one in self._given_ones(person))
        return Given(incidents=mine, check_in=offered[0].id if offered else "")

    def _given_ones(self, person: str) -> list[FollowUp]:
        """Those that somebody has, because the call is over."""
        found = self.store.follow_ups(FollowUpKind.INCIDENT)
        return [one for one in of_person(found, person) if incidents.answer_by(one)]

    def reply(self, session: Session, reply: str) -> None:
        """What the person says to a check-in. One that is not offered any more stays as it is."""
        try:
            self._cases.reply(session.check_in, session.person, Reply(reply))
        except Refused:  # a repeated webhook, or the offer is over
            return

    def told(self, session: Session) -> AfterCalls:
        """For the document of this session."""
        if session.place not in (StaffPlace.MENU, StaffPlace.CHECK_IN):
            return AfterCalls()
        mine = self._given_ones(session.person)
        offered = self._cases.offered(session.person)
        asked = self.store.follow_up(session.check_in) if session.check_in else (offered[0] if offered else None)
        return AfterCalls(
            open=bool(mine), missing=any(session.person in incidents.missing(one) for one in mine),
            incident=self._spoken(session) if session.news == "staff_incident" else None,
            check_in=self.configurations.current.name_of(owner(asked)) if asked else "",
        )  # fmt: skip

    def _spoken(self, session: Session) -> Incident | None:
        found = self.store.follow_up(session.incident)
        call = self.store.read(found.call) if found else None
        until = incidents.answer_by(found) if found else None
        if found is None or call is None or found.closed:
            return None
        late = found.state == IncidentState.LATE
        hours = 0 if late or until is None else max(1, ceil((until - self.clock()) / HOUR))
        return Incident(reference=call.reference, owner=self.configurations.current.name_of(found.person), hours=hours,
                        missing=session.person in incidents.missing(found))  # fmt: skip
