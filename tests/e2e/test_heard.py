"""What people hear between the words: music, sounds and silence, with seconds (policy.md 2.6, rule 13)."""

from itertools import pairwise

import pytest

from callflow.audio.sounds import VERSION
from callflow.emulator import Answers, Switches
from callflow.emulator.hearing import LISTENING, SILENCE, Span, heard_by
from callflow.simulator.transcript import MUSIC, SOUNDS
from tests.e2e.conversation import Conversation, Person, words_of
from tests.e2e.scenes import holding, talking, warned

MOST_SILENCE = 3.0
ENDING = 0.2
"""Seconds until our request ends the provider's music for a caller who has ended the hold."""
LONE = pytest.mark.parametrize("alone", ["silence", "wait"])
"""What the provider lets somebody hear whom the others left is not documented (twilio.md 12.1): both."""


def spans(person: Person) -> list[Span]:
    now = person.talk.clock.monotonic()
    return [span for leg in person.phone.legs for span in heard_by(leg, now)]


def silence(person: Person, since: float = 0.0) -> float:
    """The longest silence in seconds, whose turn ever it is."""
    quiet = (one.seconds for one in spans(person) if one.kind in (SILENCE, LISTENING) and one.begins >= since)
    return max(quiet, default=0.0)


def music(person: Person, since: float = 0.0) -> float:
    """Seconds of music, the provider's or ours, from a moment on."""
    heard = [one for one in spans(person) if one.kind == "music" or MUSIC in one.what]
    return sum(one.seconds for one in heard if one.begins >= since)


def sounds(person: Person, name: str) -> list[Span]:
    return [one for one in spans(person) if f"{SOUNDS}{VERSION}/{name}/" in one.what]


def after(person: Person, script: str) -> float:
    """When the person had heard the script for the last time."""
    said = [one for one in spans(person) if words_of(script).fullmatch(one.what)]
    return said[-1].ends


# -- no music where words say the opposite


@LONE
def test_no_music_after_the_final_warning(alone: str) -> None:
    talk = warned(talking(switches=Switches(lone_participant_hears=alone)))
    talk.together("caller", "ana")
    assert music(talk.caller, after(talk.caller, "warning_final")) == 0
    assert silence(talk.caller, after(talk.caller, "warning_final")) <= MOST_SILENCE
    talk.over()


@LONE
@pytest.mark.parametrize(("answer", "then"), [("2", "hold_declined"), ("", "hold_no_answer")])
def test_no_music_after_we_will_not_put_you_on_hold(answer: str, then: str, alone: str) -> None:
    talk = talking(switches=Switches(lone_participant_hears=alone))
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request")
    if answer:
        talk.caller.presses(answer)
    talk.caller.heard(then)
    talk.together("caller", "ana")
    assert music(talk.caller, after(talk.caller, "hold_request")) == music(talk.ana) == 0
    assert silence(talk.caller, after(talk.caller, then)) <= MOST_SILENCE
    talk.over()


@LONE
def test_no_music_for_the_agent_after_the_caller_is_back_with_you(alone: str) -> None:
    talk = holding(talking(switches=Switches(lone_participant_hears=alone)))
    talk.wait(8)
    talk.caller.presses("2").hears("hold_return")
    talk.ana.heard("caller_back")
    talk.together("caller", "ana")
    assert music(talk.ana) == 0
    assert music(talk.caller, after(talk.caller, "hold_return")) <= ENDING
    assert silence(talk.ana) <= MOST_SILENCE
    talk.over()


def test_a_hold_that_ends_by_itself_ends_with_a_person() -> None:
    """The lead is in the room first, so the caller goes from our music to the return prompt to the lead."""
    talk = holding(talking())
    talk.caller.heard("hold_return")
    talk.together("caller", "ana")
    back = after(talk.caller, "hold_return")
    talk.wait(3)
    kinds = [one.kind for one in spans(talk.caller) if one.begins >= back]
    assert [kind for kind in kinds if kind not in (LISTENING, SILENCE)] == ["people"]
    assert silence(talk.ana) <= 1.7
    talk.over()


def test_a_caller_who_comes_back_early_hears_the_providers_music_if_the_lead_is_far() -> None:
    """Our server is dead and nobody can be told: the one case in which a caller is not met at once."""
    talk = holding(talking())
    talk.wait(8)
    talk.world.disconnect()
    talk.caller.heard("hold_return")
    talk.together("caller", "ana")
    assert silence(talk.caller) <= MOST_SILENCE


# -- every wait has a sound


def test_the_agent_hears_a_tick_while_the_caller_is_asked_and_never_answers() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_no_answer")
    talk.together("caller", "ana")
    assert silence(talk.ana) <= MOST_SILENCE
    assert sum(one.seconds for one in sounds(talk.ana, "tick")) > 20
    talk.over()


def test_the_agent_hears_a_tick_at_the_hold_desk() -> None:
    talk = holding(talking())
    talk.ana.heard("heads_up")
    assert silence(talk.ana) <= MOST_SILENCE
    assert sum(one.seconds for one in sounds(talk.ana, "tick")) > 10
    talk.over()


@LONE
def test_a_caller_hears_a_sound_while_the_agent_is_at_a_long_menu(alone: str) -> None:
    """The menu, the conduct, a refusal: two quiet notes about every three seconds, and never the provider's hold."""
    talk = talking(switches=Switches(lone_participant_hears=alone))
    talk.ana.presses("*").heard("menu").talk.wait(2)
    talk.ana.presses("3").heard("warn_menu").presses("1").heard("refuse_order")
    talk.together("caller", "ana")
    assert silence(talk.caller, after(talk.caller, "greeting")) <= MOST_SILENCE
    assert len(sounds(talk.caller, "tone")) >= 4
    assert not [one for one in talk.emulator.rest_log if ("Hold", "true") in one.form]
    talk.wait(4)
    told = len(sounds(talk.caller, "tone"))
    talk.wait(10)
    assert len(sounds(talk.caller, "tone")) == told, "a sound in the conversation"
    talk.over()


def test_a_quick_choice_is_made_without_a_sound() -> None:
    """Star and a digit within a second: no tone before the question. Star and star take two seconds more."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request")
    assert sounds(talk.caller, "tone") == []
    talk.over()


def test_a_sound_that_cannot_be_announced_is_only_missing() -> None:
    """If the provider does not sign these requests (twilio.md 12.8) we refuse them: silence, and the call goes on."""
    talk = talking(switches=Switches(sign_wait_requests=False))
    talk.ana.presses("*").heard("menu")
    talk.together("caller", "ana")
    assert sounds(talk.caller, "tone") == []
    assert {error.code for error in talk.emulator.errors} == {11200}
    talk.ana.presses("*", after=2).hears("menu").presses("1")
    talk.caller.heard("hold_request")


def test_an_unanswered_menu_ends_four_seconds_after_its_last_word() -> None:
    talk = talking()
    talk.ana.presses("*").heard("menu")
    said = after(talk.ana, "menu")
    talk.together("caller", "ana")
    assert talk.clock.monotonic() - said == pytest.approx(4, abs=0.3)
    talk.over()


def test_a_supervisor_who_waits_for_the_agent_at_a_menu_hears_a_tick() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper").presses("1")
    talk.together("ana", "sam").wait(2)
    talk.ana.presses("*").heard("whisper_ready")
    talk.together("ana", "sam")
    assert sounds(talk.sam, "tick")
    assert silence(talk.sam) <= MOST_SILENCE
    talk.over()


# -- endings, and what is said


def test_a_closing_ends_with_a_second_of_silence() -> None:
    talk = warned(talking())
    talk.together("caller", "ana").wait(20)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses("1")
    talk.caller.heard("disconnect").is_off()
    last, end = spans(talk.caller)[-2:]
    assert words_of("disconnect").fullmatch(last.what)
    assert (end.kind, round(end.seconds, 1)) == (SILENCE, 1.0)
    talk.noted("call_ended", outcome="closed")


def test_an_offer_does_not_say_that_a_new_caller_waits() -> None:
    """From five seconds on it does."""
    talk = Conversation()
    talk.ana.behaves(Answers(2)).talk.ben.behaves(Answers(9))
    talk.caller.dials().hears("reason_menu").presses("1")
    talk.ana.heard("offer").presses("2")
    talk.ben.heard("offer").presses("1")
    talk.together("caller", "ben")
    assert [one.what for one in spans(talk.ana) if "accept" in one.what] == [
        "energy desk, about a bill. Press 1 to accept, or 2 to decline."
    ]
    assert [one.what for one in spans(talk.ben) if "waiting 1" in one.what and "seconds" in one.what]
    talk.over()


def test_neighbouring_spans_of_a_call_leave_no_gap() -> None:
    talk = holding(talking())
    talk.over()
    for person in (talk.caller, talk.ana):
        heard = spans(person)
        assert all(abs(one.ends - then.begins) < 1e-6 for one, then in pairwise(heard))


def test_the_sounds_are_on_the_line_only_for_who_waits() -> None:
    """The agent at the menu hears the menu, not the caller's notes."""
    talk = talking()
    talk.ana.presses("*").heard("menu")
    talk.together("caller", "ana")
    assert sounds(talk.caller, "tone")
    assert not sounds(talk.ana, "tone")
    assert not sounds(talk.caller, "tick")
    talk.over()
