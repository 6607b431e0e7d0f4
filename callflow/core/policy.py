"""The settings of the three steps. Their ranges (policy.md section 7) are checked where YAML is read.

Seconds and minutes are whole numbers. Every default here is the shipped value in ``config/deescalation.yaml``.
"""

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType

from callflow.core.records import record


class LadderOrder(StrEnum):
    REASONED = "reasoned"
    """The default: a step may be skipped if the agent gives a reason (rule 22)."""
    IN_ORDER = "in_order"
    """Stricter: steps cannot be skipped, and supervisors are called only after a time out was offered."""


MENU_KEYS: Mapping[str, str] = MappingProxyType({
    "time_out": "1", "supervisor": "2", "civility": "3", "end_call": "4", "safeguarding": "5",
    "threat": "6", "relief": "7", "skip": "9", "repeat": "0", "card_data": "8",
})  # fmt: skip


@record
class Menu:
    seconds: int = 4
    keys: Mapping[str, str] = field(default_factory=lambda: MENU_KEYS)

    def choice(self, key: str) -> str | None:
        """The name of the choice with this key, or None."""
        return next((name for name, bound in self.keys.items() if bound == key), None)


@record
class TimeOut:
    """Rules 8 to 14."""

    seconds: int = 30
    answer_seconds: int = 8
    asks: int = 2
    total_seconds: int = 120
    most_per_call: int = 2
    ask_again_after_seconds: int = 120
    heads_up_seconds: int = 5
    reason: str = "look at your account"


@record
class DelegateUpwards:
    """Rules 15 to 21."""

    ask_caller: bool = True
    ring_seconds: int = 20
    ring_total_seconds: int = 60
    consult_seconds: int = 45
    stay_seconds: int = 10
    call_back_minutes: int = 120
    spoken_briefing: bool = False
    """Whether the agent may record what supervisors hear first."""


@record
class Conduct:
    """A kind of conduct. If ``severe``, the first warning is the final one (rule 22)."""

    key: str
    name: str
    severe: bool = False


DEFAULT_CONDUCT = (
    Conduct(key="1", name="shouting at our team"),
    Conduct(key="2", name="personal insults"),
    Conduct(key="3", name="remarks about who someone is", severe=True),
    Conduct(key="4", name="sexual remarks", severe=True),
)


class TellSupervisors(StrEnum):
    RING = "ring"
    """The default: a free supervisor is rung at each warning and at the closing, and hears of it (rule 31)."""
    JOURNAL = "journal"
    """No telephone rings for it: supervisors follow the journal some other way."""


@record
class DrawTheLine:
    """Rules 22 to 30. ``warnings`` are script ids, from the gentlest to the final warning."""

    warnings: tuple[str, ...] = ("warning_first", "warning_final")
    grace_seconds: int = 15
    lapse_seconds: int = 600
    cancel_seconds: int = 5
    conduct: tuple[Conduct, ...] = DEFAULT_CONDUCT
    tell_supervisors: TellSupervisors = TellSupervisors.RING
    supervisor_listens: bool = True
    """Whether a supervisor who is rung at a final warning can come to listen by a key (rule 21)."""
    co_signature: bool = True
    """Whether a supervisor must agree to the closing of a caller with an adjustment (rule 30)."""

    def named(self, key: str) -> Conduct | None:
        return next((one for one in self.conduct if one.key == key), None)


@record
class Aftercare:
    """Rules 7 and 38; ``wrap_up_seconds`` bounds the wrap-up after an ordinary call."""

    cool_down_minutes: int = 10
    wrap_up_seconds: int = 60
    heads_up_hours: int = 2
    """For how long a team is prepared for somebody who rings back after a closing; 0: not at all."""


@record
class Alarms:
    """Rule 46: closings in a thousand calls, and minutes of a locked call without a supervisor, that are too many."""

    closings_per_1000: int = 1
    locked_minutes: int = 5


class SpokenAnswers(StrEnum):
    """Who recognises a yes or a no that the caller says to a question. Keys always count."""

    PROVIDER = "provider"
    RECORDING = "recording"
    """An engine of ours (``transcription.Purpose.CONSENT``), from a recording of the answer."""


@record
class Incidents:
    """Rules 32 and 39. ``add_minutes``: for what an agent adds. ``answer_days``: working days until an answer.

    ``calendar`` has the working days, "" for Monday to Friday. ``late_to``: who has an incident next that nobody has
    answered in time, "" for another reviewer.
    """

    add_minutes: int = 60
    answer_days: int = 2
    calendar: str = ""
    late_to: str = ""


@record
class Policy:
    order: LadderOrder = LadderOrder.REASONED
    spoken_answers: SpokenAnswers = SpokenAnswers.PROVIDER
    menu: Menu = Menu()
    time_out: TimeOut = TimeOut()
    delegate_upwards: DelegateUpwards = DelegateUpwards()
    draw_the_line: DrawTheLine = DrawTheLine()
    aftercare: Aftercare = Aftercare()
    alarms: Alarms = Alarms()
    incidents: Incidents = Incidents()
