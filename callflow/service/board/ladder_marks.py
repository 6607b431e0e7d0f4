"""The ladder of a call as three marks: how far each step has come, and why (rules 8 to 30). Pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from callflow.core.call import Call, Outcome
from callflow.core.configuration import Configuration
from callflow.core.evidence import Warned
from callflow.core.policy import TimeOut
from callflow.core.stages import Stage as S
from callflow.service.board.journal_facts import SUPERVISOR, TIME_OUT, JournalFacts
from callflow.service.board.sentences import Names


class MarkState(StrEnum):
    """The classes of a mark on a page: each is a shape and a word."""

    OPEN = "open"
    NOW = "now"
    DONE = "done"
    NO = "no"


class Mark(NamedTuple):
    """``word`` is how far the step has come, in at most three words, ``why`` the whole of it."""

    step: str
    state: MarkState
    word: str
    why: str


class Heard(NamedTuple):
    """A warning that the caller has heard in full. ``at``: when it had ended."""

    final: bool
    conduct: str
    warned: Warned


def marks(call: Call, configuration: Configuration, facts: JournalFacts) -> tuple[Mark, Mark, Mark]:
    return _time_out(call, configuration, facts), _supervisor(call, configuration, facts), _line(call, configuration)


_OUTCOMES: Final[Mapping[Outcome, tuple[MarkState, str, str]]] = MappingProxyType({
    Outcome.UNTRIED: (MarkState.OPEN, "not yet", "not offered yet"),
    Outcome.ACCEPTED: (MarkState.DONE, "yes", "the caller said yes"),
    Outcome.DECLINED: (MarkState.NO, "declined", "the caller said no"),
    Outcome.NO_CLEAR_ANSWER: (MarkState.NO, "no answer", "the caller gave no clear answer"),
    Outcome.UNAVAILABLE: (MarkState.NO, "nobody came", "no supervisor was free, or none accepted"),
    Outcome.SKIPPED: (MarkState.NO, "skipped", "left out by the agent"),
})  # fmt: skip


def _of(step: str, outcome: Outcome, reason: str) -> Mark:
    state, word, why = _OUTCOMES[outcome]
    return Mark(step, state, word, f"{why}: {reason}" if outcome is Outcome.SKIPPED and reason else why)


def _time_out(call: Call, configuration: Configuration, facts: JournalFacts) -> Mark:
    if call.stage is S.ASKING_HOLD:
        return Mark("Time out", MarkState.NOW, "asked now", "the caller is being asked")
    rules = configuration.policy.time_out
    if call.stage is S.HOLDING:
        return Mark("Time out", MarkState.NOW, "on hold", f"the caller said yes; {_used(call, rules)}")
    mark = _of("Time out", call.time_out, facts.skipped.get(TIME_OUT, ""))
    return mark._replace(why=f"{mark.why}; {_used(call, rules)}") if call.holds else mark


def _used(call: Call, rules: TimeOut) -> str:
    return f"{call.holds} of {rules.most_per_call} holds used"


def _supervisor(call: Call, configuration: Configuration, facts: JournalFacts) -> Mark:
    who = Names(call, configuration)
    match call.stage:
        case S.OFFERING_SUPERVISOR:
            return Mark("Supervisor", MarkState.NOW, "asked now", "the caller is being asked")
        case S.RINGING:
            return Mark("Supervisor", MarkState.NOW, "ringing", f"{who.rung or 'nobody yet'} is being rung")
        case S.CONSULTING | S.INTRODUCING:
            return Mark("Supervisor", MarkState.NOW, "here", f"{who.helper} is on the call")
        case S.OFFERING_CALL_BACK:
            mark = _of("Supervisor", Outcome.UNAVAILABLE, "")
            return mark._replace(why=f"{mark.why}; a call back is offered")
    return _of("Supervisor", call.delegate_upwards, facts.skipped.get(SUPERVISOR, ""))


def heard_in_full(call: Call, configuration: Configuration) -> tuple[Heard, ...]:
    who = Names(call, configuration)
    return tuple(Heard(one.final, who.conduct(one.conduct), one) for one in call.warnings if one.heard_at)


def _line(call: Call, configuration: Configuration) -> Mark:
    if call.stage is S.CLOSING:
        return Mark("Warning", MarkState.NOW, "closing", "a person has decided to close the call")
    if call.stage is S.WARNING:
        return Mark("Warning", MarkState.NOW, "plays", "a warning plays now")
    heard = heard_in_full(call, configuration)
    if any(one.final for one in heard):
        return Mark("Warning", MarkState.DONE, "final", "a final warning was heard in full")
    if heard:
        return Mark("Warning", MarkState.DONE, "first", "a first warning was heard in full")
    if call.warnings:
        return Mark("Warning", MarkState.NO, "cut short", "a warning was not heard in full, and does not count")
    return Mark("Warning", MarkState.OPEN, "none", "no warning was given")
