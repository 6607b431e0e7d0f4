"""The ladder as data: boxes for stages, and arrows with the key or event and the configured numbers.

A test explores the stage machine and looks up every arrow, so the diagram cannot show what does not happen.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from callflow.core.configuration import Configuration
from callflow.core.draft import ADVICE
from callflow.core.policy import LadderOrder, Policy
from callflow.core.stages import Stage as S


class Arrow(NamedTuple):
    start: S
    end: S
    label: str
    by_itself: bool = False


class Box(NamedTuple):
    """A stage with a title and lines of text. ``column`` is the step of the ladder, 0 for the conversation."""

    stage: S
    title: str
    lines: tuple[str, ...]
    column: int = 0


def boxes(configuration: Configuration) -> list[Box]:
    policy = configuration.policy
    return [
        Box(S.TALKING, "talking", ("caller and agent in the room; * opens the menu",)),
        *_time_out(policy),
        *_delegate_upwards(policy),
        *_draw_the_line(policy),
        Box(S.AFTERCARE, "aftercare", (f"wrap-up {policy.aftercare.wrap_up_seconds} s;",
                                       f"after a closing a break of {policy.aftercare.cool_down_minutes} min")),
    ]  # fmt: skip


def _time_out(policy: Policy) -> Iterator[Box]:
    rules = policy.time_out
    yield Box(S.ASKING_HOLD, "asking to hold", (
        f"asked {rules.asks} times, {rules.answer_seconds} s to answer",
        "1 or a yes: hold", "2, a no or silence: no hold",
    ), 1)  # fmt: skip
    yield Box(S.HOLDING, "holding", (
        f"{rules.seconds} s, heads-up {rules.heads_up_seconds} s before the end", "caller: 2 talk now",
        "agent: 1 or * back now,", "2 supervisor, 3 ask for more",
        f"at most {rules.most_per_call} in a call, {rules.total_seconds} s",
    ), 1)  # fmt: skip


def _delegate_upwards(policy: Policy) -> Iterator[Box]:
    rules = policy.delegate_upwards
    yield Box(
        S.OFFERING_SUPERVISOR, "offering a supervisor", ("1 or a yes: be introduced", "2, a no or silence: stay"), 2
    )
    yield Box(S.RINGING, "ringing supervisors", (
        f"{rules.ring_seconds} s each, {rules.ring_total_seconds} s in all", "briefed: 1 take it, 2 decline, 3 again",
        "caller: 2 back to the agent",
    ), 2)  # fmt: skip
    yield Box(S.CONSULTING, "consulting", (
        f"agent and supervisor alone, {rules.consult_seconds} s", "* then 1 bring in, 2 more time, 3 give back",
    ), 2)  # fmt: skip
    yield Box(S.INTRODUCING, "introducing", (
        "all three in the room", f"* then 1 I have the call, after {rules.stay_seconds} s;", "3 give it back",
    ), 2)  # fmt: skip
    yield Box(S.OFFERING_CALL_BACK, "offering a call back", (
        "nobody was free: 1 call back,", f"in {rules.call_back_minutes} min, or 2 carry on",
    ), 2)  # fmt: skip


def _draw_the_line(policy: Policy) -> Iterator[Box]:
    rules = policy.draw_the_line
    named = [f"{one.key} {one.name}{' (severe)' if one.severe else ''}" for one in rules.conduct]
    yield Box(S.WARNING, "warning", (
        "names the conduct:", *named, f"plays: {', '.join(rules.warnings)}", "severe: the final one at once",
        "cut short: does not count",
    ), 3)  # fmt: skip
    yield Box(S.CLOSING, "closing", (
        f"only {rules.grace_seconds} s of talk after a final warning", f"heard in full, within {rules.lapse_seconds} s",
        f"{rules.cancel_seconds} s countdown; * cancels to the last word",
    ), 3)  # fmt: skip


def arrows(configuration: Configuration) -> list[Arrow]:
    policy = configuration.policy
    keys, rules = policy.menu.keys, policy.delegate_upwards
    return [
        Arrow(S.TALKING, S.ASKING_HOLD, f"* {keys['time_out']}"),
        Arrow(S.ASKING_HOLD, S.HOLDING, "yes"),
        Arrow(S.ASKING_HOLD, S.TALKING, "no", True),
        Arrow(S.HOLDING, S.TALKING, f"{policy.time_out.seconds} s", True),
        Arrow(S.HOLDING, S.OFFERING_SUPERVISOR, "2"),
        Arrow(S.TALKING, S.OFFERING_SUPERVISOR, f"* {keys['supervisor']}"),
        Arrow(S.OFFERING_SUPERVISOR, S.RINGING, "yes"),
        Arrow(S.OFFERING_SUPERVISOR, S.TALKING, "no", True),
        Arrow(S.RINGING, S.CONSULTING, "accepts: 1"),
        Arrow(S.RINGING, S.OFFERING_CALL_BACK, f"nobody in {rules.ring_total_seconds} s", True),
        Arrow(S.OFFERING_CALL_BACK, S.TALKING, "", True),
        Arrow(S.CONSULTING, S.INTRODUCING, f"1, or {rules.consult_seconds} s", True),
        Arrow(S.INTRODUCING, S.TALKING, "1"),
        Arrow(S.TALKING, S.WARNING, f"* {keys['civility']}, conduct"),
        Arrow(S.WARNING, S.TALKING, "over", True),
        Arrow(S.TALKING, S.CLOSING, f"* {keys['end_call']}, 1"),
        Arrow(S.CLOSING, S.TALKING, "*"),
        Arrow(S.CLOSING, S.AFTERCARE, "said in full", True),
    ]


REFUSALS = {
    1: {"refuse_asked_already": "supervisor", "refuse_most_holds": "supervisor"},
    2: {"refuse_order": "time_out", "refuse_take_over": ""},
    3: {"refuse_order": "time_out", "refuse_no_warning": "civility", "refuse_cut_warning": "civility",
        "refuse_grace": "supervisor", "refuse_lapsed": "civility"},
}  # fmt: skip
"""Column -> the refusals of its step, each with the choice that it usually advises."""


def refusals(configuration: Configuration, column: int) -> list[str]:
    """The refusals of a step, in the default language and with the configured numbers."""
    policy = configuration.policy
    seconds = {1: policy.time_out.ask_again_after_seconds, 2: policy.delegate_upwards.stay_seconds,
               3: policy.draw_the_line.grace_seconds}  # fmt: skip
    figures = {"n": seconds[column], "m": policy.draw_the_line.lapse_seconds // 60, "agent": "the agent"}
    wanted = dict(REFUSALS[column])
    if column == 2 and policy.order is not LadderOrder.IN_ORDER:
        del wanted["refuse_order"]
    return [_said(configuration, script, choice, figures) for script, choice in wanted.items()]


def _said(configuration: Configuration, script: str, choice: str, figures: Mapping[str, object]) -> str:
    key = configuration.policy.menu.keys.get(choice, "")
    advised = configuration.fragment(ADVICE[choice], configuration.language).format(key=key) if choice else ""
    values = {**figures, "next": advised, "key": key}
    text = configuration.script(script, configuration.language).text.format_map(values)
    return text[:1].upper() + text[1:]


def protecting(configuration: Configuration) -> list[str]:
    """Sentences about the keys that work at any moment."""
    keys = configuration.policy.menu.keys
    skip = (
        "no skipping"
        if configuration.policy.order is LadderOrder.IN_ORDER
        else f"{keys['skip']} skip a step, with a reason"
    )
    return [
        f"At any moment: {keys['safeguarding']} safeguarding and {keys['threat']} threat lock holds, warnings and the "
        "closing, bring the caller back and page supervisors; only a supervisor lifts a lock.",
        f"{keys['relief']} relief: the agent leaves an abusive call, the caller is kept. {skip}. "
        f"{keys['repeat']} repeats the menu. The order is {configuration.policy.order.value.replace('_', ' ')}.",
    ]
