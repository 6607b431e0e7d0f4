"""``say``: speaks a script and goes on."""

from typing import ClassVar

from callflow.core.draft import DecisionDraft
from callflow.core.flow.next_step import NextStep, put
from callflow.core.flow_step import Step
from callflow.core.records import record


@record
class SayStep(Step):
    """Speaks ``script`` (its id), then ``next``."""

    verb: ClassVar[str] = "say"

    script: str


def begin(draft: DecisionDraft, step: SayStep) -> NextStep:
    put(draft, step, step.script)
    return None
