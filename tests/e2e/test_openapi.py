"""Every REST request of whole calls is valid according to Twilio's OpenAPI document."""

import pytest
from requests import Request

from callflow.emulator import Chaos, NoAnswer, RestEntry
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import Conversation
from tests.e2e.people import People
from tests.e2e.scenes import holding, talking
from tests.openapi import SERVER, assert_valid


def judge(entry: RestEntry) -> None:
    sent = {"data" if entry.method == "POST" else "params": entry.form}
    assert_valid(Request(entry.method, SERVER + entry.path, auth=("AC1", "token"), **sent).prepare())


def whole_call() -> Conversation:
    talk = Conversation(demo_configuration())
    People(talk, declines_first_hold=True).play()
    return talk.over()


def call_with_lost_reports() -> Conversation:
    """Reports are lost, so the provider is asked about legs."""
    talk = Conversation(demo_configuration(), chaos=Chaos(drop_callbacks=0.7, rest_5xx=0.1, seed=5))
    People(talk).play()
    return talk


def threat() -> Conversation:
    """Everybody is rung, also the security desk; legs that are not answered are ended."""
    talk = talking()
    talk.sam.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("6").hears("threat_on")
    talk.security.hears("alert")
    talk.sky.hears("whisper", within=60).presses("1")
    return talk.together("caller", "ana", "sky").over()


def hold_and_goodbye() -> Conversation:
    talk = holding(talking()).wait(3)
    talk.caller.hangs_up()
    return talk.over()


@pytest.mark.parametrize("play", [whole_call, call_with_lost_reports, threat, hold_and_goodbye])
def test_the_provider_accepts_all_requests(play: object) -> None:
    """Creating, redirecting, releasing and asking about legs: names, types and required fields."""
    talk = play()  # type: ignore[operator]
    log = talk.emulator.rest_log
    assert {entry.method for entry in log} >= {"POST"}
    if play is call_with_lost_reports:
        assert {entry.method for entry in log} == {"GET", "POST"}
    for entry in log:
        judge(entry)
