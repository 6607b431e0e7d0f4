"""What the steps of every verb have in common. Data only: the configuration holds steps and knows no verb."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

ATTEMPTS = 2
ANSWER_SECONDS = 8
"""How long a key is waited for after the last word, where ops say nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a flow. Each verb has a class of its own, whose ``verb`` finds the handlers; this one is never made.

    ``next`` follows when it is done, ``otherwise`` when it comes to nothing (no answer, nobody there, failed, closed);
    "" is the flow's end. A verb that has only one of the two ways leaves the other one empty.
    """

    verb: ClassVar[str]
    """As ops write it."""

    name: str
    next: str = ""
    otherwise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Where a key leads; ``reason`` is what staff are told the call is about, ``words`` mean the key."""

    next: str
    reason: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWithChoices(Step):
    """A step at which a key of ``choices`` leads somewhere else."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
