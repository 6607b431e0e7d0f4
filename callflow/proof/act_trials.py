"""Acts on a call from elsewhere (``core.acts``): every one that is open, by a supervisor who is not on the call.

A listener is a leg that is set apart (``detached_legs``): it is tried in every stage, and what it does must bring the
call into a state that is explored anyway. What changes the call itself is tried in every state.
"""

from collections.abc import Iterator

from callflow.core import events as e
from callflow.core.act_refusals import Asked, leg_of, refusal
from callflow.core.call import Call, Outcome
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.notes import NoteOutcome
from callflow.core.policy import Policy
from callflow.core.stages import Stage
from callflow.core.timer_names import leg_timer
from callflow.proof import questions
from callflow.proof.canonical import NOW

TRIED = (
    (Act.LISTEN, ""), (Act.LOCK, ""), (Act.UNLOCK, NoteOutcome.SAFE.value), (Act.RELIEF, ""), (Act.VETO, ""),
    (Act.TAKE_OVER, ""),
)  # fmt: skip
"""Each with what it needs to be told. Coaching, joining and leaving are wishes of a leg that is set apart; to ring
somebody else is to ring this supervisor; a co-signature is tried wherever it matters (``questions``)."""

WITHOUT_WARNINGS = (Act.LISTEN, Act.LOCK)
"""Those that do the same whether the caller was warned or not: a lock begins the ladder anew."""


def of(call: Call, configuration: Configuration) -> Iterator[tuple[Call, e.Event]]:
    """The acts, each with the call."""
    yield from _takes_over(call, configuration.policy)
    team = configuration.teams.get(call.team)
    people = team.supervisors if team else ()
    free = next((one for one in people if leg_of(call, one) is None), "")
    for act, what in TRIED if free else ():
        if not _elsewhere(call, act) and refusal(Asked(call, configuration, free, act, what)) is None:
            yield call, e.Acted(at=NOW, person=free, act=act, what=what)


def _elsewhere(call: Call, act: Act) -> bool:
    """Whether the act comes to the same in a state in which it is tried anyway: it is enough that a listener is rung in
    each stage, and whoever takes over is rung instead of others."""
    if act is Act.LISTEN and call.time_out is not Outcome.UNTRIED:
        return True
    return (act in WITHOUT_WARNINGS and bool(call.warnings)) or (act is Act.TAKE_OVER and bool(call.candidates))


def _takes_over(call: Call, policy: Policy) -> Iterator[tuple[Call, e.Event]]:
    """The deadline of a helper who has asked for the call, before and after the three have been together long enough.

    It may pass in every state of an introduction, so it is no part of a state.
    """
    helper = call.helper_leg
    if call.stage is Stage.INTRODUCING and helper:
        name = leg_timer(helper.id)
        wants = call.changed(helper.id, wish=Act.TAKE_OVER).timer(name, NOW)
        for answered, _ in questions.stayed(wants, policy):
            yield answered, e.TimerFired(at=NOW, name=name)
