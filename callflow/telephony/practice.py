"""The documents of a practice call: those of the agent's places, as on any call, except that there is no room.

Where a real document joins the room, this one plays what the caller says now, takes the star key, and asks us what is
next. A document that a real call would interrupt by a request ends by itself at that time: everything that happens is
computed in advance (``core.practice``). Pure.
"""

from datetime import datetime
from math import ceil
from typing import Any

from callflow.core import events as e
from callflow.core import practice as core
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration
from callflow.core.languages import speaking_seconds
from callflow.core.practice import Player, Practice
from callflow.core.records import immutable
from callflow.core.staff_line.session import Session
from callflow.core.stages import PlaceName as P
from callflow.telephony.callbacks import Asked
from callflow.telephony.document_builder import LISTEN_SECONDS, DocumentBuilder
from callflow.telephony.place_documents import PLACES
from callflow.telephony.urls import Urls
from callflow.telephony.verbs import DocumentParts, Part, escaped, one_key, pause, said, seconds_of

TALK, ENDED = "talk", "ended"
"""Used instead of a place: the answer to what the caller says, and the end of a document by itself."""
AT_ONCE_SECONDS = 2
"""How long the caller is silent before it speaks for the first time in the room."""


class PracticeBuilder(DocumentBuilder):
    """``change``: after how many seconds the agent gets another document, whatever is pressed."""

    __slots__ = ("_change", "_practice", "_scenario", "_session")

    def __init__(self, practice: Practice, session: Session, configuration: Configuration, urls: Urls,
                 change: float) -> None:  # fmt: skip
        super().__init__(practice.call, practice.leg, configuration, urls)
        self._session, self._practice, self._change = session, practice, change
        self._scenario = configuration.practice[practice.scenario]

    def _answer_to(self, place: P) -> str:
        return self._address(place.value)

    def _address(self, place: str) -> str:
        return escaped(self._urls.practice(self._session.id, self._leg.token, place, self._session.token))

    def keys(self, inside: DocumentParts, seconds: int = LISTEN_SECONDS, *, ends: str = "") -> Part:
        """Cut to the time of the next change."""
        if seconds_of(inside) + seconds <= self._change:
            return super().keys(inside, seconds, ends=ends)
        kept: DocumentParts = []
        for part in inside:
            if seconds_of([*kept, part]) + LISTEN_SECONDS > self._change:
                break
            kept.append(part)
        rest = max(LISTEN_SECONDS, ceil(self._change - seconds_of(kept)))
        return super().keys([*kept, *self.wait(rest - LISTEN_SECONDS)], LISTEN_SECONDS)

    def room(self) -> Part:
        if self.place.name is not P.ROOM:
            return self._then(ENDED)
        line = core.Player(self._scenario, self._configuration, no_length).speaks(self._practice)
        voice = self._scenario.voice
        spoken = [Part(said(line, voice), speaking_seconds(line, voice.tag))] if line else []
        inside = [*pause(AT_ONCE_SECONDS), *spoken]
        listens = max(LISTEN_SECONDS, ceil(min(self._scenario.pause_seconds, self._change - seconds_of(inside))))
        if not spoken:
            inside, listens = self.wait(listens), LISTEN_SECONDS
        return Part(one_key(inside, self._address(TALK), listens) + self._then(TALK).xml)

    def _then(self, place: str) -> Part:
        return Part(f'<Redirect method="POST">{self._address(place)}</Redirect>')


def no_length(call: Call, leg: Leg) -> float:
    return 0.0


@immutable
class PracticeCall:
    """The agent's webhook in a practice call. Implements ``service.staff_line.Practising``."""

    asked: Asked
    urls: Urls

    def begin(self, session: Session, scenario: str, configuration: Configuration, at: datetime) -> str:
        practice = core.begun(scenario, session.id, session.person, configuration, at)
        return core.to_json(self._player(practice, configuration).until(practice, at))

    def go_on(self, session: Session, configuration: Configuration, at: datetime) -> tuple[str, bool]:
        """Everything up to now, then what the agent did."""
        practice = core.from_json(session.practice)
        player = self._player(practice, configuration)
        practice = player.until(player.spoke(practice), at)
        for event in self._events(practice, configuration, at) if not practice.over else ():
            practice = player.took(core.pressed(practice, event, configuration), event, core.AGENT)
        practice = player.until(practice, at)
        return core.to_json(practice), practice.over

    def _events(self, practice: Practice, configuration: Configuration, at: datetime) -> list[e.Event]:
        leg, place, token = practice.leg, self.asked.place, self.asked.token
        at = max(at, practice.call.at)
        if place == ENDED:
            return [e.LegJoined(at=at, leg=leg.id, token=token)] if token == leg.token and not leg.in_room else []
        if place == TALK:
            star = leg.in_room and self.asked.form.get("Digits") == "*"
            return [e.StarPressed(at=at, leg=leg.id)] if star else []
        return list(self.asked(practice.call, leg, configuration, at))

    def _player(self, practice: Practice, configuration: Configuration) -> Player:
        return player(practice.scenario, configuration, self.urls)


def player(scenario: str, configuration: Configuration, urls: Urls) -> Player:
    def length(call: Call, leg: Leg) -> float:
        """That of the leg's real document. In the room only the way into it has one."""
        parts: Any = PLACES[leg.place.name](DocumentBuilder(call, leg, configuration, urls))
        return seconds_of(parts)

    return Player(configuration.practice[scenario], configuration, length)


def document(session: Session, configuration: Configuration, urls: Urls) -> DocumentParts:
    """The agent's document."""
    practice = core.from_json(session.practice)
    change = player(practice.scenario, configuration, urls).change(practice)
    page = PracticeBuilder(practice, session, configuration, urls, change)
    return PLACES[practice.leg.place.name](page)
