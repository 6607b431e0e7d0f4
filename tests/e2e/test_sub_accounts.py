"""A number of a sub-account in a whole call: everything about that call is ordered on that account."""

import shutil
import tempfile
from functools import cache
from pathlib import Path

from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.simulator.world import ACCOUNT
from tests.branches import added
from tests.e2e.conversation import AUDIO, ROOT, Conversation

SUB = "AC" + "5" * 32
LINE, OF_SUB = "+15550100100", "+15550100300"


@cache
def house() -> Configuration:
    """The shipped configuration, and a second number in a sub-account."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(shutil.copytree(ROOT / "config", Path(folder) / "config"))
        number = f'  "{OF_SUB}": {{flow: front_desk, account: {SUB}, organisation: {{name: Example Water}}}}\n'
        added(config / "callflow.yaml", f'  "{LINE}": front_desk\n', number)
        return load(config, AUDIO)


def rings(number: str) -> Conversation:
    talk = Conversation(house())
    talk.caller.phone.call(number)
    return talk


def accounts(talk: Conversation) -> set[str]:
    """The accounts that our requests about a call went to. A server that starts asks the main one who waits alone."""
    return {one.path.split("/")[3] for one in talk.world.emulator.rest_log if not one.path.endswith(".json")
            or one.method != "GET"}  # fmt: skip


def test_a_call_to_a_number_of_a_sub_account_is_ordered_on_that_account() -> None:
    talk = rings(OF_SUB)
    talk.caller.hears("greeting", "Example Water").hears("reason_menu").presses("1")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana")
    assert talk.call.account == SUB
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked")
    talk.caller.heard("hold_request").presses("1").hears("hold_start")
    talk.together("caller", "ana").noted("hold", outcome="returned on time")
    assert accounts(talk) == {SUB}
    assert {one.account_sid for one in talk.world.emulator.legs.values()} == {SUB}
    talk.over()


def test_staff_see_the_called_number_because_a_sub_account_has_no_other() -> None:
    talk = rings(OF_SUB)
    talk.caller.hears("reason_menu").presses("1")
    talk.ana.rings()
    ringing = [one for one in talk.world.emulator.legs.values() if one.direction == "outbound-api"]
    assert {one.from_number for one in ringing} == {OF_SUB}
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana").over()


def test_two_callers_of_two_accounts_at_once_do_not_meet() -> None:
    talk = rings(OF_SUB)
    talk.caller.hears("reason_menu").presses("1")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana")
    other = talk.world.emulator.phone("+15550100777")
    other.call(LINE)
    talk.until(lambda: any("Example Energy" in one.text_or_url for one in other.heard), "the other hears our name")
    other.hang_up()
    talk.wait(1)
    assert {one.account_sid for one in talk.world.emulator.legs.values()} == {SUB, ACCOUNT}
    talk.together("caller", "ana").over()


def test_a_call_from_another_account_than_the_number_has_is_refused_and_ops_are_told() -> None:
    talk = Conversation(house())
    emulator = talk.world.emulator
    number = emulator.exchange.sub_accounts[SUB].numbers.pop(OF_SUB)
    emulator.exchange.numbers[OF_SUB] = number  # the number was moved, and callflow.yaml was not
    talk.caller.phone.call(OF_SUB)
    talk.caller.hears("number_not_in_use").is_off()
    dispatcher = talk.callflow.runner.dispatcher
    assert dispatcher
    (trouble,) = dispatcher.troubles.standing()
    assert (OF_SUB in trouble.trouble.what, SUB in trouble.trouble.what) == (True, True)
    assert "account:" in trouble.trouble.advice
    assert not talk.callflow.store.calls(live=False)


def test_a_supervisor_joins_and_the_reconciler_asks_on_that_account() -> None:
    talk = rings(OF_SUB)
    talk.caller.hears("reason_menu").presses("1")
    talk.ana.hears("offer").presses("1")
    talk.together("caller", "ana")
    talk.wait(70)
    talk.ana.presses("*").hears("menu").presses("2")
    talk.caller.heard("supervisor_offer").presses("1")
    talk.sam.hears("whisper").presses("1")
    talk.stage(Stage.CONSULTING)
    assert any(one.method == "GET" and "/Calls/" in one.path for one in talk.world.emulator.rest_log)
    assert accounts(talk) == {SUB}
