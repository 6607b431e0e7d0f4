"""The page of one live call, and the acts that are pressed on the board."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from flask import Response, abort, g, render_template, request
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.core.call import CALLER, Call
from callflow.core.configuration import Configuration
from callflow.service.accounts import AccessEntry, AccessKind
from callflow.service.live_calls import LiveCalls
from callflow.service.ports import Entry
from callflow.web.dependencies import Dependencies
from callflow.web.pages.board_pieces import acts_of


class Told(NamedTuple):
    """What came of an act, in words. ``stale``: the call was in another state than the one it was decided on."""

    done: bool
    words: str
    stale: bool = False


class Line(NamedTuple):
    """A line of the timeline."""

    at: datetime
    who: str
    what: str


class CallPages:
    def __init__(self, dependencies: Dependencies, live: LiveCalls) -> None:
        self.dependencies, self.live, self.store = dependencies, live, dependencies.calls.store

    def page(self, reference: str, *, private: bool = False, told: Told | None = None, status: int = 200) -> Response:
        """The call, if it is one of a team of the viewer's."""
        live = self.live.now()
        view = next((one for one in live.views.values() if one.reference == reference), None)
        if view is None or (view.team and view.team not in g.viewer.teams):
            abort(404)
        call = live.calls[view.id]
        configuration = self.live.configuration_of(call)
        if private:
            self._opened(f"caller of {reference}")
        return Response(render_template(
            "board/call.html", view=view, acts=acts_of(view), told=told, private=_private(call) if private else None,
            timeline=_timeline(self.store.journal(call.id), configuration),
        ), status)  # fmt: skip

    def _opened(self, what: str) -> None:
        entry = AccessEntry(at=self.dependencies.calls.clock(), kind=AccessKind.OPENED, person=g.viewer.person,
                            subject=what)  # fmt: skip
        self.store.add_access_entry(entry)

    def act(self, board: Callable[..., Response]) -> WerkzeugResponse:
        told = Told(False, "not yet")
        if "HX-Request" in request.headers:
            return Response(told.words, 200 if told.done else 409, content_type="text/plain; charset=utf-8")
        return board(told, 409)


def _private(call: Call) -> list[tuple[str, str]]:
    """What is known of the caller. Whoever is shown it is written down."""
    needs = [one.replace("_", " ") for one in call.adjustments]
    asked = [(name.replace("_", " "), value) for name, value in call.variables.items()]
    return [("Number", call.number or "withheld"), ("Needs", ", ".join(needs) or "nothing said"), *asked]


def _timeline(entries: list[Entry], configuration: Configuration) -> list[Line]:
    """The latest first."""
    return [Line(one.at, _who(one, configuration), _what(one)) for one in reversed(entries)]


def _who(entry: Entry, configuration: Configuration) -> str:
    actor = entry.note.actor
    return "the caller" if actor == CALLER else "Callflow" if actor == "callflow" else configuration.name_of(actor)


def _what(entry: Entry) -> str:
    note = entry.note
    said = f"{str(note.kind).replace('_', ' ')}{f': {note.outcome}' if note.outcome else ''}".replace("_", " ")
    more = [f"key {note.key}"] if note.key else []
    more += [str(note.details[name]) for name in ("reason", "conduct") if name in note.details]
    return f"{said} ({', '.join(more)})" if more else said
