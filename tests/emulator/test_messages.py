"""Text messages (twilio.com/docs/messaging/api/message-resource, and the error dictionary for the codes)."""

import pytest

from tests.emulator.test_rest import refused, rest_world
from tests.emulator.world import CALLER, LINE

MESSAGE = {"From": LINE, "To": CALLER, "Body": "Your reference is 123456."}


def test_a_message_is_queued_and_arrives_on_the_phone() -> None:
    it = rest_world()
    body = it.rest.post("Messages.json", MESSAGE)
    assert (body["status"], body["to"], body["body"]) == ("queued", CALLER, MESSAGE["Body"])
    it.clock.run_for(2)
    (message,) = it.emulator.phone(CALLER).messages
    assert (message.from_number, message.body) == (LINE, MESSAGE["Body"])
    assert it.rest.get(f"Messages/{body['sid']}.json")["sid"] == body["sid"]
    assert [one["sid"] for one in it.rest.get("Messages.json")["messages"]] == [body["sid"]]


@pytest.mark.parametrize(("wrong", "code"), [
    ({"To": ""}, 21604), ({"From": ""}, 21603), ({"Body": ""}, 21602), ({"Body": "a" * 1601}, 21617),
    ({"To": "12"}, 21211), ({"From": "+15550100888"}, 21606),
])  # fmt: skip
def test_what_is_refused(wrong: dict[str, str], code: int) -> None:
    assert refused(rest_world(), "POST", "Messages.json", MESSAGE | wrong) == (400, code)


@pytest.mark.parametrize("code", [21610, 21614])
def test_a_phone_that_takes_none(code: int) -> None:
    it = rest_world()
    it.emulator.phone(CALLER).refuses_messages = code
    assert refused(it, "POST", "Messages.json", MESSAGE) == (400, code)
    it.clock.run_for(2)
    assert it.emulator.phone(CALLER).messages == []
