"""Hours of people: what is right about them says nothing, and is in the configuration."""

from datetime import UTC, datetime

from callflow.core.duty import on_duty
from tests.configuration.cases_duty import GOOD
from tests.configuration.workbench import Workbench


def test_people_with_the_hours_of_their_flow_and_one_in_both_lists_are_no_problem(bench: Workbench) -> None:
    GOOD(bench)
    edits = bench.problems()
    assert edits == []
    found = bench.load()
    assert found.agents["ana"].on_duty == found.supervisors["ana"].on_duty == found.calendars["office"]
    monday = datetime(2026, 7, 13, 8, 0, tzinfo=UTC)
    assert on_duty(found, "ana", monday), "nine o'clock in London in summer"
    assert not on_duty(found, "ana", monday.replace(hour=17))
    assert on_duty(found, "security", monday.replace(hour=3))
