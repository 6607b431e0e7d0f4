"""/incidents: what a warning, a closing or worse leaves to be answered by somebody who was not on the call.

Every act is a use case of ``service.incidents`` with the viewer as the person; what it refuses is shown in its words.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.core import incidents as core
from callflow.core.call import Call
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused
from callflow.core.incidents import Answer
from callflow.core.transcription import Purpose
from callflow.service.incidents import Incidents
from callflow.service.page_work import Made
from callflow.service.ports import StoreUnavailable
from callflow.service.viewers import ViewerRole
from callflow.web.dependencies import Dependencies
from callflow.web.pages import incident_rows, journal_words, ops
from callflow.web.pages.timeline import who

OPEN: Final = 1000
PAGE: Final = 50
LONGEST: Final = 4000
"""Characters of what somebody writes."""
SAID: Final[Mapping[str, str]] = {
    "added": "Thank you. What you told is kept with the incident, and sealed.",
    "answered": "Answered. Those who were on the call can read it.",
}
ANYBODYS: Final = frozenset({ViewerRole.REVIEWER, ViewerRole.SUPERVISOR})
"""Who reads what anybody told. An agent reads their own account, and the answer."""
ANSWERS: Final[Mapping[str, str]] = {
    Answer.NO_ACTION: "No action", Answer.APOLOGY: "Apology to the caller", Answer.WARNING_LETTER: "Warning letter",
    Answer.REFER: "Refer to somebody else",
}  # fmt: skip
TOLD: Final = {"yes": "yes", "no": "no", "unsure": "not sure"}


class IncidentPages:
    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        self._store, self._clock = dependencies.calls.store, dependencies.calls.clock

    @property
    def _cases(self) -> Incidents:
        return Incidents(self._store, self._dependencies.follow_ups)

    def page(self) -> str:
        now, configuration, answered = (
            self._clock(),
            self._dependencies.configurations.current,
            "answered" in request.args,
        )
        before = _time(request.args.get("before", ""))
        found = (self._store.closed_follow_ups(FollowUpKind.INCIDENT, before, PAGE) if answered
                 else self._store.follow_ups(FollowUpKind.INCIDENT, limit=OPEN))  # fmt: skip
        older = found[-1].at.isoformat() if answered and len(found) == PAGE else ""
        calls = {one.call: self._store.read(one.call) for one in found}
        rows = [incident_rows.row(one, calls[one.call], configuration, now) for one in found
                if incident_rows.may_see(g.viewer, one, calls[one.call])]  # fmt: skip
        if not answered:
            rows.sort(key=lambda one: (not one.late, one.until is None, one.until or one.opened))
        return render_template("incidents/list.html", rows=rows, now=now, answered=answered, older=older,
                               cut=OPEN if not answered and len(found) == OPEN else 0,
                               mine=configuration.name_of(g.viewer.person),
                               figures=self._store.statistics(now).incidents)  # fmt: skip

    def incident(self, id: str) -> str:
        return self._shown(*self._found(id), said=SAID.get(request.args.get("said", ""), ""))

    def _found(self, id: str) -> tuple[Call, FollowUp]:
        call = self._store.read(id)
        one = self._store.follow_up(core.incident_id(id)) if call else None
        if call is None or one is None:
            abort(404)
        if not incident_rows.may_see(g.viewer, one, call):
            abort(403)
        return call, one

    def _shown(self, call: Call, one: FollowUp, **more: Any) -> str:
        configuration, person = self._dependencies.configurations.current, g.viewer.person
        on = person in core.people_on(call)
        reviewers = (*core.reviewers(configuration), configuration.policy.incidents.late_to)
        return render_template(
            "incidents/incident.html", call=call, one=one, now=self._clock(), facts=self._cases.facts(call, one),
            row=incident_rows.row(one, call, configuration, self._clock()), on=on, told=TOLD, answers=ANSWERS,
            may_answer=person in reviewers and not on and one.state not in core.ANSWERED, longest=LONGEST,
            may_see_call=bool(g.viewer.roles & {ViewerRole.REVIEWER, ViewerRole.SUPERVISOR}),
            who=lambda actor: who(actor, configuration), name_of=configuration.name_of,
            names=[configuration.name_of(one) for one in core.people_on(call)], form=request.form,
            words_of=lambda kind: journal_words.KINDS.get(kind, kind.replace("_", " ")), **more,
        )  # fmt: skip

    def add(self, id: str) -> WerkzeugResponse | str:
        given = {part: request.form.get(part, "").strip()[:LONGEST] for part in core.PARTS}
        if not any(given.values()):
            return self._refused(id, "nothing was filled in")
        return self._act(id, "added", lambda call: self._cases.add(call, g.viewer.person, given))

    def answer(self, id: str) -> WerkzeugResponse | str:
        wanted, words = request.form.get("answer", ""), request.form.get("words", "").strip()[:LONGEST]
        if wanted not in ANSWERS:
            return self._refused(id, "choose one of the four answers")
        return self._act(id, "answered", lambda call: self._cases.answer(call, g.viewer.person, Answer(wanted), words))

    def _act(self, id: str, said: str, act: Callable[[Call], object]) -> WerkzeugResponse | str:
        try:
            act(self._found(id)[0])
        except Refused as why:
            return self._refused(id, str(why))
        return redirect(url_for("incidents.incident", id=id, said=said), 303)

    def _refused(self, id: str, why: str) -> str:
        return self._shown(*self._found(id), problem=why)

    def words(self, id: str) -> str:
        """What people have said about it, after the journal says who reads it, and why."""
        call, _ = self._found(id)
        reason = request.form.get("reason", "").strip()[:500]
        if not reason:
            return self._refused(id, "say why you read it: the journal of the call keeps it with your name")
        one = self._cases.read(call, g.viewer.person, reason)
        every = bool(g.viewer.roles & ANYBODYS)
        drafts = [one for one in self._store.transcripts(call.id) if every and one.purpose is Purpose.INCIDENT]
        accounts = {person: account for person, account in one.body.get("accounts", {}).items()
                    if every or person == g.viewer.person}  # fmt: skip
        return self._shown(call, one, accounts=accounts, answer=one.body.get("answer", {}),
                           drafts=drafts, parts=core.PARTS)  # fmt: skip

    def copy(self, id: str) -> WerkzeugResponse | str:
        """A person's own side, as a file. The journal has its hash, which is its seal."""
        call, _ = self._found(id)
        try:
            content = self._cases.copy(call, g.viewer.person)
        except Refused as why:
            return self._refused(id, str(why))
        name = f"incident-{call.reference}-{g.viewer.person}.json"
        return Response(content, content_type="application/json",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip

    def file(self, id: str) -> str:
        """Begins the whole file of a person's own side, which a command makes; the journal says that it was taken."""
        call, _ = self._found(id)
        if g.viewer.person not in core.people_on(call):
            return self._refused(id, f"{g.viewer.person} was not on this call, and has no side of it")
        return self._file_page(call, self._dependencies.page_work.own_file(call.id, g.viewer.person, begin=True))

    def _file_page(self, call: Call, made: Made) -> str:
        return render_template("incidents/file.html", call=call, made=made)

    def file_state(self, id: str) -> str:
        return self._file_page(self._found(id)[0], self._own(id))

    def _own(self, id: str) -> Made:
        """Only what this viewer has asked for."""
        return self._dependencies.page_work.own_file(id, g.viewer.person, begin=False)

    def file_zip(self, id: str) -> Response:
        call, made = self._found(id)[0], self._own(id)
        if not made.content:
            abort(404)
        name = f"incident-{call.reference}-{g.viewer.person}.zip"
        return Response(made.content, content_type="application/zip",
                        headers={"Content-Disposition": f'attachment; filename="{name}"'})  # fmt: skip


def _time(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def blueprint(dependencies: Dependencies) -> Blueprint:
    incidents = Blueprint("incidents", __name__, url_prefix="/incidents", template_folder="templates")
    pages = IncidentPages(dependencies)
    incidents.context_processor(ops.of_templates)
    incidents.register_error_handler(StoreUnavailable, ops.unavailable)
    incidents.add_url_rule("", endpoint="page", view_func=pages.page)
    incidents.add_url_rule("/of/<id>", endpoint="incident", view_func=pages.incident)
    incidents.add_url_rule("/of/<id>/file", endpoint="file_state", view_func=pages.file_state)
    incidents.add_url_rule("/of/<id>/file/incident.zip", endpoint="file_zip", view_func=pages.file_zip)
    for act in ("add", "answer", "words", "copy", "file"):
        incidents.add_url_rule(f"/of/<id>/{act}", endpoint=act, view_func=getattr(pages, act), methods=["POST"])
    return incidents
