"""The demo's call with people who react to what they hear, so that it cannot get stuck if something goes wrong.

The lead tries the steps in their order, and tries again those that failed. The caller answers the questions, and gives
up in the end.
"""

from collections.abc import Callable, Mapping
from typing import Self

from callflow.core.stages import Stage
from callflow.emulator import NotOnACall
from callflow.emulator.events import Event, PlayEnded, SayEnded, SayStarted
from tests.e2e.conversation import NAMES, Conversation, words_of

REACTS_SECONDS = 0.7
PATIENCE_SECONDS = 420.0
BEFORE_STAR = {"4": 12}
"""Seconds together before the lead presses star, by the key that follows it."""

ON_BEGINNING: Mapping[str, Mapping[str, str]] = {
    "reason_menu": {"caller": "1"}, "offer": {"*": "1"}, "whisper": {"sam": "2", "sky": "1"},
    "decline_menu": {"*": "1"}, "warn_menu": {"*": "2"}, "end_conduct": {"*": "2"}, "end_confirm": {"*": "1"},
    "have_it": {"sky": "1"},
    "refuse_leave": {"ana": "*"}, "whisper_ready": {"*": "1"}, "wrap_up": {"*": "#"},
}  # fmt: skip
"""The key that somebody presses as soon as a script begins, by person; "*" is everybody else."""
ON_ITS_END: Mapping[str, str] = {
    "hold_request": "1", "supervisor_offer": "1", "no_supervisor": "2", "hold_checkin": "2",
}  # fmt: skip
"""The key that the caller presses when a question was asked in full."""


class People:
    """Lets everybody act in a conversation, second by second, and checks that nobody is left alone meanwhile."""

    def __init__(self, talk: Conversation, *, declines_first_hold: bool = False) -> None:
        self.talk = talk
        self.together: dict[str, int] = {}
        self.alone = self.longest_alone = 0
        self.crowds: list[set[str]] = []
        self._declines = declines_first_hold
        talk.emulator.on_event(self._take)

    def play(self) -> Self:
        """From the dialling to the end of the call."""
        self.talk.caller.dials()
        begun = self.talk.clock.monotonic()
        while not self._over():
            self.talk.wait(1)
            self._second()
            if self.talk.clock.monotonic() - begun > PATIENCE_SECONDS:
                self.talk.caller.phone.hang_up()
        return self

    def _over(self) -> bool:
        calls = self.talk.callflow.store.calls(live=False)
        return bool(calls) and not self.talk.caller.phone.leg and all(call.stage is Stage.ENDED for call in calls)

    # -- what they react to

    def _take(self, event: Event) -> None:
        if isinstance(event, SayStarted):
            self._begins(self._name(event.leg), event.text)
        elif isinstance(event, SayEnded | PlayEnded) and event.complete and self._name(event.leg) == "caller":
            self._asked(event.text if isinstance(event, SayEnded) else event.url)

    def _begins(self, name: str, text: str) -> None:
        if words_of("menu").fullmatch(text):
            return self._press(name, self._wanted(name) or "*")
        for script, keys in ON_BEGINNING.items():
            if words_of(script).fullmatch(text) and (key := keys.get(name, keys.get("*", ""))):
                return self._press(name, key)
        return None

    def _asked(self, text: str) -> None:
        for script, key in ON_ITS_END.items():
            if words_of(script).fullmatch(text):
                declined, self._declines = self._declines and script == "hold_request", False
                return self._press("caller", "2" if declined else key)
        return None

    def _press(self, name: str, key: str) -> None:
        phone = self.talk.emulator.phone({v: k for k, v in NAMES.items()}[name])

        def press() -> None:
            try:
                phone.press(key)
            except NotOnACall:
                return

        self.talk.clock.after(REACTS_SECONDS, press)

    def _name(self, sid: str) -> str:
        phone = self.talk.emulator.legs[sid].phone
        return NAMES.get(phone.number, "") if phone else ""

    # -- what the lead wants

    def _wanted(self, name: str) -> str:
        """The next step that has not happened, according to the journal."""
        noted: Callable[..., object] = self.talk.notes
        if name != "sky":
            tried = noted("consent", "caller", script="hold_request")
            return "2" if tried else "1"
        if not noted("consent", "caller", script="hold_request", outcome="yes"):
            return "" if noted("refused", "sky", key="1") else "1"
        heard = [one.note.script for one in self.talk.notes("warning", "caller", outcome="heard in full")]
        return "4" if "warning_final" in heard else "3"

    # -- second by second

    def _second(self) -> None:
        leg = self.talk.caller.phone.leg
        company = self.talk.company("caller")
        waiting = leg is not None and leg.seat is not None and len(company) < 2
        self.alone = self.alone + 1 if waiting else 0
        self.longest_alone = max(self.longest_alone, self.alone)
        if company not in self.crowds:
            self.crowds.append(company)
        for name in ("ana", "ben", "sky"):
            self._perhaps_star(name, company)

    def _perhaps_star(self, name: str, company: set[str]) -> None:
        self.together[name] = self.together.get(name, 0) + 1 if name in company else 0
        others = company - {name, "caller"}
        if others and name != "sky":
            return  # a supervisor is there and has to take the call
        seconds = 6 if others else BEFORE_STAR.get(self._wanted(name), 4)
        if self.together[name] > seconds:
            self.together[name] = -2
            self._press(name, "*")
