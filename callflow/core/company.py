"""Who is alone in the room: a leg that hears nobody, because the others are at a menu or still hear a prompt."""

from callflow.core.call import ROOM, Call, Leg, Role
from callflow.core.stages import PlaceName
from callflow.core.stages import Stage as S

_TOGETHER = frozenset({Role.CALLER, Role.LEAD, Role.HELPER})
_TALKS = frozenset(S) - {S.ARRIVING, S.WAITING, S.HOLDING, S.LEFT_ALONE, S.PREPARING, S.AFTERCARE, S.ENDED}
"""In the other stages a leg in the room is there for a moment only."""


def alone(call: Call) -> Leg | None:
    """The leg that is alone in the room, in silence, while the others are elsewhere or hear a prompt on the way to it.

    Not a lead whose caller waits while supervisors are rung: the provider's music plays for both.
    """
    if call.stage not in _TALKS or (call.stage is S.RINGING and call.caller.at(PlaceName.CONSULT_WAIT)):
        return None
    people = [leg for leg in call.legs if leg.live and leg.role in _TOGETHER and not leg.at(PlaceName.GONE)]
    there = [leg for leg in people if leg.place == ROOM]
    return there[0] if len(people) > 1 == len(there) and there[0].seen == there[0].token else None
