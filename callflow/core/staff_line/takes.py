"""Recording a line by its number: choose it, hear it, record, hear what was recorded, then keep it or do it again."""

from dataclasses import replace
from typing import Final

from callflow.core.records import record
from callflow.core.staff_line.session import Session, StaffPlace

PLACES: Final = frozenset({StaffPlace.LINE, StaffPlace.CHOSEN, StaffPlace.RECORD, StaffPlace.REVIEW})
BUSY: Final = PLACES | {StaffPlace.PRACTICE}
"""Whoever is there is not rung meanwhile."""
MENU: Final = "0"
"""Typed instead of a number."""


@record
class Line:
    """The line that a number names. ``fixed``: no words change in it, so one recording can say it."""

    id: str = ""
    fixed: bool = True


@record
class Take:
    """What the provider has just recorded. ``ended``: the caller hung up meanwhile."""

    id: str
    account: str = ""
    ended: bool = False


@record
class Taken:
    """The session afterwards. ``kept``: the recording that is to be put in force, ``dropped`` the one to be deleted."""

    session: Session
    kept: str = ""
    dropped: str = ""


def answered(session: Session, keys: str, line: Line | None, take: Take | None) -> Taken:
    """The decision at one of ``PLACES``. ``line``: what was typed as a number names it; None if it names nothing."""
    match session.place:
        case StaffPlace.LINE:
            return Taken(session=_named(session, keys, line))
        case StaffPlace.CHOSEN:
            places = {"1": StaffPlace.RECORD, "2": StaffPlace.LINE}
            return Taken(session=replace(session, place=places.get(keys, StaffPlace.MENU)))
        case StaffPlace.RECORD:
            return _recorded(session, take)
        case _:
            return _reviewed(session, keys)


def over(session: Session) -> Taken:
    """The call has ended: what was not kept is dropped."""
    return Taken(session=replace(session, place=StaffPlace.OVER, take="", account=""), dropped=session.take)


def _named(session: Session, keys: str, line: Line | None) -> Session:
    if keys == MENU:
        return replace(session, place=StaffPlace.MENU)
    if line is None:
        return replace(session, news="record_unknown")
    if not line.fixed:
        return replace(session, news="record_changes")
    return replace(session, place=StaffPlace.CHOSEN, line=line.id)


def _recorded(session: Session, take: Take | None) -> Taken:
    if take is None:
        return Taken(session=replace(session, place=StaffPlace.CHOSEN, news="record_nothing"))
    if take.ended:
        return over(replace(session, take=take.id))
    return Taken(session=replace(session, place=StaffPlace.REVIEW, take=take.id, account=take.account))


def _reviewed(session: Session, key: str) -> Taken:
    take, after = session.take, replace(session, take="", account="")
    match key:
        case "1":
            return Taken(session=replace(after, place=StaffPlace.MENU, news="record_kept"), kept=take)
        case "2":
            return Taken(session=replace(after, place=StaffPlace.RECORD), dropped=take)
        case "#":
            return Taken(session=replace(after, place=StaffPlace.MENU, news="record_dropped"), dropped=take)
        case _:
            return Taken(session=session)
