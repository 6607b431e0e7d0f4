"""Whose number a telephone shows: staff see the caller's if ops want it and the provider allows it."""

import logging
from dataclasses import replace

import pytest

from callflow.emulator import Switches
from tests.e2e.conversation import PHONES, Conversation, shipped
from tests.e2e.scenes import consulting, talking
from tests.e2e.test_telephones import ring_forms

CALLERS = PHONES["caller"]
OURS = shipped().caller_id
SHOWN = replace(shipped(), show_caller_number=True)


def numbers_shown(talk: Conversation, *names: str) -> list[str]:
    """What the telephones of these people showed at their first ring."""
    return [talk.emulator.phone(PHONES[one]).legs[0].from_number for one in names]


def test_supervisors_and_agents_see_the_callers_own_number() -> None:
    talk = consulting(talking(SHOWN))
    assert numbers_shown(talk, "ana", "sam") == [CALLERS, CALLERS]
    assert {one["From"] for one in ring_forms(talk)} == {CALLERS}
    talk.over()


def test_without_the_switch_they_see_ours_and_no_token_is_kept() -> None:
    talk = talking()
    assert numbers_shown(talk, "ana") == [OURS]
    assert (talk.call.call_token, "CallToken" in ring_forms(talk)[0]) == ("", False)
    talk.over()


def test_where_the_provider_refuses_ours_is_shown_and_the_call_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        talk = consulting(talking(SHOWN, switches=Switches(call_token_accepted=False)))
    assert numbers_shown(talk, "ana", "sam") == [OURS, OURS]
    assert "cannot be shown to staff" in caplog.text
    assert talk.call.call_token
    assert talk.call.call_token not in caplog.text + repr(talk.journal)
    assert CALLERS not in caplog.text
    talk.over()


def test_a_withheld_number_is_not_shown() -> None:
    talk = talking(SHOWN, caller_id="anonymous")
    assert (numbers_shown(talk, "ana"), talk.call.call_token) == ([OURS], "")
    talk.over()


def test_the_proof_of_the_call_is_in_no_history() -> None:
    talk = talking(SHOWN)
    assert talk.call.call_token not in repr(talk.callflow.store.history(talk.call.id))
    talk.over()
