"""What an answer on the staff line does: log in by the telephone or a number, and a PIN; then one key at the menu.

Whoever is not known hears the same as whoever is, up to the right PIN. A decision depends on the stored session and on
what is ``given`` with the answer, so a repeated request changes nothing: its token is that of an earlier document.
"""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from callflow.core.records import record
from callflow.core.staff_line import calls, takes
from callflow.core.staff_line.calls import Calls
from callflow.core.staff_line.pins import Pin, TryOutcome, tried
from callflow.core.staff_line.session import Session, StaffPlace
from callflow.core.staff_line.takes import Line, Take

MOST_TRIES: Final = 3
"""Of the PIN in one call; then it is over. How often it can be tried at all is a matter of the PIN's own lock."""
MOST_SILENT: Final = 2
REPLIES: Final = MappingProxyType({
    "1": ("yes", "staff_check_in_yes"), "2": ("later", "staff_check_in_later"), "3": ("no", "staff_check_in_no"),
})  # fmt: skip
"""By key, what is said to a check-in (``check_ins.Reply``), and the line that follows."""


@record
class Given:
    """What is known when an answer arrives. ``named``: who has the digits that were typed as a number, "" for nobody.

    ``pin`` is that of whoever is claimed, ``right`` whether its digits were typed. ``away``: whether the person is on a
    break. ``promises``: the calls of the call backs that the person has promised, the next first. ``scenarios``: how
    many calls can be practised. ``records``: whether the person may record lines, ``line`` the one that was typed,
    ``take`` what was just recorded. ``calls``: whether the person may call customers, ``number`` the one that was typed
    (E.164), "" if it cannot be called. ``incidents`` are open ones that the person was on, ``check_in`` is one that is
    offered (ids). ``outcomes``: those of earlier recordings that the person has not heard, as ``Session`` has them.
    ``live``: the live calls of a supervisor's teams; None for others, and where no key asks for them.
    """

    named: str = ""
    pin: Pin | None = None
    right: bool = False
    away: bool = False
    promises: tuple[str, ...] = ()
    scenarios: int = 0
    records: bool = False
    line: Line | None = None
    take: Take | None = None
    calls: bool = False
    number: str = ""
    outcomes: str = ""
    incidents: tuple[str, ...] = ()
    check_in: str = ""
    live: Calls | None = None


@record
class Decided:
    """The session afterwards. ``pin``: with its new count of wrong tries, ``tried``: what came of the try.

    ``away``: set the person away or back; None to leave it.
    """

    session: Session
    pin: Pin | None = None
    tried: TryOutcome | None = None
    away: bool | None = None
    scenario: int | None = None
    """The practice call that begins, counted from 0."""
    kept: str = ""
    """The recording that is to be put in force, and the one that is to be deleted, by their ids at the provider."""
    dropped: str = ""
    told: str = ""
    """The recordings whose outcome was heard."""


def begun(id: str, claimed: str) -> Session:
    """A call has come. ``claimed``: whose telephone it is, "" if nobody's."""
    return Session(id=id, place=StaffPlace.PIN if claimed else StaffPlace.NUMBER, claimed=claimed)


def answered(session: Session, keys: str, given: Given, at: datetime) -> Decided:
    """The decision about these keys, "" for none, at the session's place."""
    told, silent = session.outcomes, 0 if keys or given.take else session.silent + 1
    asked = session.check_in if session.place is StaffPlace.CHECK_IN else ""
    session = replace(session, token=session.token + 1, news="", practice="", outcomes="", silent=silent, reason="",
                      check_in=asked)  # fmt: skip
    return replace(_answered(session, keys, given, at), told=told)


def _answered(session: Session, keys: str, given: Given, at: datetime) -> Decided:
    if session.place is StaffPlace.OVER or session.silent > MOST_SILENT:
        return _over(session)
    if session.place is StaffPlace.RECORD or (session.place in takes.PLACES and keys):
        taken = takes.answered(session, keys, given.line, given.take)
        return Decided(session=taken.session, kept=taken.kept, dropped=taken.dropped)
    if given.live or session.place is StaffPlace.CALLS:
        return Decided(session=calls.answered(session, keys, given.live or Calls()))
    return _pressed(session, keys, given, at) if keys else Decided(session=session)


def _pressed(session: Session, keys: str, given: Given, at: datetime) -> Decided:
    match session.place:
        case StaffPlace.NUMBER:
            return Decided(session=replace(session, place=StaffPlace.PIN, claimed=given.named))
        case StaffPlace.PIN:
            return _pin(session, given, at)
        case StaffPlace.SCENARIO:
            return _scenario(session, keys, given)
        case StaffPlace.CHECK_IN | StaffPlace.PROMISE as place:
            return _replied(session, keys) if place is StaffPlace.CHECK_IN else _promise(session, keys, given)
        case StaffPlace.CALL_NUMBER | StaffPlace.CALL_CONFIRM:
            return Decided(session=_calling(session, keys, given))
        case _:
            return _chosen(session, keys, given)


def _over(session: Session) -> Decided:
    taken = takes.over(session)
    session = replace(taken.session, news="staff_goodbye", practice="", number="")
    return Decided(session=session, dropped=taken.dropped)


def _pin(session: Session, given: Given, at: datetime) -> Decided:
    pin, outcome = tried(given.pin, given.right, at) if given.pin else (None, TryOutcome.WRONG)
    if outcome is TryOutcome.RIGHT:
        now = replace(session, place=StaffPlace.MENU, person=session.claimed, tries=0, outcomes=given.outcomes)
        return Decided(session=now, pin=pin, tried=outcome)
    last = session.tries + 1 >= MOST_TRIES
    now = replace(session, place=StaffPlace.OVER if last else StaffPlace.NUMBER, claimed="", tries=session.tries + 1,
                  news="staff_wrong")  # fmt: skip
    return Decided(session=now, pin=pin, tried=outcome)


def _chosen(session: Session, key: str, given: Given) -> Decided:
    leads = {"3": StaffPlace.SCENARIO} if given.scenarios else {}
    leads |= {"4": StaffPlace.LINE} if given.records else {}
    leads |= {"5": StaffPlace.CALL_NUMBER} if given.calls else {}
    leads |= {"7": StaffPlace.CHECK_IN} if given.check_in else {}
    match key:
        case "1":
            news = "staff_back" if given.away else "staff_away"
            return Decided(session=replace(session, news=news), away=not given.away)
        case "2" | "6":
            return _next_promise(session, given) if key == "2" else _incident(session, given.incidents)
        case "3" if given.scenarios == 1:
            return _scenario(session, "1", given)
        case _ if key in leads:
            check_in = given.check_in if key == "7" else ""
            return Decided(session=replace(session, place=leads[key], check_in=check_in))
        case "#":
            return _over(session)
        case _:
            return Decided(session=replace(session, news="unknown_key"))


def _next_promise(session: Session, given: Given) -> Decided:
    """Speak the one after ``session.promise``, or the first."""
    turn = given.promises.index(session.promise) + 1 if session.promise in given.promises else 0
    if turn >= len(given.promises):
        news = "staff_no_promise" if not given.promises else "staff_no_more_promises"
        return Decided(session=replace(session, place=StaffPlace.MENU, promise="", news=news))
    return Decided(session=replace(session, place=StaffPlace.PROMISE, promise=given.promises[turn]))


def _promise(session: Session, key: str, given: Given) -> Decided:
    match key:
        case "1" if given.calls and session.promise in given.promises:
            return Decided(session=replace(session, place=StaffPlace.OVER, news="call_begins"))
        case "2":
            return _next_promise(session, given)
        case "*":
            return Decided(session=replace(session, place=StaffPlace.MENU, promise=""))
        case _:
            return Decided(session=replace(session, news="unknown_key"))


def _calling(session: Session, keys: str, given: Given) -> Session:
    """The number of a customer, then its confirmation; the call begins when this one is over."""
    if session.place is StaffPlace.CALL_NUMBER:
        if keys == takes.MENU:
            return replace(session, place=StaffPlace.MENU)
        if not given.number:
            return replace(session, news="call_impossible")
        return replace(session, place=StaffPlace.CALL_CONFIRM, number=given.number)
    if keys == "1":
        return replace(session, place=StaffPlace.OVER, news="call_begins")
    return replace(session, place=StaffPlace.CALL_NUMBER if keys == "2" else StaffPlace.MENU, number="")


def _incident(session: Session, open_ones: tuple[str, ...]) -> Decided:
    """The next of the person's incidents, and after the last the first again."""
    if not open_ones:
        return Decided(session=replace(session, news="staff_incident_none", incident=""))
    told = open_ones.index(session.incident) if session.incident in open_ones else -1
    return Decided(session=replace(session, news="staff_incident", incident=open_ones[(told + 1) % len(open_ones)]))


def _replied(session: Session, key: str) -> Decided:
    if key not in REPLIES:
        return Decided(session=replace(session, news="unknown_key"))
    return Decided(session=replace(session, place=StaffPlace.MENU, news=REPLIES[key][1]))


def _scenario(session: Session, key: str, given: Given) -> Decided:
    chosen = int(key) - 1 if key.isdecimal() else -1
    if not 0 <= chosen < given.scenarios:
        return Decided(session=replace(session, place=StaffPlace.MENU))
    return Decided(session=replace(session, place=StaffPlace.PRACTICE), scenario=chosen)
