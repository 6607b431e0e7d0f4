"""What an answer on the staff line does: log in by the telephone or a number, and a PIN; then one key at the menu.

Whoever is not known hears the same as whoever is, up to the right PIN. A decision depends on the stored session and on
what is ``given`` with the answer, so a repeated request changes nothing: its token is that of an earlier document.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from callflow.core.records import record
from callflow.core.staff_line.pins import Pin, TryOutcome, tried
from callflow.core.staff_line.session import Session, StaffPlace

MOST_TRIES: Final = 3
"""Of the PIN in one call; then it is over. How often it can be tried at all is a matter of the PIN's own lock."""
MOST_SILENT: Final = 2
BREAK, PROMISE, PRACTISE = "1", "2", "3"
END: Final = "#"


@record
class Given:
    """What is known when an answer arrives. ``named``: who has the digits that were typed as a number, "" for nobody.

    ``pin`` is that of whoever is claimed, ``right`` whether its digits were typed. ``away``: whether the person is on a
    break. ``promise``: the call of the next call back that the person has promised. ``scenarios``: how many calls can
    be practised.
    """

    named: str = ""
    pin: Pin | None = None
    right: bool = False
    away: bool = False
    promise: str = ""
    scenarios: int = 0


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


def begun(id: str, claimed: str) -> Session:
    """A call has come. ``claimed``: whose telephone it is, "" if nobody's."""
    return Session(id=id, place=StaffPlace.PIN if claimed else StaffPlace.NUMBER, claimed=claimed)


def answered(session: Session, keys: str, given: Given, at: datetime) -> Decided:
    """The decision about these keys, "" for none, at the session's place."""
    silent = 0 if keys else session.silent + 1
    session = replace(session, token=session.token + 1, news="", promise="", practice="", silent=silent)
    if session.place is StaffPlace.OVER or session.silent > MOST_SILENT:
        return _over(session)
    if not keys:
        return Decided(session=session)
    match session.place:
        case StaffPlace.NUMBER:
            return Decided(session=replace(session, place=StaffPlace.PIN, claimed=given.named))
        case StaffPlace.PIN:
            return _pin(session, given, at)
        case StaffPlace.SCENARIO:
            return _scenario(session, keys, given)
        case _:
            return _chosen(session, keys, given)


def _over(session: Session) -> Decided:
    return Decided(session=replace(session, place=StaffPlace.OVER, news="staff_goodbye", practice=""))


def _pin(session: Session, given: Given, at: datetime) -> Decided:
    pin, outcome = tried(given.pin, given.right, at) if given.pin else (None, TryOutcome.WRONG)
    if outcome is TryOutcome.RIGHT:
        now = replace(session, place=StaffPlace.MENU, person=session.claimed, tries=0)
        return Decided(session=now, pin=pin, tried=outcome)
    last = session.tries + 1 >= MOST_TRIES
    now = replace(session, place=StaffPlace.OVER if last else StaffPlace.NUMBER, claimed="", tries=session.tries + 1,
                  news="staff_wrong")  # fmt: skip
    return Decided(session=now, pin=pin, tried=outcome)


def _chosen(session: Session, key: str, given: Given) -> Decided:
    match key:
        case "1":
            news = "staff_back" if given.away else "staff_away"
            return Decided(session=replace(session, news=news), away=not given.away)
        case "2":
            news = "staff_promise" if given.promise else "staff_no_promise"
            return Decided(session=replace(session, news=news, promise=given.promise))
        case "3" if given.scenarios == 1:
            return _scenario(session, "1", given)
        case "3" if given.scenarios:
            return Decided(session=replace(session, place=StaffPlace.SCENARIO))
        case "#":
            return _over(session)
        case _:
            return Decided(session=replace(session, news="unknown_key"))


def _scenario(session: Session, key: str, given: Given) -> Decided:
    chosen = int(key) - 1 if key.isdecimal() else -1
    if not 0 <= chosen < given.scenarios:
        return Decided(session=replace(session, place=StaffPlace.MENU))
    return Decided(session=replace(session, place=StaffPlace.PRACTICE), scenario=chosen)
