"""The buttons of the desk: what the keypad can do for one leg now, and in words of the same refusals what it cannot.

A button stands for the keys that a person would press, each at the place where it is pressed (``events.DeskPressed``).
So nothing is possible at the desk that the keypad forbids, and one that is shown as open is not refused.
"""

from collections.abc import Iterator, Sequence

from callflow.core import locks
from callflow.core.call import Leg, Lock, Role
from callflow.core.desk_choices import PLACES, Choice, DeskView
from callflow.core.events import DeskPressed
from callflow.core.keys import OWN
from callflow.core.places import PROTECTED
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S


def choices(view: DeskView, leg: Leg) -> tuple[Choice, ...]:
    """The buttons of this leg, the protective ones first."""
    if not leg.live or leg.at(P.GONE) or leg.role is Role.CALLER:
        return ()
    find = PLACES.get(leg.place.name)
    found = [one for one in find(view, leg) if not _taken(view, one)] if find else []
    return (*_protective(view, leg), *found)


def _taken(view: DeskView, choice: Choice) -> bool:
    """Whether ops have given a key of this button to safeguarding or threat, which come first everywhere."""
    keys = view.policy.menu.keys
    first = (keys[Lock.SAFEGUARDING.value], keys[Lock.THREAT.value])
    return any(key in first and place in PROTECTED and key not in OWN.get(place, "") for place, key in choice.presses)


def pressed(view: DeskView, leg: Leg, choice: str) -> Sequence[DeskPressed]:
    """The events of this button; none if the leg does not have it, or it is closed."""
    for one in _every(choices(view, leg)):
        if one.id == choice and not one.closed:
            return [DeskPressed(at=view.at, leg=leg.id, key=key, place=place) for place, key in one.presses]
    return ()


def is_protective(choice: str) -> bool:
    """Whether this button works on whatever state of the call is shown (rule 34)."""
    return choice in (Lock.SAFEGUARDING.value, Lock.THREAT.value)


def _every(found: Sequence[Choice]) -> Iterator[Choice]:
    for one in found:
        yield from one.of or (one,)


def _protective(view: DeskView, leg: Leg) -> list[Choice]:
    call, at = view.call, leg.place.name
    off = call.stage is S.DIALLING or call.caller.place.name in (P.NOT_CALLED, P.RINGING, P.INVITATION)
    if off or (at is not P.ROOM and at not in PROTECTED):
        return []
    keys = view.policy.menu.keys
    return [Choice(id=one.value, presses=((at, keys[one.value]),))
            for one in Lock if one not in call.locks or not locks.may_unlock(view, leg.id)]  # fmt: skip
