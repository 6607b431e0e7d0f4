"""The board of supervisors, and the wallboard: what needs a person, the calls, the people."""

from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, g, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.service.board_view import GROUPS, PAGE, Filter, board
from callflow.service.live_calls import Live, LiveCalls
from callflow.service.ports import StoreUnavailable
from callflow.service.viewers import Viewer, ViewerRole
from callflow.web.dependencies import Dependencies
from callflow.web.pages.board_acts import BoardActs, Told
from callflow.web.pages.board_calls import CallPages
from callflow.web.pages.board_choices import ACTIONS, ALL_COLUMNS, KEYS, Choices, choices_of, kept
from callflow.web.pages.board_pieces import Pieces, look
from callflow.web.pages.carriage import Fragments
from callflow.web.pages.turns import give_way
from callflow.web.webhook import PLAIN

GROUP_NAMES: Final = tuple(zip(GROUPS, ("waiting", "talking", "on hold", "with supervisor", "warned, closing",
                                        "after the call"), strict=True))  # fmt: skip
MOST_CARDS: Final = 12
MOST_PEOPLE: Final = 30
ALL: Final = 100_000


class Audience(NamedTuple):
    """All who ask alike are shown the same."""

    filter: Filter
    columns: tuple[str, ...]
    wall: bool = False
    all_cards: bool = False
    all_people: bool = False


class BoardPages:
    def __init__(self, dependencies: Dependencies) -> None:
        calls = dependencies.calls
        self.configurations, self.clock, self.store = calls.configurations, calls.clock, calls.store
        self.live = LiveCalls(calls.store, calls.configurations, calls.clock, between=give_way)
        self.fragments = Fragments()
        self._pieces = Pieces()

    # -- what is shown

    def fragment(self, live: Live, audience: Audience) -> str:
        return Markup(self.fragments.text(audience, self.version(live), partial(self._render, live, audience)))

    def version(self, live: Live) -> str:
        """After an upgrade or with another configuration everything is shown anew."""
        return f"{live.version}.{self.configurations.current.digest[:6]}.{look()}"

    def answer(self, audience: Audience, seen: str) -> Response:
        self.fragments.asked_by(g.viewer.session)
        live = self.live.now()
        return self.fragments.answer(audience, self.version(live), seen, partial(self._render, live, audience))

    def _render(self, live: Live, audience: Audience) -> str:
        configuration = self.configurations.current
        give_way()
        shown = board(live, configuration, audience.filter, self.clock())
        give_way()
        known: dict[str, Any] = {"board": shown, "poll": self._poll(live, audience), "groups": GROUP_NAMES,
                                 "poll_seconds": self.fragments.poll_seconds,
                                 "last_help": None if shown.cards else self.live.last_help()}  # fmt: skip
        if audience.wall:
            return render_template("board/wall_rows.html", team_names=dict(shown.teams), **known)
        most_cards = ALL if audience.all_cards else MOST_CARDS
        return render_template(
            "board/rows.html", rows=self._pieces.calls(shown, audience.columns, audience), most_cards=most_cards,
            cards=self._pieces.cards(shown, most_cards, audience), page_link=partial(url_for, "board.page"),
            people=self._pieces.people(shown, live, ALL if audience.all_people else MOST_PEOPLE, audience),
            legend="ladder" in audience.columns, first=(min(audience.filter.page, shown.pages) - 1) * PAGE + 1, **known,
        )  # fmt: skip

    def _poll(self, live: Live, audience: Audience) -> str:
        wanted = audience.filter
        asked = {"v": self.version(live), "team": wanted.team, "group": wanted.group,
                 "needs": "1" if wanted.only_needs else "", "page": str(wanted.page) if wanted.page > 1 else "",
                 "columns": " ".join(audience.columns) if audience.columns != ALL_COLUMNS else "",
                 "wall": "1" if audience.wall else "", "cards": "all" if audience.all_cards else "",
                 "people": "all" if audience.all_people else ""}  # fmt: skip
        return f"{url_for('board.rows')}?{urlencode({name: value for name, value in asked.items() if value})}"

    # -- who asks for what

    def audience(self, viewer: Viewer, choices: Choices) -> Audience:
        wall = request.args.get("wall") == "1" or ViewerRole.SUPERVISOR not in viewer.roles
        if wall:
            return Audience(Filter(teams=viewer.teams), (), wall=True)
        page = request.args.get("page", "1")
        wanted = Filter(teams=viewer.teams, team=choices.team if choices.team in viewer.teams else "",
                        group=choices.group if choices.group in GROUPS else "", only_needs=choices.needs,
                        page=int(page) if page.isdecimal() and len(page) < 6 else 1)  # fmt: skip
        return Audience(wanted, choices.columns, all_cards=request.args.get("cards") == "all",
                        all_people=request.args.get("people") == "all")  # fmt: skip

    def page(self, told: Told | None = None) -> Response:
        live, choices = (
            self.live.now(fresh=True),
            choices_of(self.store.preferences(g.viewer.person) if g.viewer.person else {}),
        )
        audience = self.audience(g.viewer, choices)
        fragment = self.fragment(live, audience)
        if audience.wall:
            return Response(render_template("board/wall.html", fragment=fragment))
        shown = board(live, self.configurations.current, audience.filter, self.clock())
        return Response(render_template(
            "board/page.html", fragment=fragment, board=shown, preferences=choices, columns=choices.columns,
            all_columns=COLUMN_WORDS, key_list=KEYS, told=told, actions=ACTIONS,
        ), told.status if told else 200)  # fmt: skip


def _unavailable(error: Exception) -> Response:
    return Response("the database cannot be used now: try again in a moment\n", 503, content_type=PLAIN)


COLUMN_WORDS: Final = (("ladder", "how far the ladder has come"), ("warnings", "warnings heard in full"),
                       ("team", "the team"), ("reason", "what the caller rings about"))  # fmt: skip


def register(app: Flask, dependencies: Dependencies) -> None:
    found = app.extensions["board"] = BoardPages(dependencies)
    app.register_blueprint(blueprint(dependencies, found))


def blueprint(dependencies: Dependencies, found: BoardPages) -> Blueprint:
    pages = Blueprint("board", __name__, template_folder="templates")
    pages.register_error_handler(StoreUnavailable, _unavailable)
    acts = BoardActs(dependencies)
    of_calls = CallPages(dependencies, found.live, found.fragments, acts)
    _of_calls(pages, of_calls)

    @pages.get("/board")
    def page() -> Response:
        return found.page()

    @pages.get("/board/rows")
    def rows() -> Response:
        choices = choices_of({"board": {**request.args.to_dict(), "columns": request.args.get("columns", "").split()
                                        or list(ALL_COLUMNS)}})  # fmt: skip
        return found.answer(found.audience(g.viewer, choices), request.args.get("v", ""))

    @pages.post("/board/preferences")
    def preferences() -> WerkzeugResponse:
        person = g.viewer.person
        found.store.put_preference(person, "board", kept(found.store.preferences(person), request.form))
        return redirect(url_for("board.page"), 303)

    @pages.post("/board/act")
    def act() -> Response:
        told = acts.pressed()
        if "HX-Request" in request.headers:
            return Response(told.words, told.status, content_type="text/plain; charset=utf-8")
        reference = request.form.get("reference", "")
        return of_calls.page(reference, told=told) if reference else found.page(told)

    return pages


def _of_calls(pages: Blueprint, of_calls: CallPages) -> None:
    @pages.get("/board/calls/<reference>")
    def call(reference: str) -> Response:
        return of_calls.page(reference)

    @pages.get("/board/calls/<reference>/now")
    def call_now(reference: str) -> Response:
        return of_calls.now(reference, request.args.get("v", ""))

    @pages.post("/board/calls/<reference>/caller")
    def caller(reference: str) -> Response:
        return of_calls.page(reference, private=True)
