"""No server of ours answers, and the document that the provider hosts does (README, promises with one fallback)."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from callflow.core.stages import Stage
from callflow.emulator import NoAnswer, Switches, Voicemail
from callflow.runtime.runners import InlineRunner
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import consulting, holding, introducing, talking

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def cut_off(talk: Conversation) -> Conversation:
    """The provider does not reach the server, which goes on running."""
    talk.world.disconnect()
    return talk


def reached_again(talk: Conversation, app: WsgiApp | None = None) -> Conversation:
    runner = talk.callflow.runner
    assert isinstance(runner, InlineRunner)
    talk.world.connect(app or talk.callflow.app, runner, ())
    return talk


def without(app: WsgiApp, path: str) -> WsgiApp:
    """The app, which cannot answer this path."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] != path:
            return app(environ, start_response)
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [b"too busy"]

    return answer


@pytest.mark.parametrize("key", ["1", "5", "*", "#"])
def test_any_key_of_a_caller_on_hold_leads_back(key: str) -> None:
    talk = cut_off(holding(talking(hosted=True)).wait(9))
    talk.caller.presses(key).heard("failure_person")
    talk.together("caller", "ana", within=40).wait(60).together("caller", "ana")


@pytest.mark.parametrize("answer", ["1", "2", "Yes."])
def test_an_answer_of_the_caller_leads_back_and_holds_nobody(answer: str) -> None:
    talk = talking(hosted=True)
    talk.ana.presses("*").hears("menu").presses("1")
    talk.caller.heard("hold_request")
    cut_off(talk)
    talk.caller.says(answer) if answer == "Yes." else talk.caller.presses(answer)
    # the lead's document lasts as long as the whole question would
    talk.together("caller", "ana", within=60).wait(60).together("caller", "ana").caller.never_heard("hold_start")


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "6", "7", "9", "0", "*"])
def test_any_key_of_the_menu_leads_back_after_one_more(key: str) -> None:
    talk = talking(hosted=True)
    talk.ana.presses("*").hears("menu")
    cut_off(talk).ana.presses(key).hears("failure_join").presses("1")
    talk.together("caller", "ana", within=3).wait(30).together("caller", "ana")


def test_the_first_star_after_an_outage_opens_the_menu() -> None:
    talk = talking(hosted=True)
    cut_off(talk).ana.presses("*").hears("failure_join").presses("1")
    talk.together("caller", "ana", within=3)
    reached_again(talk).ana.presses("*").hears("menu", within=1)
    talk.stage(Stage.CHOOSING).ana.presses("*")
    talk.together("caller", "ana")


def test_the_first_star_after_an_outage_in_a_menu_opens_the_menu() -> None:
    """The leg was in a sub-menu for us when the outage began."""
    talk = talking(hosted=True)
    talk.ana.presses("*").hears("menu").presses("3").hears("warn_menu")
    cut_off(talk).ana.presses("1").hears("failure_join").presses("1")
    talk.together("caller", "ana", within=3)
    reached_again(talk).ana.presses("*").hears("menu", within=1)


def test_a_caller_who_comes_into_a_consult_is_announced() -> None:
    talk = consulting(talking(hosted=True)).wait(5)
    marks = {person.name: len(person.phone.heard) for person in (talk.ana, talk.sam)}
    cut_off(talk).caller.presses("9").heard("failure_person")
    talk.together("caller", "ana", "sam", within=3)
    for person in (talk.ana, talk.sam):
        sounds = [one.kind for one in person.phone.heard[marks[person.name] :]]
        talk.check("beep" in sounds, f"{person.name} heard {sounds}")


@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_supervisor_s_key_leads_back_to_the_three(key: str) -> None:
    talk = introducing(talking(hosted=True))
    talk.sam.presses("*").hears("have_it")
    cut_off(talk).sam.presses(key).hears("failure_join").presses("1")
    talk.together("caller", "ana", "sam", within=4)


def test_a_voicemail_never_joins() -> None:
    """It takes no key (F5), neither at the offer nor at the briefing."""
    talk = Conversation(hosted=True)
    talk.ana.behaves(Voicemail(after=2.0, records=20))
    talk.ben.behaves(NoAnswer())
    talk.caller.dials().hears("reason_menu").presses("1").hears("connecting")
    talk.ana.rings()
    cut_off(talk).ana.hears("failure_join")
    talk.ana.is_off(within=60)
    talk.check("caller" not in talk.company("ana"), "a machine was connected")


def test_a_new_caller_is_taken_up_when_the_server_is_reached_again() -> None:
    """The server was never down, so it looks by itself, within a minute."""
    talk = cut_off(Conversation(hosted=True).wait(2))
    talk.caller.dials().heard("failure_person")
    talk.wait(30).check(talk.caller.phone.leg is not None, "dropped")
    reached_again(talk).caller.hears("greeting", within=62)
    talk.caller.hears("reason_menu").presses("1")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana")


def test_a_new_caller_whose_first_document_failed_is_taken_up_at_once() -> None:
    """The report that somebody has joined the room of a call that is not known."""
    talk = Conversation(hosted=True).wait(2)
    app = talk.callflow.app
    reached_again(talk, without(app, "/voice/inbound")).caller.dials().hears("failure_person")
    talk.wait(1)
    reached_again(talk, app).caller.heard("failure_person").hears("greeting", within=2)


def test_two_new_callers_never_meet() -> None:
    talk = cut_off(Conversation(hosted=True))
    talk.caller.dials()
    other = talk.emulator.phone("+15550100177")
    other.call("+15550100100")
    talk.wait(20)
    talk.check(talk.company("caller") == set() and other.leg is not None, "two strangers met")
    talk.check(len({one.name for one in talk.emulator.rooms.values()}) == 2, "one room for two")


def test_a_provider_that_asks_us_about_the_finishing_key() -> None:
    """If 2 makes a request although it should not, it is 2 all the same."""
    talk = holding(talking(switches=Switches(finish_key_alone_requests=True))).wait(9)
    talk.caller.presses("2").hears("hold_return", within=2)
    talk.together("caller", "ana", within=8).noted("hold", "caller", key="2", outcome="ended by the caller").over()
