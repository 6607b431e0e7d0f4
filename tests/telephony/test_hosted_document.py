"""The text of the document that the provider hosts: what each kind of request gets from it."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from callflow.emulator.hosted import render
from callflow.telephony import hosted_document
from callflow.telephony.place_documents import fallback
from callflow.telephony.urls import OVERRIDES, Urls
from tests.core.example import CONFIGURATION

DOCUMENT = "https://handler.example/twiml/EH1"
URLS = Urls("https://a.example", "https://a.example", "a secret of ours", overrides="", document=DOCUMENT)
SID = "CA" + "c" * 32
TEXT = hosted_document.text(CONFIGURATION, URLS)


def given(**names: str) -> ElementTree.Element:
    return ElementTree.fromstring(render(TEXT, {"CallSid": "CA" + "5" * 32, **names}))


def same(one: ElementTree.Element, other: ElementTree.Element) -> bool:
    one.tail = other.tail = None
    return ElementTree.tostring(one) == ElementTree.tostring(other)


def tags(document: ElementTree.Element) -> list[str]:
    return [one.tag for one in document]


def test_it_fits_into_a_console() -> None:
    """The limit of a document that is passed with a call is 4000 characters; that of a TwiML Bin is not documented."""
    assert len(hosted_document.text(CONFIGURATION, replace(URLS, overrides=OVERRIDES))) < 4000


def test_it_is_xml_before_it_is_filled_in() -> None:
    """The provider's console checks it."""
    assert ElementTree.fromstring(TEXT).tag == "Response"


def test_a_caller_hears_a_sentence_and_is_in_the_room_named_after_their_id() -> None:
    made = given(CallSid=SID)
    assert tags(made)[:2] == ["Say", "Dial"]
    ours = ElementTree.fromstring(fallback(f"call-{SID}", False, URLS.room(SID), URLS.star(SID)))
    assert same(made[1], ours[0]), "as the node's own fallback joins"


def test_staff_are_asked_for_a_key_first_and_hung_up_without_one() -> None:
    made = given(ask=SID)
    assert tags(made)[:4] == ["Gather", "Gather", "Gather", "Hangup"]
    assert made[0].get("action") == f"{DOCUMENT}?join={SID}"


def test_staff_who_pressed_a_key_join_with_the_star_key() -> None:
    made = given(join=SID, Digits="5")
    ours = ElementTree.fromstring(fallback(f"call-{SID}", True, URLS.room(SID), URLS.star(SID)))
    assert same(made[0], ours[0])
    assert made[0].get("action", "").startswith(f"https://a.example/voice/{SID}/anyone/0/room")
    assert tags(made)[:4] == ["Dial", "Dial", "Dial", "Hangup"]


def test_without_an_id_nobody_is_put_into_a_room() -> None:
    """Two strangers must not meet."""
    assert tags(ElementTree.fromstring(render(TEXT, {}))) == []


@pytest.mark.parametrize("word", ["{{#if ask}}", "{{#if join}}", "{{#if CallSid}}"])
def test_only_what_every_provider_renders_is_used(word: str) -> None:
    assert TEXT.count(word) == 1
    assert TEXT.count("{{#if") == TEXT.count("{{/if}}") == 3
