"""The desk of a person: their own call as it is now, its buttons, and what is theirs beside it.

A press is decided on the state that was shown. If the call has moved on since, nothing happens, and the page shows the
new state. Only the buttons of a person's own leg can be pressed here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from callflow.core import breaks, desk, incidents
from callflow.core.call import Call, Leg
from callflow.core.check_ins import Reply
from callflow.core.configuration import Configuration
from callflow.core.desk_choices import Choice, DeskView
from callflow.core.events import Event, FollowedUp, OfferMade
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.records import immutable, record
from callflow.core.stages import Stage
from callflow.service import promises
from callflow.service.call_service import CallService
from callflow.service.caller_records import CallerRecord, RecordKind
from callflow.service.incidents import Incidents, of_person
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Transaction
from callflow.service.promises import Promise
from callflow.service.telephones import freed
from callflow.service.unit_of_work import Applied, apply

LONGEST_NOTE: Final = 2000
WITH_A_CALL: Final = (Presence.RUNG, Presence.ON_CALL, Presence.WRAP_UP)


class Pressed(StrEnum):
    DONE = "done"
    STALE = "stale"
    """The call is in another state than the one that was shown."""
    NOT_OPEN = "not_open"
    NO_CALL = "no_call"


@record
class OwnCall:
    """The call of a person, with their leg. ``seen`` names the state on which a press is decided."""

    view: DeskView
    leg: Leg
    seen: str
    choices: Sequence[Choice]

    @property
    def call(self) -> Call:
        return self.view.call

    @property
    def configuration(self) -> Configuration:
        return self.view.configuration


@record
class OwnIncident:
    """An open incident of a person. ``owner`` is the id of whoever answers it, by ``until``; None while its call goes
    on. ``missing``: the person has added nothing so far. ``account``: what they have."""

    incident: FollowUp
    call: Call
    until: datetime | None
    missing: bool

    @property
    def late(self) -> bool:
        return self.incident.state == incidents.IncidentState.LATE


@record
class Beside:
    """What is theirs without a call. Read when it changes, not at every poll."""

    promises: Sequence[Promise] = ()
    incidents: Sequence[OwnIncident] = ()
    check_ins: Sequence[FollowUp] = ()
    heads_ups: Sequence[CallerRecord] = ()


@immutable
class Desk:
    calls: CallService
    incidents: Incidents

    def presence(self, person: str) -> PersonPresence | None:
        """What the person is doing; None for one who has never been rung."""
        found = self.calls.store.people(self.calls.clock())
        return next((one for one in found if one.person == person), None)

    def own(self, doing: PersonPresence | None) -> OwnCall | None:
        """The call that the person is on or rung for, or is finishing."""
        if doing is None or doing.presence not in WITH_A_CALL or not doing.call:
            return None
        call = self.calls.store.read(doing.call)
        return self._own(call, doing.person, self.calls.clock()) if call else None

    def _own(self, call: Call, person: str, at: datetime) -> OwnCall | None:
        leg = own_leg(call, person)
        if leg is None:
            return None
        view = DeskView(call, self.calls.configurations.of(call.digest), at)
        return OwnCall(view=view, leg=leg, seen=seen(call, leg), choices=desk.choices(view, leg))

    def press(self, person: str, call: str, choice: str, shown: str) -> Pressed:
        """Press a button on the call with this id. ``shown`` is ``OwnCall.seen`` of the page.

        A protective button works on whatever was shown, and does nothing where its lock is on already (rule 34).
        """
        done = Pressed.NO_CALL

        def facts(now: Call, at: datetime) -> Sequence[Event]:
            nonlocal done
            own = self._own(now, person, at)
            if own is None:
                done = Pressed.NO_CALL
                return ()
            done, events = _pressed(own, choice, shown)
            return events

        self.calls.report(call, facts, ask=True)
        return done

    def beside(self, person: str) -> Beside:
        """What is theirs beside a call. Raises StoreUnavailable."""
        store, at = self.calls.store, self.calls.clock()
        own = of_person(store.follow_ups(FollowUpKind.INCIDENT), person)
        teams = self._teams(person)
        return Beside(
            promises=promises.listed(store, person),
            incidents=[made for one in own if (made := self._incident(one, person))],
            check_ins=self.incidents.offered(person),
            heads_ups=[one for one in store.caller_records(RecordKind.HEADS_UP)
                       if one.effective(at) and self._concerns(one, teams)],
        )  # fmt: skip

    def _teams(self, person: str) -> frozenset[str]:
        teams = self.calls.configurations.current.teams
        return frozenset(id for id, one in teams.items() if person in (*one.agents, *one.supervisors))

    def _concerns(self, heads_up: CallerRecord, teams: frozenset[str]) -> bool:
        """Whether its call was one of these teams."""
        call = self.calls.store.read(heads_up.id.removesuffix("-h"))
        return call is not None and call.team in teams

    def _incident(self, one: FollowUp, person: str) -> OwnIncident | None:
        call = self.calls.store.read(one.call)
        if call is None:
            return None
        return OwnIncident(incident=one, call=call, until=incidents.answer_by(one),
                           missing=person in incidents.missing(one))  # fmt: skip

    def add(self, person: str, call: Call, parts: dict[str, str]) -> FollowUp:
        """What the person has to say about a call that they were on. Raises follow_ups.Refused."""
        return self.incidents.add(call, person, parts)

    def incident(self, call: Call) -> FollowUp | None:
        return self.calls.store.follow_up(incidents.incident_id(call.id))

    def note(self, person: str, call: Call, words: str) -> None:
        """Write a note into the journal of a call that the person was on. The words are sealed there."""
        self._noted(call.id, NoteKind.WRITTEN_NOTE, person, {"words": words[:LONGEST_NOTE]})

    def _noted(self, call: str, kind: NoteKind, person: str, details: dict[str, str | int | float]) -> None:
        outcome = NoteOutcome.ADDED
        self.calls.report(call, lambda now, at: [
            FollowedUp(at=at, kind=kind, person=person, outcome=outcome, details=details)
        ])  # fmt: skip

    def offer(self, person: str, call: str, offer: str) -> bool:
        """Write down that this was offered to the caller, once. False if it may not be offered on this call."""
        made = False

        def facts(now: Call, at: datetime) -> Sequence[Event]:
            nonlocal made
            leg = own_leg(now, person)
            allowed = self.calls.configurations.of(now.digest).guidance.offers_for(now.team, now.reason)
            made = leg is not None and any(one.id == offer for one in allowed)
            return [OfferMade(at=at, leg=leg.id, offer=offer)] if leg and made else ()

        self.calls.report(call, facts)
        return made

    def change_break(self, person: str, *, longer: bool) -> bool:
        """Make the break of a person longer or shorter, who alone does so (rule 38). False if there is none now."""
        store, at = self.calls.store, self.calls.clock()

        def _work(tx: Transaction) -> Applied | None:
            (doing,) = tx.presence([person], at)
            if doing.presence is not Presence.COOL_DOWN or doing.until is None:
                return None
            call = tx.load(doing.call)
            if call is None:
                return None
            configuration = self.calls.configurations.of(call.digest)
            left = breaks.changed(doing.since, doing.until, at, configuration.policy.aftercare, longer=longer)
            entry = breaks.noted(person, doing.since, left, at, longer=longer)
            done = apply(tx, configuration, call, lambda _: [entry], at)
            after = replace(doing, until=left) if left > at else free_again(doing, at)
            tx.put_presence(after)
            return replace(done, freed=freed([after], configuration))

        applied = store.transact(_work)
        if applied:
            self.calls.runner.hand_over(applied)
        return applied is not None

    def reply(self, person: str, id: str, reply: Reply) -> FollowUp:
        """To a check-in. Raises follow_ups.Refused."""
        return self.incidents.reply(id, person, reply)

    def set_away(self, person: str, away: bool) -> None:
        """Take calls again, or none until they say so: only locked calls ring an away person."""
        self.calls.store.set_away(person, away)


def own_leg(call: Call, person: str) -> Leg | None:
    """The leg of this person that is live, the latest if there are several."""
    return next((leg for leg in reversed(call.legs) if leg.person == person and leg.live), None)


def seen(call: Call, leg: Leg) -> str:
    """Names what a button was shown for: the stage, the place, and the number of the leg's document."""
    return f"{call.stage}.{leg.place.name}.{leg.token}"


def _pressed(own: OwnCall, choice: str, shown: str) -> tuple[Pressed, Sequence[Event]]:
    current = shown == own.seen
    if not current and desk.is_protective(choice):
        return Pressed.DONE, () if choice in own.call.locks else desk.pressed(own.view, own.leg, choice)
    if not current:
        return Pressed.STALE, ()
    events = desk.pressed(own.view, own.leg, choice)
    return (Pressed.DONE if events else Pressed.NOT_OPEN), events


def free_again(doing: PersonPresence, at: datetime) -> PersonPresence:
    return replace(doing, presence=Presence.FREE, call="", since=at, until=None)


def break_minutes(own: OwnCall) -> int:
    """How long the break after this call is, as the person has it now."""
    return breaks.minutes(own.call, own.leg, own.configuration.policy.aftercare)


def goes_on(call: Call) -> bool:
    return call.stage not in (Stage.AFTERCARE, Stage.ENDED)
