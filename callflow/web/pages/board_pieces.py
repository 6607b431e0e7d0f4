"""The rows, cards and people of a board as HTML. Each piece is made again only when what it shows has changed."""

import hashlib
from collections.abc import Callable, Hashable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import render_template
from markupsafe import Markup

from callflow.core.events import Act
from callflow.core.stages import Stage
from callflow.service.board.call_view import ROW_ACTS, CallView
from callflow.service.board.needs import Card
from callflow.service.board.people_view import Doing
from callflow.service.board_view import Board
from callflow.service.live_calls import Live
from callflow.web.pages.board_choices import ACTIONS, Action
from callflow.web.pages.carriage import MOST_KEPT
from callflow.web.pages.turns import give_way

MARKS: Final = {Doing.FREE: "done", Doing.RUNG: "now", Doing.TALKING: "busy", Doing.WRAPPING_UP: "busy",
                Doing.RESTING: "rest", Doing.BUSY: "busy", Doing.AWAY: "no", Doing.OFF_DUTY: "no"}  # fmt: skip


@cache
def look() -> str:
    """The hash of the templates, so that open pages are shown anew after an upgrade."""
    templates = sorted((Path(__file__).parent / "templates" / "board").glob("*.html"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in templates)).hexdigest()[:6]


def acts_of(view: CallView) -> list[Action]:
    """The buttons of a call. Whether one is open to the viewer as well is said when it is pressed."""
    return [ACTIONS[act.value] for act in ROW_ACTS if act is not Act.VETO or view.stage is Stage.CLOSING]


class Pieces:
    """``audience``: for whom, as pieces of others are kept beside them."""

    def __init__(self) -> None:
        self._made: dict[Hashable, dict[str, tuple[object, str]]] = {}

    def calls(self, shown: Board, columns: tuple[str, ...], audience: Hashable) -> str:
        def row(view: CallView) -> str:
            said = [f"About {view.reason}."] if view.reason and "reason" in columns else []
            said += [f"{view.team_name.capitalize()}."] if view.team_name and "team" in columns else []
            return render_template(
                "board/row.html", view=view, columns=columns, acts=acts_of(view), about=" ".join(said)
            )

        return self._joined(("calls", audience), ((one.id, one) for one in shown.calls), row)

    def cards(self, shown: Board, most: int, audience: Hashable) -> str:
        def card(one: Card) -> str:
            return render_template("board/card.html", one=one, act=ACTIONS[one.act.value])

        return self._joined(("cards", audience), ((one.id, one) for one in shown.cards[:most]), card)

    def people(self, shown: Board, live: Live, most: int, audience: Hashable) -> str:
        talking = (one.call for one in (*shown.people.supervisors, *shown.people.agents) if one.call in live.views)
        references = {id: live.views[id].reference for id in talking}

        def people(_: object) -> str:
            return render_template("board/people.html", people=shown.people, references=references, most_people=most,
                                   doing_marks=MARKS)  # fmt: skip

        return self._joined(("people", audience), [("people", (shown.people, references))], people)

    def _joined(self, kind: Hashable, shown: Iterable[tuple[str, Any]], render: Callable[[Any], str]) -> str:
        known, made = self._made.get(kind, {}), {}
        for id, one in shown:
            kept = known.get(id)
            if kept and (kept[0] is one or kept[0] == one):
                made[id] = kept
            else:
                made[id] = (one, render(one))
                give_way()
        if kind not in self._made and len(self._made) > 3 * MOST_KEPT:
            self._made = {}
        self._made[kind] = made
        return Markup("".join([text for _, text in made.values()]))
