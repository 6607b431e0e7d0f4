"""The outcomes of scenarios as JUnit XML, for CI pipelines."""

from collections.abc import Sequence
from xml.etree import ElementTree

from callflow.simulator.scenario_run import Outcome


def junit(outcomes: Sequence[tuple[Outcome, float]]) -> str:
    """JUnit XML with one test case per scenario and the seconds it took."""
    failed = sum(outcome.failure is not None for outcome, _ in outcomes)
    total = sum(seconds for _, seconds in outcomes)
    suite = ElementTree.Element("testsuite", name="callflow simulate", tests=str(len(outcomes)), failures=str(failed),
                                errors="0", time=f"{total:.3f}")  # fmt: skip
    for outcome, seconds in outcomes:
        _case(suite, outcome, seconds)
    ElementTree.indent(suite)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True) + "\n"


def _case(suite: ElementTree.Element, outcome: Outcome, seconds: float) -> None:
    scenario, failure = outcome.scenario, outcome.failure
    case = ElementTree.SubElement(suite, "testcase", classname=scenario.id, name=scenario.name, file=scenario.file,
                                  time=f"{seconds:.3f}")  # fmt: skip
    if failure:
        element = ElementTree.SubElement(case, "failure", message=f"{failure.at} {failure.expected}")
        element.text = _clean("\n".join((*failure.happened, "", *outcome.transcript, "", *outcome.journal)))


def _clean(text: str) -> str:
    """Remove the control characters that are not allowed in XML."""
    return "".join(one for one in text if one.isprintable() or one in "\n\t")
