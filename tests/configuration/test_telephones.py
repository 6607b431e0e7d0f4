"""Which spellings are one telephone, and which are two (``configuration.telephone``)."""

from pathlib import Path

import pytest

from callflow.configuration.telephone import identity, not_an_extension, not_dialable
from tests.configuration.workbench import Workbench
from tests.simulator.test_scenario_files import HEAD, problems

KAI = "sip:kai@pbx.example.com"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("+4930123456", ""), ("+49 (0)30 123456", "")), (("+4930123456", "204"), ("0049 30 123456", "ww204")),
        ((KAI, ""), ("sip:Kai@PBX.example.com", "")), ((KAI, ""), ("SIP:kai@pbx.example.com:5060;transport=tls", "")),
        ((KAI, ""), ("sips:%6Bai@pbx.example.com.:5061", "")),
    ],
)  # fmt: skip
def test_two_spellings_are_one_telephone(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert identity(*one) == identity(*other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("+4930123456", "204"), ("+4930123456", "205")), (("+4930123456", "204"), ("+4930123456", "")),
        ((KAI, ""), ("sip:kai@pbx.example.org", "")), ((KAI, ""), ("sip:kai@pbx.example.com:5080", "")),
        ((KAI, ""), (f"{KAI}?x-ext=204", "")), (("client:lea", ""), ("client:Lea", "")),
        (("+4930123456", "204"), ("+4930123456", "204#")),
    ],
)  # fmt: skip
def test_two_telephones_stay_two(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert identity(*one) != identity(*other)


@pytest.mark.parametrize(
    "phone", [KAI, "sip:+493012@10.0.0.7:5080", "sip:204@pbx;transport=tls?x-line=2", "client:lea.m"]
)
def test_addresses_that_can_be_dialled(phone: str) -> None:
    assert not_dialable(phone) == ""


@pytest.mark.parametrize(
    ("phone", "why"),
    [
        ("sip:", "must be sip:"), ("sip:kai@", "must be sip:"), ("sip:k ai@pbx", "must be sip:"),
        ("client:", "must be client:"),
        ("SIP:kai@pbx.example.com", 'must be written "sip:kai@pbx.example.com"'),
        ("sip:kai@pbx\u200b.example.com", "has U+200B ZERO WIDTH SPACE"), ("sip:kai@-pbx", "must be sip:"),
        ("sip:kai@müller.example", "must be sip:"), ("Client:lea", 'must be written "client:lea"'),
    ],
)  # fmt: skip
def test_addresses_that_cannot(phone: str, why: str) -> None:
    assert why in not_dialable(phone)


@pytest.mark.parametrize("keys", ["204", "ww204#", "W*1w2", "AB"])
def test_keys_that_can_be_sent(keys: str) -> None:
    assert not_an_extension("+4930123456", keys) == ""


def test_an_emergency_number_may_stand_inside_an_extension(bench: Workbench) -> None:
    """An extension 911 is a room of a hotel: it is dialled inside the exchange."""
    bench.edit("people.yaml", '"+15550100111"', '"+15550100140", extension: "ww911"')
    assert bench.problems() == []


def test_the_sip_address_of_a_caller_in_a_scenario_is_checked(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, f'{HEAD}callers: {{dora: "sip:dora"}}\nsteps:\n  - dora: calls\n')
    assert found.startswith('3:17 CF195 the address "sip:dora" must be sip:')
