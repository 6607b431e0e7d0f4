"""Our documents are the same XML trees as those of the provider's builder, and text from outside cannot change them."""

from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from callflow.core.call import Place, Prompt, Role
from callflow.core.stages import PlaceName as P
from callflow.telephony.place_documents import ask_to_join, fallback, polite_hangup, render
from callflow.telephony.verbs import escaped
from tests.telephony.test_twiml_places import CASES, TEXTS, URLS, VALUES, configuration, document, on_call

VOICE = {"voice": "Polly.Joanna-Neural", "language": "en-US"}
EVENTS = {"status_callback": URLS.room("c7"), "status_callback_method": "POST",
          "status_callback_event": "join"}  # fmt: skip


def line(id: str) -> str:
    return TEXTS[id].format_map(VALUES)


def music(seconds: int) -> str:
    return URLS.music("cafe", seconds)


def into_room(leg: str, **star: bool) -> Dial:
    dial = Dial(action=URLS.leg("c7", leg, "room", 7), method="POST", **star)
    quiet = {"wait_url": ""} if star else {}  # the call of these tests has no lead who could come to the caller
    dial.conference("call-c7", beep=False, start_conference_on_enter=True, end_conference_on_exit=False,
                    jitter_buffer_size="small", participant_label=f"{leg}-7", **quiet, **EVENTS)  # fmt: skip
    return dial


def one_key(leg: str, place: str, seconds: int, ends: str = "") -> Gather:
    return Gather(input="dtmf", num_digits=1, finish_on_key=ends, timeout=seconds,
                  action=URLS.leg("c7", leg, place, 7), method="POST")  # fmt: skip


def answer(place: str) -> Gather:
    """The invitation to say the answer, which words or a key interrupt."""
    words = "yes,yeah,sure,okay,go ahead,that is fine,no,nope,do not,no thank you"
    gather = Gather(input="dtmf speech", num_digits=1, finish_on_key="", timeout=8, speech_timeout=2,
                    profanity_filter=False, hints=words, language="en-US", action=URLS.leg("c7", "caller", place, 7),
                    method="POST")  # fmt: skip
    gather.say(line("yes_or_no"), **VOICE)
    return gather


def hold() -> VoiceResponse:
    """The words at the end follow the Gather: its end and the key 2 lead to them, without a request."""
    response, gather = VoiceResponse(), one_key("caller", "hold", 1, ends="2")
    gather.say(line("start"), **VOICE)
    gather.play(music(24))
    response.append(gather)
    response.say(line("back"), **VOICE)
    return response.append(into_room("caller"))


def hold_question() -> VoiceResponse:
    response = VoiceResponse()
    for again in (False, True):
        if again:
            response.say(line("ask_again"), **VOICE)
        response.say(line("ask"), **VOICE)
        choices = one_key("caller", "hold_question", 1)
        choices.say(line("hold_choices"), **VOICE)
        response.append(choices)
        response.append(answer("hold_question"))
    response.say(line("no_answer"), **VOICE)
    return response.append(into_room("caller"))


def hold_desk() -> VoiceResponse:
    response, gather = VoiceResponse(), one_key("a1", "hold_desk", 1)
    gather.say(line("told"), **VOICE)
    gather.play(URLS.sound("tick", 25))
    gather.say(line("heads_up"), **VOICE)
    gather.pause(length=1)
    response.append(gather)
    return response.append(into_room("a1", hangup_on_star=True))


def warning() -> VoiceResponse:
    response = VoiceResponse()
    response.play(URLS.audio("beef", "en/warning hate.wav"))
    return response.append(into_room("caller"))


def message() -> VoiceResponse:
    response, address = VoiceResponse(), URLS.leg("c7", "caller", "message", 7)
    response.say(line("note"), **VOICE)
    response.record(action=address, method="POST", max_length=120, timeout=5, finish_on_key="#", play_beep=True)
    response.redirect(address, method="POST")
    return response


def offer() -> VoiceResponse:
    response, gather = VoiceResponse(), one_key("s2", "offer", 1)
    gather.say(line("menu"), **VOICE)
    gather.play(URLS.sound("tick", 9))
    response.append(gather)
    response.say(line("no_answer"), **VOICE)
    response.pause(length=1)
    response.hangup()
    return response


def tree(text: str) -> object:
    def shape(element: ElementTree.Element) -> object:
        return element.tag, dict(element.items()), element.text or "", [shape(child) for child in element]

    return shape(ElementTree.fromstring(text))


@pytest.mark.parametrize("made", [hold, hold_question, hold_desk, warning, message, offer], ids=lambda f: f.__name__)
def test_the_same_tree_as_the_providers_builder(made: object) -> None:
    assert callable(made)
    assert tree(document(made.__name__)) == tree(str(made()))


def test_the_fallback_is_the_same_tree() -> None:
    for staff in (False, True):
        response = VoiceResponse()
        for _ in range(3):
            dial = Dial(hangup_on_star=True) if staff else Dial()
            dial.conference(
                "call-c7",
                beep="onEnter",
                start_conference_on_enter=True,
                end_conference_on_exit=False,
                jitter_buffer_size="small",
                **EVENTS,
            )
            response.append(dial)
        assert tree(fallback("call-c7", staff, URLS.room("c7"))) == tree(str(response))


HOSTILE = 'Tom & Jerry\'s <Hangup/> "x" ]]> \x00\x07\x1b\x9f\ud800\uffff\r\n\t é 😀'


def test_hostile_text_stays_text() -> None:
    """Texts and names from YAML are spoken and never become verbs."""
    at = Place(P.ROOM, (Prompt("line", {"agent": HOSTILE}),))
    text = render(*on_call(at, Role.CALLER), configuration({"line": "{agent} <Dial>0900</Dial>"}), URLS)
    response = ElementTree.fromstring(text.encode())
    assert [verb.tag for verb in response] == ["Say", "Dial"]
    assert response[0].text == 'Tom & Jerry\'s <Hangup/> "x" ]]>     é 😀 <Dial>0900</Dial>'


@given(st.text() | st.text(alphabet="&<>\"']x\x00\x0b\x85\ud83d\ufffe"))
def test_any_text_can_be_a_leaf(text: str) -> None:
    response = ElementTree.fromstring(f'<Say voice="{escaped(text)}">{escaped(text)}</Say>'.encode())
    assert response.text == response.get("voice") or (response.text, response.get("voice")) == (None, "")


@pytest.mark.parametrize("made", [
    polite_hangup(configuration({"line": HOSTILE}), "line"), fallback(HOSTILE, True, HOSTILE),
    ask_to_join(configuration({"failure_join": HOSTILE}), HOSTILE),
])  # fmt: skip
def test_hostile_text_without_a_call(made: str) -> None:
    known = {"Response", "Say", "Pause", "Hangup", "Dial", "Conference", "Gather"}
    assert {element.tag for element in ElementTree.fromstring(made.encode()).iter()} <= known
    assert "<Hangup/> \\" not in made


def test_a_model_for_answers_in_words_is_only_named_if_it_is_configured() -> None:
    """Without one the provider chooses, and takes another when that fails."""
    call, leg = on_call(*CASES["hold_question"])
    assert "speechModel" not in render(call, leg, configuration(), URLS)
    named = replace(configuration(), speech_model="deepgram_nova-3")
    assert render(call, leg, named, URLS).count('speechModel="deepgram_nova-3"') == 2
