"""Acts on a call from elsewhere (``core.acts``): every one that is open, by a supervisor who is not on the call.

A listener is a leg that is set apart (``detached_legs``): it is tried in every stage, and what it does must bring the
call into a state that is explored anyway. What changes the call itself is tried in every state.
"""

from collections.abc import Iterator

from callflow.core import events as e
from callflow.core.act_refusals import Asked, leg_of, refusal
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.notes import NoteOutcome
from callflow.proof.canonical import NOW

TRIED = (
    (Act.LISTEN, ""), (Act.LOCK, ""), (Act.UNLOCK, NoteOutcome.SAFE.value), (Act.RELIEF, ""), (Act.VETO, ""),
    (Act.TAKE_OVER, ""),
)  # fmt: skip
"""Each with what it needs to be told. Coaching, joining and leaving are wishes of a leg that is set apart; to ring
somebody else is to ring this supervisor; a co-signature is tried wherever it matters (``questions``)."""

WITHOUT_WARNINGS = (Act.LISTEN, Act.LOCK)
"""Those that do the same whether the caller was warned or not: a lock begins the ladder anew."""


def of(call: Call, configuration: Configuration) -> Iterator[e.Acted]:
    team = configuration.teams.get(call.team)
    people = team.supervisors if team else ()
    free = next((one for one in people if leg_of(call, one) is None), "")
    for act, what in TRIED if free else ():
        if act in WITHOUT_WARNINGS and call.warnings:
            continue
        if refusal(Asked(call, configuration, free, act, what)) is None:
            yield e.Acted(at=NOW, person=free, act=act, what=what)
    if (helper := call.helper_leg) and refusal(Asked(call, configuration, helper.person, Act.TAKE_OVER)) is None:
        yield e.Acted(at=NOW, person=helper.person, act=Act.TAKE_OVER)
