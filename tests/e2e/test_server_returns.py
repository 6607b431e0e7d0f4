"""The server was down during a call and is back: it learns what happened meanwhile, and disturbs nobody to say it."""

import pytest

from callflow.bootstrap import rehearse
from callflow.core.stages import Stage
from callflow.emulator import Chaos, NoAnswer
from callflow.emulator.legs import Heard
from tests.e2e.conversation import AUDIO, Conversation, Person, words_of
from tests.e2e.scenes import consulting, holding, names_conduct, talking, warned
from tests.e2e.second_node import only_the_second_node


def goes_down(talk: Conversation) -> Conversation:
    """The server dies, as after SIGKILL. There is no other."""
    talk.world.disconnect()
    return talk


def is_back(talk: Conversation) -> Conversation:
    """The server starts again, on the same database."""
    talk.world.disconnect()
    talk.callflow = rehearse(talk.configuration, AUDIO, talk.world, talk.callflow.store).callflow
    return talk


def closing(talk: Conversation) -> Conversation:
    """The lead has just decided to close: the countdown begins."""
    warned(talk).wait(16).ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears(
        "end_confirm"
    ).presses("1")
    talk.ana.hears("closing_watch")
    return talk


def warning(talk: Conversation) -> Conversation:
    names_conduct(talk, "3").caller.hears("warning_final")
    return talk


def left_in_peace(talk: Conversation, *people: Person, seconds: float = 20) -> Conversation:
    """These people stay together, and none of them hears anything from us."""
    before = [len(one.phone.heard) for one in people]
    for _ in range(round(seconds * 4)):
        talk.wait(0.25).check(talk.company(people[0].name) == {one.name for one in people}, "somebody was taken out")
    heard: list[list[Heard]] = [one.phone.heard[then:] for one, then in zip(people, before, strict=True)]
    return talk.check(not any(heard), f"heard {heard}")


# -- every live call is looked at once


def test_a_lead_lost_while_the_server_was_down_leaves_the_caller_alone_for_seconds_only() -> None:
    talk = goes_down(talking())
    talk.ana.hangs_up(after=2)
    is_back(talk.wait(10)).caller.hears("agent_left", within=3).heard("agent_left")


def test_a_caller_who_left_while_the_server_was_down_is_not_said_to_have_hung_up() -> None:
    """Perhaps the network or our outage ended the call: the journal claims nothing about who."""
    talk = goes_down(talking())
    talk.caller.hangs_up(after=2)
    is_back(talk.wait(10)).noted("call_ended", "callflow", outcome="end not reported")
    talk.not_noted("call_ended", "caller")
    talk.ana.hears("wrap_up", within=5)


# -- what passed meanwhile is settled before a key is interpreted


@pytest.mark.parametrize("seconds", [1, 40])
def test_a_hold_that_ended_without_us_is_not_ended_by_the_lead(seconds: float) -> None:
    talk = goes_down(holding(talking()).wait(3)).together("caller", "ana").wait(seconds)
    is_back(talk).ana.presses("*", after=0).hears("menu")
    talk.noted("hold", outcome="returned on time").not_noted("hold", outcome="ended by the lead")
    talk.caller.never_heard("hold_overrun")


def test_after_a_hold_that_ended_without_us_nobody_is_disturbed() -> None:
    talk = goes_down(holding(talking()).wait(3)).together("caller", "ana").wait(17)
    left_in_peace(is_back(talk), talk.caller, talk.ana).noted("hold", outcome="returned on time")


def test_a_question_that_ended_without_us_disturbs_nobody() -> None:
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.hears("hold_request")
    goes_down(talk).caller.heard("hold_no_answer")
    talk.together("caller", "ana").wait(17)
    left_in_peace(is_back(talk), talk.caller, talk.ana).noted("consent", outcome="no clear answer")


# -- a warning


def test_a_warning_heard_while_the_server_was_down_counts_and_is_said_at_the_next_menu() -> None:
    talk = goes_down(warning(talking()).wait(2)).together("caller", "ana").wait(17)
    left_in_peace(is_back(talk), talk.caller, talk.ana).noted("warning", outcome="heard in full")
    talk.ana.presses("*").hears("warn_learnt").hears("menu").presses("4").hears("end_conduct").presses("3").hears(
        "end_confirm"
    )
    talk.ana.never_heard("warn_done", "warn_cut")


def test_a_warning_heard_in_full_is_not_cut_short_by_the_first_key_afterwards() -> None:
    talk = goes_down(warning(talking()).wait(2)).together("caller", "ana").wait(7)
    is_back(talk).ana.presses("*", after=0).hears("menu")
    talk.noted("warning", outcome="heard in full").not_noted("warning", outcome="cut short")


def test_a_warning_of_which_the_report_is_a_moment_late_is_told_at_once() -> None:
    talk = goes_down(warning(talking()).wait(2)).together("caller", "ana").wait(1)
    is_back(talk).ana.hears("warn_done", within=3)


# -- a closing


@pytest.mark.parametrize("seconds", [0.5, 4])
def test_a_closing_decided_before_an_outage_is_not_begun_afterwards(seconds: float) -> None:
    """And the lead is told so by the document itself, while the server is still down."""
    talk = goes_down(closing(talking()).wait(seconds))
    talk.ana.heard("closing_not_played", within=12)
    talk.together("caller", "ana", within=3).wait(20)
    left_in_peace(is_back(talk), talk.caller, talk.ana).caller.never_heard("disconnect")
    talk.stage(Stage.TALKING).noted("closing", "callflow", outcome="not played").not_noted("closing", outcome="begun")


def test_a_closing_does_not_survive_an_outage_shorter_than_its_countdown() -> None:
    talk = is_back(goes_down(closing(talking()).wait(1)).wait(2))
    talk.ana.heard("closing_not_played", within=8)
    talk.wait(30).together("caller", "ana").caller.never_heard("disconnect")
    talk.noted("closing", "callflow", outcome="not played").not_noted("closing", outcome="begun")


def test_a_closing_that_the_lead_cancelled_during_the_outage_is_not_begun() -> None:
    """The star reached nobody but the second node; the server is back before the countdown is over."""
    talk = only_the_second_node(closing(talking()))
    talk.ana.presses("*").presses("1", after=1)
    talk.together("caller", "ana", within=1)
    is_back(talk).wait(30).together("caller", "ana").caller.never_heard("disconnect")


def test_agent_and_caller_hear_the_closing_at_the_same_time() -> None:
    talk = closing(talking())
    talk.caller.hears("disconnect")
    talk.ana.hears("disconnect", within=1)
    begun = [next(one for one in reversed(who.phone.heard) if words_of("disconnect").fullmatch(one.text_or_url))
             .monotonic for who in (talk.caller, talk.ana)]  # fmt: skip
    assert abs(begun[0] - begun[1]) < 1


# -- waiting for a supervisor


def ringing(talk: Conversation) -> Conversation:
    """The caller waits by consent while nobody picks up."""
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1").hears("consult_ringing")
    return talk


@pytest.mark.parametrize("seconds", [0.5, 20, 25, 28, 39])
def test_a_caller_waits_a_minute_at_most_if_the_server_dies_while_a_supervisor_is_rung(seconds: float) -> None:
    talk = talking()
    holding(talk).caller.heard("hold_return")  # the provider has the music
    goes_down(ringing(talk.together("caller", "ana").wait(1)).wait(seconds))
    talk.caller.heard("consult_return", within=60)
    talk.together("caller", "ana", within=2)


def test_a_caller_whom_a_consult_returns_without_us_hears_who_is_there() -> None:
    talk = talking()
    holding(talk).caller.heard("hold_return")
    goes_down(consulting(talk.together("caller", "ana").wait(1)).wait(1))
    talk.caller.heard("introduction", within=60)
    talk.together("caller", "ana", "sam", within=2).wait(17)
    left_in_peace(is_back(talk), talk.caller, talk.ana, talk.sam).noted("introduction").stage(Stage.INTRODUCING)


def test_a_long_wait_goes_on_while_the_server_lives() -> None:
    """And its check-in is spoken once."""
    talk = ringing(talking())
    talk.caller.heard("consult_checkin", within=40)
    talk.caller.heard("no_supervisor", within=60)
    checkins = [one for one in talk.caller.phone.heard if "is still on this for you" in one.text_or_url]
    talk.check(len(checkins) == 1, f"{checkins}")


def test_a_closing_that_the_provider_will_not_begin_is_stopped_and_the_lead_is_told() -> None:
    """The REST API refuses everything for a while, so neither hears the message."""
    talk = closing(talking())
    faults = talk.emulator.exchange.faults
    chaos, faults.chaos = faults.chaos, Chaos(rest_5xx=1.0)
    talk.ana.heard("closing_not_played", within=20)
    talk.noted("closing", "callflow", outcome="not played").wait(20)
    faults.chaos = chaos
    talk.wait(60).together("caller", "ana").caller.never_heard("disconnect", "closing_stopped")
    talk.stage(Stage.TALKING).ana.presses("*").hears("menu")
