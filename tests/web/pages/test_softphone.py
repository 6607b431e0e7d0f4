"""A browser as telephone: only for people whose telephone is one, and a token that can be called and nothing else."""

import json
from base64 import urlsafe_b64decode
from dataclasses import replace
from typing import Any

from callflow.core.configuration import Configuration
from callflow.telephony import softphone
from callflow.telephony.softphone import CONTENT_POLICY
from callflow.web.pages import security
from tests.e2e.conversation import Conversation, shipped
from tests.web.pages.signed_in import pages_of, signed_in

KEY, SECRET = "SK" + "1" * 32, "s" * 32


def with_client(issue: bool = True) -> Any:
    """Ana's telephone is her browser. Returns an application."""
    ana = replace(shipped().agents["ana"], phone="client:ana-1")
    configuration: Configuration = replace(shipped(), agents={**shipped().agents, "ana": ana})
    app = Conversation(configuration).callflow.app
    if issue:
        pages_of(app).view_functions["softphone.token"] = token_view(configuration)
    return app


def token_view(configuration: Configuration) -> Any:
    from callflow.service.configurations import Configurations
    from callflow.web.pages import softphone as pages

    made = pages.blueprint(Configurations(configuration), softphone.tokens("AC" + "1" * 32, KEY, SECRET), None)  # type: ignore[arg-type]
    from flask import Flask

    other = Flask("other")
    other.register_blueprint(made)
    return other.view_functions["softphone.token"]


def claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    return json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))  # type: ignore[no-any-return]


def test_a_token_can_be_called_for_ten_minutes_and_calls_nobody() -> None:
    issue = softphone.tokens("AC" + "1" * 32, KEY, SECRET)
    assert issue
    told = claims(issue("client:ana"))
    assert told["grants"] == {"identity": "ana", "voice": {"incoming": {"allow": True}}}
    assert (told["iss"], told["sub"]) == (KEY, "AC" + "1" * 32)
    assert told["exp"] - told["iat"] == 600 if "iat" in told else told["exp"]


def test_without_an_api_key_there_is_no_telephone_in_the_browser() -> None:
    assert softphone.tokens("AC" + "1" * 32, "", "") is None
    client = signed_in(with_client(issue=False), "ana")
    page = client.get("/desk/phone")
    assert "no API key of the provider is set" in page.text
    assert page.headers["Content-Security-Policy"] == security.CONTENT_POLICY
    assert client.post("/desk/phone/token").status_code == 404


def test_ana_gets_a_token_of_her_own_and_ben_none() -> None:
    app = with_client()
    answer = signed_in(app, "ana").post("/desk/phone/token")
    assert claims(answer.get_json()["token"])["grants"]["identity"] == "ana-1"
    assert answer.headers["Cache-Control"] == "no-store"
    assert signed_in(app, "ben").post("/desk/phone/token").status_code == 404


def test_ana_is_led_to_it_from_her_desk() -> None:
    app = with_client(issue=False)
    assert "/desk/phone" in signed_in(app, "ana").get("/desk").text
    assert "/desk/phone" not in signed_in(app, "ben").get("/desk").text


def test_only_its_page_may_reach_the_provider() -> None:
    assert "twilio" in CONTENT_POLICY
    assert "twilio" not in security.CONTENT_POLICY
    assert "'unsafe" not in CONTENT_POLICY


def test_a_call_rings_the_browser() -> None:
    """The emulator calls a client as it calls a number."""
    ana = replace(shipped().agents["ana"], phone="client:ana-1")
    talk = Conversation(replace(shipped(), agents={**shipped().agents, "ana": ana}))
    talk.caller.dials().hears("greeting").hears("reason_menu").presses("1").hears("connecting")
    talk.wait(5)
    (call,) = talk.callflow.store.calls()
    rung = [leg for leg in call.legs if leg.person == "ana"]
    assert rung[0].status in ("ringing", "up")
