"""A call through a configuration, and every word of every document that its people get."""

from xml.etree import ElementTree

from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.telephony.place_documents import render, unknown_number
from callflow.telephony.urls import Urls
from tests.playbook import Playbook
from tests.world.written import House

URLS = Urls("https://a.example", "https://a.example", "a secret of ours")


class Call:
    """The caller is held, offered a supervisor who is consulted, warned, and closed: every name is spoken somewhere."""

    def __init__(self, house: House, configuration: Configuration, language: str) -> None:
        self.house = house
        self.book = Playbook(configuration, house.callers[0])
        self.book.call = self.book.call.but(language=language)
        self.words: list[str] = []
        self._take(unknown_number(configuration))

    def _take(self, document: str) -> None:
        self.words += [said.text or "" for said in ElementTree.fromstring(document).iter("Say")]

    def _hears(self) -> None:
        call = self.book.call
        for leg in call.legs:
            if leg.live:
                self._take(render(call, leg, self.book.configuration, URLS))

    def agent(self, *keys: str) -> None:
        self.book.agent("ana")
        for key in keys:
            self.book.presses(key)
            self._hears()

    def caller(self, words: str) -> None:
        self.book.caller().says(words)
        self._hears()

    def spoken(self) -> str:
        """All that is said, one line for each."""
        rules = self.house.files["deescalation.yaml"]
        answers = self.house.files[f"scripts/{self.book.call.language}.yaml"]["answers"]
        yes, no, courtesy = (answers[key][0] for key in ("yes", "no", "courtesies"))
        book = self.book.calls()
        self._hears()
        for _ in range(2):
            book.caller().stays_silent()
            self._hears()
        book.presses("1")
        self._hears()
        book.agent("ana").answers()
        self._hears()
        self.agent("1")
        book.wait(5).stage(Stage.TALKING)
        self.agent("*", "1")
        self.caller(f"{yes}, {courtesy}")
        book.stage(Stage.HOLDING).caller().presses("2").wait(8)
        self.agent("*", "2")
        self.caller(no)
        book.stage(Stage.TALKING).wait(8)
        self._threatened(book)
        self.agent("*", "3", "3")
        book.stage(Stage.WARNING).caller().stays_silent().wait(rules["draw_the_line"]["grace_seconds"] + 25)
        self.agent("*", "4", "3", "1")
        book.stage(Stage.CLOSING).wait(rules["draw_the_line"]["cancel_seconds"] + 1)
        self._hears()
        return "\n".join(self.words)

    def _threatened(self, book: Playbook) -> None:
        """The same call, if the caller threatens now: a supervisor answers, and the agent hears who."""
        self.book = book.copy()
        self.agent("*", "6")
        self.book.agent("sam").answers()
        self._hears()
        self.book.presses("1")
        self._hears()
        self.book = book
