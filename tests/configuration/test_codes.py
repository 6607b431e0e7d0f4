"""Each code, broken on purpose: what is printed, to the letter. A new code fails here until it has its case."""

import os
import re

import pytest

from callflow.configuration.checks import catalogue
from callflow.configuration.codes import CODES, Severity
from tests.configuration import (
    cases_audio,
    cases_branches,
    cases_callers,
    cases_duty,
    cases_emergency,
    cases_employers,
    cases_files,
    cases_flows,
    cases_guidance,
    cases_hours,
    cases_incidents,
    cases_languages,
    cases_people,
    cases_receipts,
    cases_retention,
    cases_rules,
    cases_scripts,
    cases_sign_in,
    cases_speech,
    cases_steps,
    cases_webhooks,
    cases_world,
    positions,
)
from tests.configuration.breaking import Break, Case
from tests.configuration.workbench import Workbench

REGENERATE = os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1"
CASES: list[Case] = [
    *cases_files.CASES,
    *cases_people.CASES,
    *cases_flows.CASES,
    *cases_steps.CASES,
    *cases_hours.CASES,
    *cases_branches.CASES,
    *cases_callers.CASES,
    *cases_duty.CASES,
    *cases_incidents.CASES,
    *cases_guidance.CASES,
    *cases_emergency.CASES,
    *cases_employers.CASES,
    *cases_rules.CASES,
    *cases_scripts.CASES,
    *cases_sign_in.CASES,
    *cases_speech.CASES,
    *cases_webhooks.CASES,
    *cases_receipts.CASES,
    *cases_retention.CASES,
    *cases_languages.CASES,
    *cases_audio.CASES,
    *cases_world.CASES,
]


def _codes(printed: list[str]) -> list[str]:
    return [re.findall(r":\d+ (CF\d{3}) ", line)[0] for line in printed]


@pytest.mark.parametrize(("broken", "printed"), CASES, ids=["+".join(_codes(printed)) for _, printed in CASES])
@pytest.mark.usefixtures("quick")
def test_says_what_is_wrong_and_where(bench: Workbench, broken: Break, printed: list[str]) -> None:
    broken(bench)
    found = bench.problems()
    assert found == printed or (REGENERATE and positions.follow(printed, found)), found


def test_every_code_has_its_case() -> None:
    assert {code for _, printed in CASES for code in _codes(printed)} == set(CODES)


def test_there_are_enough_of_them() -> None:
    assert len(CODES) >= 62
    assert {one.severity for one in CODES.values()} == set(Severity)


def test_every_code_is_explained() -> None:
    """What it is in one line, why, and what to do; an example for whoever reads no prose."""
    for code, one in CODES.items():
        assert one.title.endswith("."), code
        assert one.fix.endswith("."), code
        assert one.about.count("```") == 2, code
        assert one.topic, code
    assert len({one.title for one in CODES.values()}) == len(CODES)


def test_no_warning_stops_a_product_that_runs() -> None:
    assert all(one.severity is Severity.ERROR for one in catalogue.ERRORS)
    assert len(catalogue.ERRORS) < len(catalogue.ALL)
