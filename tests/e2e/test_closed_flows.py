"""`callflow close` in whole calls: our app, the local provider, telephones."""

from dataclasses import replace
from datetime import timedelta

from callflow.bootstrap import compose, gateway_of
from callflow.runtime.periodic import PeriodicTask
from callflow.runtime.runners import InlineRunner
from callflow.service.flow_closings import FlowClosing
from callflow.simulator.recorded_history import another_way, from_text, to_text, without_personal_data
from callflow.simulator.world import World
from callflow.store.memory import MemoryStore
from tests.e2e.conversation import AUDIO, ROOT, shipped
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


def test_a_server_knows_at_its_start_and_asks_again_every_two_seconds() -> None:
    """So no webhook waits for the database because of this."""
    world, store = World(), MemoryStore()
    now = world.clock.now()
    settings = replace(world.settings(AUDIO), config=ROOT / "config")

    def closing(flow: str) -> FlowClosing:
        return FlowClosing(flow=flow, at=now, until=now + timedelta(hours=1), by="kim")

    store.close_flow(closing("billing"))
    server = compose(settings, shipped(), store=store, gateway=gateway_of(settings), clock=world.clock.now,
                     runner=InlineRunner(world.schedule_at), watch={})  # fmt: skip
    assert server.calls.closed(now) == ("billing",)
    store.close_flow(closing("reception"))
    assert server.calls.closed(now) == ("billing",)
    for task in server.periodic_tasks:
        if isinstance(task, PeriodicTask):
            task._task()
    assert server.calls.closed(now) == ("billing", "reception")
