"""Which emergency number is spoken: that of the police, of the ambulance, or both."""

from dataclasses import replace

import pytest

from callflow.core.call import Prompt, Word
from callflow.core.configuration import Configuration, EmergencyNumbers
from tests.core.example import CONFIGURATION
from tests.playbook import Playbook, talking

JAPAN = EmergencyNumbers(police="110", ambulance="119")
UNITED_KINGDOM = EmergencyNumbers(police="999", ambulance="999", general="999")
BOTH = Prompt("emergency_numbers", {"police": "1 1 0", "ambulance": "1 1 9"})
GERMANY = EmergencyNumbers(police="110", ambulance="112", general="112")


def with_numbers(known: EmergencyNumbers, **of: EmergencyNumbers) -> Configuration:
    called = {f"+{number[1:]}": one for number, one in of.items()}
    house = replace(CONFIGURATION.organisation, emergency_numbers=known, emergency_numbers_of=called)
    return replace(CONFIGURATION, organisation=house)


def emergency(book: Playbook, person: str, script: str) -> Word:
    leg = book.call.caller if person == "caller" else next(one for one in book.call.legs if one.person == person)
    return next(one.values["emergency"] for one in leg.place.prompts if one.script == script)


@pytest.mark.parametrize(
    ("known", "police", "ambulance"),
    [(JAPAN, "1 1 0", "1 1 9"), (UNITED_KINGDOM, "9 9 9", "9 9 9"), (GERMANY, "1 1 0", "1 1 2")],
)
def test_a_threat_calls_for_the_police_and_safeguarding_for_an_ambulance(
    known: EmergencyNumbers, police: str, ambulance: str
) -> None:
    book = talking(with_numbers(known)).agent("ana").star().presses("6")
    assert emergency(book, "ana", "threat_on") == police
    book.agent("security").answers()
    assert emergency(book, "security", "alert") == police
    book = talking(with_numbers(known)).agent("ana").star().presses("6").wait(9).star().presses("5")
    assert emergency(book, "ana", "safeguarding_on") == ambulance, "although there was a threat before"


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (JAPAN, Prompt("emergency_numbers", {"police": "1 1 0", "ambulance": "1 1 9"})),
        (UNITED_KINGDOM, "9 9 9"),
        (GERMANY, "1 1 2"),
    ],
)
def test_a_caller_who_may_need_either_hears_both_or_the_one_for_everything(known: EmergencyNumbers, said: Word) -> None:
    flow = replace(CONFIGURATION.flows["front_desk"].steps["desk"], otherwise="")
    steps = {**CONFIGURATION.flows["front_desk"].steps, "desk": flow}
    front_desk = replace(CONFIGURATION.flows["front_desk"], steps=steps)
    book = Playbook(replace(with_numbers(known), flows={"front_desk": front_desk}))
    book.away = {"ana", "ben"}
    book.calls().wait(10).caller().presses("1").wait(302).hears("failure_nobody")
    assert emergency(book, "caller", "failure_nobody") == said


def test_a_called_number_of_another_country_has_numbers_of_its_own() -> None:
    book = Playbook(with_numbers(JAPAN, n15550100100=UNITED_KINGDOM))
    assert book.call.called == "+15550100100"
    book.calls().wait(10).caller().presses("1").agent("ana").answers().presses("1").wait(2).star().presses("6")
    assert emergency(book, "ana", "threat_on") == "9 9 9"
