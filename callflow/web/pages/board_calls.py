"""The page of one live call, and the acts that are pressed on the board."""

import hashlib
from contextlib import suppress
from datetime import datetime
from typing import Any, NamedTuple

from flask import Response, abort, current_app, g, render_template, url_for

from callflow.core.act_refusals import ALONE, REASONS, SENTENCES, Reason
from callflow.core.call import CALLER, Call
from callflow.core.call import Lock as CallLock
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.later_fields import UnreadableCall
from callflow.core.stages import Stage
from callflow.service.accounts import AccessEntry, AccessKind
from callflow.service.board.call_view import CallView
from callflow.service.live_calls import LiveCalls
from callflow.service.ports import CannotOpen, Entry
from callflow.web.dependencies import Dependencies
from callflow.web.pages.board_acts import BoardActs, Told
from callflow.web.pages.board_choices import ACTIONS, Action
from callflow.web.pages.board_pieces import look
from callflow.web.pages.calls import may_see
from callflow.web.pages.carriage import Fragments


class Line(NamedTuple):
    """A line of the timeline."""

    at: datetime
    who: str
    what: str


class OpenAct(NamedTuple):
    """An act that is open to the viewer. ``choices``: what has to be said with it."""

    action: Action
    choices: list[tuple[str, str]] | None


class Shown(NamedTuple):
    """A live call as its viewer may see it. ``open``: of each act, why it is not open, or None."""

    view: CallView
    call: Call
    configuration: Configuration
    open: dict[Act, Reason | None]

    @property
    def version(self) -> str:
        """Another one whenever the page looks different: also when time alone opens an act or ends one."""
        known = (self.call.seq, self.configuration.digest, look(), sorted(self.open.items()))
        return hashlib.sha256(repr(known).encode()).hexdigest()[:12]


class CallPages:
    def __init__(self, dependencies: Dependencies, live: LiveCalls, fragments: Fragments, acts: BoardActs) -> None:
        self.dependencies, self.live, self.store, self.acts = dependencies, live, dependencies.calls.store, acts
        self.fragments = fragments

    def page(self, reference: str, *, private: bool = False, told: Told | None = None) -> Response:
        """The call, if it is one of a team of the viewer's."""
        shown = self._shown(reference)
        if private and shown:
            self._opened(f"caller of {reference}")
        return Response(render_template(
            "board/call.html", told=told, actions=ACTIONS, private=_private(shown.call) if private and shown else None,
            **self._known(reference, shown),
        ), told.status if told else 200)  # fmt: skip

    def now(self, reference: str, seen: str) -> Response:
        """What its page asks for by itself: 204 if it shows this already."""
        self.fragments.asked_by(g.viewer.session)
        shown, headers = self._shown(reference), {"Cache-Control": "no-store"}
        if shown and shown.version == seen:
            return Response(status=204, headers=headers)
        return Response(render_template("board/call_now.html", **self._known(reference, shown)), headers=headers)

    def _shown(self, reference: str) -> Shown | None:
        """None if it is over."""
        live = self.live.now(fresh=True)
        view = next((one for one in live.views.values() if one.reference == reference), None)
        if view is None:
            return None
        if view.team and view.team not in g.viewer.teams:
            abort(404)
        call = live.calls[view.id]
        configuration = self.live.configuration_of(call)
        return Shown(view, call, configuration, self.acts.open(call, configuration))

    def _known(self, reference: str, shown: Shown | None) -> dict[str, Any]:
        if shown is None:
            return {"reference": reference, "over": True, "timeline_page": self._timeline_page(reference)}
        acts, others = _acts(shown)
        return {"reference": reference, "over": False, "view": shown.view, "acts": acts, "others": others,
                "timeline": _timeline(self.store.journal(shown.call.id), shown.configuration),
                "poll": url_for("board.call_now", reference=reference, v=shown.version),
                "poll_seconds": self.fragments.poll_seconds}  # fmt: skip

    def _timeline_page(self, reference: str) -> str:
        """Where the call that is over can be read, "" if the viewer may not."""
        call = None
        with suppress(UnreadableCall, CannotOpen):
            call = self.store.find(reference)
        if call is None or call.stage is not Stage.ENDED or (call.team and call.team not in g.viewer.teams):
            abort(404)
        may = "calls.call" in current_app.view_functions and may_see(g.viewer, call)
        return url_for("calls.call", id=call.id) if may else ""

    def _opened(self, what: str) -> None:
        entry = AccessEntry(at=self.dependencies.calls.clock(), kind=AccessKind.OPENED, person=g.viewer.person,
                            subject=what)  # fmt: skip
        self.store.add_access_entry(entry)


def _acts(shown: Shown) -> tuple[list[OpenAct], list[tuple[str, str]]]:
    """Those that are open to the viewer, and the others with the reason."""
    found = [OpenAct(ACTIONS[act.value], _choices(act, shown.call, shown.configuration))
             for act, no in shown.open.items() if no is None]  # fmt: skip
    others = [(ACTIONS[act.value].name, SENTENCES[no]) for act, no in shown.open.items() if no and act is not Act.LEAVE]
    return [one for one in found if one.choices != []], others


def _choices(act: Act, call: Call, configuration: Configuration) -> list[tuple[str, str]] | None:
    """What has to be said with an act: (value, words). None if nothing has."""
    match act:
        case Act.LOCK:
            return [(one.value, one.value) for one in CallLock if one not in call.locks]
        case Act.UNLOCK:
            return [(one, one.replace("_", " ").capitalize()) for one in REASONS]
        case Act.RING if call.team in configuration.teams:
            team = configuration.teams[call.team]
            people = team.supervisors if call.stage not in ALONE else (*team.supervisors, *team.agents)
            there = {leg.person for leg in call.legs if leg.live}
            return [(one, configuration.name_of(one)) for one in people if one not in there]
    return None


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
    more = [f"key {note.key}" if len(note.key) == 1 else f"by {note.key}"] if note.key else []
    more += [str(note.details[name]) for name in ("reason", "conduct") if name in note.details]
    return f"{said} ({', '.join(more)})" if more else said
