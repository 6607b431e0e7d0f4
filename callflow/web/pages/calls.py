"""/ops/calls: calls found, and one of them as a timeline with its sound. What is private is opened with a reason."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from callflow.core.call import Call
from callflow.core.follow_ups import Refused
from callflow.core.stages import Stage
from callflow.service.accounts import AccessEntry, AccessKind
from callflow.service.call_reading import CallReading, Details
from callflow.service.call_search import CallQuery, Found, mark_of
from callflow.service.ports import StoreUnavailable
from callflow.service.recordings import AudioUnavailable, RecordingState
from callflow.service.viewers import Viewer, ViewerRole
from callflow.web.dependencies import Dependencies
from callflow.web.pages import audio_links, call_rows, ops, proofs, stage_words
from callflow.web.pages.timeline import Person, ended_at, timeline

LIVE: Final = frozenset(Stage) - {Stage.ENDED}
EVERY: Final = frozenset({ViewerRole.OPS, ViewerRole.AUDITOR, ViewerRole.REVIEWER})
"""Who sees calls of all teams."""
PRIVATE: Final = frozenset({ViewerRole.AUDITOR, ViewerRole.REVIEWER, ViewerRole.SUPERVISOR})
"""Who may open what is private, with a reason. Ops may not: they look after the server."""
TICKS: Final = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
WAV: Final = "audio/wav"


class Asked(NamedTuple):
    """The form of the search, as it was filled in."""

    reference: str = ""
    person: str = ""
    stage: str = ""
    outcome: str = ""
    since: str = ""
    until: str = ""

    @property
    def any(self) -> bool:
        return any(self)


def asked(form: Mapping[str, str]) -> Asked:
    return Asked(*(form.get(name, "").strip()[:64] for name in Asked._fields))


def query_of(form: Asked, teams: tuple[str, ...]) -> CallQuery:
    """Raises ValueError for a time that is none."""
    stages = LIVE if form.stage == "live" else frozenset({Stage(form.stage)}) if form.stage else frozenset[Stage]()
    return CallQuery(reference=form.reference.upper(), person=form.person, outcome=form.outcome, teams=teams,
                     stages=stages, since=_time(form.since), until=_time(form.until))  # fmt: skip


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text).replace(tzinfo=UTC) if text else None


def teams_of(viewer: Viewer) -> tuple[str, ...]:
    """Of whose calls somebody sees a list; () for all. Whoever has no team at all sees none."""
    return () if viewer.roles & EVERY else viewer.teams or ("",)


def ticks(seconds: float) -> list[int]:
    """Where the time axis of a drawing has its marks."""
    step = next((one for one in TICKS if seconds / one <= 8), max(TICKS[-1], int(seconds // 8)))
    return list(range(0, int(seconds) + 1, step))


class CallPages:
    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        self._store, self._clock = dependencies.calls.store, dependencies.calls.clock
        self._reading = CallReading(self._store, dependencies.configurations, self._clock)
        self._links = audio_links.AudioLinks(dependencies.secret, self._clock)

    def page(self) -> str:
        form, configuration, now = asked(request.args), self._dependencies.configurations.current, self._clock()
        problem, found = "", Found((), None)
        try:
            found = self._store.search_calls(query_of(form, teams_of(g.viewer)), mark_of(request.args.get("after", "")))
        except ValueError:
            problem = "a time is written like 2026-11-30T13:22, in UTC"
        people = {id: one.name for group in (configuration.supervisors, configuration.agents)
                  for id, one in group.items()}  # fmt: skip
        asked_for = {name: value for name, value in form._asdict().items() if value}
        older = url_for("calls.page", **{**asked_for, "after": str(found.more)}) if found.more else ""
        return render_template(
            "calls/list.html", asked=form, now=now,
            partly=found.partly,
            calls=[call_rows.row(*one, configuration, now) for one in found.calls],
            people=dict(sorted(people.items(), key=lambda one: one[1])), older=older, problem=problem,
            stages=stage_words.STAGES, outcomes=call_rows.OUTCOMES, may_ops=may_ops(),
        )  # fmt: skip

    def call(self, id: str) -> str:
        """Reading one is on record with the sign-ins; what is private in it is on record in its journal."""
        call = self._found(id)
        self._store.add_access_entry(AccessEntry(at=self._clock(), kind=AccessKind.OPENED, person=g.viewer.person,
                                                 subject=f"timeline of {call.reference}"))  # fmt: skip
        return self._shown(call)

    def _found(self, id: str) -> Call:
        found = self._store.read(id)
        if found is None:
            abort(404)
        if not may_see(g.viewer, found):
            abort(403)
        return found

    def _shown(self, call: Call, *, details: Details | None = None, heard: str = "", problem: str = "") -> str:
        now, configuration = self._clock(), self._dependencies.configurations.of(call.digest)
        journal = self._store.journal(call.id)
        line = timeline(call, journal, self._store.history(call.id), configuration, now)
        return render_template(
            "calls/call.html", call=call, line=line,
            row=call_rows.row(call, ended_at(call, journal), configuration, now), now=now, ticks=ticks,
            stages=Person("Stage", line.stages), proof=proofs.proof(self._store, call.id), details=details,
            recordings=self._store.recordings(call.id), fetched=RecordingState.FETCHED, heard=heard, problem=problem,
            may_open=bool(g.viewer.roles & PRIVATE), may_ops=may_ops(), name_of=configuration.name_of,
            over=call.stage is Stage.ENDED,
        )  # fmt: skip

    def details(self, id: str) -> Response | str:
        """The page with what is private, once: loading it again asks again."""
        call = self._found(id)
        try:
            details = self._reading.details(call, g.viewer.person, request.form.get("reason", ""))
        except Refused as why:
            return self._shown(call, problem=str(why))
        return _never_kept(self._shown(call, details=details))

    def recording(self, id: str, recording: str) -> Response | str:
        """Writes the entry, and answers with the page in which it can be played for two minutes."""
        call, reason, kept = self._found(id), request.form.get("reason", "").strip(), self._dependencies.kept
        if not any(one.id == recording for one in self._store.recordings(call.id)) or kept is None:
            abort(404)
        if not reason:
            return self._shown(call, problem="say why you listen: the journal of the call keeps it with your name")
        try:
            kept.opened(recording, g.viewer.person, "played", reason[:500])
        except AudioUnavailable as why:
            return self._shown(call, problem=str(why))
        token = self._links.made(recording, g.viewer)
        return _never_kept(self._shown(call, heard=url_for("calls.audio", id=call.id, token=token)))

    def audio(self, id: str, token: str) -> Response:
        """The audio of a link that this viewer was given a moment ago. Anybody else's is not found."""
        recording = self._links.opened(token, g.viewer)
        if recording is None or self._dependencies.kept is None or not recording.startswith(f"{id}-"):
            abort(404)
        try:
            return _audio(self._dependencies.kept.audio(recording))
        except AudioUnavailable:
            abort(404)

    def sound(self, id: str) -> Response | str:
        """The call as it was heard, made by another process; the journal says who asked for it."""
        call = self._found(id)
        try:
            self._reading.noted(call, g.viewer.person, "sound", request.form.get("reason", ""))
        except Refused as why:
            return self._shown(call, problem=str(why))
        token = self._links.made(f"{call.id}-sound", g.viewer)
        return _never_kept(self._sound_page(call, token))

    def sound_state(self, id: str, token: str) -> str:
        """The part of the page that asks until the sound is made."""
        return self._sound_page(self._allowed(id, token), token)

    def _sound_page(self, call: Call, token: str) -> str:
        made = self._dependencies.page_work.sound(call.id)
        return render_template("calls/sound.html", call=call, made=made, token=token, may_ops=may_ops())

    def sound_file(self, id: str, token: str) -> Response:
        made = self._dependencies.page_work.sound(self._allowed(id, token).id)
        if not made.content:
            abort(404)
        return _audio(made.content)

    def _allowed(self, id: str, token: str) -> Call:
        call = self._found(id)
        if self._links.opened(token, g.viewer) != f"{call.id}-sound":
            abort(404)
        return call


def may_see(viewer: Viewer, call: Call) -> bool:
    return bool(viewer.roles & EVERY) or call.team in viewer.teams


def may_ops() -> bool:
    return bool(g.viewer.roles & {ViewerRole.OPS, ViewerRole.AUDITOR})


def _never_kept(page: str) -> Response:
    return Response(page, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})


def _audio(content: bytes) -> Response:
    """Players ask for parts of it (Range)."""
    answer = Response(
        content, content_type=WAV, headers={"Cache-Control": "private, no-store", "Accept-Ranges": "bytes"}
    )
    answer.make_conditional(request, accept_ranges=True, complete_length=len(content))
    return answer


def of_templates() -> dict[str, Any]:
    return ops.of_templates()


def blueprint(dependencies: Dependencies) -> Blueprint:
    calls = Blueprint("calls", __name__, url_prefix="/ops/calls", template_folder="templates")
    pages = CallPages(dependencies)
    calls.context_processor(of_templates)
    calls.register_error_handler(StoreUnavailable, ops.unavailable)
    calls.add_url_rule("", endpoint="page", view_func=pages.page)
    calls.add_url_rule("/<id>", endpoint="call", view_func=pages.call)
    calls.add_url_rule("/<id>/details", endpoint="details", view_func=pages.details, methods=["POST"])
    calls.add_url_rule(
        "/<id>/recordings/<recording>", endpoint="recording", view_func=pages.recording, methods=["POST"]
    )
    calls.add_url_rule("/<id>/audio/<token>", endpoint="audio", view_func=pages.audio)
    calls.add_url_rule("/<id>/sound", endpoint="sound", view_func=pages.sound, methods=["POST"])
    calls.add_url_rule("/<id>/sound/<token>", endpoint="sound_state", view_func=pages.sound_state)
    calls.add_url_rule("/<id>/sound/<token>/call.wav", endpoint="sound_file", view_func=pages.sound_file)
    return calls
