"""Questions about time and the past that a canonical call leaves open. Each is tried with every answer.

An answer is the call as it would be then, and the words for a counterexample.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from callflow.core import duty, no_answer
from callflow.core.adjustments import grace_seconds
from callflow.core.call import CALLER, GONE, Call, Leg, LegStatus, Lock, Role
from callflow.core.configuration import Configuration, Group
from callflow.core.evidence import Warned
from callflow.core.policy import Policy
from callflow.core.recognised import NEEDS
from callflow.core.stages import PlaceName as P
from callflow.core.timer_names import Timer
from callflow.proof.canonical import NOW

Answer = tuple[Call, str]
AS_IT_IS = ""
SOON = NOW + timedelta(seconds=1)


def of_key(call: Call, leg: Leg, key: str, configuration: Configuration) -> Iterable[Answer]:
    """The answers to try for a key at this place."""
    policy = configuration.policy
    meant = policy.menu.choice(key) or key if leg.place.name in (P.MENU, P.BUSY_MENU) else key
    if leg.at(P.END_CONDUCT):
        return [*warned_of(call, policy, key)]
    ask = ASKED.get((leg.place.name, meant)) or ASKED.get((leg.place.name, "")) or _nothing
    answers = ask(call, policy)
    if (leg.place.name, meant) in BRINGS_IN:
        return [*answers, (_nobody_on_duty(call, configuration), "when no supervisor is on duty")]
    return answers


def _nobody_on_duty(call: Call, configuration: Configuration) -> Call:
    """The call with no supervisor to ring: each of them has been on it as an agent."""
    team = configuration.teams.get(call.team)
    parted = tuple(
        Leg(id=f"{duty.PREFIX[Group.AGENTS]}{number}", role=Role.PARTED, place=GONE, person=person,
            status=LegStatus.GONE, since=NOW, accepted=True)
        for number, person in enumerate(team.supervisors if team else (), len(call.legs))
    )  # fmt: skip
    return call.but(legs=(*call.legs, *parted))


def _nothing(call: Call, policy: Policy) -> list[Answer]:
    return [(call, AS_IT_IS)]


def gate(call: Call, policy: Policy) -> list[Answer]:
    """Is the grace of the final warning over, not over, or has the warning lapsed?"""
    rules = policy.draw_the_line
    if not any(one.final and one.heard_at for one in call.warnings):
        return [(call, AS_IT_IS)]
    lapsed, lead = timedelta(seconds=rules.lapse_seconds + 1), call.lead_leg
    # That it is conduct which the caller was warned of is promised when it is named (``promises.conduct_named_anew``).
    named = call.closing.conduct if call.closing else str(lead.place.details.get("conduct", "")) if lead else ""
    call = _heard(call, conduct=named)
    grace, longer = (float(grace_seconds(one, rules)) for one in (call, call.but(adjustments=("more_time",))))
    return [
        (_heard(call, talked_seconds=grace), "after the grace"),
        (_heard(call, talked_seconds=0.0), "before the grace is over"),
        (_heard(call, talked_seconds=grace, heard_at=NOW - lapsed), "when the warning has lapsed"),
        *co_signature(_heard(call, talked_seconds=longer)),
    ]


def co_signature(call: Call) -> list[Answer]:
    """For a caller with an adjustment: has a supervisor agreed?"""
    needs = call.but(adjustments=("more_time",))
    return [(needs, "after the grace, with an adjustment and no co-signature"),
            (needs.but(co_signed="sam"), "after the grace, with an adjustment and a co-signature")]  # fmt: skip


def silent(call: Call, policy: Policy) -> list[Answer]:
    """Has the caller been asked for a sign often enough, for long enough?"""
    since = NOW - timedelta(seconds=no_answer.OVER_SECONDS)
    often = call.but(silent_prompts=no_answer.PROMPTS, silent_since=since)
    return [(call, AS_IT_IS), (often, "after three prompts without an answer"),
            (often.but(silent_since=NOW), "after three prompts in a few seconds"),
            (often.but(silent_prompts=no_answer.PROMPTS - 1), "after two prompts without an answer")]  # fmt: skip


def with_an_offer(call: Call, leg: Leg, configuration: Configuration) -> Call:
    """The call, for a reason for which something may be offered, where the keys of this leg say that it was."""
    if leg.place.name not in (P.MENU, P.OFFERS_MENU):
        return call
    offers = [one for one in configuration.guidance.offers.values() if not one.teams or call.team in one.teams]
    return call.but(reason=min([reason for one in offers for reason in one.reasons], default=""))


def unplayed(call: Call, policy: Policy) -> list[Answer]:
    """Could the closing message not be played before? Then the lead may have read it aloud."""
    answers = gate(call, policy)
    failed = [(one.but(unplayed="not played"), f"{remark}, the message having failed") for one, remark in answers]
    return [*answers, *failed]


def _heard(call: Call, **changes: object) -> Call:
    """The call with these changes in every warning that was heard."""
    return call.but(warnings=tuple(
        replace(one, **changes) if one.heard_at else one for one in call.warnings  # type: ignore[arg-type]
    ))  # fmt: skip


def warned_of(call: Call, policy: Policy, key: str) -> Iterable[Answer]:
    """Was the caller warned of the conduct that is named now?"""
    for answered, remark in gate(call, policy):
        yield answered, f"{remark}, not warned of it" if remark else AS_IT_IS
        if remark:
            yield _heard(answered, conduct=key), f"{remark}, warned of it"


def lapse(call: Call, policy: Policy) -> list[Answer]:
    if not any(one.heard_at for one in call.warnings):
        return [(call, AS_IT_IS)]
    long_ago = NOW - timedelta(seconds=policy.draw_the_line.lapse_seconds + 1)
    return [(call, AS_IT_IS), (_heard(call, heard_at=long_ago), "when earlier warnings have lapsed")]


def hold(call: Call, policy: Policy) -> list[Answer]:
    """May the caller be asked to hold? Perhaps they just declined, or all holds are used up.

    Also if no time out was tried: when a lock is lifted the steps start again, but not the number of holds.
    """
    return [
        (call, AS_IT_IS),
        (call.but(hold_refused_at=NOW), "a moment after the caller declined"),
        (call.but(holds=policy.time_out.most_per_call), "when all time-outs are used up"),
    ]


def more_time(call: Call, policy: Policy) -> list[Answer]:
    return [
        (call, AS_IT_IS),
        (call.but(held_seconds=policy.time_out.total_seconds), "when all seconds are used up"),
    ]


def severe(call: Call, policy: Policy) -> list[Answer]:
    """Was a warning for severe conduct begun? Under a threat it makes no difference."""
    key = next((one.key for one in policy.draw_the_line.conduct if one.severe), "")
    if not key or Lock.THREAT in call.locks:
        return [(call, AS_IT_IS)]
    cut = Warned(script=policy.draw_the_line.warnings[-1], conduct=key, final=True, key=key, actor="", started_at=NOW,
                 token=0, needed_seconds=9.0, cut=True)  # fmt: skip
    after = call.but(warnings=(cut, *call.warnings))
    return [(call, AS_IT_IS), (after, "after a warning for severe conduct")]


def stayed(call: Call, policy: Policy) -> list[Answer]:
    long_ago = NOW - timedelta(seconds=policy.delegate_upwards.stay_seconds)
    return [(call.but(introduced_at=long_ago), "after all three have talked"), (call, "at once")]


def time_left(name: Timer) -> Callable[..., list[Answer]]:
    """Is this deadline near?"""

    def ask(call: Call, policy: Policy | None = None) -> list[Answer]:
        if name not in call.deadlines:
            return [(call, AS_IT_IS)]
        return [(call, AS_IT_IS), (call.timer(name, SOON), "in the last second")]

    return ask


def number_shown(call: Call, policy: Policy | None = None) -> list[Answer]:
    return [(call, AS_IT_IS), (call.but(number=""), "with the number withheld")]


def last_ask(call: Call) -> list[Answer]:
    """Is the question asked for the first or for the last time?"""
    if call.asks < 2:
        return [(call, AS_IT_IS)]
    return [(call, AS_IT_IS), (call.changed(CALLER, since=NOW - timedelta(seconds=600)), "at the last ask")]


def heard(call: Call) -> list[Answer]:
    """Was the warning played in full?"""
    long_ago = NOW - timedelta(seconds=call.warnings[-1].needed_seconds + 1 if call.warnings else 60)
    return [
        (call.changed(CALLER, since=long_ago), "after all of it was played"),
        (call.changed(CALLER, since=NOW), "sooner than its words take"),
    ]


def adjusted(call: Call, policy: Policy | None = None) -> list[Answer]:
    """With an adjustment, of which nothing is kept between states."""
    return [(call.but(adjustments=(NEEDS[0],)), "when the caller has an adjustment")]


def also_adjusted(ask: Callable[[Call, Policy], list[Answer]]) -> Callable[[Call, Policy], list[Answer]]:
    """As it is; and with an adjustment, before and after a supervisor has agreed to a warning."""

    def both(call: Call, policy: Policy) -> list[Answer]:
        ((needing, remark),) = adjusted(call)
        agreed = needing.but(warning_agreed="sam")
        return [*ask(call, policy), (needing, remark), (agreed, f"{remark} and a supervisor has agreed to a warning")]

    return both


BRINGS_IN = {(P.MENU, "supervisor"), (P.HOLD_DESK, "2")}
"""The keys that ask the caller about a supervisor, or say at once that there is none."""
ASKED: Mapping[tuple[P, str], Callable[[Call, Policy], list[Answer]]] = {
    (P.MENU, "time_out"): also_adjusted(hold),
    (P.MENU, "civility"): also_adjusted(_nothing),
    (P.ATTEST_MENU, ""): adjusted,
    (P.CONSULT_MENU, "4"): adjusted,
    (P.INTRODUCTION_MENU, "4"): adjusted,
    (P.MENU, "supervisor"): hold,
    (P.MENU, "skip"): also_adjusted(hold),
    (P.MENU, "end_call"): also_adjusted(gate),
    (P.MENU, "relief"): severe,
    (P.BUSY_MENU, "relief"): severe,
    (P.CONDUCT_MENU, ""): also_adjusted(lapse),
    (P.MENU, no_answer.KEY): silent,
    (P.OFFERS_MENU, no_answer.KEY): silent,
    (P.END_SILENT, "1"): silent,
    (P.END_CONFIRM, "1"): gate,
    (P.END_CONFIRM, "3"): unplayed,
    (P.HOLD, ""): time_left(Timer.HOLD),
    (P.HOLD_DESK, "3"): more_time,
    (P.CHECK_IN, "3"): number_shown,
    (P.CONSULT_MENU, "2"): time_left(Timer.CONSULT_LIMIT),
    (P.INTRODUCTION_MENU, "1"): stayed,
}
"""By place and choice; "" stands for every key of the place."""
