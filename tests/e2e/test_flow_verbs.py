"""Every verb of a flow in a whole call: our app, the local provider, telephones."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from callflow.core.codec import encode
from callflow.core.configuration import LookupRules
from callflow.core.stages import Stage
from callflow.emulator.phones import NoAnswer
from callflow.lookups.http import HttpLookupClient
from callflow.service.lookup_client import LookupFailure
from tests.e2e.flow_configuration import OUTSIDE, Crm, Reception, closed, example, local, step_of, with_step
from tests.flows import NUMBER

ANA = {"customer": {"name": "Ana Diaz"}}


def test_a_word_an_account_a_name_and_a_person() -> None:
    """The path of most callers. What was typed is not in the journal."""
    crm = Crm(ANA)
    talk = Reception(lookup_client=crm).at_menu()
    talk.caller.says("my bill, please").hears("ask_account")
    talk.caller.phone.press("123456#")
    talk.caller.hears("hello_name", "Ana Diaz").hears("connecting").hears("ring_offer")
    talk.ana.hears("offer", "a bill").presses("1")
    talk.together("caller", "ana").noted("lookup", outcome="done", found=1).noted("asked", outcome="given")
    assert [one.url for one in crm.asked] == ["https://crm.example.com/customers/123456"]
    assert "123456" not in str(talk.journal)
    assert "Ana Diaz" not in str(talk.journal)
    talk.over()


@pytest.mark.parametrize("lookup_client", [Crm(LookupFailure("HTTP 503")), Crm("no object"), None])
def test_another_system_that_is_dead_costs_nobody_a_person(lookup_client: Crm | None) -> None:
    talk = Reception(lookup_client=lookup_client).at_menu()
    talk.caller.presses("1").hears("ask_account")
    talk.caller.phone.press("123456#")
    talk.caller.hears("connecting", within=20)
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()


def test_over_http_with_a_secret_by_name() -> None:
    class System(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            good = self.headers["Authorization"] == "Bearer x" and self.path == "/customers/123456"
            self.send_response(200 if good else 403)
            self.end_headers()
            self.wfile.write(json.dumps(ANA).encode())

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), System)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    lookup = step_of(example(), "find").lookup
    configuration = with_step(example(), "find", lookup=type(lookup)(
        url="http://crm.test/customers/{account}", headers=lookup.headers, values=lookup.values))  # fmt: skip
    object.__setattr__(configuration, "lookups", LookupRules(allow_private=frozenset({"crm.test"}),
                                                     allow_http=frozenset({"crm.test"})))  # fmt: skip
    talk = Reception(
        configuration, HttpLookupClient({"CRM_TOKEN": "Bearer x"}, local(server.server_address[1]))
    ).at_menu()
    talk.caller.presses("1").hears("ask_account")
    talk.caller.phone.press("123456#")
    talk.caller.hears("hello_name", "Ana Diaz")
    server.shutdown()
    server.server_close()
    talk.over()


def test_silence_all_the_way_gets_a_person() -> None:
    talk = Reception().at_menu()
    talk.caller.hears("matters_menu").hears("ask_matter").hears("ask_matter").hears("connecting")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()


def test_in_ones_own_words() -> None:
    talk = Reception().at_menu()
    talk.caller.hears("matters_menu").hears("ask_matter").says("My heating is cold").hears("connecting")
    talk.check(talk.call.variables == {"matter": "My heating is cold"}, "not kept").over()


def test_one_of_the_answers_that_the_flow_knows() -> None:
    """The recogniser is told which, the value is what the call has, and another answer is asked again."""
    known = with_step(example(), "in_words", words={"heating": ("heating", "radiator"), "bill": ("bill",)})
    talk = Reception(known).at_menu()
    talk.caller.hears("matters_menu").hears("ask_matter").says("not the bill")
    talk.caller.hears("ask_matter").says("My radiator is cold").hears("connecting")
    talk.check(talk.call.variables == {"matter": "heating"}, "not the value").over()


def test_what_a_caller_typed_or_said_is_gone_when_the_call_is_over() -> None:
    """Until then it is used; afterwards neither state nor journal nor history has it. A looked-up name stays."""
    talk = Reception(lookup_client=Crm(ANA)).at_menu()
    talk.caller.says("my bill, please").hears("ask_account")
    talk.caller.phone.press("123456#")
    talk.caller.hears("hello_name", "Ana Diaz")
    assert talk.call.variables["account"] == "123456"
    talk.over().check(talk.call.variables == {"customer_name": "Ana Diaz"}, f"{talk.call.variables}")
    assert "123456" not in encode(talk.call) + str(talk.journal) + str(talk.callflow.store.history(talk.call.id))
    said = Reception().at_menu()
    said.caller.hears("matters_menu").hears("ask_matter").says("My heating is cold").hears("connecting")
    said.over()
    assert "heating" not in encode(said.call) + str(said.journal) + str(said.callflow.store.history(said.call.id))


def test_a_flow_that_says_so_keeps_the_answer() -> None:
    talk = Reception(with_step(example(), "account", keep=True)).at_menu()
    talk.caller.presses("1").hears("ask_account")
    talk.caller.phone.press("123456#")
    talk.caller.hears("one_moment")
    talk.over().check(talk.call.variables == {"account": "123456"}, f"{talk.call.variables}")


def test_another_language_from_then_on() -> None:
    talk = Reception().at_menu("2")
    talk.check(talk.call.language == "en-gb", "still American").noted("language", "caller", outcome="en-gb").over()


def test_closed_is_another_flow_and_a_promise() -> None:
    talk = Reception(closed()).rings()
    talk.caller.hears("pick").presses("1").hears("closed_menu").presses("1").hears("callback_confirm")
    talk.caller.heard("call_back_keys").presses("1").hears("night_thanks").hears("goodbye").is_off()
    talk.noted("call_back", outcome="confirmed").noted("hours", outcome="closed").stage(Stage.ENDED).clean()
    ((_, promise),) = talk.call_backs()
    talk.check(promise.confirmed and promise.number == "+15550100199", f"{promise}")


def test_closed_and_a_message() -> None:
    talk = Reception(closed()).rings()
    talk.caller.hears("pick").presses("1").hears("closed_menu").hears("closed_menu").hears("leave_message")
    talk.caller.heard("leave_message").says("please call me", after=2)
    talk.caller.hears("night_thanks", within=140).hears("goodbye").is_off()
    talk.noted("message_left").clean()


@pytest.mark.parametrize("shown", [
    "anonymous", "Restricted", "+266696687", "+17378742833", "+7378742833", "+86282452253", "+10000000000", NUMBER,
])  # fmt: skip
def test_whoever_shows_no_number_is_asked_for_one(shown: str) -> None:
    """However that is sent: as a word, as a word typed on letters, filled with one digit, or as our own number."""
    talk = Reception().rings(shown)
    talk.caller.hears("pick").presses("1").hears("matters_menu").presses("3").hears("call_back_number")
    talk.caller.phone.press("15550100155#")
    talk.caller.hears("callback_confirm", "1 5 5").heard("call_back_keys").presses("1").hears("call_back_kept").is_off()
    ((_, promise),) = talk.call_backs()
    talk.check(promise.number == "+15550100155", f"{promise}").clean()


@pytest.mark.parametrize("typed", ["19005550199", "9005550199", "911", "0112911", "5550155", "449098790000", "00123",
                                   "7378742833", "10000000000", "15550100100"])  # fmt: skip
def test_no_call_back_to_premium_emergency_or_impossible_numbers(typed: str) -> None:
    """The caller hears that it cannot be called, and can type another one."""
    talk = Reception().rings("anonymous")
    talk.caller.hears("pick").presses("1").hears("matters_menu").presses("3").hears("call_back_number")
    talk.caller.phone.press(f"{typed}#")
    talk.caller.hears("call_back_impossible").hears("call_back_number")
    talk.caller.phone.press("15550100155#")
    talk.caller.hears("callback_confirm", "1 5 5").heard("call_back_keys").presses("1").hears("call_back_kept").is_off()
    ((_, promise),) = talk.call_backs()
    talk.check(promise.number == "+15550100155", f"{promise}").clean()


@pytest.mark.parametrize(("typed", "called"), [
    ("5550100155", "+15550100155"), ("15550100155", "+15550100155"), ("2025550155", "+12025550155"),
    ("447700900155", "+447700900155"),
    ("011447700900155", "+447700900155"),
])  # fmt: skip
def test_a_call_back_number_may_be_typed_as_it_is_dialled(typed: str, called: str) -> None:
    talk = Reception().rings("anonymous")
    talk.caller.hears("pick").presses("1").hears("matters_menu").presses("3").hears("call_back_number")
    talk.caller.phone.press(f"{typed}#")
    talk.caller.hears("callback_confirm", "1 5 5").heard("call_back_keys").presses("1").hears("call_back_kept").is_off()
    ((_, promise),) = talk.call_backs()
    talk.check(promise.number == called, f"{promise}").clean()


def test_a_premium_number_that_is_shown_is_not_promised_a_call() -> None:
    """Somebody who shows a number that earns money by being called is asked for another one."""
    talk = Reception().rings("+19005550199")
    talk.caller.hears("pick").presses("1").hears("matters_menu").presses("3").hears("call_back_number")
    talk.over()
    assert talk.call_backs() == []


def test_a_call_back_instead_of_waiting() -> None:
    talk = Reception().at_menu()
    talk.caller.hears("matters_menu").hears("ask_matter").presses("5").hears("connecting").heard("ring_offer")
    talk.ben.rings()
    talk.caller.presses("1").hears("callback_confirm").heard("call_back_keys").presses("1").hears("call_back_kept")
    talk.ben.is_off()
    talk.noted("left_the_line").over()


def test_the_position_in_the_queue_is_spoken() -> None:
    talk = Reception()
    for person in (talk.ana, talk.ben):
        person.behaves(NoAnswer())
    talk.at_menu().caller.hears("matters_menu").hears("ask_matter").presses("5").hears("connecting")
    talk.caller.hears("queue_progress", within=35).hears("queue_progress", within=35)
    talk.over()


def test_on_to_a_number_outside() -> None:
    talk = Reception()
    outside = talk.emulator.phone(OUTSIDE)
    talk.at_menu().caller.presses("2").hears("one_moment")
    talk.until(lambda: bool(outside.leg and outside.leg.answered), "outside answers").wait(5)
    outside.hang_up()
    talk.caller.hears("goodbye").is_off()
    talk.noted("forward", outcome="done").stage(Stage.ENDED).clean()


def test_nobody_outside() -> None:
    talk = Reception()
    talk.emulator.phone(OUTSIDE).behave(NoAnswer())
    talk.at_menu().caller.presses("2").hears("one_moment").hears("callback_confirm")
    talk.noted("forward", outcome="not reached").over()


@pytest.mark.parametrize("seconds", [1, 4, 9, 14, 22, 34])
def test_the_caller_hangs_up_anywhere(seconds: float) -> None:
    talk = Reception(lookup_client=Crm(ANA)).rings().wait(seconds)
    talk.caller.phone.hang_up()
    talk.until(lambda: talk.call.stage is Stage.ENDED, "the end", 200).clean()


def test_the_caller_hangs_up_while_talking_outside() -> None:
    talk = Reception()
    outside = talk.emulator.phone(OUTSIDE)
    talk.at_menu().caller.presses("2")
    talk.until(lambda: bool(outside.leg and outside.leg.answered), "outside answers").wait(3)
    talk.caller.hangs_up()
    talk.until(lambda: outside.leg is None, "outside is off").over()
