"""What a store seals of a call, and what stays readable."""

import json
from typing import Any

from callflow.core.call import Leg, Place, Prompt, Role
from callflow.core.codec import decode, dumps, encode
from callflow.core.evidence import CallBack
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.private_values import PUBLIC
from callflow.core.script_catalogue import SCRIPTS
from callflow.core.stages import PlaceName
from tests.contracts.sample import NOW, a_call, after

ORG = {"org": "Energy"}
PROMPTS = (
    Prompt("alert", {"number": Prompt("withheld_number"), **ORG}),
    Prompt("hello_name", {"customer": "Ana Diaz", **ORG}),
    Prompt("again", {"n": "5551"}),
    Prompt("menu"),
)
CALLER = Leg(id="caller", role=Role.CALLER, place=Place(PlaceName.STEP, PROMPTS, {"step": "hello"}), since=NOW)
CALL = a_call(
    legs=(CALLER, CALLER.but(id="s1", place=Place(PlaceName.ROOM))),
    variables={"n": "5551"},
    call_token="proof",
    call_back=CallBack(owner="sam", due=after(60), number="+15550100998"),
)


def test_private_values_are_handed_over_and_come_back() -> None:
    taken: list[dict[str, Any]] = []
    text = encode(CALL, lambda values: taken.append(values) or "x")  # type: ignore[func-returns-value]
    assert [one for one in ("+15550100999", "5551", "proof", "+15550100998", "Ana Diaz") if one in text] == []
    assert "Energy" in text
    assert decode(text, lambda _: json.loads(dumps(taken[0]))) == CALL


def test_an_erased_call_can_be_read() -> None:
    call = decode(encode(CALL, lambda _: ""), lambda _: {})
    assert (call.number, call.variables, call.call_token) == ("", {}, "")
    assert call.caller.place.prompts == (
        Prompt("alert", ORG),
        Prompt("hello_name", ORG),
        Prompt("again"),
        Prompt("menu"),
    )
    assert call.call_back == CallBack(owner="sam", due=after(60), number="")


def test_a_new_value_of_our_own_prompts_is_public_or_not_by_decision() -> None:
    """It belongs into PUBLIC, or here, if it comes from the caller."""
    ours = {name for words in SCRIPTS.values() for name in words.variables}
    assert ours - PUBLIC == {"facts", "flags", "last3", "needs", "number"}
    assert ours >= PUBLIC
    assert {name for words in FRAGMENTS.values() for name in words.variables} <= PUBLIC
