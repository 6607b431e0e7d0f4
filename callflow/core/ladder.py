"""Which of the three steps are open, and if one is not, the script that says why and what to do instead.

Each function returns the refusal to speak, or None if the step is open. What a refusal advises is open now: whoever
does it is not refused again (``callflow check`` proves that). Rules are those of policy.md section 7.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from callflow.core import adjustments
from callflow.core.call import Call, Lock, Outcome
from callflow.core.evidence import Warned
from callflow.core.policy import Conduct, DrawTheLine, LadderOrder, Policy


class Refusal(NamedTuple):
    """The script to speak, its values, and ``next``: the choice of the star menu that it advises, "" for none."""

    script: str
    next: str = ""
    values: Mapping[str, int] = MappingProxyType({})


def time_out(call: Call, policy: Policy) -> Refusal | None:
    """May the caller be asked to hold (rules 10, 11 and 14)?"""
    rules = policy.time_out
    if call.locks:
        return LOCKED
    unheard = bool(call.adjustments) and not call.hold_declined  # no clear answer is no no (rule 8)
    if call.hold_refused_at and hold_refused(call, policy) and not unheard:
        again = call.hold_refused_at + timedelta(seconds=rules.ask_again_after_seconds)
        script = "refuse_asked_already" if call.hold_declined else "refuse_no_answer"
        return Refusal(script, "supervisor", {"n": _seconds(again - call.at)})
    if call.holds >= rules.most_per_call or call.held_seconds + rules.seconds > rules.total_seconds:
        return MOST_HOLDS
    return None


def hold_refused(call: Call, policy: Policy) -> bool:
    """Whether the caller refused a hold so recently that the no still counts (rule 10)."""
    refused, rest = call.hold_refused_at, timedelta(seconds=policy.time_out.ask_again_after_seconds)
    return refused is not None and call.at < refused + rest


def more_time(call: Call, policy: Policy, held: int) -> Refusal | None:
    """May the lead ask for a second period? ``held`` is what this hold has lasted so far, in seconds (rule 11)."""
    rules = policy.time_out
    if call.held_seconds + held + rules.seconds > rules.total_seconds:
        return MOST_HOLDS
    return None


def delegate_upwards(call: Call, policy: Policy) -> Refusal | None:
    """May supervisors be called? At any time; only the strict order requires that a time out was offered first."""
    if policy.order is LadderOrder.IN_ORDER and not call.locks and first(call, policy) == "time_out":
        return Refusal("refuse_order", "time_out")
    return None


def first(call: Call, policy: Policy) -> str:
    """The step to offer before the third (rule 22), "" if none is left.

    A time out that cannot be offered now counts as unavailable: after a lock was lifted the steps start again, but not
    the number of holds.
    """
    if call.time_out is Outcome.UNTRIED and not time_out(call, policy):
        return "time_out"
    return "supervisor" if call.delegate_upwards is Outcome.UNTRIED else ""


def help_now(call: Call, policy: Policy) -> str:
    """The step that brings the agent relief now: a supervisor, or what the strict order puts before that."""
    return "time_out" if delegate_upwards(call, policy) else "supervisor"


def skip(call: Call, policy: Policy) -> Refusal | None:
    if policy.order is LadderOrder.IN_ORDER:
        return Refusal("refuse_skip", help_now(call, policy))
    if Outcome.UNTRIED not in (call.time_out, call.delegate_upwards):
        warned = call.locks or in_force(call, policy.draw_the_line)
        return Refusal("nothing_to_skip", "supervisor" if warned else warned_by(call, policy))
    return None


def civility(call: Call, policy: Policy) -> Refusal | None:
    """May the conduct menu open? Not if no conduct can be warned of now. The menu offers only the others."""
    refusals = [warn(call, policy, one) for one in policy.draw_the_line.conduct]
    return None if None in refusals else next(iter(refusals), None)


def warnings(call: Call, policy: Policy) -> Refusal | None:
    """May conduct of every kind be warned of? Before that only severe conduct can (rule 22)."""
    return next((no for one in policy.draw_the_line.conduct if (no := warn(call, policy, one))), None)


def warn(call: Call, policy: Policy, conduct: Conduct) -> Refusal | None:
    """May this conduct be warned of (rule 22)? Not again for the same conduct while a final warning is in force.

    A caller with an adjustment is warned only if a supervisor agrees."""
    if call.locks:
        return LOCKED
    if not conduct.severe and (step := first(call, policy)):
        return Refusal("refuse_order", step)
    if not adjustments.agreed(call):
        return Refusal("refuse_cosign", help_now(call, policy))
    heard = last_heard(call)
    if heard and heard.conduct == conduct.key and in_force(call, policy.draw_the_line):
        return closing(call, policy) or Refusal("refuse_warned", "end_call")
    return None


def due_warning(call: Call, rules: DrawTheLine, conduct: Conduct) -> str:
    """The script of the next warning. For severe conduct it is the final one at once (rule 23)."""
    heard = {one.script for one in call.warnings if one.heard_at and not lapsed(one, call.at, rules)}
    gentle = [] if conduct.severe else [script for script in rules.warnings[:-1] if script not in heard]
    return gentle[0] if gentle else rules.warnings[-1]


def closing(call: Call, policy: Policy) -> Refusal | None:
    """May the call be closed (F2)? After a final warning heard in full on it, grace over, not lapsed, no lock, and with
    a co-signature for a caller with an adjustment (rule 30)."""
    unsigned = call.adjustments and policy.draw_the_line.co_signature and not call.co_signed
    return _warned(call, policy) or (Refusal(CO_SIGN, help_now(call, policy)) if unsigned else None)


def _warned(call: Call, policy: Policy) -> Refusal | None:
    rules = policy.draw_the_line
    if call.locks:
        return LOCKED
    finals = [one for one in call.warnings if one.final]
    heard = last_heard(call)
    if heard is None:
        if finals and finals[-1].cut:
            return Refusal("refuse_cut_warning", "civility")
        return Refusal("refuse_no_warning", first(call, policy) or warned_by(call, policy))
    if lapsed(heard, call.at, rules):
        return Refusal("refuse_lapsed", "civility", {"m": rules.lapse_seconds // 60})
    grace = adjustments.grace_seconds(call, rules)
    if heard.talked_seconds < grace:
        left = max(1, round(grace - heard.talked_seconds + 0.5))
        return Refusal("refuse_grace", help_now(call, policy), {"n": left})
    return None


def warned_by(call: Call, policy: Policy) -> str:
    """The way to a warning: the warning itself, or a supervisor who agrees to it."""
    return "civility" if adjustments.agreed(call) else help_now(call, policy)


def closing_for(call: Call, policy: Policy, conduct: Conduct) -> Refusal | None:
    """May the call be closed because this conduct went on (rule 27)? Only if the caller was warned of the same."""
    rules = policy.draw_the_line
    warned = [one for one in call.warnings if one.final and one.heard_at and one.conduct == conduct.key]
    if refusal := closing(call, policy):
        return refusal
    if not warned or lapsed(warned[-1], call.at, rules):
        return Refusal("refuse_other_conduct", warned_by(call, policy))
    return None


def relief(call: Call, policy: Policy) -> Refusal | None:
    """May the agent leave (rule 37)? After a threat, or after severe conduct for which a warning was begun."""
    named = (policy.draw_the_line.named(one.conduct) for one in call.warnings)
    if Lock.THREAT in call.locks or any(conduct and conduct.severe for conduct in named):
        return None
    return Refusal("refuse_relief", help_now(call, policy))


def last_heard(call: Call) -> Warned | None:
    """The latest final warning that was heard in full, or None."""
    return next((one for one in reversed(call.warnings) if one.final and one.heard_at), None)


def in_force(call: Call, rules: DrawTheLine) -> bool:
    heard = last_heard(call)
    return heard is not None and not lapsed(heard, call.at, rules)


def lapsed(warned: Warned, at: datetime, rules: DrawTheLine) -> bool:
    """Whether the warning was heard too long ago to close the call (rule 28)."""
    return warned.heard_at is None or at - warned.heard_at > timedelta(seconds=rules.lapse_seconds)


CO_SIGN = "refuse_co_sign"
LOCKED = Refusal("refuse_locked", "supervisor")
MOST_HOLDS = Refusal("refuse_most_holds", "supervisor")


def _seconds(span: timedelta) -> int:
    return max(1, round(span.total_seconds()))
