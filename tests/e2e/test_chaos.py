"""Whole calls while the network misbehaves: what must be true of every call is true, and the calls go on."""

import pytest

from callflow.emulator import Chaos, Switches, Voicemail
from tests.e2e import afterwards
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import Conversation, words_of
from tests.e2e.people import People

SEEDS = [1, 2, 3]
FAULTS = {
    "nothing": {},
    "all_webhooks_twice": {"duplicate": 1.0},
    "some_webhooks_twice": {"duplicate": 0.4},
    "late_callbacks": {"delay": (0.2, 6.0)},
    "overtaken_callbacks": {"reorder": 0.5},
    "late_and_overtaken": {"delay": (0.0, 2.0), "reorder": 0.5, "duplicate": 0.3},
    "lost_callbacks": {"drop_callbacks": 0.5},
    "no_callbacks": {"drop_callbacks": 1.0},
    "too_many_requests": {"rest_429": 0.4},
    "server_errors": {"rest_5xx": 0.3},
    "server_errors_after_the_effect": {"rest_5xx_after_effect": 0.4},
    "slow_answers": {"rest_slow": (0.5, 4.0)},
    "some_of_everything": {"duplicate": 0.3, "delay": (0.0, 2.0), "reorder": 0.3, "drop_callbacks": 0.2,
                           "rest_429": 0.1, "rest_5xx": 0.1, "rest_5xx_after_effect": 0.1},
}  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_a_whole_call_with(fault: str, seed: int) -> None:
    """The three steps happen in spite of it, and the rules of the ladder hold."""
    talk = Conversation(demo_configuration(), chaos=Chaos(seed=seed, **FAULTS[fault]))
    people = People(talk, declines_first_hold=seed % 2 == 1).play()
    afterwards.is_sound(talk, people)
    talk.noted("handover").noted("hold", outcome="returned on time")
    talk.noted("warning", script="warning_final", outcome="heard in full")
    if fault != "no_callbacks":  # then too little talk time is known, so closing is not permitted
        talk.noted("call_ended", outcome="closed")
    talk.check(not talk.emulator.errors, f"{talk.emulator.errors}")


@pytest.mark.parametrize("ends", [True, False])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_whole_call_with_recordings_that_fail(seed: int, ends: bool) -> None:
    """A recording that cannot be played was not heard: it permits no closing, and the caller is never dropped, whether
    a failed Play ends the document or is skipped."""
    switches = Switches(play_failure_ends_call=ends)
    talk = Conversation(demo_configuration(), switches=switches, chaos=Chaos(seed=seed, play_fails=0.4))
    people = People(talk).play()
    afterwards.is_sound(talk, people)
    codes = {error.code for error in talk.emulator.errors}
    talk.check(codes <= {11200}, f"{talk.emulator.errors}")


def test_a_leg_that_was_created_twice() -> None:
    """The response to a ring was lost, so it is sent again. All phones but the first that answers are hung up."""
    talk = Conversation(demo_configuration(), chaos=Chaos(rest_5xx_after_effect=1.0))
    talk.ana.behaves(Voicemail(after=3.0, records=20))
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    number = talk.ana.phone.number
    talk.wait(12).ben.rings()
    legs = [leg for leg in talk.emulator.legs.values() if leg.to_number == number]
    talk.check(len(legs) > 2, "Ana's phone was not rung again")
    said = [next(one.text_or_url for one in leg.heard if one.kind == "say") for leg in legs]
    talk.check(
        [bool(words_of("offer").fullmatch(text)) for text in said] == [True] + [False] * (len(legs) - 1), "offers"
    )
    talk.check(all(words_of("offer_gone").fullmatch(text) for text in said[1:]), f"not let go: {said}")
    talk.until(lambda: not any(leg.live for leg in legs), "all of them are let go", 30)
    talk.check(talk.company("caller") == set(), "a machine was connected").over()


SWITCHED = {
    "redirect_requests_dial_action": [True],
    "early_digits_kept": [True],
    "fallback_covers_later_documents": [False],
    "start_before_join": [True],
    "retry_status_callbacks_on_5xx": [True],
    "star_reason": ["participant_updated_via_api"],
    "idempotency_token": ["retries", "always"],
    "hangup_in_dial_requests_action": [False],
    "action_after_room_end": [False],
    "lone_participant_hears": ["wait"],
    "sign_media_requests": [True],
    "empty_gather_sends_digits": [False],
    "gather_sends_end_message": [False],
    "redirect_answers": [False],
    "last_update_wins": [False],
    "ring_extra_seconds": [5.0],
    "declined_status": ["no-answer"],
    "pace": [11.0, 18.0],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in SWITCHED.items() for value in values])
def test_a_whole_call_where_the_provider_does_it_the_other_way(name: str, value: object) -> None:
    """If undocumented behaviour differs from our assumption, the call is the same."""
    talk = Conversation(demo_configuration(), switches=Switches(**{name: value}))
    people = People(talk, declines_first_hold=True).play()
    afterwards.is_sound(talk, people)
    talk.noted("handover").noted("hold", outcome="returned on time").noted("call_ended", outcome="closed")
    talk.check(not talk.emulator.errors, f"{talk.emulator.errors}")


@pytest.mark.parametrize("seed", SEEDS)
def test_everything_at_once(seed: int) -> None:
    """The other value of every switch that concerns us, and some of every fault."""
    others = {name: values[0] for name, values in SWITCHED.items()}
    talk = Conversation(
        demo_configuration(), switches=Switches(**others), chaos=Chaos(seed=seed, **FAULTS["some_of_everything"])
    )
    people = People(talk, declines_first_hold=True).play()
    afterwards.is_sound(talk, people)
