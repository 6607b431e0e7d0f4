"""The shape of deescalation.yaml: the three steps. Every range comes from a rule of policy.md, section 7, and names it.

If the policy gives only one end of a range, or none, the other is chosen to catch typing errors.
"""

from typing import Literal

from pydantic import Field

from callflow.configuration.reading.organisation import Spoken
from callflow.configuration.reading.shapes import ConductKey, Key, Version, rule, whole
from callflow.configuration.reading.strict import Shape
from callflow.core.policy import (
    DEFAULT_CONDUCT,
    MENU_KEYS,
    Aftercare,
    Alarms,
    DelegateUpwards,
    DrawTheLine,
    Incidents,
    LadderOrder,
    Menu,
    SpokenAnswers,
    TimeOut,
)

MENU, HOLD, HELP, LINE = Menu(), TimeOut(), DelegateUpwards(), DrawTheLine()
CARE, ALARMS, REVIEW = Aftercare(), Alarms(), Incidents()


class MenuKeysShape(Shape):
    time_out: Key = Field(default=MENU_KEYS["time_out"], description="step 1: ask the caller for a hold")
    supervisor: Key = Field(default=MENU_KEYS["supervisor"], description="step 2: bring in a supervisor")
    civility: Key = Field(default=MENU_KEYS["civility"], description="step 3: a warning")
    end_call: Key = Field(
        default=MENU_KEYS["end_call"], description="step 3: the closing, after the warning and its grace"
    )
    safeguarding: Key = Field(
        default=MENU_KEYS["safeguarding"], description="lock warnings and closing, page supervisors"
    )
    threat: Key = Field(default=MENU_KEYS["threat"], description="the same, and ring security")
    relief: Key = Field(default=MENU_KEYS["relief"], description="leave an abusive call; the caller is kept")
    skip: Key = Field(default=MENU_KEYS["skip"], description="skip a step, with a reason")
    repeat: Key = Field(default=MENU_KEYS["repeat"], description="hear the menu again")
    card_data: Key = Field(
        default=MENU_KEYS["card_data"], description="pause the recording for card data, if calls are recorded"
    )


class MenuShape(Shape):
    seconds: int = whole(MENU.seconds, 3, 20, "4", "the caller is alone meanwhile")
    keys: MenuKeysShape = Field(
        default=MenuKeysShape(), description="one digit each; star always goes back to the caller"
    )


class TimeOutShape(Shape):
    seconds: int = whole(HOLD.seconds, 15, 60, "11", "one hold")
    answer_seconds: int = whole(HOLD.answer_seconds, 5, 30, "9", "time to answer the question")
    asks: int = whole(HOLD.asks, 1, 3, "9", "how often the question is put")
    total_seconds: int = whole(HOLD.total_seconds, 15, 120, "11", "all holds of a call together")
    most_per_call: int = whole(HOLD.most_per_call, 1, 2, "11", "holds in one call")
    ask_again_after_seconds: int = whole(HOLD.ask_again_after_seconds, 30, 1800, "10", "a no is final for so long")
    heads_up_seconds: int = whole(HOLD.heads_up_seconds, 2, 10, "12", "the agent is warned before the caller is back")
    reason: Spoken = Field(default=HOLD.reason, description='spoken after "put you on hold to"')


class DelegateUpwardsShape(Shape):
    ask_caller: bool = Field(
        default=True, description="always: nobody is passed on without a yes", json_schema_extra={"const": True}
    )
    ring_seconds: int = whole(HELP.ring_seconds, 5, 60, "16", "each supervisor")
    ring_total_seconds: int = whole(HELP.ring_total_seconds, 10, 180, "16", "all supervisors together")
    consult_seconds: int = whole(HELP.consult_seconds, 10, 90, "17", "the caller waits meanwhile")
    stay_seconds: int = whole(HELP.stay_seconds, 5, 120, "18", "all three together before the agent may leave")
    call_back_minutes: int = whole(HELP.call_back_minutes, 15, 1440, "19", "the promise of a call back")
    spoken_briefing: bool = Field(
        default=HELP.spoken_briefing,
        description="while the caller is asked, the agent may record 10 seconds for supervisors",
    )


class ConductShape(Shape):
    name: Spoken = Field(description='spoken after "without" and "because of", before "continued"')
    severe: bool = Field(default=False, description="straight to the final warning")


def _shipped_conduct() -> dict[str, ConductShape]:
    return {one.key: ConductShape(name=one.name, severe=one.severe) for one in DEFAULT_CONDUCT}


class DrawTheLineShape(Shape):
    warnings: list[str] = Field(
        default_factory=lambda: list(LINE.warnings), min_length=1, max_length=3,
        description="script ids", json_schema_extra=rule("23", "gentlest first, the last one warning_final"),
    )  # fmt: skip
    grace_seconds: int = whole(LINE.grace_seconds, 10, 120, "26", "open conversation after the final warning")
    lapse_seconds: int = whole(LINE.lapse_seconds, 60, 1800, "28", "how long a warning counts")
    cancel_seconds: int = whole(LINE.cancel_seconds, 3, 15, "29", "the closing can be cancelled before it begins")
    conduct: dict[ConductKey, ConductShape] = Field(
        default_factory=_shipped_conduct, min_length=1, max_length=9, description="key -> what is named to the caller"
    )
    tell_supervisors: Literal["ring", "journal"] = Field(
        default=LINE.tell_supervisors.value, description="how a supervisor learns of a warning and of the closing",
        json_schema_extra=rule("31", "ring: a free one is rung and hears it"),
    )  # fmt: skip
    supervisor_listens: bool = Field(
        default=LINE.supervisor_listens,
        description="whoever is rung at a final warning can come to listen; the caller is told first",
        json_schema_extra=rule("21", "on by default"),
    )
    co_signature: bool = Field(
        default=LINE.co_signature, description="a supervisor must agree to the closing of a caller with an adjustment",
        json_schema_extra=rule("30", "on by default"),
    )  # fmt: skip


class AftercareShape(Shape):
    cool_down_minutes: int = whole(CARE.cool_down_minutes, 5, 60, "38", "a break from calls")
    wrap_up_seconds: int = whole(CARE.wrap_up_seconds, 10, 600, "38", "after an ordinary call")
    heads_up_hours: int = whole(CARE.heads_up_hours, 0, 12, "7", "who rings back after a closing is expected; 0: not")


class AlarmsShape(Shape):
    closings_per_1000: int = whole(
        ALARMS.closings_per_1000, 1, 50, "46", "more closings in a thousand calls are an alarm"
    )
    locked_minutes: int = whole(ALARMS.locked_minutes, 1, 30, "46", "a locked call without a supervisor")


class IncidentsShape(Shape):
    add_minutes: int = whole(REVIEW.add_minutes, 15, 1440, "32", "for the exact words that an agent adds")
    answer_days: int = whole(REVIEW.answer_days, 1, 10, "32", "working days until a reviewer has answered")
    calendar: str = Field(
        default="", description="its working days, by a name of calendars.yaml; else Monday to Friday"
    )
    late_to: str = Field(default="", description="who has an incident next that nobody answered in time")


class DeescalationFile(Shape):
    """deescalation.yaml"""

    version: Version
    order: Literal["reasoned", "in_order"] = Field(
        default=LadderOrder.REASONED.value,
        description="of the steps",
        json_schema_extra=rule("22", "may a step be skipped with a reason"),
    )
    spoken_answers: Literal["provider", "recording"] = Field(
        default=SpokenAnswers.PROVIDER.value,
        description="who understands a spoken yes: the provider, or our engine, from a recording; keys always count",
    )
    menu: MenuShape = Field(default=MenuShape(), description="what an agent hears after star")
    time_out: TimeOutShape = Field(
        default=TimeOutShape(), description="step 1: the caller is asked, and held after a yes"
    )
    delegate_upwards: DelegateUpwardsShape = Field(
        default=DelegateUpwardsShape(), description="step 2: a supervisor is rung, briefed, introduced"
    )
    draw_the_line: DrawTheLineShape = Field(
        default=DrawTheLineShape(), description="step 3: a warning heard in full, a grace, a closing"
    )
    aftercare: AftercareShape = Field(default=AftercareShape(), description="time for the agent afterwards")
    alarms: AlarmsShape = Field(
        default=AlarmsShape(), description="what a supervisor must look at: docs/after-the-call.md"
    )
    incidents: IncidentsShape = Field(
        default=IncidentsShape(), description="a warning, closing, threat, ... is answered by a reviewer"
    )
