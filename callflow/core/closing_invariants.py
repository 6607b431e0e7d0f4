"""Floors of the end of a call besides those of the ladder: a co-signature (rule 30), and silence (rule 3)."""

from callflow.core import ladder, no_answer
from callflow.core.events import Acted, DigitPressed
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.transition import Transition


def closing_co_signed(step: Transition) -> bool:
    """No closing of a caller with an adjustment unless a supervisor has agreed by key (rule 30)."""
    call, known = step.after, step.before.co_signed
    if call.co_signed not in ("", known):
        if isinstance(step.event, Acted):
            lead = step.before.lead_leg
            return step.event.person == call.co_signed and not (lead and lead.person == call.co_signed)
        leg = step.before.leg(step.event.leg) if isinstance(step.event, DigitPressed) else None
        return leg is not None and leg.at(P.CO_SIGN) and leg.person == call.co_signed
    needed = call.adjustments and step.configuration.policy.draw_the_line.co_signature
    begun = step.newly_at is P.CLOSING or (call.stage is S.CLOSING and step.before.stage is not S.CLOSING)
    return not (begun and needed) or bool(call.co_signed)


def silence_is_no_conduct(step: Transition) -> bool:
    """A caller who does not answer is let go only by the lead's key after three prompts in two minutes (rule 3)."""
    return step.newly_at is not P.LET_GO or (no_answer.may_let_go(step.before) and step.by_lead_at(P.END_SILENT))


def closing_through_the_gate(step: Transition) -> bool:
    """No closing without a final warning of that conduct heard in full, its grace over, not lapsed, and no lock."""
    call = step.after
    begun = call.stage is S.CLOSING and step.before.stage is not S.CLOSING
    if begun or step.newly_at is P.CLOSING:
        policy, named = step.configuration.policy, call.closing.conduct if call.closing else ""
        conduct = policy.draw_the_line.named(named)
        return conduct is not None and ladder.closing_for(call, policy, conduct) is None
    return call.stage is S.CLOSING or not call.caller.at(P.CLOSING)
