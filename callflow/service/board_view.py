"""The whole board for a viewer: what needs a person now, the calls, the people. Pure."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from callflow.core.alarms import Cause
from callflow.core.configuration import Configuration, Group
from callflow.core.records import record
from callflow.core.stages import Stage
from callflow.service.board.call_view import CallView, team_name
from callflow.service.board.needs import Card, Need, card_of, unserved
from callflow.service.board.people_view import Doing, People, people_view, serves
from callflow.service.live_calls import Live
from callflow.service.people import Presence

GROUPS: Final = ("waiting", "talking", "hold", "supervisor", "line", "after")
"""The groups of stages (``CallView.group``), in the order in which they are counted."""
PAGE: Final = 20
"""So many calls are on one page, that it stays light. How many follow is always said."""


@record
class Filter:
    """``teams``: those whose calls are shown. Empty fields leave nothing out; ``page`` counts from 1."""

    teams: tuple[str, ...]
    team: str = ""
    group: str = ""
    only_needs: bool = False
    page: int = 1


@record
class Board:
    """``calls`` are those of the page, of ``of`` in all that fit the filter. ``totals`` by group are of all teams that
    are shown, whatever the filter. ``teams``: (id, name). ``unreadable``: so many live calls cannot be shown.
    ``waiting``: so many callers wait for somebody."""

    cards: Sequence[Card]
    calls: Sequence[CallView]
    of: int
    live: int
    totals: dict[str, int]
    oldest_wait: datetime | None
    people: People
    teams: Sequence[tuple[str, str]]
    filter: Filter
    unreadable: int = 0
    waiting: int = 0

    @property
    def pages(self) -> int:
        return max(1, -(-self.of // PAGE))

    @property
    def agent_free(self) -> bool:
        return any(one.doing is Doing.FREE for one in self.people.agents)


def board(live: Live, configuration: Configuration, wanted: Filter, at: datetime) -> Board:
    """What this filter shows at this time: calls that need somebody first, then those in which the
    caller is promised a time, then those that have lasted longest."""
    teams = {wanted.team} & {*wanted.teams} if wanted.team else {*wanted.teams}
    views = [one for one in live.views.values() if not one.team or one.team in teams]
    waiting = [one for one in views if one.group == "waiting"]
    found = [*_cards(live, views, configuration, teams), *_unserved(live, waiting, configuration, at)]
    cards = sorted(found, key=lambda one: one.order)
    needing = {one.call for one in cards}
    fitting = [one for one in views if (not wanted.group or one.group == wanted.group)
               and (not wanted.only_needs or one.id in needing)]  # fmt: skip
    fitting.sort(key=lambda one: (one.id not in needing, one.sentence.until is None))
    pages = max(1, -(-len(fitting) // PAGE))
    first = (min(max(wanted.page, 1), pages) - 1) * PAGE
    counted = Counter([one.group for one in views])
    waits = [one.sentence.since or one.started_at for one in waiting]
    return Board(
        cards=cards, calls=fitting[first : first + PAGE], of=len(fitting), live=len(views),
        totals={group: counted[group] for group in GROUPS}, oldest_wait=min(waits, default=None),
        people=people_view(live.people, configuration, teams, at),
        teams=[(id, team_name(configuration, id)) for id in wanted.teams if id in configuration.teams], filter=wanted,
        unreadable=live.unreadable, waiting=sum(one.stage in (Stage.WAITING, Stage.LEFT_ALONE) for one in waiting),
    )  # fmt: skip


def _cards(live: Live, views: Sequence[CallView], configuration: Configuration, teams: Collection[str]
           ) -> Iterator[Card]:  # fmt: skip
    locked, busy = set(), {one.person for one in live.people if one.presence not in (Presence.FREE, Presence.RUNG)}
    for view in views:
        for card in view.cards:
            if card.need is Need.LOCK:
                locked.add(card.call)
            yield _with_free_owner(card, configuration, busy) if card.owner in busy else card
    for one, call in live.urgent:
        told = one.body.get("cause") == Cause.LOCKED_ALONE and call.id in locked  # by the card of the call itself
        if not told and (not call.team or call.team in teams):
            yield card_of(one, call, configuration)


def _unserved(live: Live, waiting: Sequence[CallView], configuration: Configuration, at: datetime) -> Iterator[Card]:
    """Of callers who wait for an agent although none of their team can come."""
    served: dict[str, bool] = {}
    for view in waiting:
        if view.stage is not Stage.WAITING or view.cards:
            continue
        call = live.calls[view.id]
        if call.search and call.search.group is Group.AGENTS:
            if call.team not in served:
                served[call.team] = serves(call.team, live.people, configuration, at)
            if not served[call.team]:
                yield unserved(call, configuration)


def _with_free_owner(card: Card, configuration: Configuration, busy: Collection[str]) -> Card:
    """Whoever has a caller or a break owns what needs somebody now only if nobody else of the team can."""
    team = configuration.teams.get(card.team)
    free = [one for one in team.supervisors if one not in busy] if team else []
    return replace(card, owner=free[0], owner_name=configuration.name_of(free[0])) if free else card
