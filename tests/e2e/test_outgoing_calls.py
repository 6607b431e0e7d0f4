"""Calls to customers with the local provider: begun, refused, recorded, and with our server or database gone."""

import logging
from dataclasses import replace

import pytest

from callflow.core.configuration import Recording, RecordingRules
from callflow.core.stages import Stage
from callflow.emulator import Voicemail
from callflow.service.outgoing import SINCE, CannotCall
from callflow.service.people import Presence
from callflow.store.memory import MemoryStore
from tests.e2e.conversation import PHONES, Conversation, shipped
from tests.e2e.scenes import talking
from tests.e2e.staff_lines import HOME, StaffCall, with_pins, with_staff_line
from tests.e2e.test_telephones import ring_forms

CUSTOMER = PHONES["caller"]
OTHER = "+15550100777"


def dialling(talk: Conversation | None = None, number: str = CUSTOMER, **more: str) -> Conversation:
    """Ana has pressed 1, and the customer is rung."""
    talk = talk or Conversation()
    talk.callflow.outgoing.begin("ana", number, **more)
    talk.ana.heard("outgoing_offer").presses("1").hears("outgoing_dialling")
    return talk


def joined(talk: Conversation | None = None, **more: str) -> Conversation:
    talk = dialling(talk, **more)
    talk.caller.heard("invitation").presses("1")
    return talk.together("caller", "ana")


def refused(talk: Conversation, person: str = "ana", number: str = CUSTOMER, **more: str) -> str:
    with pytest.raises(CannotCall) as found:
        talk.callflow.outgoing.begin(person, number, **more)
    return str(found.value)


def test_ana_calls_a_customer_who_sees_our_number_and_the_steps_work() -> None:
    talk = joined()
    assert [one["From"] for one in ring_forms(talk)] == [shipped().caller_id] * 2
    assert [one["To"] for one in ring_forms(talk)] == [PHONES["ana"], CUSTOMER]
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_request").presses("1").hears("hold_start")
    talk.together("caller", "ana").noted("hold", outcome="returned on time").over()


def test_a_voicemail_records_one_neutral_sentence_and_nobody_is_connected() -> None:
    talk = Conversation()
    talk.caller.behaves(Voicemail(after=3))
    dialling(talk)
    talk.ana.heard("outgoing_no_key", within=120).is_off()
    heard = {one.text_or_url for one in talk.caller.phone.heard if one.kind == "say"}
    invitation = "This is Example Energy, with a call from Ana. Press 1 to talk now, or 2 if it is not a good moment."
    assert heard == {invitation, "Thank you, goodbye."}
    assert talk.company("caller") == set()
    talk.noted("reached", outcome="no key pressed").over()


def test_the_reference_of_the_earlier_call_is_enough() -> None:
    talk = talking()
    reference = talk.call.reference
    talk.over().wait(60)
    talk.callflow.outgoing.begin("ana", "", about=reference, promise="p7")
    talk.ana.heard("outgoing_offer", saying="about a bill").presses("1")
    talk.caller.heard("invitation").presses("1")
    talk.together("caller", "ana")
    assert (talk.call.about, talk.call.promise, talk.call.outgoing) == (reference, "p7", True)
    talk.noted("reached", "caller", outcome="reached").over()


@pytest.mark.parametrize(("number", "why"), [
    ("911", "cannot be called"), ("+19005550177", "ending 177 cannot be called"), ("5550100199", "cannot be called"),
    ("+15550100100", "cannot be called"), ("anonymous", "cannot be called"), ("+1555", "cannot be called"),
    (PHONES["ben"], "telephone of one of your own people"),
])  # fmt: skip
def test_a_number_that_must_not_be_dialled_is_refused_with_the_reason(number: str, why: str) -> None:
    talk = Conversation()
    assert why in refused(talk, number=number)
    assert talk.callflow.store.calls(live=False) == []
    talk.ana.never_rang()


def test_who_may_call_and_for_which_team() -> None:
    talk = Conversation()
    assert refused(talk, "nobody") == "nobody has the id 'nobody'"
    assert refused(talk, team="night") == "ana is not in a team 'night'; there is energy_desk"
    assert refused(talk, about="000000") == "there is no call with the reference 000000"
    assert "showed no number" in refused(talk, number="")


def test_an_agent_who_is_on_a_call_is_not_rung() -> None:
    talk = talking()
    assert refused(talk, number=OTHER) == "ana is on a call"
    talk.over()


def test_it_is_off_unless_ops_allow_it() -> None:
    talk = Conversation(replace(shipped(), outgoing_calls=False))
    assert refused(talk) == "callflow.yaml does not allow it: write `outgoing_calls: staff`"


def test_no_call_begins_while_older_servers_share_the_database() -> None:
    class Upgrading(MemoryStore):
        def oldest_server(self) -> int:
            return SINCE - 1

    assert "callflow db upgrade --finish" in refused(Conversation(store=Upgrading()))


def test_the_agent_is_busy_for_others_from_the_beginning_and_free_afterwards() -> None:
    talk = Conversation()
    talk.callflow.outgoing.begin("ana", CUSTOMER)
    presence = {one.person: one.presence for one in talk.callflow.store.people(talk.clock.now())}
    assert presence == {"ana": Presence.RUNG}
    assert refused(talk, number=OTHER) == "ana is being rung"
    talk.ana.heard("outgoing_offer").presses("2").is_off()
    talk.wait(5)
    presence = {one.person: one.presence for one in talk.callflow.store.people(talk.clock.now())}
    assert presence == {"ana": Presence.FREE}
    talk.caller.never_rang()


def test_our_server_is_gone_when_the_customer_answers_and_no_machine_joins() -> None:
    """The address of the first document names the invitation, so its fallback asks for a key."""
    talk = dialling()
    talk.world.disconnect()
    talk.caller.is_off(within=60)
    talk.wait(5).check(not talk.company("caller"), "connected without a key")


def test_the_second_node_asks_for_a_key_before_anybody_joins() -> None:
    talk = Conversation(hosted=True)
    dialling(talk)
    talk.world.disconnect()
    talk.caller.hears("failure_join")
    talk.check(talk.company("ana") <= {"ana"}, "connected without a key")
    talk.caller.presses("1")
    talk.together("caller", "ana")


def test_a_notice_comes_before_the_conversation_and_only_then_it_is_recorded() -> None:
    talk = dialling(Conversation(replace(shipped(), recording=RecordingRules(mode=Recording.NOTICE))))
    talk.caller.heard("invitation").presses("1").heard("recording_notice")
    talk.together("caller", "ana").noted("recording", "caller", outcome="given").noted("recording", outcome="begun")
    talk.over()


def test_the_number_is_in_no_log_and_in_no_journal(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        talk = joined().over()
    digits = CUSTOMER[-7:]
    assert digits not in caplog.text + repr(talk.journal) + repr(talk.callflow.store.history(talk.call.id))


def test_a_customer_is_counted_once_reached_and_once_not() -> None:
    talk = joined().over().wait(60)
    dialling(talk)
    talk.caller.heard("invitation").presses("2")
    talk.ana.heard("outgoing_not_now")
    metrics = talk.callflow.metrics
    assert [metrics.value("customers_called", one) for one in ("reached", "not now")] == [1, 1]


# -- the staff line


def chosen(keys: str = "15550100199#", number: str = PHONES["ana"]) -> StaffCall:
    call = StaffCall(number, Conversation(with_staff_line(), store=with_pins()))
    if number == HOME:
        call.hears("staff_number").presses("204#")
    return call.logs_in().hears("call_key").presses("5").hears("call_number").presses(keys)


def test_she_types_the_number_hangs_up_and_is_rung() -> None:
    call = chosen().hears("call_confirm").presses("1").hears("call_begins").over()
    talk = call.talk
    talk.ana.heard("outgoing_offer", saying="1 9 9").presses("1")
    talk.caller.heard("invitation").presses("1")
    talk.together("caller", "ana").over()


def test_from_home_her_own_telephone_is_rung() -> None:
    call = chosen(number=HOME).hears("call_confirm").presses("1").hears("call_begins").over()
    call.talk.ana.hears("outgoing_offer")


@pytest.mark.parametrize("keys", ["911#", "19005550177#", "15550100100#", "15550100112#"])
def test_a_number_that_cannot_be_called_is_asked_for_again(keys: str) -> None:
    call = chosen(keys).hears("call_impossible").hears("call_number").presses("0#").hears("staff_menu")
    call.presses("#").hears("staff_goodbye").over()
    call.talk.wait(20).ana.talk.caller.never_rang()


def test_whoever_hangs_up_before_the_key_1_calls_nobody() -> None:
    call = chosen().hears("call_confirm")
    call.phone.hang_up()
    call.talk.wait(30).caller.never_rang()
    assert call.store.calls(live=False) == []


def test_another_number_or_the_menu_instead_of_1() -> None:
    call = chosen().hears("call_confirm").presses("2").hears("call_number").presses("15550100777#")
    call.hears("call_confirm").presses("9").hears("staff_menu").presses("#").hears("staff_goodbye").over()
    assert call.store.calls(live=False) == []


def test_the_session_is_deleted_with_the_number() -> None:
    call = chosen().hears("call_confirm")
    assert call.store.staff_session(call.leg.sid).number == CUSTOMER  # type: ignore[union-attr]
    call.presses("1").hears("call_begins").over()
    call.talk.wait(1)
    assert call.store.staff_session(call.leg.sid) is None
    call.talk.stage(Stage.PREPARING)
