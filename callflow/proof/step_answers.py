"""The answers to try at a step of a flow: one for each way out of it, and one that has no meaning."""

from collections.abc import Iterator

from callflow.core import events as e
from callflow.core.call import Call
from callflow.core.configuration import Configuration, Step
from callflow.proof.canonical import NOW, NUMBER

NO_KEY = "#"


def step_of(call: Call, configuration: Configuration) -> Step | None:
    """The step that the call is in; None if a flow that was called has just returned."""
    flow = configuration.flows.get(call.flow)
    return flow.steps.get(call.step) if flow else None


def keys(step: Step) -> list[str]:
    """Keys and numbers to try."""
    known = [*step.choices, *step.languages]
    if step.digits:
        known.append("1" * step.digits.least)
    if step.verb == "call_back":
        known += ["1", "2", NUMBER.lstrip("+")]
    return [*dict.fromkeys(known), NO_KEY]


def further(call: Call, step: Step) -> Iterator[e.Event]:
    """Spoken answers, and the end of a forwarded call."""
    if step.verb == "ask" or any(choice.words for choice in step.choices.values()):
        said = [choice.words[0] for choice in step.choices.values() if choice.words]
        for words in [*said, "something else"]:
            yield e.WordsSpoken(at=NOW, leg="caller", words=words)
    if step.verb == "forward":
        yield e.ForwardEnded(at=NOW, leg="caller", status="completed")


def by_itself(call: Call, step: Step) -> Iterator[e.Event]:
    """Answers of other systems and other phones."""
    if step.verb == "forward":
        yield e.ForwardEnded(at=NOW, leg="caller", status="no-answer")
    if step.verb == "lookup" and call.lookup:
        yield e.LookupDone(at=NOW, lookup=call.lookup, values={})
        yield e.LookupFailed(at=NOW, lookup=call.lookup, reason="no answer")
