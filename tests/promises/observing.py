"""What a person lives through from a moment on: what they hear, who they are with, and when their line ends."""

from dataclasses import dataclass
from math import ceil

from callflow.emulator import events as e
from callflow.emulator.hearing import SILENCE, Span, heard_by
from callflow.emulator.legs import Leg
from callflow.simulator.transcript import MUSIC, SOUNDS
from tests.e2e.conversation import PHONES, Conversation
from tests.promises.rows import ROLES

SHORT = 3.0
"""Silences up to this many seconds are not mentioned."""
PLAYED = {MUSIC: "our music", SOUNDS: "a sound of waiting"}


@dataclass(frozen=True, slots=True)
class Company:
    """From ``at`` on (clock seconds) this person and these others hear each other."""

    at: float
    others: frozenset[str]


class Observed:
    """Everybody on the telephone, from the moment when this is made."""

    def __init__(self, talk: Conversation) -> None:
        self.talk, self.begun = talk, talk.clock.monotonic()
        self._company = {who: [Company(self.begun, self._others(who))] for who in ROLES}
        talk.emulator.on_event(self._take)

    def _others(self, who: str) -> frozenset[str]:
        return frozenset(self.talk.company(who) - {who})

    def _take(self, event: e.Event) -> None:
        if not isinstance(event, e.JoinedRoom | e.LeftRoom | e.RoomStarted | e.RoomEnded):
            return
        for who, known in self._company.items():
            others = self._others(who)
            if others != known[-1].others:
                known.append(Company(self.talk.clock.monotonic(), others))

    def told(self, who: str) -> str:
        """In a few words; "" for somebody who was not on the line."""
        leg = self._leg(who)
        if leg is None:
            return ""
        company = self._company[who]
        end = self._end(leg)
        if end is None and company[-1].others:
            since = self._together_since(company)
            if since == self.begun:
                return f"keeps talking with {_named(company[-1].others)}"
            return "; ".join(
                [*self._heard(leg, since), f"with {_named(company[-1].others)} after {self._after(since)}"]
            )
        heard = self._heard(leg, end if end is not None else self.talk.clock.monotonic())
        if end is None:
            alone = "nobody comes within" if who == "caller" else "still alone after"
            return "; ".join([*heard, f"{alone} {self._after(self.talk.clock.monotonic())}"])
        cut = any(one.text_or_url == self.talk.emulator.exchange.switches.error_speech for one in leg.heard)
        talked = [f"talks with {_named(company[0].others)}"] if company[0].others else []
        return "; ".join([*talked, *heard, f"{'cut off' if cut else 'line ends'} after {self._after(end)}"])

    def since(self, who: str) -> float:
        """When the person's present time of not being alone began, in clock seconds."""
        return self._together_since(self._company[who])

    def _leg(self, who: str) -> Leg | None:
        """The leg of the person that was on the line last."""
        legs = [leg for leg in self.talk.emulator.phone(PHONES[who]).legs if leg.answered]
        ended = self._end(legs[-1]) if legs else None
        return legs[-1] if legs and (ended is None or ended >= self.begun) else None

    def _end(self, leg: Leg) -> float | None:
        return None if leg.live else leg.ended_at

    def _together_since(self, company: list[Company]) -> float:
        """When the last time of not being alone began."""
        since = company[-1].at
        for one in reversed(company):
            if not one.others:
                break
            since = one.at
        return since

    def _after(self, at: float) -> str:
        return seconds(at - self.begun)

    def _heard(self, leg: Leg, until: float) -> list[str]:
        """What was heard up to then, in order, each kind once, and the longest silence."""
        found: list[str] = []
        silence = 0.0
        for span in heard_by(leg, self.talk.clock.monotonic()):
            begins, ends = max(span.begins, self.begun), min(span.ends, until)
            if begins >= ends:
                continue
            if span.kind == SILENCE:
                silence = max(silence, ends - begins)
            elif (kind := self._kind(span)) and kind not in found:
                found.append(kind)
        if silence > SHORT:
            found.append(f"silence of {seconds(silence)}")
        return ["hears " + ", ".join(found)] if found else []

    def _kind(self, span: Span) -> str:
        """ "" for what need not be mentioned."""
        if span.what == self.talk.emulator.exchange.switches.error_speech:
            return "the provider's error message"
        if span.kind == "play":
            return next((name for path, name in PLAYED.items() if path in span.what), "our words")
        return {"say": "our words", "music": "the provider's music"}.get(span.kind, "")


def seconds(some: float) -> str:
    """Rounded up, except for less than what an event takes."""
    return f"{ceil(some - 0.1)} s"


def _named(others: frozenset[str]) -> str:
    roles = sorted({ROLES[one] for one in others if one in ROLES})
    return " and ".join(roles) or "somebody"
