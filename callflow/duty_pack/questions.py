"""What each law asks of the employer's records, and the figure or setting that answers it. A lawyer decides.

The questions are those of the laws in ``configuration.laws``, in our words. What Callflow cannot know says so.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.shapes import CallflowFile, PeopleFile
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.duty_pack.figures import ANSWERED_SECONDS, Figures, quantile, share


class House(NamedTuple):
    """The settings in force when the pack is made."""

    callflow: CallflowFile
    people: PeopleFile
    rules: DeescalationFile


Answer = Callable[[Figures, House], str]
BY_HAND: Final = "Callflow does not know this: to be filled in by hand"


def notice(figures: Figures, house: House) -> str:
    mode, line = house.callflow.recording.mode, house.callflow.organisation.conduct_notice
    heard = f"heard on {figures.counts['recording notices']}, agreed to on {figures.counts['recording agreed']} calls"
    parts = [f"recording: {mode} ({heard})"] if mode != "off" else ["recording: off"]
    return "; ".join([*parts, *([f"a notice before anybody answers: the line {line}"] if line else [])])


def consultation(figures: Figures, house: House) -> str:
    return "named under organisation.consultation" if house.callflow.organisation.consultation else "nobody is named"


def helped(figures: Figures, house: House) -> str:
    asked, missed = sum(figures.reached.values()), figures.counts["supervisor not reached"]
    if not asked:
        return f"supervisors came on 0 occasions; nobody could be reached on {missed} calls"
    return (f"supervisors came on {asked} occasions, half of them within {quantile(figures.reached, 0.5)} s and 95 % "
            f"within {quantile(figures.reached, 0.95)} s; nobody could be reached on {missed} calls")  # fmt: skip


def followed_up(figures: Figures, house: House) -> str:
    return (f"{figures.incidents} incidents, {figures.answered_in_time} answered in time "
            f"({share(figures.answered_in_time, figures.incidents)})")  # fmt: skip


def without_outcome(figures: Figures, house: House) -> str:
    waiting = sum(figures.follow_ups["incident", one] for one in ("open", "given", "late"))
    return f"{waiting} of {figures.incidents} incidents have no outcome yet"


def breaks(figures: Figures, house: House) -> str:
    given, skipped = broken(figures, NoteOutcome.BEGUN), broken(figures, NoteOutcome.SKIPPED)
    return f"{house.rules.aftercare.cool_down_minutes} minutes; {given} begun, {skipped} skipped"


def broken(figures: Figures, outcome: str) -> int:
    return sum(count for (_, one), count in figures.breaks.items() if one == outcome)


def check_ins(figures: Figures, house: House) -> str:
    offered = sum(count for (kind, _), count in figures.follow_ups.items() if kind == "check_in")
    return f"{consultation(figures, house)}; {offered} talks with a supervisor offered"


def evidence(figures: Figures, house: House) -> str:
    days = house.callflow.history_days
    return (
        f"whoever was on a call takes a copy of it; calls can be replayed {f'for {days} days' if days else 'for ever'}"
    )


def waiting(figures: Figures, house: House) -> str:
    waited = sum(figures.answered.values())
    soon = figures.answered_soon
    return f"{soon} of {waited} callers who were answered waited {ANSWERED_SECONDS} s or less ({share(soon, waited)})"


def cut_off(figures: Figures, house: House) -> str:
    return f"0 by a clock (rule 1: only a person ends a call); {figures.closings} closed by a person after a warning"


def warned(figures: Figures, house: House) -> str:
    heard = figures.of(NoteKind.WARNING, NoteOutcome.HEARD_IN_FULL)
    return f"{heard} warnings heard in full, {figures.closings} calls closed"


def human(figures: Figures, house: House) -> str:
    return "checked before each configuration is used (CF305)"


def reference(figures: Figures, house: House) -> str:
    return "each call has one; it is told with a call back and with a closing"


def unscored(figures: Figures, house: House) -> str:
    return "no figure is about a person (rule 40); this pack is made without reading who acted"


def by_hand(figures: Figures, house: House) -> str:
    return BY_HAND


QUESTIONS: Final[Mapping[str, tuple[tuple[str, Answer], ...]]] = MappingProxyType({
    "jp-2026": (
        ("Do callers and staff know what is not accepted?", notice),
        ("Whom can staff consult, also in cases that are not clear?", consultation),
        ("Was nobody left alone: who came to help, and how soon?", helped),
        ("Was what happened recorded, and was that announced?", notice),
        ("Was every case followed up quickly?", followed_up),
        ("What was done against it on the calls?", warned),
        ("Is whoever reports put at no disadvantage?", unscored),
        ("Which training was given, and what was changed so that it does not happen again?", by_hand),
    ),
    "kr": (
        ("Was work stopped or changed, and rest given?", breaks),
        ("Were counselling and treatment offered?", check_ins),
        ("Can the worker have evidence for police, court or damages?", evidence),
        ("Do callers hear a notice?", notice),
    ),
    "uk-2026": (
        ("Is there a report without an outcome?", without_outcome),
        ("How soon was something done about a report?", followed_up),
        ("Are third parties told what is not accepted?", notice),
        ("What was done on the calls themselves?", warned),
        ("When was the risk assessment reviewed, what else was considered, and why was it not done?", by_hand),
    ),
    "es-2025": (
        ("Are 95 % of calls answered within three minutes?", waiting),
        ("Can a caller have a human at any time?", human),
        ("Was no line cut because the wait was long?", cut_off),
        ("Does each complaint have a code?", reference),
        ("Does whoever answers say who they are, and was the service audited?", by_hand),
    ),
})  # fmt: skip
