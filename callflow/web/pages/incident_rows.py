"""Incidents as rows of a list: who has each, until when, and whether that is late. Nobody's words."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from callflow.core import incidents
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp
from callflow.core.incidents import ANSWERED, IncidentState
from callflow.service.incidents import of_person
from callflow.service.viewers import Viewer, ViewerRole


class IncidentRow(NamedTuple):
    """``mark`` is a class of the style. ``until``: by when it is to be answered, None while the call goes on."""

    call: str
    reference: str
    reasons: Sequence[str]
    state: str
    mark: str
    who: str
    until: datetime | None
    late: bool
    opened: datetime
    missing: Sequence[str]
    answered: bool


def row(one: FollowUp, call: Call | None, configuration: Configuration, now: datetime) -> IncidentRow:
    until, answered = incidents.answer_by(one), one.state in ANSWERED
    late = one.state == IncidentState.LATE or bool(until and until < now and not answered)
    answer = one.body.get("answer", {})
    state = {
        IncidentState.OPEN: "the call goes on, or was over a moment ago",
        IncidentState.GIVEN: "to be answered",
        IncidentState.LATE: "late",
    }.get(one.state, str(answer.get("answer", "answered")).replace("_", " "))  # type: ignore[call-overload]
    return IncidentRow(
        call=one.call, reference=call.reference if call else "erased", reasons=incidents.reasons(one),
        state="late" if late else state, mark="lock" if late else "done" if answered else "now",
        who=configuration.name_of(answer.get("by", one.person)), until=until, late=late, opened=one.at,
        answered=answered,
        missing=[] if one.closed else [configuration.name_of(each) for each in incidents.missing(one)],
    )  # fmt: skip


def may_see(viewer: Viewer, one: FollowUp, call: Call | None) -> bool:
    """Reviewers see all, supervisors those of their teams and their own, agents those that they were on."""
    if ViewerRole.REVIEWER in viewer.roles or one.person == viewer.person or of_person([one], viewer.person):
        return True
    on = call is not None and viewer.person in incidents.people_on(call)
    return on or (ViewerRole.SUPERVISOR in viewer.roles and call is not None and call.team in viewer.teams)
