"""The document of every place, compared with ``tests/golden``. CALLFLOW_TESTS_REGENERATE=1 writes these files."""

import os
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from callflow.core.call import Call, Leg, LegStatus, Place, Prompt, Role
from callflow.core.configuration import (
    Audio,
    Configuration,
    EmergencyNumbers,
    Flow,
    Language,
    Organisation,
    Person,
    RecordingRules,
    Script,
    Team,
)
from callflow.core.evidence import Closing
from callflow.core.flow.connect import ConnectStep
from callflow.core.languages import answer_words
from callflow.core.policy import Policy
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.emulator.document import parse
from callflow.telephony.place_documents import PLACES, render
from callflow.telephony.urls import Urls

GOLDEN = Path(__file__).parents[1] / "golden"
REGENERATE = os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1"
NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
URLS = Urls("https://a.example", "https://b.example", "a secret of ours", overrides="#rc=2&rp=ct,5xx")

TEXTS = {
    "ask": "May {agent} put you on hold for {n} seconds?",
    "hold_choices": "Press 1 to hold, or 2 to keep talking.",
    "call_back_keys": "Press 1 if that is right, or 2 to give another number.",
    "yes_or_no": "Or say yes or no, or press 0 to hear this again.",
    "ask_again": "Take your time, we have no clear answer yet.",
    "no_answer": "We have no clear answer. Here is {agent}.",
    "start": "Thank you. {agent} will be back in about {n} seconds, and you can press 2 at any time.",
    "still": "Thank you for waiting, {agent} is still on this for you.",
    "back": "Thank you for holding. You are back with {agent}.",
    "told": "The caller said yes, {n} seconds. Press 1 to bring the caller back.",
    "heads_up": "{n} seconds, then the caller is back with you.",
    "menu": "6 threat, 1 time out, star to go back to the caller.",
    "note": "Speak after the tone, then press hash.",
    "warning": "If it happens again the call will end.",
    "number_not_in_use": "You can reach {org} at {contact}.",
    "failure_again": "Please call again in a moment.",
    "failure_join": "Press any key to join the caller.",
    "disconnect": "We are ending this call because {conduct} continued.",
}  # fmt: skip
VALUES = {"agent": "Ana", "n": "30", "conduct": "shouting"}
WARNING = {"": Audio(path="en/warning.wav", digest="f00d", seconds=4.0),
           "3": Audio(path="en/warning hate.wav", digest="beef", seconds=4.5)}  # fmt: skip


def configuration(texts: dict[str, str] = TEXTS) -> Configuration:
    """A small configuration, so that the golden documents do not depend on the shipped scripts."""
    scripts = {id: Script(id=id, text=text, version="1", audio=WARNING if id == "warning" else {})
               for id, text in texts.items()}  # fmt: skip
    ana = Person(id="ana", name="Ana", phone="+15550100111")
    spanish = {"ask": Script(id="ask", text="Pulse dos.", version="1")} if "ask" in texts else {}
    return Configuration(
        digest="d1", organisation=Organisation(name="Example", contact="help at example dot com",
                                  emergency_numbers=EmergencyNumbers(police="1", ambulance="1", general="1")),
        caller_id="+15550100100", numbers={"+15550100100": "desk"}, language="en", recording=RecordingRules(),
        policy=Policy(), agents={"ana": ana}, supervisors={}, security=replace(ana, id="security"),
        teams={"desk": Team(id="desk", agents=("ana",))},
        flows={"desk": Flow(name="desk", start="desk", steps={"desk": ConnectStep(name="desk", team="desk")})},
        languages={"en": Language(code="en", voice="Polly.Joanna-Neural", tag="en-US", scripts=scripts, fragments={},
                                  answers=answer_words("en")),
                   "es": Language(code="es", voice="Polly.Lupe-Neural", tag="es-US", scripts=spanish, fragments={},
                                  answers=answer_words("es"))},
        music=Audio(path="music.wav", digest="cafe", seconds=32.0),
    )  # fmt: skip


def place(name: P, *scripts: str, **details: str | int) -> Place:
    return Place(name, tuple(Prompt(script, VALUES) for script in scripts), details)


ASK = ("ask", "hold_choices", "yes_or_no")
CALLER, LEAD, CANDIDATE = Role.CALLER, Role.LEAD, Role.CANDIDATE
CASES: dict[str, tuple[Place, Role]] = {
    "room_caller": (place(P.ROOM), CALLER),
    "room_customer": (place(P.ROOM, announced=1), CALLER),
    "not_called": (place(P.NOT_CALLED), CALLER),
    "invitation": (place(P.INVITATION, "menu", "no_answer", seconds=6, rounds=2), CALLER),
    "recording_question": (place(P.RECORDING_QUESTION, *ASK, seconds=8), CALLER),
    "room_lead": (place(P.ROOM, "back"), LEAD),
    "hold_question": (place(P.HOLD_QUESTION, *ASK, "ask_again", *ASK, "no_answer", seconds=8), CALLER),
    "supervisor_question": (place(P.SUPERVISOR_QUESTION, *ASK, "no_answer", seconds=8), CALLER),
    "check_in": (place(P.CHECK_IN, *ASK, "no_answer", seconds=8), CALLER),
    "call_back_question": (place(P.CALL_BACK_QUESTION, *ASK, "back", seconds=8), CALLER),
    "call_back_confirm": (place(P.CALL_BACK_CONFIRM, "still", "call_back_keys", "yes_or_no", "back", seconds=8),
                          CALLER),
    "step_confirm": (place(P.STEP, "still", "call_back_keys", step="ring_me", asks=1, seconds=8, how="confirm"),
                     CALLER),
    "call_back_number": (place(P.CALL_BACK_NUMBER, "note", "back", seconds=10), CALLER),
    "hold": (place(P.HOLD, "start", "back", seconds=30, music=24), CALLER),
    "hold_rest": (place(P.HOLD, "back", seconds=12, music=6), CALLER),
    "consult_wait": (place(P.CONSULT_WAIT, "start", "still", "back", seconds=75, every=30), CALLER),
    "queue": (place(P.QUEUE, "still", seconds=30), CALLER),
    "warning": (place(P.WARNING, "warning", conduct="3"), CALLER),
    "closing": (place(P.CLOSING, "disconnect", conduct="3"), CALLER),
    "silence": (place(P.SILENCE, "ask", seconds=8), CALLER),
    "let_go": (place(P.LET_GO, "disconnect"), CALLER),
    "agent_left": (place(P.AGENT_LEFT, "no_answer"), CALLER),
    "step_menu": (place(P.STEP, "ask_again", step="reason", asks=1, seconds=8), CALLER),
    "step_say": (place(P.STEP, "still", step="welcome", asks=0, seconds=8), CALLER),
    "step_words": (place(P.STEP, "ask_again", step="reason", asks=1, seconds=8, how="words", hints="bill,call me"),
                   CALLER),
    "step_digits": (place(P.STEP, "note", step="account", asks=1, seconds=8, how="digits", most=8, finish="#"), CALLER),
    "step_speech": (place(P.STEP, "note", step="about", asks=1, seconds=8, how="speech"), CALLER),
    "step_languages": (place(P.STEP, "ask", step="pick", asks=1, seconds=8, how="languages", languages="en es"),
                       CALLER),
    "step_music": (place(P.STEP, "still", step="find", asks=0, seconds=8, how="music"), CALLER),
    "step_dial": (place(P.STEP, "still", step="outside", asks=0, seconds=20, how="dial", number="+15550100777"),
                  CALLER),
    "queue_keys": (place(P.QUEUE, "still", "menu", seconds=30, keys=1), CALLER),
    "message": (place(P.MESSAGE, "note"), CALLER),
    "menu": (place(P.MENU, "heads_up", "menu", seconds=8), LEAD),
    "conduct_menu": (place(P.CONDUCT_MENU, "menu", seconds=8), LEAD),
    "attest_menu": (place(P.ATTEST_MENU, "menu", seconds=8), LEAD),
    "skip_menu": (place(P.SKIP_MENU, "menu", seconds=8), LEAD),
    "offers_menu": (place(P.OFFERS_MENU, "menu", seconds=8), LEAD),
    "end_conduct": (place(P.END_CONDUCT, "menu", seconds=8), LEAD),
    "end_silent": (place(P.END_SILENT, "menu", seconds=8), LEAD),
    "end_confirm": (place(P.END_CONFIRM, "menu", seconds=8), LEAD),
    "unlock_menu": (place(P.UNLOCK_MENU, "menu", seconds=8), LEAD),
    "busy_menu": (place(P.BUSY_MENU, "menu", seconds=8), LEAD),
    "consult_menu": (place(P.CONSULT_MENU, "menu", seconds=8), Role.HELPER),
    "introduction_menu": (place(P.INTRODUCTION_MENU, "menu", seconds=8), Role.HELPER),
    "standby": (place(P.STANDBY, "told", seconds=38), LEAD),
    "hold_desk": (place(P.HOLD_DESK, "told", "heads_up", seconds=30, end_tenths=347), LEAD),
    "warning_echo": (place(P.WARNING_ECHO, "warning", conduct="1"), LEAD),
    "closing_countdown": (place(P.CLOSING_WATCH, "heads_up", "back", seconds=8), LEAD),
    "closing_watch": (place(P.CLOSING_WATCH, "disconnect", conduct="3"), LEAD),
    "wrap_up": (place(P.WRAP_UP, "back", "menu", seconds=20), Role.PARTED),
    "note": (place(P.NOTE, "note"), Role.PARTED),
    "spoken_briefing": (place(P.SPOKEN_BRIEFING, "told"), LEAD),
    "offer": (place(P.OFFER, "menu", "no_answer", seconds=10), CANDIDATE),
    "briefing": (place(P.BRIEFING, "menu", "no_answer", seconds=10), CANDIDATE),
    "decline_menu": (place(P.DECLINE_MENU, "menu", "no_answer", seconds=8), CANDIDATE),
    "ringing": (place(P.RINGING), CANDIDATE),
    "alert": (place(P.ALERT, "told"), Role.ALERTED),
    "told": (place(P.TOLD, "told", "no_answer", seconds=10), Role.ALERTED),
    "co_sign": (place(P.CO_SIGN, "menu", "no_answer", seconds=10), Role.ALERTED),
    "listen_offer": (place(P.LISTEN_OFFER, "menu", "no_answer", seconds=10), Role.LISTENER),
    "listen_wait": (place(P.LISTEN_WAIT, "told", seconds=150), Role.LISTENER),
    "listening": (place(P.LISTENING), Role.LISTENER),
    "listen_menu": (place(P.LISTEN_MENU, "menu", seconds=8), Role.LISTENER),
    "gone": (place(P.GONE, "back"), Role.PARTED),
}  # fmt: skip
WITHOUT_ROOM = {P.CLOSING, P.LET_GO, P.GONE, P.WRAP_UP, P.NOT_CALLED, P.INVITATION, P.LISTEN_OFFER, P.LISTEN_WAIT}
COMES_TO_US = {P.STEP, P.MESSAGE, P.NOTE, P.LISTEN_MENU}


def on_call(at: Place, role: Role) -> tuple[Call, Leg]:
    """A call, and its leg at this place. A closing was decided by a person."""
    id = {CALLER: "caller", LEAD: "a1", CANDIDATE: "s2"}.get(role, "s3")
    leg = Leg(id=id, role=role, place=at, status=LegStatus.UP, token=7, since=NOW)
    closing = Closing(conduct="3", key="1", actor="ana", confirmed_at=NOW, needed_seconds=3.0)
    decided = at.name in (P.CLOSING, P.CLOSING_WATCH)
    call = Call(id="c7", reference="482913", digest="d1", language="en", flow="desk", legs=(leg,),
                number="+15550100199", called="+15550100100", started_at=NOW, at=NOW, silent_prompts=3,
                stage=Stage.CLOSING if decided else Stage.TALKING, closing=closing if decided else None)  # fmt: skip
    return call, leg


def document(case: str) -> str:
    return render(*on_call(*CASES[case]), configuration(), URLS)


def verbs(text: str) -> list[str]:
    return [verb.tag for verb in ElementTree.fromstring(text)]


def test_every_place_has_a_case() -> None:
    assert {at.name for at, _ in CASES.values()} == set(P) == set(PLACES)


@pytest.mark.parametrize("case", CASES)
def test_golden(case: str) -> None:
    tree = ElementTree.fromstring(document(case))
    ElementTree.indent(tree)
    text = ElementTree.tostring(tree, encoding="unicode") + "\n"
    file = GOLDEN / f"{case}.xml"
    if REGENERATE:
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_document_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.xml")} == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_every_document_has_its_end(case: str) -> None:
    """Caller and lead always get back to the room; people who have not accepted, or are done, do not (F4, F5)."""
    at, role = CASES[case]
    last = ElementTree.fromstring(document(case))[-1]
    if at.name in WITHOUT_ROOM or role in (CANDIDATE, Role.ALERTED):
        assert last.tag == "Hangup"
    elif at.name in COMES_TO_US:
        assert (last.tag, last.get("method")) == ("Redirect", "POST")
    else:
        assert (last.tag, last[0].tag, last[0].text) == ("Dial", "Conference", "call-c7")


@pytest.mark.parametrize("case", CASES)
def test_every_document_is_twiml(case: str) -> None:
    """Attributes and children are those of the fact sheet. The emulator warns as the provider does (12200)."""
    text = document(case).encode()
    assert parse(text).verbs
    assert parse(text).warnings == ()


@pytest.mark.parametrize("case", CASES)
def test_the_same_again(case: str) -> None:
    """A document fetched twice is the same document (floor F7)."""
    assert document(case) == document(case)


@pytest.mark.parametrize("case", CASES)
def test_small_enough_with_the_longest_words(case: str) -> None:
    """The maximum is 64 kB (11750). A script has up to 600 characters, and an escaped quote has six."""
    long = render(*on_call(*CASES[case]), configuration(dict.fromkeys(TEXTS, '"' * 600)), URLS)
    assert len(long.encode()) < 64 * 1024


def test_the_star_key_is_for_staff_alone() -> None:
    stars = {case for case in CASES if 'hangupOnStar="true"' in document(case)}
    rooms = {case for case in CASES if "<Conference" in document(case)}
    assert stars == {case for case in rooms if CASES[case][1] is not CALLER}


def test_every_room_is_joined_in_the_same_way() -> None:
    """The attributes of the first to join apply to all (0.6), so they must be the same for all.

    Only what the first to join hears depends on who comes: silence, or the provider's music. No document of ours plays,
    because a room whose waitUrl cannot be fetched is not established (3.8). Label and beep are each participant's own.
    """
    rooms = [ElementTree.fromstring(document(case)).find("Dial/Conference") for case in CASES]
    own = ("participantLabel", "waitUrl", "beep", "muted", "coach")
    attributes = {tuple((k, v) for k, v in one.items() if k not in own) for one in rooms if one is not None}
    assert len(attributes) == 1
    assert {one.get("waitUrl") for one in rooms if one is not None} == {None, ""}
