"""What the staff line tells a supervisor of the live calls of their teams, and does to them: the board, by keypad."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from callflow.core.act_refusals import Reason
from callflow.core.acts import rings, state
from callflow.core.call import Call, Lock
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.records import record
from callflow.core.staff_line.calls import AFTERWARDS, KEYS, Calls, LiveCall
from callflow.core.staff_line.session import Session, StaffPlace
from callflow.service.acts import ActResult, Acts, Answer, open_acts
from callflow.service.board.call_view import CallView
from callflow.service.board.needs import Card, Need
from callflow.service.call_service import CallService
from callflow.service.live_calls import Live, LiveCalls
from callflow.service.telephones import free
from callflow.service.viewers import teams_of

HERE: Final = "8"
"""The key of the menu."""
AFTER: Final = "after"
"""The group of calls (``CallView.group``) whose caller has gone."""
MINUTE: Final = timedelta(minutes=1)
log = logging.getLogger(__name__)


@record
class SpokenCall:
    """The one that is spoken. ``need``: what needs a person, "" if nothing does. ``agent`` leads it, "" if nobody does.
    ``minutes`` it has lasted, or needed somebody. ``open``: by key, the acts that are open."""

    need: str
    agent: str
    reference: str
    minutes: int
    open: Mapping[str, str]


@record
class TeamCalls:
    """``supervises``: whether the person hears of them at all. ``needing``: how many calls need somebody."""

    supervises: bool = False
    needing: int = 0
    call: SpokenCall | None = None


NO_CALLS: Final = TeamCalls()


@dataclass(frozen=True, slots=True)
class StaffCalls:
    calls: CallService
    live: LiveCalls

    def given(self, session: Session, key: str) -> Calls | None:
        """What is live, once the act of this key is done that needs no telephone. None if the key asks for none."""
        at_menu = session.place is StaffPlace.MENU
        asks = session.place is StaffPlace.CALLS or (at_menu and key == HERE)
        if not asks or not self._teams(session.person):
            return None
        act = "" if at_menu else KEYS.get(key, "")
        done = self._act(session, act) if act and act not in AFTERWARDS and session.call else None
        live = self.live.now(fresh=True)
        listed = [live.calls[view.id] for view, _ in _in_order(live, self._teams(session.person))]
        return Calls(live=tuple([LiveCall(id=one.id, state=state(one), closed=self._closed(one, session, act))
                                 for one in listed]),
                     answer=done.answer.value if done else "",
                     reason=done.reason.value if done and done.reason else "")  # fmt: skip

    def told(self, session: Session) -> TeamCalls:
        """For the document of this session."""
        supervises = session.place in (StaffPlace.MENU, StaffPlace.CALLS) and bool(self._teams(session.person))
        if session.place is not StaffPlace.CALLS:
            return TeamCalls(supervises=supervises)
        live = self.live.now(fresh=True)
        listed = _in_order(live, self._teams(session.person))
        found = next((self._spoken(live.calls[view.id], session.person, view, card) for view, card in listed
                      if view.id == session.call), None)  # fmt: skip
        return TeamCalls(supervises=supervises, needing=sum(card is not None for _, card in listed), call=found)

    def over(self, session: Session) -> None:
        """The call to the staff line is over: ring the person's telephone for what they have chosen. Raises
        StoreUnavailable."""
        if not session.act or session.place is not StaffPlace.OVER:
            return
        result = self._act(session, session.act)
        if result.answer is not Answer.DONE:
            log.warning("what %s chose on the staff line (%s) was not done: %s", session.person, session.act,
                        result.reason or result.answer)  # fmt: skip

    def _act(self, session: Session, act: str) -> ActResult:
        return Acts(self.calls).act(session.call, session.person, Act(act), session.state)

    def _teams(self, person: str) -> tuple[str, ...]:
        return teams_of(person, self.calls.configurations.current)

    def _closed(self, call: Call, session: Session, act: str) -> Mapping[str, str]:
        """Asked of the call that was spoken, not of all."""
        if call.id != session.call or not act:
            return {}
        person, configuration, at = session.person, self.live.configuration_of(call), self.calls.clock()
        closed = {one.value: no.value for one, no in open_acts(call, configuration, person, at).items() if no}
        if act in AFTERWARDS and act not in closed and not self._reachable(call, configuration, person, Act(act), at):
            closed[act] = Reason.TELEPHONE_IN_USE.value
        return closed

    def _reachable(self, call: Call, configuration: Configuration, person: str, act: Act, at: datetime) -> bool:
        """Said now, because nothing can be said once this call is over."""
        if not rings(call, person, act):
            return True
        return bool(self.calls.store.transact(lambda tx: free(tx, [person], configuration, at)))

    def _spoken(self, call: Call, person: str, view: CallView, card: Card | None) -> SpokenCall:
        at = self.calls.clock()
        lead, no = call.lead_leg, open_acts(call, self.live.configuration_of(call), person, at)
        confirmed = call.closing.confirmed_at if call.closing else None
        since = (card.since or confirmed if card else None) or call.started_at
        return SpokenCall(need=_need(call, card) if card else "", agent=view.lead_name if lead and lead.live else "",
                          reference=call.reference, minutes=max(0, (at - since) // MINUTE),
                          open={key: act for key, act in KEYS.items() if no[Act(act)] is None})  # fmt: skip


def _in_order(live: Live, teams: tuple[str, ...]) -> list[tuple[CallView, Card | None]]:
    """Each call once: first those that need somebody, by what is most urgent about them; then the longest."""
    views = [one for one in live.views.values() if one.team in teams and one.group != AFTER]
    cards = {one.id: min(one.cards, key=lambda card: card.order) for one in views if one.cards}
    needing = sorted((one for one in views if one.id in cards), key=lambda one: cards[one.id].order)
    return [(one, cards.get(one.id)) for one in (*needing, *(one for one in views if one.id not in cards))]


def _need(call: Call, card: Card) -> str:
    if card.need is not Need.LOCK:
        return card.need.word
    return Lock.THREAT.value if Lock.THREAT in call.locks else Lock.SAFEGUARDING.value
