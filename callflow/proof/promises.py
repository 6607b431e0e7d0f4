"""What no event may do. Each promise is a function of one transition, from the call before to the call after.

The floors of ``core.invariants`` are checked as well. The promises are stated independently of the core's ladder and
gate, so that code and proof do not share a mistake. The trial has answered all questions of time, so whether the
grace is over is given here, and not calculated by the core. The first line of a promise's docstring is shown to ops.
"""

from collections.abc import Callable, Mapping
from operator import attrgetter
from types import MappingProxyType

from callflow.core import invariants
from callflow.core.call import CALLER, Call, Leg, Role
from callflow.core.decide import decide
from callflow.core.events import Act, Acted, ConsentGiven, DigitPressed, LegJoined, StarPressed, TimerFired
from callflow.core.notes import NoteKind
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.timer_names import leg_of, leg_timer
from callflow.core.transition import Transition
from callflow.proof import endings
from callflow.proof.canonical import NOW


def broken(step: Transition, *, known: bool = False) -> list[tuple[str, str]]:
    """(name, sentence) of every promise and floor that this transition breaks.

    ``known`` says that another transition to the same state was checked, so that ``OF_A_STATE`` need not be again.
    """
    moved = step.newly_at is not None or LADDER(step.before) != LADDER(step.after)
    return [(name, sentence) for name, sentence, holds in CHECKS[known, moved] if not holds(step)]


def closing_after_final_warning(step: Transition) -> bool:
    """No closing without a final warning heard in full, its grace over and not lapsed, and a person's key."""
    decided = step.after.closing is not None and step.before.closing is None
    if not decided and step.newly_at is not P.CLOSING:
        return True
    rules = step.configuration.policy.draw_the_line
    open_gate = any(
        one.final and one.heard_at and one.talked_seconds >= rules.grace_seconds * (3 if step.before.adjustments else 1)
        and (NOW - one.heard_at).total_seconds() <= rules.lapse_seconds
        for one in step.before.warnings
    )  # fmt: skip
    if decided:
        return open_gate and _pressed(step, P.END_CONFIRM, Role.LEAD) and step.newly_at is not P.CLOSING
    return open_gate and step.before.closing is not None and isinstance(step.event, TimerFired)


def conduct_named_anew(step: Transition) -> bool:
    """No end is confirmed before the lead has named, after the grace, conduct that the caller was warned of."""
    lead, before, event = step.after.lead_leg, step.before.lead_leg, step.event
    if not lead or not before or not lead.at(P.END_CONFIRM) or lead.token == before.token:
        return True
    named, rules = str(lead.place.details.get("conduct", "")), step.configuration.policy.draw_the_line
    warned = any(
        one.final and one.heard_at and one.conduct == named and one.talked_seconds >= rules.grace_seconds
        for one in step.before.warnings
    )  # fmt: skip
    pressed = isinstance(event, DigitPressed) and event.leg == lead.id and event.key == named
    return pressed and before.at(P.END_CONDUCT) and warned


def co_signed_closing(step: Transition) -> bool:
    """No closing of a caller with an adjustment before a supervisor, who is not the lead, has agreed by a key."""
    before, after, event = step.before, step.after, step.event
    if step.configuration.policy.draw_the_line.co_signature and after.adjustments:
        begun = step.newly_at is P.CLOSING or (after.stage is S.CLOSING and before.stage is not S.CLOSING)
        if begun and not before.co_signed:
            return False
    if after.co_signed in ("", before.co_signed):
        return True
    if isinstance(event, Acted):
        return _acts_for_the_team(step, event) and event.person == after.co_signed
    leg = before.leg(event.leg) if isinstance(event, DigitPressed) and event.key == "1" else None
    return bool(leg and leg.at(P.CO_SIGN) and leg.person == after.co_signed and leg.role is Role.ALERTED)


def _pressed(step: Transition, place: P, *roles: Role) -> bool:
    event = step.event
    leg = step.before.leg(event.leg) if isinstance(event, DigitPressed) else None
    return bool(leg and leg.role in roles and leg.at(place))


def read_aloud_if_unplayable(step: Transition) -> bool:
    """Nothing is taken as read aloud unless the closing message had failed on this call."""
    closing = step.after.closing
    return not closing or not closing.read_aloud or step.before.closing == closing or bool(step.before.unplayed)


def let_go_after_silence(step: Transition) -> bool:
    """Nobody is let go for silence but by a key of the lead, after three prompts and two minutes without an answer."""
    if step.newly_at is not P.LET_GO:
        return True
    since = step.before.silent_since
    long_enough = since is not None and (NOW - since).total_seconds() >= 120 and step.before.silent_prompts >= 3
    kept = step.after.warnings == step.before.warnings and step.after.closing is None
    return long_enough and kept and not step.before.locks and _pressed(step, P.END_SILENT, Role.LEAD)


def warning_heard_in_full(step: Transition) -> bool:
    """A warning counts as heard only when its own document brought the caller into the room, after all of its words."""
    heard = [one for one in step.after.warnings if one.heard_at == NOW]
    known = {one.script for one in step.before.warnings if one.heard_at}
    new = [one for one in heard if one.script not in known]
    if not new:
        return True
    event, caller = step.event, step.before.caller
    by_document = isinstance(event, LegJoined) and event.leg == CALLER and event.token == caller.token
    played = (NOW - caller.since).total_seconds() >= new[-1].needed_seconds
    return by_document and played and caller.at(P.WARNING) and caller.seen == caller.token and len(new) == 1


def warning_by_a_key(step: Transition) -> bool:
    """No warning without the key of the lead who named the conduct; with an adjustment, none that nobody agreed to."""
    if step.newly_at is not P.WARNING:
        return True
    call = step.before
    lead = call.leg(call.lead)
    alone = bool(call.adjustments) and not call.warning_agreed and not (lead and lead.id.startswith("s"))
    return _pressed(step, P.CONDUCT_MENU, Role.LEAD) and not alone


def hold_after_yes(step: Transition) -> bool:
    """No hold without the caller's yes to the question that was just put, or, with an adjustment, to the agent."""
    if step.newly_at is not P.HOLD:
        return True
    if step.before.adjustments and _pressed(step, P.ATTEST_MENU, Role.LEAD):
        return isinstance(step.event, DigitPressed) and step.event.key == "2"
    asked = step.before.caller.place.name in (P.HOLD_QUESTION, P.CHECK_IN)
    event = step.event
    return asked and isinstance(event, ConsentGiven) and event.leg == CALLER


def wait_after_yes(step: Transition) -> bool:
    """Nobody waits for a supervisor out of the conversation without a yes."""
    return step.newly_at is not P.CONSULT_WAIT or isinstance(step.event, ConsentGiven) or _waited(step.before)


def _waited(call: Call) -> bool:
    return bool(call.consent and call.consent.kind == "supervisor")


def joined_by_key(step: Transition) -> bool:
    """Nobody who was rung is with the caller without having pressed the accept key on that phone."""
    with_caller = [leg for leg in step.after.legs[1:] if leg.live and _with_caller(leg)]
    pairs = [(step.before.leg(leg.id), leg) for leg in with_caller]
    return all([(was is not None and _with_caller(was)) or _accepted(step, leg) for was, leg in pairs])


def _with_caller(leg: Leg) -> bool:
    return leg.role in (Role.LEAD, Role.HELPER) or leg.in_room


def _accepted(step: Transition, leg: Leg) -> bool:
    accept = DigitPressed(at=NOW, leg=leg.id, key="1")
    was = step.before.leg(leg.id)
    if was is not None and was.role is Role.LISTENER:  # who listens has accepted before, and may join
        return was.accepted or (step.event == accept and was.at(P.LISTEN_OFFER))
    return step.event == accept and any(_pressed(step, at, Role.CANDIDATE) for at in (P.OFFER, P.BRIEFING))


def listener_after_the_notice(step: Transition) -> bool:
    """Nobody listens in the room before the caller's document with the notice has ended there."""
    event, caller = step.event, step.before.caller
    for leg in [leg for leg in step.after.legs if leg.place.name is P.LISTENING]:
        was = step.before.leg(leg.id)
        joined = isinstance(event, LegJoined) and event.leg == CALLER and event.token == caller.token
        if not (was and was.accepted and (was.announced or (joined and was.notice == caller.token))):
            return False
    return True


def customer_joins_by_key(step: Transition) -> bool:
    """A customer whom we call comes to nobody but by the key 1 on that phone."""
    was, now = step.before.caller, step.after.caller
    if was.place.name not in endings.BEFORE_THE_KEY or now.place.name in {*endings.BEFORE_THE_KEY, P.GONE}:
        return True
    return was.at(P.INVITATION) and step.event == DigitPressed(at=NOW, leg=CALLER, key="1")


def locks_hold(step: Transition) -> bool:
    """Under safeguarding or threat nobody is held, warned or closed out, and only a supervisor lifts the lock."""
    before, after = step.before, step.after
    kept_from = (P.HOLD, P.HOLD_QUESTION, P.CHECK_IN, P.WARNING, P.CLOSING, P.LET_GO)
    if after.locks and after.caller.place.name in kept_from:
        return False
    if set(before.locks) <= set(after.locks):
        return True
    event = step.event
    if isinstance(event, Acted):
        return event.act == Act.UNLOCK and _acts_for_the_team(step, event)
    leg = before.leg(event.leg) if isinstance(event, DigitPressed) else None
    return bool(leg and leg.person in step.configuration.supervisors and leg.at(P.UNLOCK_MENU))


def _acts_for_the_team(step: Transition, event: Acted) -> bool:
    """Whether it is a supervisor of the call's team, who is not on the call as an agent."""
    team = step.configuration.teams.get(step.before.team)
    own = any(leg.person == event.person and leg.id.startswith("a") for leg in step.before.legs)
    return team is not None and event.person in team.supervisors and not own


def nobody_is_closed_out(step: Transition) -> bool:
    """A document of a caller, or of somebody with a caller, never ends in a bare hang-up."""
    return not any(leg.live and endings.unsafe(leg) for leg in step.after.legs)


def kept_by_people(step: Transition) -> bool:
    """A live caller is let go only where the flow that ops wrote has come to its end; a customer, before the key 1."""
    if step.before.caller.place.name in endings.BEFORE_THE_KEY:
        return True
    return not (step.after.caller.live and step.newly_at is P.GONE) or step.after.stage is S.ARRIVING


def ring_ends(step: Transition) -> bool:
    """Every ringing, offer and briefing has a deadline of ours, and that deadline ends it."""
    event = step.event
    if any([leg_timer(leg.id) not in step.after.deadlines for leg in step.after.candidates]):
        return False
    if not isinstance(event, TimerFired) or not leg_of(event.name):
        return True
    leg = step.after.leg(leg_of(event.name))
    return leg is None or not leg.live or leg.at(P.GONE) or leg.role not in (Role.CANDIDATE, Role.PARTED, Role.ALERTED)


def advice_can_be_followed(step: Transition) -> bool:
    """Star and the key that a line names are taken at once, and not refused."""
    advised = [
        (leg, str(line.values["key"])) for leg in step.after.legs[1:] if leg.live
        for line in leg.place.prompts if line.values.get("key")
    ]  # fmt: skip
    known = {(leg.id, leg.token) for leg in step.before.legs} if advised else ()
    return all(_taken(step, leg, key) for leg, key in advised if (leg.id, leg.token) not in known)


def _taken(step: Transition, leg: Leg, key: str) -> bool:
    """Whether star and this key, pressed while the leg hears the line, begin something."""
    star = StarPressed(at=NOW, leg=leg.id) if leg.in_room else DigitPressed(at=NOW, leg=leg.id, key="*")
    away = decide(step.after, star, step.configuration)
    then = decide(away.call, DigitPressed(at=NOW, leg=leg.id, key=key), step.configuration)
    refused = any(note.kind is NoteKind.REFUSED for note in (*away.notes, *then.notes))
    moved = then.call.leg(leg.id)
    return not (refused or then.impossible or moved is None or moved.at(P.MENU) or moved.token == leg.token + 1)


PROMISES: Mapping[str, Callable[[Transition], bool]] = MappingProxyType({
    "closing": closing_after_final_warning,
    "conduct": conduct_named_anew,
    "co-signature": co_signed_closing,
    "silence": let_go_after_silence,
    "read aloud": read_aloud_if_unplayable,
    "heard in full": warning_heard_in_full,
    "warning": warning_by_a_key,
    "hold": hold_after_yes,
    "waiting": wait_after_yes,
    "joining": joined_by_key,
    "listening": listener_after_the_notice,
    "joining of a customer": customer_joins_by_key,
    "locks": locks_hold,
    "safe tail": nobody_is_closed_out,
    "letting go": kept_by_people,
    "ringing": ring_ends,
    "advice": advice_can_be_followed,
})  # fmt: skip

EVERY = (
    *((name, (promise.__doc__ or "").partition("\n")[0], promise) for name, promise in PROMISES.items()),
    *((f"floor {name}", floor.__doc__ or "", floor) for name, floor in invariants.FLOORS.items()),
)
"""Name, sentence and function of every promise and floor."""
OF_A_STATE = frozenset({
    "safe tail", "floor F4 place", "floor F4 bound", "floor F4 company", "floor F4 others", "floor F9", "floor lead",
    "floor search",
})  # fmt: skip
"""Those that read only the call after the event, and of it nothing but what makes its state (``canonical.key``) and
whether the legs that are set apart have a deadline."""
LADDER = attrgetter("stage", "warnings", "closing", "consent", "time_out", "delegate_upwards", "locks")
OF_THE_LADDER = frozenset({
    "closing", "heard in full", "warning", "hold", "waiting", "letting go", "floor F1 hold", "floor F2 gate",
    "floor F3 warning", "floor F3 closing", "floor F8 rung", "floor release",
})  # fmt: skip
"""Those that hold as they did before if neither the caller's place nor anything of ``LADDER`` has changed."""
CHECKS = {
    (known, moved): tuple(
        one for one in EVERY if not (known and one[0] in OF_A_STATE) and (moved or one[0] not in OF_THE_LADDER)
    )
    for known in (False, True) for moved in (False, True)
}  # fmt: skip


def talk_counts(step: Transition) -> bool:
    """Only open conversation of caller and lead counts towards the grace."""
    before = step.before
    together = before.stage is S.TALKING and all(
        leg and leg.in_room and leg.seen == leg.token for leg in (before.caller, before.lead_leg)
    )
    pairs = zip(before.warnings, step.after.warnings, strict=True)
    return together or all(old.talked_seconds == new.talked_seconds for old, new in pairs)
