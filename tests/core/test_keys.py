"""What a key or a word means: only a clear yes is a yes (policy rules 3 and 9)."""

from dataclasses import replace

import pytest

from callflow.core.call import ROOM, Place
from callflow.core.events import DigitPressed, NothingPressed, PlaceEnded
from callflow.core.keys import answer
from callflow.core.languages import AnswerWords
from callflow.core.places import ASKING
from callflow.core.stages import PlaceName, Stage
from tests.core.example import CONFIGURATION
from tests.playbook import talking


@pytest.mark.parametrize(("key", "speech", "meaning"), [
    ("1", "", "yes"), ("2", "", "no"), ("3", "", ""), ("*", "", ""), ("11", "", ""),
    ("1", "no", "yes"), ("2", "yes", "no"), ("5", "yes", ""),
    ("", "Yes.", "yes"), ("", "yeah, sure", "yes"), ("", "Go ahead!", "yes"), ("", "that is fine", "yes"),
    ("", "No", "no"), ("", "no thank you", "no"), ("", "I do not want that", "no"), ("", "yes... no", "no"),
    ("", "nope", "no"), ("", "", ""), ("", "what?", ""), ("", "yesterday", ""), ("", "surely not", ""),
    ("", "Yes please, thank you.", "yes"), ("", "Okay, put me on hold", "yes"),
    ("", "Okay, then put me on hold", ""),
    ("", "yes yes yes", "yes"),
    ("", "Sure, I can hold", "yes"), ("", "Sure, I can hold for a minute", ""),
    ("", "yes, that's fine", "yes"), ("", "please", ""),
    ("", "that's no yes", "no"), ("", "eyes", ""), ("", "know", ""),
])  # fmt: skip
def test_yes_no_or_neither(key: str, speech: str, meaning: str) -> None:
    assert answer(CONFIGURATION, "en", key, speech) == meaning


@pytest.mark.parametrize("speech", ["no problem", "No problem, yes", "I don't know", "not okay", "I can't say yes",
                                    "never, okay?", "is that okay with you, or not", "okay I cannot hold", "yes stop",
                                    "sure, I refuse to hold", "okay, wait", "yes I said stop it", "yeah right, hold on",
                                    "okay okay just listen to me", "sure you will, like last time"])  # fmt: skip
def test_never_a_yes(speech: str) -> None:
    assert answer(CONFIGURATION, "en", "", speech) != "yes"


def test_another_language_brings_its_own_courtesies() -> None:
    """A courtesy alone is not a yes in any language."""
    words = AnswerWords(yes=("sí", "vale"), no=("no",), courtesy=("por favor", "gracias"))
    catalan = replace(CONFIGURATION.languages["en"], code="ca", answers=words)
    configuration = replace(CONFIGURATION, languages={**CONFIGURATION.languages, "ca": catalan})
    said = {"Sí, por favor.": "yes", "vale, gracias": "yes", "por favor": "", "vale, pero espere": "", "sí... no": "no"}
    assert {words: answer(configuration, "ca", "", words) for words in said} == said


@pytest.mark.parametrize("place", [name for name in PlaceName if name not in (PlaceName.GONE, PlaceName.ROOM)])
@pytest.mark.parametrize("kind", [NothingPressed, PlaceEnded])
def test_a_candidate_never_gets_into_the_room_by_silence(place: PlaceName, kind: type) -> None:
    """However the document of somebody who is being rung ends."""
    book = talking().agent("ana").star().presses("2").caller().presses("1").supervisor("sam")
    if place not in (PlaceName.OFFER, PlaceName.BRIEFING, PlaceName.DECLINE_MENU, PlaceName.RINGING):
        return
    book.call = book.call.moved(book.leg.id, Place(place))
    book.take(kind(at=book.at, leg=book.leg.id)).places(sam="gone")


def test_silence_at_a_menu_leads_back() -> None:
    book = talking().agent("ana").star()
    book.take(NothingPressed(at=book.at, leg=book.leg.id), answering=book.leg.id).stage(Stage.TALKING)


def test_the_menu_repeats_and_explains() -> None:
    book = talking().agent("ana").star().presses("0").hears("menu").presses("8").hears("unknown_key", "menu")
    book.presses("*").stage(Stage.TALKING).star().stays_silent().stage(Stage.TALKING).places(ana="room")


def test_menus_without_end_are_ended() -> None:
    book = talking().agent("ana").star()
    for _ in range(7):
        book.wait(8).presses("0")
    book.stage(Stage.CHOOSING).wait(5).stage(Stage.TALKING).places(ana="room")


def test_keys_of_people_who_are_not_asked_do_nothing() -> None:
    book = talking()
    before = book.call.legs
    book.take(DigitPressed(at=book.at, leg="caller", key="5")).holds(lambda call: call.legs == before)
    book.take(DigitPressed(at=book.at, leg="nobody", key="5")).holds(lambda call: call.legs == before)


def test_the_questions_are_the_callers() -> None:
    assert PlaceName.HOLD_QUESTION in ASKING
    assert PlaceName.MENU not in ASKING


@pytest.mark.parametrize("key", "0123456789#")
def test_a_digit_after_the_star_that_closed_the_menu_is_that_step(key: str) -> None:
    """As if star had been pressed in the room, and then the digit."""
    on_the_way = talking().agent("ana").star().star().stage(Stage.TALKING).places(ana="room").presses(key)
    in_the_room = talking().agent("ana").star().presses(key)
    assert on_the_way.leg.place == in_the_room.leg.place
    assert on_the_way.call.stage is in_the_room.call.stage


def test_after_two_seconds_the_star_counts_no_more() -> None:
    talking().agent("ana").star().star().stays_silent().holds(lambda call: call.lead_leg.place == ROOM)


@pytest.mark.parametrize("key", "12347890#")
def test_a_digit_without_a_star_on_the_way_changes_nothing(key: str) -> None:
    book = talking().agent("ana").star().presses("4").hears("refuse_no_warning")
    before = book.call.legs
    book.presses(key).holds(lambda call: call.legs == before).hears("refuse_no_warning")
