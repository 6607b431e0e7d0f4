"""Sub-accounts: calls and rooms of their own, signed with their own token (twilio.md 2; docs/iam/api/subaccounts)."""

import base64
import io

import pytest

from callflow.emulator.signature import sign_form
from tests.emulator.world import ANA, BASE, LINE, World, twiml, world

SUB, TOKEN, OF_SUB = "AC" + "5" * 32, "its-token", "+15550100300"


@pytest.fixture
def it() -> World:
    made = world({"/voice": twiml("<Say>Hello</Say>", '<Pause length="5"/>'), "/agent": twiml("<Say>Hi</Say>")})
    made.emulator.add_sub_account(SUB, TOKEN)
    made.emulator.add_number(OF_SUB, voice_url=f"{BASE}/voice", account=SUB)
    return made


def asked(it: World, account: str, user: str, password: str, path: str = "Calls.json", form: str = "") -> int:
    login = base64.b64encode(f"{user}:{password}".encode()).decode()
    environ = {
        "REQUEST_METHOD": "POST" if form else "GET", "PATH_INFO": f"/2010-04-01/Accounts/{account}/{path}",
        "QUERY_STRING": "", "CONTENT_LENGTH": str(len(form)), "wsgi.input": io.BytesIO(form.encode()),
        "HTTP_AUTHORIZATION": f"Basic {login}",
    }  # fmt: skip
    status: list[str] = []
    b"".join(it.emulator.wsgi(environ, lambda line, headers, exc_info=None: status.append(line)))
    return int(status[0][:3])


def test_a_call_to_its_number_is_signed_with_its_token(it: World) -> None:
    leg = it.caller.call(OF_SUB)
    it.clock.run_for(1)
    seen = it.app.one("/voice")
    assert (leg.account_sid, seen["AccountSid"]) == (SUB, SUB)
    assert seen.headers["X_TWILIO_SIGNATURE"] == sign_form(TOKEN, f"{BASE}/voice", seen.form)


def test_who_may_ask(it: World) -> None:
    """The main account's SID and token open a sub-account; its API keys do not, and a sub-account opens no other."""
    main, secret = it.emulator.account_sid, it.emulator.auth_token
    may = [(SUB, SUB, TOKEN), (SUB, "SK1", TOKEN), (SUB, main, secret), (main, main, secret), (main, "SK1", secret)]
    may_not = [(SUB, "SK1", secret), (main, SUB, TOKEN), (main, "SK1", TOKEN), (SUB, SUB, secret)]
    assert [asked(it, *one) for one in may] == [200] * len(may)
    assert [asked(it, *one) for one in may_not] == [401] * len(may_not)


def test_neither_sees_calls_of_the_other(it: World) -> None:
    leg = it.caller.call(OF_SUB)
    it.clock.run_for(1)
    main, secret = it.emulator.account_sid, it.emulator.auth_token
    assert asked(it, SUB, SUB, TOKEN, f"Calls/{leg.sid}.json") == 200
    assert asked(it, main, main, secret, f"Calls/{leg.sid}.json") == 404
    assert it.emulator.legs[leg.sid] is leg


def test_it_shows_its_own_numbers_only(it: World) -> None:
    def rung(shown: str) -> int:
        form = f"To=%2B{ANA[1:]}&From=%2B{shown[1:]}&Url={BASE}/agent"
        return asked(it, SUB, SUB, TOKEN, form=form)

    assert (rung(OF_SUB), rung(LINE)) == (201, 400)
    it.clock.run_for(4)
    assert [one.text_or_url for one in it.ana.heard if one.kind == "say"] == ["Hi"]
