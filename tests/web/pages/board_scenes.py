"""A board full of calls: each is a conversation of its own, brought to the same moment."""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from callflow.core.call import Call
from callflow.core.configuration import Configuration, Team
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.stages import Stage
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Change, Store
from callflow.service.presence import moved
from tests.core.example import people
from tests.playbook import Playbook, talking
from tests.web.pages.signed_in import STAFFED

Scene = Callable[[], Playbook]


def shifted(value: Any, by: timedelta) -> Any:
    """The same later by so much: every time in it."""
    match value:
        case datetime():
            return value + by
        case tuple():
            return tuple(shifted(one, by) for one in value)
        case dict():
            return {key: shifted(one, by) for key, one in value.items()}
        case _ if is_dataclass(value) and not isinstance(value, type):
            made = object.__new__(type(value))
            for one in fields(value):
                object.__setattr__(made, one.name, shifted(getattr(value, one.name), by))
            return made
    return value


def put(store: Store, book: Playbook, now: datetime, *, id: str, reference: str, agent: str = "ana",
        **changes: Any) -> Call:  # fmt: skip
    """Store the call of this conversation with its journal, as if its last fact had just happened. ``agent``: who has
    been on it instead of Ana."""
    call = shifted(book.call, now - book.at).but(id=id, reference=reference, **changes)
    legs = tuple(leg.but(sid=f"{leg.sid}-{id}" if leg.sid else "", person=agent if leg.person == "ana" else leg.person)
                 for leg in call.legs)  # fmt: skip
    notes = [replace(one, actor=agent) if one.actor == "ana" else one for one in book.notes]
    call = call.but(legs=legs)
    change = Change(call=call, before=None, notes=notes, people=moved(None, call, book.configuration), lease_until=now)
    store.transact(lambda unit: unit.save(change))
    return change.call


def waiting() -> Playbook:
    return Playbook().calls().wait(10).caller().presses("1")


def holding() -> Playbook:
    return talking().wait(40).agent("ana").star().presses("1").caller().wait(3).presses("1").wait(12)


def overdue() -> Playbook:
    book = holding()
    book.clock = book.reports = False
    return book.wait(23)


def asking() -> Playbook:
    return talking().wait(95).agent("ana").star().presses("1").wait(2)


def declined() -> Playbook:
    return talking().wait(40).agent("ana").star().presses("1").caller().wait(3).presses("2").wait(25)


def ringing() -> Playbook:
    return talking().wait(130).agent("ana").star().presses("2").caller().wait(3).presses("1").wait(4)


def consulting() -> Playbook:
    return ringing().supervisor("sam").answers().presses("1").wait(9)


def nobody_came() -> Playbook:
    book = talking().wait(30).agent("ana").star().presses("2").caller().wait(3).presses("1")
    book.away = {"sam", "sky"}
    book.supervisor("sam").hangs_up()
    return book.wait(90)


def locked() -> Playbook:
    book = talking()
    book.away = {"sam", "sky"}
    return book.wait(70).agent("ana").star().presses("5").wait(64)


def warned() -> Playbook:
    book = declined().agent("ana").star().presses("2").caller().wait(3).presses("2").wait(20)
    return book.agent("ana").star().presses("3").presses("2").wait(40)


def finally_warned() -> Playbook:
    return warned().agent("ana").star().presses("3").presses("2").wait(45)


def closing() -> Playbook:
    return finally_warned().agent("ana").star().presses("4").presses("2").presses("1").wait(1)


SCENES: Mapping[str, Scene] = {
    "waiting": waiting, "talking": lambda: talking().wait(75), "holding": holding, "overdue": overdue,
    "asking": asking, "declined": declined, "ringing": ringing, "consulting": consulting, "nobody_came": nobody_came,
    "locked": locked, "warned": warned, "finally_warned": finally_warned, "closing": closing,
}  # fmt: skip

AGENTS = ("ana", "ben", "cem", "dora", "eve", "finn", "gül", "hana", "ivo", "june", "kofi", "lena", "mira", "noah")
BUSY: Configuration = replace(
    STAFFED, agents=people(*AGENTS), supervisors=people("sam", "sky", "tess"),
    teams={"energy_desk": Team(id="energy_desk", name="energy desk", agents=AGENTS[:10], supervisors=("sam", "sky")),
           "water_desk": Team(id="water_desk", name="water desk", agents=AGENTS[10:], supervisors=("sam", "tess"))},
)  # fmt: skip
"""Enough people for every call to have its own agent."""


def fill(store: Store, now: datetime) -> None:
    """Every scene at once, something that is late, and people in every state."""
    for number, (name, scene) in enumerate(SCENES.items()):
        put(store, scene(), now - timedelta(seconds=number), id=f"c{number}", agent=AGENTS[number],
            reference=f"{number + 4}{name[0].upper()}7K", digest=BUSY.digest)  # fmt: skip
    late = put(store, talking(), now - timedelta(hours=2), id="c90", reference="9B2M", agent="hana", stage=Stage.ENDED)
    follow_ups = [
        FollowUp(id="c90-promise-1", kind=FollowUpKind.PROMISE, call=late.id, person="sky", state="late",
                 at=now - timedelta(hours=2)),
        FollowUp(id="c90-alarm-4", kind=FollowUpKind.ALARM, call=late.id, person="sam", state="raised",
                 at=now - timedelta(minutes=50), body={"cause": "break_skipped"}),
    ]  # fmt: skip
    resting = [PersonPresence(person=one, presence=Presence.COOL_DOWN, since=now, until=now + timedelta(minutes=9))
               for one in ("noah", "tess")]  # fmt: skip
    after = late.but(seq=late.seq + 1)
    change = Change(call=after, before=late, follow_ups=follow_ups, people=resting, lease_until=now)
    store.transact(lambda unit: unit.save(change))
