"""`callflow close` in whole calls: our app, the local provider, telephones."""

from dataclasses import replace
from datetime import timedelta

from callflow.service.flow_closings import FlowClosing
from callflow.simulator.recorded_history import another_way, from_text, to_text, without_personal_data
from tests.e2e.flow_configuration import Reception


def close(talk: Reception, flow: str = "reception", seconds: float = 3600) -> None:
    now = talk.clock.now()
    talk.callflow.store.close_flow(FlowClosing(flow=flow, at=now, until=now + timedelta(seconds=seconds), by="kim"))


def test_a_closed_reception_takes_a_message_and_says_why_in_the_journal() -> None:
    talk = Reception()
    close(talk)
    talk.rings().caller.hears("pick").presses("1").hears("closed_menu")
    talk.noted("hours", outcome="closed by hand", flow="reception").over()


def test_it_opens_again_by_itself_and_by_hand() -> None:
    talk = Reception()
    close(talk, seconds=20)
    talk.wait(20).at_menu().noted("hours", outcome="open").over()
    again = Reception()
    close(again)
    close(again, seconds=0)
    again.at_menu().over()


def test_who_chooses_a_language_while_it_closes_meets_it_closed() -> None:
    talk = Reception()
    talk.rings().caller.hears("pick")
    close(talk)
    talk.caller.presses("1").hears("closed_menu")
    talk.noted("hours", outcome="closed by hand").over()


def test_who_waits_already_is_still_answered() -> None:
    talk = Reception().at_menu()
    close(talk)
    talk.caller.hears("matters_menu").hears("ask_matter").hears("ask_matter").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()


def test_another_flow_that_is_closed_is_not_this_one() -> None:
    talk = Reception()
    close(talk, "front_desk")
    talk.at_menu().noted("hours", outcome="open").over()


def test_the_call_is_replayed_as_it_went() -> None:
    talk = Reception()
    close(talk, seconds=5)
    talk.rings().caller.hears("pick", within=3)
    talk.wait(5)
    talk.caller.presses("1").hears("greeting")
    talk.over()
    store, configuration = talk.callflow.store, talk.configuration
    call = replace(talk.call, digest=configuration.digest)
    history = without_personal_data(call, store.history(call.id), store.journal(call.id), configuration)
    (written,) = from_text(to_text([history]))
    assert another_way(written, configuration) == []
    assert [fact.closed for one in written.moments for fact in one.facts if hasattr(fact, "closed")] == [
        ("reception",), (),
    ]  # fmt: skip
