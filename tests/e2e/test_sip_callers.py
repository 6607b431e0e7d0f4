"""Calls that come by SIP: the called address leads to its flow, and who may be called back by number."""

from dataclasses import replace

import pytest

from tests.e2e.conversation import Conversation, shipped

DESK = "sip:desk@example.sip.test"
BY_SIP = replace(shipped(), numbers={**shipped().numbers, DESK: "front_desk"})


def calling(to: str, number: str) -> Conversation:
    talk = Conversation(BY_SIP)
    talk.caller.phone.call(to, number)
    talk.caller.hears("reason_menu")
    return talk


@pytest.mark.parametrize(
    "to",
    [DESK, "sip:Desk@EXAMPLE.sip.test:5060", "sip:desk@example.sip.test;transport=tls", "sip:%64esk@example.sip.test"],
)
def test_a_called_sip_address_leads_to_its_flow_in_any_spelling(to: str) -> None:
    talk = calling(to, "sip:dora@pbx.example.com")
    talk.caller.presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana")
    assert talk.call.called == DESK
    talk.over()


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("sip:dora@pbx.example.com", ""), ("client:dora", ""), ("sip:15550100199@pbx.example.com", ""),
        ("sip:+15550100199@pbx.example.com", "+15550100199"),
        ("sip:+1-555-010-0199@pbx.example.com:5060;user=phone", "+15550100199"),
        ("sip:%2B15550100199@pbx.example.com", "+15550100199"), ("sip:+15550100100@pbx.example.com", ""),
        ("sip:+911@pbx.example.com", ""), ("sip:+19005550131@pbx.example.com", ""),
    ],
)  # fmt: skip
def test_only_a_dialable_number_in_an_address_is_called_back(shown: str, number: str) -> None:
    talk = calling(DESK, shown)
    assert talk.call.number == number
    talk.over()


def test_a_caller_without_a_number_is_asked_for_one() -> None:
    """No supervisor, so a call back is offered; the address of a client cannot be called from the telephone network."""
    talk = calling(DESK, "client:dora")
    talk.caller.presses("1").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").wait(1)
    for one in (talk.sam, talk.sky):
        one.phone.behave(None, answer_after=1000)
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.caller.hears("no_supervisor", within=120).heard("call_back_choices").presses("1")
    talk.caller.heard("call_back_number")
    assert talk.call.number == ""
    talk.over()


def test_the_address_of_a_caller_is_not_told() -> None:
    talk = calling(DESK, "sip:dora@pbx.example.com")
    assert "dora@" not in repr(talk.journal) + repr(talk.callflow.store.history(talk.call.id)) + repr(talk.call)
    talk.over()
