"""The use cases of the staff line: a call to it begins, and is answered. Each is one transaction of its own table.

It is no call of Callflow's, so nothing of it stands in a journal; one to a customer begins after it. What is typed is
compared and forgotten, and never logged; the number of a customer is kept, sealed, until that call begins.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

from callflow.core.configuration import Configuration
from callflow.core.records import immutable, record
from callflow.core.staff_line import menu
from callflow.core.staff_line.menu import Given
from callflow.core.staff_line.pins import TryOutcome
from callflow.core.staff_line.session import Session, StaffPlace
from callflow.core.staff_line.takes import Take
from callflow.service import pins, promises
from callflow.service.configurations import Configurations
from callflow.service.outgoing import CannotCall, OutgoingCalls, team_of
from callflow.service.ports import Counters, Store
from callflow.service.promises import Promise
from callflow.service.staff_calls import NO_CALLS, StaffCalls, TeamCalls
from callflow.service.staff_incidents import AfterCalls, StaffIncidents
from callflow.service.staff_prompts import Outcome, StaffPrompts, drop
from callflow.service.staff_sessions import StaffUnit, busy

MOST_SCENARIOS = 9
"""As many as there are keys."""
log = logging.getLogger(__name__)


@record
class StaffReply:
    """The session whose document answers the webhook at this time, and what the document speaks besides.

    ``away``: whether the person is on a break. ``promise``: the call back that is spoken. ``outcomes``: what became of
    lines that the person recorded. ``calls``: whether the person may call customers.
    ``after_calls``: incidents and check-ins. ``team_calls``: live calls of a supervisor's teams.
    """

    session: Session
    at: datetime
    away: bool = False
    promise: Promise | None = None
    outcomes: tuple[Outcome, ...] = ()
    calls: bool = False
    after_calls: AfterCalls = AfterCalls()
    team_calls: TeamCalls = NO_CALLS


class Practising(Protocol):
    """Plays a practice call (``telephony.practice``). Its state is text."""

    def begin(self, session: Session, scenario: str, configuration: Configuration, at: datetime) -> str: ...

    def go_on(self, session: Session, configuration: Configuration, at: datetime) -> tuple[str, bool]:
        """The state after the agent's webhook, and whether the practice call is over."""


@immutable
class StaffLineService:
    """``secrets``: the current secret key first, then earlier ones. ``typed`` makes digits a number (E.164)."""

    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]
    counters: Counters
    secrets: tuple[str, ...]
    outgoing: OutgoingCalls | None = None
    typed: Callable[[str, Configuration], str] = lambda keys, configuration: ""
    live: StaffCalls | None = None

    def begin(self, id: str, telephone: str) -> StaffReply:
        """A call has come from this telephone (``configuration.telephone.identity``). A repeated one changes nothing.

        Raises StoreUnavailable.
        """
        at = self.clock()
        claimed = self.configurations.current.staff_line.telephones.get(telephone, "")

        def work(unit: StaffUnit) -> Session:
            known = unit.session(id)
            if known is None:
                known = menu.begun(id, claimed)
                unit.put_session(known, at)
            return known

        return self._reply(self.store.in_staff_line(work))

    def answer(self, id: str, token: int, keys: str, practising: Practising, take: Take | None = None
               ) -> StaffReply | None:  # fmt: skip
        """The document ``token`` was answered with these keys, "" for none, or with what was recorded.

        None for a call that is not known.

        A late or repeated answer changes nothing, and gets the present document. Raises StoreUnavailable.
        """
        known = self.store.staff_session(id)
        at = self.clock()
        if known is None:
            if take:  # the caller has hung up, and the report of that was faster
                self.store.in_staff_line(lambda unit: drop(unit, take.id, take.account, at))
            return None
        given = self._given(known, keys, take) if token == known.token else Given()
        if token == known.token and known.place is StaffPlace.CHECK_IN and keys in menu.REPLIES:
            self._incidents.reply(known, menu.REPLIES[keys][0])

        def _work(unit: StaffUnit) -> menu.Decided | Session | None:
            now = unit.session(id)
            if now is None or now.token != token or now != known:
                return now
            if now.place is StaffPlace.PRACTICE:
                return self._practised(unit, now, practising, at)
            # Read again, because another call may have tried the same PIN meanwhile.
            pin = unit.pin(now.claimed) if now.place is StaffPlace.PIN and now.claimed else None
            decided = menu.answered(now, keys, replace(given, pin=pin), at)
            session = self._with_practice(decided, practising, at)
            unit.put_session(session, at)
            busy(unit, now, session, at)
            self._prompts.record(unit, now, decided, take, at)
            if decided.pin and decided.pin != pin:
                unit.put_pin(decided.pin)
            if decided.away is not None:
                unit.set_away(now.person, decided.away)
            return replace(decided, session=session)

        done = self.store.in_staff_line(_work)
        if isinstance(done, menu.Decided):
            self._told(done, known.claimed)
            return self._reply(done.session)
        return self._reply(done) if done else None

    def over(self, id: str) -> None:
        """The call is over: nothing of it is kept, but what the person chose to keep. Raises StoreUnavailable.

        If a customer is to be called, or something to be done to a live call, the person's telephone is rung now that
        it is free again."""
        at = self.clock()

        def _work(unit: StaffUnit) -> Session | None:
            now = unit.session(id)
            if now is None:
                return None
            over = replace(now, place=StaffPlace.OVER, take="", number="", promise="", act="")
            busy(unit, now, over, at)
            if now.take:
                drop(unit, now.take, now.account, at)
            if now.promise and now.place is StaffPlace.OVER:
                unit.defer(promises.ringing(now.promise, now.person, at))
            unit.put_session(over, at)
            return now

        last = self.store.in_staff_line(_work)
        self.store.drop_staff_session(id)
        if last and self.live:
            self.live.over(last)
        if last and last.number and last.place is StaffPlace.OVER and self.outgoing:
            try:
                self.outgoing.begin(last.person, last.number)
            except CannotCall:  # its message has digits of the number
                log.warning("the call that %s chose on the staff line cannot begin now", last.person)

    def take(self, id: str, token: int) -> tuple[str, str] | None:
        """The recording that is played in this document, and its account. None without one. Raises StoreUnavailable."""
        found = self.store.staff_session(id)
        return (found.take, found.account) if found and found.take and found.token == token else None

    def _practised(self, unit: StaffUnit, now: Session, practising: Practising, at: datetime) -> Session:
        """The practice call goes on, or is over: then its debrief comes before the menu."""
        state, over = practising.go_on(now, self.configurations.current, at)
        session = replace(now, token=now.token + 1, practice=state, news="")
        if over:
            session = replace(session, place=StaffPlace.MENU, news="practice_over")
        unit.put_session(session, at)
        busy(unit, now, session, at)
        return session

    def _with_practice(self, decided: menu.Decided, practising: Practising, at: datetime) -> Session:
        if decided.scenario is None:
            return decided.session
        configuration = self.configurations.current
        scenario = list(configuration.practice)[decided.scenario]
        state = practising.begin(decided.session, scenario, configuration, at)
        return replace(decided.session, practice=state, news="practice_begin")

    def _given(self, session: Session, keys: str, take: Take | None) -> Given:
        """What the decision needs. Looks at the PIN here, because that is slow and must not hold the database."""
        scenarios = min(len(self.configurations.current.practice), MOST_SCENARIOS)
        match session.place:
            case StaffPlace.NUMBER:
                return Given(named=self.configurations.current.staff_line.numbers.get(keys, ""))
            case StaffPlace.PIN if keys:
                pin = self.store.staff_pins().get(session.claimed)
                return Given(right=pins.matches(pin.hash if pin else pins.NOBODY, self.secrets, session.claimed, keys),
                             outcomes=self._prompts.untold(session.claimed))  # fmt: skip
            case StaffPlace.LINE | StaffPlace.RECORD:
                return Given(line=self._prompts.line(session.person, keys), take=take)
            case StaffPlace.CALL_NUMBER:
                return Given(number=self._number(keys))
            case StaffPlace.MENU | StaffPlace.PROMISE:
                return replace(self._incidents.given(session.person), away=self._away(session.person),
                               promises=self._promises(session.person), scenarios=scenarios,
                               records=self._records(session.person), calls=self._calls(session.person),
                               live=self.live.given(session, keys) if self.live else None)  # fmt: skip
            case _:
                return Given(scenarios=scenarios, live=self.live.given(session, keys) if self.live else None)

    def _told(self, decided: menu.Decided, claimed: str) -> None:
        if decided.tried is None:
            return
        self.counters.count("staff_logins", str(decided.tried))
        if decided.tried is TryOutcome.LOCKED_NOW:
            log.warning("the PIN of %s is locked for a while after wrong tries: "
                        "`callflow people pin %s --unlock` unlocks it", claimed, claimed)  # fmt: skip

    def _records(self, person: str) -> bool:
        return person in self.configurations.current.staff_line.recorders

    def _calls(self, person: str) -> bool:
        """Whether the person may call customers."""
        try:
            return bool(self.outgoing and self.configurations.current.outgoing_calls
                        and team_of(self.configurations.current, person))  # fmt: skip
        except CannotCall:
            return False

    def _number(self, keys: str) -> str:
        """The number that was typed, "" if it cannot be called."""
        try:
            typed = self.typed(keys, self.configurations.current)
            return self.outgoing.number(typed) if self.outgoing and typed else ""
        except CannotCall:
            return ""

    def _promises(self, person: str) -> tuple[str, ...]:
        return tuple([one.call.id for one in promises.listed(self.store, person)])

    def _away(self, person: str) -> bool:
        return any(one.away for one in self.store.people(self.clock()) if one.person == person)

    def _reply(self, session: Session) -> StaffReply:
        away = session.place is StaffPlace.MENU and self._away(session.person)
        calls = session.place in (StaffPlace.MENU, StaffPlace.PROMISE) and self._calls(session.person)
        return StaffReply(session=session, at=self.clock(), away=away, promise=self._promise(session),
                          outcomes=self._prompts.told(session), calls=calls,
                          after_calls=self._incidents.told(session),
                          team_calls=self.live.told(session) if self.live else NO_CALLS)  # fmt: skip

    @property
    def _prompts(self) -> StaffPrompts:
        return StaffPrompts(self.store, self.configurations, self.clock)

    @property
    def _incidents(self) -> StaffIncidents:
        return StaffIncidents(self.store, self.configurations, self.clock)

    def _promise(self, session: Session) -> Promise | None:
        """The one that is spoken now. One that was kept meanwhile, or given to somebody else, is not."""
        if session.place is not StaffPlace.PROMISE:
            return None
        found = promises.listed(self.store, session.person)
        return next((one for one in found if one.call.id == session.promise), None)
