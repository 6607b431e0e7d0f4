"""The length of documents, such as those of a hold that must end on time, for all permitted settings."""

from dataclasses import replace
from functools import cache
from itertools import product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callflow.configuration.loading import load
from callflow.core import prompts
from callflow.core.call import Call, Leg, LegStatus, Place, Prompt, Role
from callflow.core.configuration import Configuration
from callflow.core.draft import DecisionDraft
from callflow.core.events import ConsentGiven
from callflow.core.languages import UNKNOWN
from callflow.core.policy import TimeOut
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.steps import time_out
from callflow.core.steps.draw_the_line import BEGIN_SECONDS
from callflow.emulator import Switches
from callflow.emulator.phones import speech_seconds
from callflow.telephony.document_builder import DocumentBuilder
from callflow.telephony.place_documents import PLACES, render
from callflow.telephony.verbs import seconds_of
from tests.telephony.test_twiml_places import CASES, NOW, URLS, on_call
from tests.telephony.test_twiml_places import configuration as small_configuration

ROOT = Path(__file__).parents[2]
REJOIN_SECONDS = 1.0
"""From the end of a document into the room: 0.3 to 1 s (twilio.md 8.1)."""
FIRST_SECONDS = 1.6
"""How long the lead waits for the caller at most, in silence."""
SECONDS, HEADS_UP = range(15, 61), range(2, 11)
"""What ops may set (policy.md section 7)."""


@cache
def shipped() -> Configuration:
    return load(ROOT / "config", ROOT / "audio")


def length(call: Call, leg: Leg, configured: Configuration) -> float:
    """About how many seconds the document lasts before its tail, if nobody presses or says anything."""
    return seconds_of(PLACES[leg.place.name](DocumentBuilder(call, leg, configured, URLS)))


def configuration(seconds: int, heads_up: int = 5) -> Configuration:
    rules = TimeOut(seconds=seconds, heads_up_seconds=heads_up)
    return replace(shipped(), policy=replace(shipped().policy, time_out=rules))


def held(configured: Configuration) -> tuple[Call, Leg, Leg]:
    """A call that the core has just put on hold, with the legs of the caller and the lead."""
    question = Place(P.HOLD_QUESTION, (), {"seconds": 8})
    legs = (Leg(id="caller", role=Role.CALLER, place=question, status=LegStatus.UP, since=NOW),
            Leg(id="a1", role=Role.LEAD, person="ana", place=question, status=LegStatus.UP, since=NOW))  # fmt: skip
    call = Call(id="c7", reference="482913", digest="", language="en", flow="front_desk", number="", called="", at=NOW,
                started_at=NOW, stage=Stage.ASKING_HOLD, legs=legs, lead="a1")  # fmt: skip
    event = ConsentGiven(at=NOW, leg="caller", how="key")
    draft = DecisionDraft(call, event, configured)
    time_out.hold(draft, event)
    return draft.call, *draft.call.legs


def spoken_by_the_emulator(text: str) -> float:
    """The document's length as the emulator would play it."""
    return sum(spoken_seconds(verb) for verb in ElementTree.fromstring(text).iter())


def spoken_seconds(verb: ElementTree.Element) -> float:
    """One verb without those in it: music and sounds by their name, recordings not at all."""
    body = (verb.text or "").strip()
    match verb.tag:
        case "Say":
            return speech_seconds(body, Switches().pace)
        case "Play":
            return int(body.rpartition("/")[2].removesuffix(".wav"))
        case "Pause":
            return int(verb.get("length", "1"))
        case "Gather":
            return int(verb.get("timeout", "5"))
        case "Record":
            return int(verb.get("maxLength", "3600"))
    return 0


@pytest.mark.parametrize("seconds", SECONDS)
def test_a_hold_is_never_longer_than_promised(seconds: int) -> None:
    """From the last word of the start prompt: music, return prompt, the wait for a key, joining the room."""
    configured = configuration(seconds)
    call, caller, _ = held(configured)
    start = prompts.seconds(configured, "en", caller.place.prompts[0])
    lasts = length(call, caller, configured) - start + REJOIN_SECONDS
    assert seconds - 2 <= lasts <= seconds


@pytest.mark.parametrize("heads_up", HEADS_UP)
def test_the_lead_is_there_when_the_caller_comes_back(heads_up: int) -> None:
    for seconds in SECONDS:
        configured = configuration(seconds, heads_up)
        call, caller, lead = held(configured)
        first = length(call, caller, configured) - length(call, lead, configured)
        assert 0.5 <= first <= FIRST_SECONDS, f"{seconds} s of hold: the lead is there {first} s before"


@pytest.mark.parametrize("start", range(70, 84))
def test_the_lead_is_there_first_whatever_the_words(start: int) -> None:
    """Music and pauses are whole seconds, but words are not: for every fraction of a second of a prompt's length."""
    for back, told in product(range(42, 56), repeat=2):
        lengths = {"hold_start": start, "hold_return": back, "hold_answer_yes": told, "heads_up": 42, "hold_request": 9}
        configured = small_configuration({script: "x" * characters for script, characters in lengths.items()})
        call, caller, lead = held(configured)
        lasts = length(call, caller, configured)
        assert 0.5 <= lasts - length(call, lead, configured) <= FIRST_SECONDS
        assert lasts - start / UNKNOWN.letters + REJOIN_SECONDS <= 30 + 1e-6


@pytest.mark.parametrize("heads_up", range(5, 11))
def test_the_heads_up_comes_when_it_says(heads_up: int) -> None:
    """From five seconds on. Below, the prompt itself takes longer, and only the end is on time."""
    for seconds in SECONDS:
        configured = configuration(seconds, heads_up)
        call, caller, lead = held(configured)
        gather = ElementTree.fromstring(render(call, lead, configured, URLS))[0]
        heads_up_at = [verb.tag for verb in gather].index("Say", 1)
        before = sum(spoken_seconds(verb) for verb in gather[:heads_up_at])
        assert heads_up - 1 <= length(call, caller, configured) - before <= heads_up + 1.5


@pytest.mark.parametrize("case", [case for case in CASES if not case.startswith("warning")])
def test_lengths_are_those_of_the_emulator(case: str) -> None:
    on = on_call(*CASES[case])
    played = spoken_by_the_emulator(render(*on, small_configuration(), URLS))
    # The emulator has one pace for all voices; ours of Spanish is 2 % quicker than that of English.
    assert length(*on, small_configuration()) == pytest.approx(played, rel=0.005)


def test_a_recording_has_its_own_length() -> None:
    assert length(*on_call(*CASES["warning"]), small_configuration()) == 4.5


def consult(seconds: int, first: str) -> tuple[float, float, ElementTree.Element]:
    values = {"agent": "Ana", "supervisor": "Sam", "supervisor_role": "a team leader"}
    spoken = tuple(Prompt(script, values) for script in (first, "consult_checkin", "consult_return"))
    on = on_call(Place(P.CONSULT_WAIT, spoken, {"seconds": seconds, "every": 30}), Role.CALLER)
    document = ElementTree.fromstring(render(*on, shipped(), URLS))
    return length(*on, shipped()), prompts.seconds(shipped(), "en", spoken[0]), document


@pytest.mark.parametrize("first", ["consult_wait", "consult_ringing", "consult_checkin"])
def test_a_wait_keeps_its_time_and_its_check_ins(first: str) -> None:
    """The core asks for 3 to 210 s. A caller who waits hears a check-in about every 30 s (rule 17)."""
    for seconds in range(3, 211):
        lasts, opening, document = consult(seconds, first)
        assert lasts <= seconds + opening + 2
        assert lasts >= seconds - 1
        music = [int(play.text.rpartition("/")[2].removesuffix(".wav")) for play in document.iter("Play") if play.text]
        assert max(music, default=0) <= 31


def test_a_long_way_back_fits_into_the_wait() -> None:
    configured = small_configuration({"first": "x" * 28, "again": "x" * 28, "back": "x" * 140})
    at = Place(P.CONSULT_WAIT, (Prompt("first"), Prompt("again"), Prompt("back")), {"seconds": 45, "every": 30})
    assert 45 < length(*on_call(at, Role.CALLER), configured) <= 45 + 2


def test_standby_lasts_as_long_as_it_is_told() -> None:
    for seconds in range(10, 100):
        at = Place(P.STANDBY, (Prompt("hold_asked"),), {"seconds": seconds})
        assert seconds - 1 < length(*on_call(at, Role.LEAD), shipped()) <= seconds


def test_a_closing_is_watched_to_its_last_word() -> None:
    """The lead can cancel it until the end of the caller's document, which may begin later (rule 29)."""
    said = Prompt("disconnect", {"conduct": "shouting"})
    message = prompts.seconds(small_configuration(), "en", said, "1")
    watch = Place(P.CLOSING_WATCH, (said,), {"conduct": "1"})
    assert length(*on_call(watch, Role.LEAD), small_configuration()) >= message + 5


def test_the_countdown_lasts_until_the_closing_may_no_longer_begin() -> None:
    for seconds in range(3, 16):
        spoken = (Prompt("heads_up", {"n": "5"}), Prompt("heads_up", {"n": "5"}))
        at = Place(P.CLOSING_WATCH, spoken, {"seconds": seconds + BEGIN_SECONDS})
        assert length(*on_call(at, Role.LEAD), small_configuration()) >= seconds + BEGIN_SECONDS


@pytest.mark.parametrize("case", CASES)
def test_no_document_lasts_for_ever(case: str) -> None:
    """A live caller is always at a place whose document ends by itself (floor F4)."""
    assert length(*on_call(*CASES[case]), small_configuration()) <= 180
