"""The answers to try at a step of a flow: one for each way out of it, and one that has no meaning."""

from collections.abc import Iterator

from callflow.core import events as e
from callflow.core.call import CALLER, Call
from callflow.core.configuration import Configuration
from callflow.core.flow.adjustments import WRONG, AdjustmentsStep
from callflow.core.flow.ask import AskStep, Digits
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.forward import ForwardStep
from callflow.core.flow.language import LanguageStep
from callflow.core.flow.lookup import LookupStep
from callflow.core.flow_step import Step, StepWithChoices
from callflow.proof.canonical import NOW, NUMBER

NO_KEY = "#"


def step_of(call: Call, configuration: Configuration) -> Step | None:
    """The step that the call is in; None if a flow that was called has just returned."""
    flow = configuration.flows.get(call.flow)
    return flow.steps.get(call.step) if flow else None


def keys(step: Step) -> list[str]:
    """Keys and numbers worth pressing."""
    known: list[str] = []
    match step:
        case ConnectStep():
            known = ["1", "2", *step.choices]  # of the question whether the call may be recorded
        case StepWithChoices():
            known = [*step.choices]
        case LanguageStep():
            known = [*step.languages]
        case AskStep(digits=Digits(least=least)):
            known = ["1" * least]
        case AdjustmentsStep():
            known = ["1", "2", "9", "482915", "1234"]
        case CallBackStep():
            known = ["1", "2", NUMBER.lstrip("+")]
    return [*dict.fromkeys(known), NO_KEY]


def further(call: Call, step: Step) -> Iterator[e.Event]:
    """Words, and what comes back from outside."""
    said: list[str] = []
    match step:
        case StepWithChoices():
            said = [one.words[0] for one in step.choices.values() if one.words]
        case AskStep():
            said = [words[0] for words in step.words.values()][:1]  # every value leads to the same step
    if isinstance(step, AskStep) or said:
        for words in [*said, "something else"]:
            yield e.WordsSpoken(at=NOW, leg=CALLER, words=words)
    if isinstance(step, ForwardStep):
        yield e.ForwardEnded(at=NOW, leg=CALLER, status="completed")


def by_itself(call: Call, step: Step) -> Iterator[e.Event]:
    """Answers that come without anybody in this call doing anything."""
    if isinstance(step, ForwardStep):
        yield e.ForwardEnded(at=NOW, leg=CALLER, status="no-answer")
    if isinstance(step, LookupStep | AdjustmentsStep) and call.lookup:
        yield e.LookupDone(at=NOW, lookup=call.lookup, values={})
        yield e.LookupFailed(at=NOW, lookup=call.lookup, reason="no answer")
        if isinstance(step, AdjustmentsStep):
            yield e.LookupFailed(at=NOW, lookup=call.lookup, reason=WRONG)
