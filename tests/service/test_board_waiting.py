"""A caller who waits while no agent can come is on the board."""

from dataclasses import replace
from datetime import timedelta

from callflow.core.act_refusals import Asked, refusal
from callflow.core.events import Act
from callflow.core.tries import AWAY_AFTER
from callflow.service.board.needs import CardAct, Need
from callflow.service.board_view import board
from callflow.service.people import PersonPresence, Presence
from tests.core.example import CONFIGURATION
from tests.playbook import START
from tests.service.test_board_view import MINE, live
from tests.web.pages import board_scenes as scenes


def test_a_caller_whom_no_agent_can_take_is_a_card_until_one_comes_back() -> None:
    call = scenes.waiting().call
    away = tuple(PersonPresence(person=one, since=START, missed=AWAY_AFTER) for one in CONFIGURATION.agents)
    shown = board(live(call, people=away), CONFIGURATION, MINE, START)
    (found,) = shown.cards
    assert (found.need, found.act, found.since) == (Need.NOBODY, CardAct.TAKE_OVER, call.search and call.search.since)
    assert (shown.waiting, shown.agent_free) == (1, False)
    assert refusal(Asked(call, CONFIGURATION, found.owner, Act.TAKE_OVER)) is None
    over = START + timedelta(minutes=9)
    resting = tuple(replace(one, presence=Presence.COOL_DOWN, until=over, missed=0) for one in away)
    assert board(live(call, people=resting), CONFIGURATION, MINE, START).cards
    assert not board(live(call, people=resting), CONFIGURATION, MINE, over).cards
    talks = PersonPresence(person="ana", presence=Presence.ON_CALL, since=START)
    busy = board(live(call, people=(talks, *away[1:])), CONFIGURATION, MINE, START)
    assert (list(busy.cards), busy.waiting, busy.agent_free) == ([], 1, False)
