"""Webhooks that the provider did not sign are refused and change nothing (twilio.md 2)."""

import itertools
from collections.abc import Callable

import pytest

from tests.web.edge import (
    ACCOUNT,
    BASE,
    NEXT,
    SID,
    SPARE,
    SUB,
    SUB_ACCOUNT,
    TOKEN,
    Edge,
    Form,
    signature,
    verbs,
)

Target = Callable[[Edge], str]
WEBHOOKS: dict[str, Target] = {
    "inbound": lambda edge: "/voice/inbound",
    "number status": lambda edge: "/voice/status",
    "number fallback": lambda edge: "/voice/fallback",
    "room fallback": lambda edge: edge.callflow.urls.fallback(edge.call.id).partition(SPARE)[2].partition("#")[0],
    "leg": lambda edge: f"/voice/{edge.call.id}/{edge.lead}/{edge.call.lead_leg.token}/room",
    "leg status": lambda edge: f"/voice/{edge.call.id}/{edge.lead}/status",
    "room": lambda edge: f"/voice/{edge.call.id}/room",
    "staff line": lambda edge: f"/voice/{edge.call.id}/staff_line?token=1",
    "alone in the room": lambda edge: f"/voice/{edge.call.id}/{edge.lead}/waiting",
}
TOKENS = {"": (TOKEN, NEXT), SUB_ACCOUNT: (SUB,)}


@pytest.fixture
def edge() -> Edge:
    return Edge(tokens=TOKENS).talking()


def the_form(edge: Edge, **more: str) -> dict[str, str]:
    """A form that has an effect at every URL: the lead's leg is over."""
    return edge.form(edge.call.lead_leg.sid, **{"CallStatus": "completed", **more})


def refused(edge: Edge, target: str, form: Form, **how: str) -> None:
    kept, sent = edge.kept(), list(edge.provider.sent)
    reply = edge.post(target, form, **how)
    assert reply.status_code == 403
    edge.flush()
    assert edge.kept() == kept
    assert edge.provider.sent == sent


@pytest.mark.parametrize("webhook", WEBHOOKS)
@pytest.mark.parametrize(
    "how",
    [
        {"signed": ""},
        {"signed": "bm90IGEgc2lnbmF0dXJl"},
        {"token": "another"},
        {"token": SUB},
        {"base": "https://attacker.test"},
    ],
    ids=["unsigned", "made up", "wrong token", "token of another account", "signed for another address"],
)
def test_a_request_that_the_provider_did_not_sign_changes_nothing(
    edge: Edge, webhook: str, how: dict[str, str]
) -> None:
    refused(edge, WEBHOOKS[webhook](edge), the_form(edge), **how)


@pytest.mark.parametrize("webhook", WEBHOOKS)
def test_what_was_changed_on_the_way_is_refused(edge: Edge, webhook: str) -> None:
    target, form = WEBHOOKS[webhook](edge), the_form(edge)
    signed = signature(BASE + target, form)
    dropped_blank = {name: value for name, value in form.items() if value}
    for changed in ({**form, "Digits": "1"}, {**form, "CallSid": SID}, dropped_blank):
        refused(edge, target, changed, signed=signed)
    refused(edge, target + ("&" if "?" in target else "?") + "x=1", form, signed=signed)
    other = target.replace(edge.call.id, "0" * 16) if edge.call.id in target else target + "?again=1"
    refused(edge, other, form, signed=signed)


@pytest.mark.parametrize("webhook", WEBHOOKS)
@pytest.mark.parametrize(
    ("account", "token"), [(ACCOUNT, TOKEN), (ACCOUNT, NEXT), (SUB_ACCOUNT, SUB)], ids=["in use", "rotated", "sub"]
)
def test_each_token_of_the_account_concerned_is_good(edge: Edge, webhook: str, account: str, token: str) -> None:
    reply = edge.post(WEBHOOKS[webhook](edge), the_form(edge, AccountSid=account), token=token)
    assert reply.status_code in (200, 204)


def test_the_main_account_s_token_does_not_sign_for_a_sub_account(edge: Edge) -> None:
    for webhook in WEBHOOKS.values():
        refused(edge, webhook(edge), the_form(edge, AccountSid=SUB_ACCOUNT), token=TOKEN)


@pytest.mark.parametrize("webhook", WEBHOOKS)
def test_parameters_nobody_knows_yet_and_empty_ones_are_signed_too(edge: Edge, webhook: str) -> None:
    form = the_form(edge, BrandNew="", Another="ä & b=c+d%20", **{"SipHeader_X-Ünï": " padded "})
    assert edge.post(WEBHOOKS[webhook](edge), form).status_code in (200, 204)


@pytest.mark.parametrize("webhook", ["number fallback", "room fallback", "leg"])
def test_the_address_of_the_other_node_is_good_as_well(edge: Edge, webhook: str) -> None:
    assert edge.post(WEBHOOKS[webhook](edge), the_form(edge), base=SPARE).status_code == 200


def test_a_fallback_address_names_one_room_and_one_kind_of_leg(edge: Edge) -> None:
    """The provider's signature is not enough: the room must be signed by us, for the caller or for staff."""
    good = WEBHOOKS["room fallback"](edge)
    assert "Conference" in verbs(edge.post(good, edge.form()))
    for forged in (
        good.replace(edge.call.room, "call-0000000000000000"),
        good.replace("lead=0", "lead=1"),
        good.partition("&sig=")[0],
        good[:-1] + ("0" if good[-1] != "0" else "1"),
        good.partition("&sig=")[0] + "&sig=%F0%9F%92%A3",
    ):
        refused(edge, forged, edge.form())


def test_refused_requests_are_counted(edge: Edge) -> None:
    refused(edge, "/voice/inbound", edge.form(), signed="")
    assert edge.callflow.metrics.value("forged_requests") == 1


QUERIES = [
    "/voice/inbound?again=2",
    "/voice/inbound?again=2&b=%20&c=",
    "/voice/inbound?a=1&a=2&b=",
    "/voice/inbound?a=&a-b=1&ab=2",
]


@pytest.mark.parametrize("target", [*QUERIES, "a room"])
def test_an_address_whose_query_was_reordered_on_the_way_is_still_ours(edge: Edge, target: str) -> None:
    if target == "a room":
        target = WEBHOOKS["room fallback"](edge)
    path, _, query = target.partition("?")
    fields = query.split("&")
    for order in itertools.permutations(fields):
        names = [field.partition("=")[0] for field in order]
        if [value for value in order if value.startswith("a=")] == [one for one in fields if one.startswith("a=")]:
            sent = f"{path}?{'&'.join(order)}"
            reply = edge.post(sent, edge.form(), signed=signature(BASE + target, edge.form()))
            assert reply.status_code == 200, names


def test_another_query_is_refused_in_any_order(edge: Edge) -> None:
    good = WEBHOOKS["room fallback"](edge)
    signed = signature(BASE + good, edge.form())
    path, _, query = good.partition("?")
    for changed in (f"z=1&{query}", query.replace("lead=0", "lead=1"), query.partition("&")[2]):
        refused(edge, f"{path}?{changed}", edge.form(), signed=signed)


@pytest.mark.parametrize(
    ("more", "target"),
    [
        ({}, "http://app.test/voice/inbound?again=1"),
        ({"SCRIPT_NAME": "/app"}, "/voice/inbound?again=1"),
        ({"SCRIPT_NAME": "/app"}, "/app/voice/inbound?again=1"),
        ({"RAW_URI": None, "REQUEST_URI": None}, "/voice/inbound?again=1"),
    ],
    ids=["absolute", "folder removed", "folder left", "not passed on"],
)
def test_a_target_is_what_was_signed_in_every_environment(edge: Edge, more: dict[str, str], target: str) -> None:
    given = {"RAW_URI": target, "REQUEST_URI": target, "QUERY_STRING": "again=1", **more}
    signed = signature(f"{BASE}/voice/inbound?again=1", edge.form())
    reply = edge.web.post("/voice/inbound", data=edge.form(), headers={"X-Twilio-Signature": signed},
                          environ_overrides=given)  # fmt: skip
    assert reply.status_code == 200


@pytest.mark.parametrize(
    ("target", "base"),
    [
        ("http://app.test/voice/inbound?again=1", None),
        ("/voice/inbound?again=1", "https://backend.test/folder"),
        ("/voice/%69nbound?again=1", None),
    ],
)
def test_flasks_own_client_sends_what_was_signed(edge: Edge, target: str, base: str | None) -> None:
    below = target.removeprefix("http://app.test")
    for signed, status in ((below, 200), (below.replace("nb", "%6Eb"), 403)):
        headers = {"X-Twilio-Signature": signature(BASE + signed, edge.form())}
        assert edge.web.post(target, data=edge.form(), headers=headers, base_url=base).status_code == status
