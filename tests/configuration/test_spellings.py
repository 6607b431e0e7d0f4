# ruff: noqa: E501 - a message is one line
"""One telephone is one telephone, however it is written; and what cannot be seen is shown."""

import re
from pathlib import Path

import phonenumbers
import pytest

from callflow.configuration.dialling import e164, international, not_e164
from tests.configuration.breaking import CALLFLOW, FLOW, PEOPLE, RULES, SCRIPTS
from tests.configuration.workbench import ROOT, Workbench
from tests.flows import with_example
from tests.simulator.test_scenario_files import HEAD, problems
from tests.world.places import kinds

OUTSIDE = "flows/reception.yaml"
ZERO = "without what is dialled only inside the country"


@pytest.mark.parametrize(
    ("file", "number"),
    [
        (CALLFLOW, 'caller_id: "+15550100100"'), (CALLFLOW, '  "+15550100100": front_desk'),
        (PEOPLE, '"+15550100112"'), (PEOPLE, '"+15550100121"'), (PEOPLE, '"+15550100131"'),
        (OUTSIDE, '"+15550100777"'),
    ],
    ids=["caller id", "own number", "agent", "supervisor", "security", "forward"],
)  # fmt: skip
def test_a_zero_after_the_country_code_is_told_wherever_a_number_stands(
    bench: Workbench, file: str, number: str
) -> None:
    with_example(bench.config)
    old = number.split('"')[1]
    bench.edit(file, number, number.replace(old, "+49030123456"))
    (found,) = [one for one in bench.problems() if "CF020" in one]
    assert found.endswith(f'the phone number "+49030123456" must be written "+4930123456", {ZERO}')


def test_a_zero_after_the_country_code_is_told_in_a_scenario(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, f'{HEAD}callers: {{dora: "+49030123456"}}\nsteps:\n  - dora: calls\n')
    assert found == f'3:17 CF020 the phone number "+49030123456" must be written "+4930123456", {ZERO}'


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("+49 (0)30 123456", "+4930123456"), ("0049 30 123456", "+4930123456"), ("tel:+49-30-123456", "+4930123456"),
        ("+44 (0)20 7946 0100", "+442079460100"), ("+33 01 99 00 12 34", "+33199001234"), ("+41 044 668 18 00", "+41446681800"),
        ("+81 03-1234-5678", "+81312345678"), ("+36 06 1 234 5678", "+3612345678"), ("+1 1 555 010 0111", "+15550100111"),
        ("+39 06 1234 5678", "+390612345678"), ("+39 (0)6 1234 5678", "+390612345678"), ("+1 (555) 010-0111", "+15550100111"),
        ("+٤٩ ٣٠ ١٢٣٤٥٦", "+4930123456"), ("\uff0b4930123456", "+4930123456"), ("+1 800 FLOWERS", "+18003569377"),
    ],
)  # fmt: skip
def test_the_right_spelling_is_said(written: str, right: str) -> None:
    assert f'"{right}"' in not_e164(written)
    assert not_e164(right) == ""


def test_italy_keeps_its_zero(bench: Workbench) -> None:
    bench.edit(PEOPLE, "+15550100112", "+390612345678")
    assert bench.problems() == []


def test_the_guide_says_what_the_check_says() -> None:
    """The table of docs/numbers.md, for a house whose own numbers are German."""
    rows = (ROOT / "docs" / "numbers.md").read_text(encoding="utf-8").splitlines()
    cells = [row.split("|")[1:3] for row in rows if row.startswith("| `")]
    assert len(cells) == 6
    for written, right in cells:
        for number in re.findall("`([^`]+)`", written):
            wanted = re.findall("`([^`]+)`", right)
            assert not_e164(number, "DE")
            assert not wanted or f'"{wanted[0]}"' in not_e164(number, "DE")


def test_a_zero_that_belongs_to_the_number_is_missed(bench: Workbench) -> None:
    bench.edit(PEOPLE, "+15550100112", "+39612345678")
    assert bench.problems() == [
        'config/people.yaml:8:27 CF020 the phone number "+39612345678" must be written "+390612345678": in its country '
        "the zero belongs to the number"
    ]


def test_the_numbers_of_all_countries_are_right_as_they_are() -> None:
    """And so they are if the countries' own prefix was written, too."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (phonenumbers.PhoneNumberType.FIXED_LINE, phonenumbers.PhoneNumberType.MOBILE):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            assert not_e164(number) == "", (region, number)
            national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
            assert e164(f"+{example.country_code} {national}") == number, (region, national)
            assert e164(national, region) == number, (region, national)


def test_a_call_back_number_is_read_as_people_dial_it_where_they_are() -> None:
    """Of every country and kind: with its country code, and without. Washington's 202 555 0123 is not Cairo's +20 25550123."""
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        ours = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.FIXED_LINE)
        for kind in kinds(region) if ours else ():
            example = phonenumbers.example_number_for_type(region, kind)
            assert example
            number = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164)
            national = phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.NATIONAL)
            dialled = "".join(one for one in national if one.isdecimal())
            here = phonenumbers.format_number(ours, phonenumbers.PhoneNumberFormat.E164)
            assert international(dialled, here) == number
            # +55 4004 1234 is short, and a whole number of the area 55 without its country code
            if (region, kind) != ("BR", phonenumbers.PhoneNumberType.SHARED_COST):
                assert international(number[1:], here) == number


@pytest.mark.parametrize(
    "written",
    ["sip:15550100111@example.com", "client:ana", "+4930123456 ext. 12", "+4930123456;ext=12", "ana", "", "+"],
)
def test_what_is_no_telephone_is_not_made_one(written: str) -> None:
    assert e164(written, "US") == ""
    assert not_e164(written) == "must be + and digits only, for example +15550100111"


def test_a_number_without_country_code_is_read_as_dialled_where_our_numbers_are(bench: Workbench) -> None:
    bench.edit(PEOPLE, "+15550100112", "(555) 010-0112")
    assert bench.problems() == [
        'config/people.yaml:8:27 CF020 the phone number "(555) 010-0112" must be written "+15550100112"'
    ]


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ({"+15550100111": "+4930123456", "+15550100112": "+49030123456"}, "8:27 CF027"),
        ({"+15550100122": "+1 555 010 0121"}, "13:27 CF028"),
        ({"+15550100112": "1 (555) 010-0100"}, "8:27 CF029"),
        ({"+15550100131": "0015550100111"}, "20:44 CF123"),
        ({"+15550100121": "555 010 0111"}, "12:27 CF126"),
        ({"+15550100121": "1-900-555-0121"}, "12:27 CF172"),
    ],
)
def test_two_spellings_of_one_telephone_are_one_telephone(bench: Workbench, edits: dict[str, str], code: str) -> None:
    for old, new in edits.items():
        bench.edit(PEOPLE, old, new)
    place, other = code.split(" ")
    assert [" ".join(one.split(" ")[:2]) for one in bench.problems()] == [
        f"config/people.yaml:{place} CF020", f"config/people.yaml:{place} {other}",
    ]  # fmt: skip


def test_our_own_number_in_another_spelling_is_our_own(bench: Workbench) -> None:
    with_example(bench.config)
    bench.edit(OUTSIDE, "+15550100777", "+1 555 010 0100")
    bench.edit(CALLFLOW, 'caller_id: "+15550100100"', 'caller_id: "+1-555-010-0100"')
    assert [one.split(" ")[1] for one in bench.problems()] == ["CF020", "CF020", "CF079"]


@pytest.mark.parametrize("shown", ["+17378742833", "+7378742833", "+10000000000", "+11234567890", "+499999999999"])
def test_nobody_answers_on_what_networks_show_for_a_withheld_number(bench: Workbench, shown: str) -> None:
    bench.edit(PEOPLE, "+15550100112", shown)
    assert bench.problems() == [
        f'config/people.yaml:8:27 CF020 the phone number "{shown}" is what networks show for a withheld number'
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (PEOPLE, "+15550100112", "+1555\u202c0100112", "people.yaml:8:33 CF080 U+202C POP DIRECTIONAL FORMATTING"),
        (PEOPLE, "+15550100112", "\u202a+15550100112\u202c", "people.yaml:8:28 CF080 U+202A LEFT-TO-RIGHT EMBEDDING"),
        (PEOPLE, "+15550100112", "+15550100112\u00a0", "people.yaml:8:40 CF080 U+00A0 NO-BREAK SPACE"),
        (PEOPLE, "+15550100112", "+1555\\u200b0100112", "people.yaml:8:27 CF080 U+200B ZERO WIDTH SPACE"),
        (PEOPLE, "[ana, ben]", "[ana, b\u200den]", "people.yaml:24:51 CF080 U+200D ZERO WIDTH JOINER"),
        (PEOPLE, "  ben: {", "  ben\ufeff: {", "people.yaml:8:6 CF080 U+FEFF ZERO WIDTH NO-BREAK SPACE"),
        (CALLFLOW, '  "+15550100100": front', '  "+1555\u00ad0100100": front', "callflow.yaml:14:9 CF080 U+00AD SOFT HYPHEN"),
        (CALLFLOW, "language: en ", "language\u00a0: en ", "callflow.yaml:16:9 CF080 U+00A0 NO-BREAK SPACE"),
        (FLOW, "connect: energy_desk", "connect: energy\u2060_desk", "flows/front_desk.yaml:26:20 CF080 U+2060 WORD JOINER"),
        (RULES, "  seconds: 30 ", "  seconds: 3\u200b0 ", "deescalation.yaml:23:13 CF080 U+200B ZERO WIDTH SPACE"),
    ],
)  # fmt: skip
def test_what_cannot_be_seen_is_named_with_its_place(
    bench: Workbench, file: str, old: str, new: str, told: str
) -> None:
    """And nothing else is said: it is as if it were not there."""
    bench.edit(file, old, new)
    (found,) = bench.problems()
    assert found.startswith(f"config/{told} cannot be seen here")


def test_blanks_between_words_and_other_scripts_keep_what_they_need(bench: Workbench) -> None:
    """French has a blank that does not break before "?", Persian and Hindi have joiners, Thai has blanks of no width."""
    bench.edit(CALLFLOW, "Example Energy", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645")
    bench.edit(PEOPLE, "name: Ana,", "name: \u0e2a\u0e27\u200b\u0e31\u0e2a,")
    bench.edit(PEOPLE, "name: Ben,", "name: Ben\u00a0Carter,")
    assert bench.problems() == []


def test_at_a_prompt_it_is_named_by_what_stands_before_it() -> None:
    assert not_e164("+1555\u202c0100111") == (
        'has U+202C POP DIRECTIONAL FORMATTING after "+1555", which cannot be seen; write "+15550100111"'
    )


def test_scripts_are_searched_as_well(bench: Workbench) -> None:
    bench.edit(SCRIPTS, "  hold_start:", "  hold_\u200bstart:")
    (found,) = bench.problems()
    assert "CF080 U+200B ZERO WIDTH SPACE" in found
