"""What an agent has offered: said by key or at the desk, written down once, and told to whoever comes next."""

from dataclasses import replace

from callflow.core.configuration import Configuration
from callflow.core.events import OfferMade
from callflow.core.guidance import Guidance, Offer, filled
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from tests.core.example import CONFIGURATION
from tests.playbook import Playbook, talking

FEE = Offer(id="fee", name="a fee waived", number="1", reasons=frozenset({"a bill"}))
PARTS = Offer(id="parts", name="paying in parts", number="2")
ELSEWHERE = Offer(id="new", name="a new one", number="3", reasons=frozenset({"a delivery"}))
OFFERING: Configuration = replace(
    CONFIGURATION, guidance=Guidance(offers={"parts": PARTS, "fee": FEE, "new": ELSEWHERE})
)


def offering() -> Playbook:
    return talking(OFFERING).agent("ana")


def at_offers() -> Playbook:
    return offering().star().presses("#").hears("offers_menu")


def test_star_hash_and_the_number_say_that_it_was_offered() -> None:
    book = at_offers().presses("1").stage(Stage.TALKING).hears("offer_noted").places(ana="room", caller="room")
    book.noted("offer", actor="ana", key="1", outcome="offered", offer="a fee waived")
    book.holds(lambda call: call.offers == ("fee",))


def test_only_what_fits_the_call_and_was_not_offered_is_named() -> None:
    book = at_offers()
    said = book.leg.place.prompts[0].values["choices"]
    assert said == (("1 ", "a fee waived"), ", ", ("2 ", "paying in parts"))
    book.presses("3").stage(Stage.TALKING).not_noted("offer")
    book.wait(3).star().presses("#").presses("1").wait(3).star().presses("#")
    assert book.leg.place.prompts[0].values["choices"] == (("2 ", "paying in parts"),)


def test_without_anything_to_offer_hash_is_silence_as_ever() -> None:
    talking().agent("ana").star().presses("#").places(caller="silence").noted("no_answer", outcome="asked")


def test_hash_twice_says_that_the_caller_does_not_answer() -> None:
    at_offers().presses("#").places(caller="silence", ana="room").noted("no_answer", actor="ana", outcome="asked")


def test_star_and_silence_lead_back_and_offer_nothing() -> None:
    at_offers().presses("*").stage(Stage.TALKING).not_noted("offer")
    at_offers().stays_silent().stage(Stage.TALKING).not_noted("offer")


def test_a_click_writes_it_down_once_and_nobody_leaves_the_room() -> None:
    book = offering()
    for _ in range(2):
        book.take(OfferMade(at=book.at, leg=book.leg.id, offer="fee"))
    assert [note.kind for note in book.notes].count("offer") == 1  # type: ignore[comparison-overlap]
    book.stage(Stage.TALKING).ordered().places(ana="room", caller="room").noted("offer", where="desk")


def test_whoever_is_not_with_the_caller_offers_nothing() -> None:
    book = talking(OFFERING).agent("ana").star().presses("2").caller().presses("1").supervisor("sam")
    book.take(OfferMade(at=book.at, leg=book.leg.id, offer="fee")).not_noted("offer")
    book.agent("ana").take(OfferMade(at=book.at, leg=book.leg.id, offer="new")).not_noted("offer")
    book.take(OfferMade(at=book.at, leg=book.leg.id, offer="nonsense")).not_noted("offer")


def test_a_supervisor_hears_before_accepting_what_was_offered() -> None:
    book = at_offers().presses("1").wait(3).star().presses("2").caller().presses("1").supervisor("sam").answers()
    facts = book.leg.place.prompts[0].values["facts"]
    assert "flag_offered" in str(facts)
    assert "a fee waived" in str(facts)


def test_the_next_agent_hears_it_when_the_first_is_lost() -> None:
    book = at_offers().presses("1").wait(3).agent("ana").hangs_up()
    while not any(leg.person == "ben" for leg in book.call.legs):
        book.wait(1)
    ben = book.agent("ben").answers()
    assert ben.leg.at(P.OFFER)
    assert "a fee waived" in str(ben.leg.place.prompts[0].values)


def test_a_sentence_is_complete_or_another_one_is_said() -> None:
    said = ("Your order {order} about {reason}.", "About {reason}.", "I see.")
    assert filled(said, {"reason": "a bill", "order": "7"}) == "Your order 7 about a bill."
    assert filled(said, {"reason": "a bill", "order": ""}) == "About a bill."
    assert filled(said, {}) == "I see."
    assert filled(said[:2], {}) == ""
