"""A house that answers what the laws in `duty` ask is not told anything, and one that names none neither."""

import pytest

from tests.configuration.breaking import CALLFLOW, FLOW, both, edit
from tests.configuration.cases_employers import MUSIC, NUMBER, duty
from tests.configuration.workbench import Workbench

LAWS = ("jp-2026", "kr", "uk-2026", "es-2025")


@pytest.mark.usefixtures("quick")
def test_the_shipped_house_answers_every_law_with_a_contact_a_notice_and_a_shorter_wait(bench: Workbench) -> None:
    both(duty(*LAWS), edit(FLOW, "wait_seconds: 300", "wait_seconds: 180"))(bench)
    assert bench.problems() == []


@pytest.mark.usefixtures("quick")
def test_a_line_that_everybody_hears_is_a_notice_without_a_recording(bench: Workbench) -> None:
    notice = edit(CALLFLOW, NUMBER, f"  conduct_notice: greeting\n{NUMBER}")
    both(duty("kr", recording="off"), notice)(bench)
    assert bench.problems() == []


@pytest.mark.usefixtures("quick")
def test_who_waits_longer_and_is_offered_a_call_back_may_wait(bench: Workbench) -> None:
    """Spain: more than three minutes, but there is a way out of the wait."""
    offer = (
        'wait_seconds: 300\n    offer: queue_offer\n    choices:\n      "1": {next: message}\n    progress_seconds: 60'
    )
    both(duty("es-2025"), edit(FLOW, "wait_seconds: 300", offer))(bench)
    assert [one for one in bench.problems() if "CF30" in one] == []


@pytest.mark.usefixtures("quick")
def test_an_unknown_law_is_told_with_those_that_are_known(bench: Workbench) -> None:
    edit(CALLFLOW, MUSIC, f"duty: [jp-2024]\n{MUSIC}")(bench)
    (problem,) = bench.problems()
    assert "jp-2026" in problem
