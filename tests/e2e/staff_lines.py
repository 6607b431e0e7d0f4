"""A staff line beside the shipped configuration, and its calls as conversations."""

from dataclasses import replace
from functools import cache
from typing import Self

from callflow.configuration.telephone import identity
from callflow.core.configuration import Configuration, StaffLine
from callflow.core.staff_line.pins import Pin
from callflow.emulator import Phone
from callflow.emulator.legs import Leg
from callflow.service import pins
from callflow.service.ports import Store
from callflow.store.memory import MemoryStore
from tests.e2e.conversation import PHONES, Conversation, shipped, words_of

STAFF_LINE = "+15550100190"
HOME = "+15550100888"
"""A telephone that is nobody's here."""
PIN = "271828"
SECRET = "a rehearsal, not a secret"  # of ``simulator.world``


@cache
def with_staff_line() -> Configuration:
    """Ana, Ben, Sam and Sky are known by their telephones; Ana's number is 204, Ben's 205."""
    people = ("ana", "ben", "sam", "sky")
    line = StaffLine(called=frozenset({STAFF_LINE}), telephones={identity(PHONES[one]): one for one in people},
                     numbers={"204": "ana", "205": "ben"})  # fmt: skip
    return replace(shipped(), staff_line=line)


def pin_of(person: str, digits: str = PIN) -> Pin:
    return Pin(person=person, hash=pins.hashed(SECRET, person, digits))


class StaffCall:
    """A call to the staff line from one telephone."""

    def __init__(self, number: str = PHONES["ana"], talk: Conversation | None = None) -> None:
        self.talk = talk or Conversation(with_staff_line(), store=with_pins())
        self.phone: Phone = self.talk.emulator.phone(number)
        self.leg: Leg = self.phone.call(STAFF_LINE)
        self.begun = len(self.phone.heard)

    @property
    def store(self) -> Store:
        return self.talk.callflow.store

    @property
    def said(self) -> list[str]:
        return [one.text_or_url for one in self.phone.heard[self.begun :]]

    def hears(self, script: str) -> Self:
        """The next that this person hears of this line. What was heard before it does not count again."""

        def found() -> bool:
            return any(words_of(script).fullmatch(one) for one in self.said)

        self.talk.until(found, f"{script} (heard {self.said})", 60)
        last = max(n for n, one in enumerate(self.said) if words_of(script).fullmatch(one))
        self.begun += last + 1
        return self

    def presses(self, keys: str) -> Self:
        self.phone.press(keys)
        return self

    def practises(self, key: str, scenario: str) -> Self:
        """Choose a caller to practise with, and hear the first line."""
        self.logs_in().presses("3").hears("practice_choice").presses(key).hears("practice_begin")
        return self.hears_line(scenario, "talking")

    def hears_line(self, scenario: str, kind: str, number: int = 0) -> Self:
        """The next that is heard of what the caller, or the supervisor, says."""
        line = with_staff_line().practice[scenario].lines[kind][number]
        self.talk.until(lambda: line in self.said, f"{line} (heard {self.said})", 90)
        self.begun += self.said.index(line) + 1
        return self

    def logs_in(self, pin: str = PIN) -> Self:
        return self.hears("staff_pin").presses(f"{pin}#").hears("staff_menu")

    def over(self) -> Self:
        self.talk.until(lambda: not self.leg.live, "the call is over", 90)
        return self


def with_pins(*people: str) -> MemoryStore:
    store = MemoryStore()
    for one in people or ("ana", "ben"):
        store.put_staff_pin(pin_of(one))
    return store
