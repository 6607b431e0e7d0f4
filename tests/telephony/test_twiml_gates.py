"""No document closes a call that nobody decided to close, or connects somebody who has not accepted."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from callflow.core.call import Place, Prompt, Role
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.telephony.document_builder import Unsafe
from callflow.telephony.place_documents import ask_to_join, fallback, polite_hangup, render, unknown_number
from tests.telephony.test_twiml_places import CASES, TEXTS, URLS, configuration, document, on_call, verbs

CLOSING = on_call(*CASES["closing"])


def test_a_decided_closing_is_spoken_and_hangs_up() -> None:
    assert verbs(render(*CLOSING, configuration(), URLS)) == ["Say", "Pause", "Hangup"]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CLOSING])
def test_a_closing_only_while_closing(stage: Stage) -> None:
    call, leg = CLOSING
    with pytest.raises(Unsafe):
        render(call.but(stage=stage), leg, configuration(), URLS)


def test_a_closing_only_by_a_person() -> None:
    call, leg = CLOSING
    with pytest.raises(Unsafe):
        render(call.but(closing=None), leg, configuration(), URLS)


def test_a_closing_only_for_the_caller() -> None:
    call, leg = CLOSING
    with pytest.raises(Unsafe):
        render(call, replace(leg, role=Role.LEAD), configuration(), URLS)


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.ALERTED])
@pytest.mark.parametrize("name", [P.ROOM, P.MENU, P.STANDBY])
def test_nobody_is_in_the_room_without_accepting(role: Role, name: P) -> None:
    """Whatever brought them to such a place, because they may be voicemail (floor F5)."""
    at = Place(name, (Prompt("menu"),), {"seconds": 8})
    assert "<Conference" not in render(*on_call(at, role), configuration(), URLS)


def test_questions_are_heard_in_full() -> None:
    """What is asked is outside of a Gather, where nothing interrupts it (rule 9). The choices are interrupted by keys
    only; nothing but the invitation to say the answer is interrupted by sounds."""
    for case in ("hold_question", "supervisor_question", "check_in", "call_back_question", "call_back_confirm"):
        said = [(verb.get("input"), [one.text for one in ([verb] if verb.tag == "Say" else verb)])
                for verb in ElementTree.fromstring(document(case)) if verb.tag != "Dial"]  # fmt: skip
        asked, choices, invitation, *_ = said
        assert asked[0] is None
        assert (choices[0], invitation) == ("dtmf", ("dtmf speech", [TEXTS["yes_or_no"]]))
        assert len(choices[1]) == 1
        assert "actionOnEmptyResult" not in document(case)


def test_a_warning_cannot_be_interrupted_by_its_caller() -> None:
    assert verbs(document("warning")) == ["Play", "Dial"]


def test_the_conduct_chooses_the_recording() -> None:
    assert "/beef/en/warning%20hate.wav" in document("warning")
    assert "/f00d/en/warning.wav" in document("warning_echo")


def test_words_in_the_default_language_have_its_voice() -> None:
    """A script that a language lacks is spoken by the voice of the default language."""
    spanish = replace(configuration().languages["en"], code="es", voice="Polly.Lupe", tag="es-US", scripts={})
    mixed = replace(configuration(), languages={**configuration().languages, "es": spanish})
    call, leg = on_call(*CASES["hold_question"])
    assert render(call.but(language="es"), leg, mixed, URLS) == document("hold_question")


def test_the_fallback_proves_nothing_and_needs_nothing() -> None:
    for staff in (False, True):
        made = fallback("call-c7", staff)
        assert set(verbs(made)) == {"Dial"}
        assert ("hangupOnStar" in made) is staff
        assert not [word for word in ("participantLabel", "action", "statusCallback", "wait") if word in made]


def test_a_phone_of_staff_is_asked_for_a_key_before_the_fallback() -> None:
    made = ask_to_join(configuration(), URLS.fallback("c7", staff=True))
    gather = ElementTree.fromstring(made)[0]
    assert verbs(made) == ["Gather"] * 3 + ["Hangup"]
    assert gather.get("action") == URLS.fallback("c7", staff=True)


def test_documents_without_a_call_end() -> None:
    for made in (
        polite_hangup(configuration(), "note"),
        unknown_number(configuration()),
        polite_hangup(configuration(), "failure_again"),
    ):
        assert verbs(made)[0] == "Say"
        assert verbs(made)[-1] == "Hangup"
    assert "Example" in unknown_number(configuration())
