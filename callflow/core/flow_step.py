"""The base classes of the steps of a flow. Data only: the configuration contains steps and does not know the verbs."""

from collections.abc import Mapping
from dataclasses import field
from typing import ClassVar

from callflow.core.records import record

ATTEMPTS = 2
ANSWER_SECONDS = 8
"""The default time to wait for a key after the prompt."""


@record
class Step:
    """Abstract base of the steps of a flow. Each verb has a subclass, by which its handlers are found.

    ``next`` is the name of the step that follows, ``otherwise`` of the one that follows without success (no answer,
    nobody there, failed, closed); "" is the end of the flow. A verb with only one of the two leaves the other empty.
    """

    verb: ClassVar[str]
    """The name of the verb in YAML."""

    name: str
    next: str = ""
    otherwise: str = ""


@record
class Choice:
    """The step that a key leads to. ``reason`` tells staff what the call is about; ``words`` are spoken for the key."""

    next: str
    reason: str = ""
    words: tuple[str, ...] = ()


@record
class StepWithChoices(Step):
    """A step at which the keys of ``choices`` lead to other steps."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
