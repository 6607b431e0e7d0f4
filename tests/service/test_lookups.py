"""Building the request of a lookup from a call, and reading values from its answer. Nothing is evaluated."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from callflow.core.call import Call, Leg, LegStatus, Place, Role
from callflow.core.configuration import LookupRules
from callflow.core.events import LookupDone, LookupFailed
from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.stages import PlaceName, Stage
from callflow.service.lookup_client import Answered, LookupFailure, LookupRequest
from callflow.service.lookups import look_up, pick, question, waits_for
from tests.core.example_flows import flowing

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIND = Lookup(url="https://crm.example/c/{account}?n={number}", values={"name": "customer.name"}, retries=2)
CONFIGURATION = flowing(LookupStep(name="find", script="one_moment", lookup=FIND, otherwise="find"))


def call(**variables: str) -> Call:
    leg = Leg(id="caller", role=Role.CALLER, place=Place(PlaceName.STEP), sid="CA", status=LegStatus.UP, since=NOW)
    return Call(id="c1", reference="R1", digest="d", language="en", flow="front_desk", number="+15550190042",
                called="", started_at=NOW, at=NOW, legs=(leg,), step="find", lookup="find.3",
                variables=variables)  # fmt: skip


class Answers:
    """Another system that gives one answer, or fails. ``asked`` has all requests."""

    def __init__(self, content: bytes | LookupFailure) -> None:
        self.content = content
        self.asked: list[LookupRequest] = []

    def ask(self, question: LookupRequest, rules: LookupRules, answered: Answered) -> None:
        self.asked.append(question)
        answered(self.content)


def answered(content: bytes | LookupFailure) -> LookupDone | LookupFailed:
    found: list[LookupDone | LookupFailed] = []
    look_up(call(account="12"), CONFIGURATION, Answers(content), lambda: NOW, found.append)
    return found[0]


def test_variables_are_quoted() -> None:
    asked = question(call(account="a/b?c=d&e#f g"), CONFIGURATION, FIND)
    assert asked.url == "https://crm.example/c/a%2Fb%3Fc%3Dd%26e%23f%20g?n=%2B15550190042"
    assert (asked.tries, asked.seconds, asked.body) == (3, 5, b"")


def test_the_other_system_answers_in_my_language() -> None:
    mine = call(account="12").but(language="fr")
    asked = question(mine, CONFIGURATION, replace(FIND, url="https://crm.example/c/{account}?in={language}"))
    assert asked.url == "https://crm.example/c/12?in=fr"


@pytest.mark.parametrize("value", [".", ".."])
def test_no_value_leads_to_another_path(value: str) -> None:
    with pytest.raises(LookupFailure, match="elsewhere"):
        question(call(account=value), CONFIGURATION, FIND)


def test_a_body_is_json_whatever_is_in_it() -> None:
    asked = question(
        call(account='"}{ref}'), CONFIGURATION, replace(FIND, method="POST", body={"a": "{account}-{ref}"})
    )
    assert json.loads(asked.body) == {"a": '"}{ref}-R1'}


def test_what_a_caller_typed_is_in_no_representation() -> None:
    assert "12345" not in repr(question(call(account="12345"), CONFIGURATION, FIND))


@pytest.mark.parametrize(
    ("way", "text"),
    [("customer.name", "Ana Diaz"), ("orders.0.state", "sent"), ("orders.1.state", None), ("customer.blank", None),
     ("customer.age", "41"), ("customer.vip", "true"), ("customer.none", None), ("customer.none.first", None),
     ("customer.long", "x" * 200), ("nowhere", None), ("nowhere.else", None)],
)  # fmt: skip
def test_ways(way: str, text: str | None) -> None:
    found = {"customer": {"name": " Ana\n\x00Diaz ", "age": 41, "vip": True, "none": None, "long": "x" * 999,
                          "blank": " "}, "orders": [{"state": "sent"}]}  # fmt: skip
    assert pick(found, way) == text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"customer": {"name": {"first": "Ana"}}}', "customer.name is an object"),
        (b'{"customer": {"name": ["Ana"]}}', "customer.name is a list"),
        (b'{"customer": {"name": 1e999}}', "customer.name is not a finite number"),
        (b'{"customer": {"name": NaN}}', "customer.name is not a finite number"),
        (b'{"customer": "Ana"}', "customer is a text"),
        (b'{"customer": 41.5}', "customer is a number"),
        (b'{"customer": true}', "customer is true or false"),
        (b'{"customer": [{"name": "Ana"}]}', "customer is a list"),
        (b'"Ana"', "the answer is a text"),
    ],
)
def test_an_answer_of_the_wrong_type_has_failed_and_its_reason_quotes_no_value(content: bytes, reason: str) -> None:
    found = answered(content)
    assert isinstance(found, LookupFailed)
    assert found.reason == reason


def test_what_is_kept() -> None:
    found = answered(b'{"customer": {"name": "Ana", "card": "4111"}}')
    assert isinstance(found, LookupDone)
    assert (found.lookup, found.values) == ("find.3", {"name": "Ana"})


@pytest.mark.parametrize("content", [b"", b"<html>", b"\xff", b"[" * 60_000])
def test_no_json(content: bytes) -> None:
    found = answered(content)
    assert isinstance(found, LookupFailed)
    assert found.reason == "no JSON"


def test_a_failure_is_told() -> None:
    found = answered(LookupFailure("HTTP 503"))
    assert isinstance(found, LookupFailed)
    assert found.reason == "HTTP 503"


def test_too_late_nobody_is_asked() -> None:
    assert waits_for(call(), "find.3")
    assert not waits_for(call(), "find.2")
    assert not waits_for(call().but(stage=Stage.AFTERCARE), "find.3")
    assert not waits_for(None, "find.3")
    assert not waits_for(call().changed("caller", status=LegStatus.GONE), "find.3")
