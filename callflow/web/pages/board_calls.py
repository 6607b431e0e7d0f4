"""The page of one live call, and the acts that are pressed on the board."""

from datetime import datetime
from typing import NamedTuple

from flask import Response, abort, g, render_template

from callflow.core.act_refusals import ALONE, REASONS, SENTENCES
from callflow.core.call import CALLER, Call
from callflow.core.call import Lock as CallLock
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.service.accounts import AccessEntry, AccessKind
from callflow.service.live_calls import LiveCalls
from callflow.service.ports import Entry
from callflow.web.dependencies import Dependencies
from callflow.web.pages.board_acts import BoardActs, Told
from callflow.web.pages.board_choices import ACTIONS, Action


class Line(NamedTuple):
    """A line of the timeline."""

    at: datetime
    who: str
    what: str


class OpenAct(NamedTuple):
    """An act that is open to the viewer. ``choices``: what has to be said with it."""

    action: Action
    choices: list[tuple[str, str]] | None


class CallPages:
    def __init__(self, dependencies: Dependencies, live: LiveCalls, acts: BoardActs) -> None:
        self.dependencies, self.live, self.store, self.acts = dependencies, live, dependencies.calls.store, acts

    def page(self, reference: str, *, private: bool = False, told: Told | None = None) -> Response:
        """The call, if it is one of a team of the viewer's."""
        live = self.live.now(fresh=True)
        view = next((one for one in live.views.values() if one.reference == reference), None)
        if view is None or (view.team and view.team not in g.viewer.teams):
            abort(404)
        call = live.calls[view.id]
        configuration = self.live.configuration_of(call)
        if private:
            self._opened(f"caller of {reference}")
        acts, others = self._acts(call, configuration)
        return Response(render_template(
            "board/call.html", view=view, acts=acts, others=others, told=told, actions=ACTIONS,
            private=_private(call) if private else None,
            timeline=_timeline(self.store.journal(call.id), configuration),
        ), told.status if told else 200)  # fmt: skip

    def _opened(self, what: str) -> None:
        entry = AccessEntry(at=self.dependencies.calls.clock(), kind=AccessKind.OPENED, person=g.viewer.person,
                            subject=what)  # fmt: skip
        self.store.add_access_entry(entry)

    def _acts(self, call: Call, configuration: Configuration) -> tuple[list[OpenAct], list[tuple[str, str]]]:
        """Those that are open to the viewer, and the others with the reason."""
        found = self.acts.open(call, configuration)
        shown = [
            OpenAct(ACTIONS[act.value], _choices(act, call, configuration)) for act, no in found.items() if no is None
        ]
        others = [(ACTIONS[act.value].name, SENTENCES[no]) for act, no in found.items() if no and act is not Act.LEAVE]
        return [one for one in shown if one.choices != []], others


def _choices(act: Act, call: Call, configuration: Configuration) -> list[tuple[str, str]] | None:
    """What has to be said with an act: (value, words). None if nothing has."""
    match act:
        case Act.LOCK:
            return [(one.value, one.value) for one in CallLock if one not in call.locks]
        case Act.UNLOCK:
            return [(one, one) for one in REASONS]
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
