"""The calls of a supervisor's teams, by keypad: which is spoken next, and what a key does to it. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from callflow.core.records import record
from callflow.core.staff_line.session import Session, StaffPlace

KEYS: Final[Mapping[str, str]] = MappingProxyType({
    "1": "listen", "2": "coach", "3": "join", "4": "take_over", "5": "lock", "8": "veto", "9": "co_sign",
})  # fmt: skip
"""By key, the act (a value of ``events.Act``). As in the menu of a listener, as far as that has them."""
AFTERWARDS: Final = frozenset({"listen", "coach", "join", "take_over"})
"""They ring the person's telephone, so they are done when the call to the staff line is over; the others at once."""
NEXT: Final = "0"
MENU: Final = "*"
DONE: Final = MappingProxyType({"lock": "staff_locked", "veto": "staff_vetoed", "co_sign": "staff_agreed"})


@record
class LiveCall:
    """One that can be spoken. ``state`` is what an act is decided on, ``closed`` has the reason (a value of
    ``act_refusals.Reason``) of each act that is not open to the person."""

    id: str
    state: str
    closed: Mapping[str, str]


@record
class Calls:
    """What is live now, in the order in which it is spoken. ``answer`` is what came of an act that was done at once
    (a value of ``service.acts.Answer``), "" without one, and ``reason`` why it was refused."""

    live: tuple[LiveCall, ...] = ()
    answer: str = ""
    reason: str = ""

    def of(self, id: str) -> LiveCall | None:
        return next((one for one in self.live if one.id == id), None)


def answered(session: Session, key: str, calls: Calls) -> Session:
    """The session after this key, "" for none. What is spoken anew is what the next key is decided on."""
    if session.place is StaffPlace.MENU:
        return _next(replace(session, place=StaffPlace.CALLS), calls, "staff_calls_count", none="staff_no_calls")
    if key == MENU:
        return _menu(session, "")
    if calls.answer:
        return _after(session, KEYS.get(key, ""), calls)
    now = calls.of(session.call)
    if now is None:
        return _next(session, calls, "staff_call_gone", none="staff_call_gone")
    return _next(session, calls) if key == NEXT else _pressed(session, key, now)


def _pressed(session: Session, key: str, now: LiveCall) -> Session:
    act = KEYS.get(key, "")
    if act and now.state != session.state:
        return _again(session, now, "staff_call_changed")
    if reason := now.closed.get(act, ""):
        return _again(session, now, "staff_refused", reason)
    if act in AFTERWARDS:
        return replace(session, place=StaffPlace.OVER, act=act, news="staff_act_begins")
    return _again(session, now, "unknown_key" if key else "")


def _after(session: Session, act: str, calls: Calls) -> Session:
    """What is heard after an act that was done at once, or was not. The call may be over by now."""
    said = {"done": DONE.get(act, ""), "refused": "staff_refused", "stale": "staff_call_changed"}
    news = said.get(calls.answer, "staff_call_gone")
    if now := calls.of(session.call):
        return _again(session, now, news, calls.reason)
    news = news if calls.answer == "done" else "staff_call_gone"
    return _next(session, calls, news, none=news)


def _again(session: Session, now: LiveCall, news: str, reason: str = "") -> Session:
    return replace(session, news=news, reason=reason, state=now.state)


def _next(session: Session, calls: Calls, news: str = "", none: str = "staff_no_more_calls") -> Session:
    """The first that was not spoken yet; what has begun to need somebody meanwhile comes first."""
    passed = [*session.passed.split(), session.call] if session.call else []
    found = next((one for one in calls.live if one.id not in passed), None)
    if found is None:
        return _menu(session, none)
    return replace(session, call=found.id, state=found.state, passed=" ".join(passed), news=news)


def _menu(session: Session, news: str) -> Session:
    return replace(session, place=StaffPlace.MENU, call="", state="", passed="", news=news)
