"""The pieces that documents are made of: parts, each of them TwiML with the seconds it takes. Pure.

Which parts make up the document of which place is in ``twiml``. Only verbs before the tail have a length, so the sum
of the parts is how long a document lasts until it brings people together (floor F4).

Strings put together by hand: 1.6 us a document, where the provider's own builder takes 41 us (perf.md 1b). What came
from outside goes through ``escaped`` at the very leaf, so that there is no way around it; a test builds the same
trees with ``twilio.twiml`` and compares.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from callflow.core import prompts
from callflow.core.call import Call, Leg, Prompt, Role
from callflow.core.configuration import Configuration, Language
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.telephony.urls import Urls

LISTEN_SECONDS = 1
"""How long a self-timed document waits for a key after its last word: the shortest that Gather knows."""
WATCH_SECONDS = 5
"""How long the lead's watch on a closing listens on: the caller's message began later than the lead's, by the time an
order and a fetch take, and the lead can take it back until its last word (rule 29)."""
SPEECH_SECONDS = 2
"""Silence after which an answer in words is over; a whole number, as some speech models refuse "auto" (13335)."""
MOST_RECORDED_SECONDS = 120

_UNSPEAKABLE: Mapping[int, str | None] = MappingProxyType(
    {code: None for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)}
    | {ord(space): " " for space in "\t\n\r"}
)
"""Control characters and surrogates are errors in XML even when escaped (12100: the whole document would be lost)."""


class Unsafe(Exception):
    """A document that must not be served: a bug of ours. The leg is to have its fallback document instead."""


class Part(NamedTuple):
    """One verb or several. ``seconds`` is how long it lasts when nobody presses or says anything."""

    xml: str
    seconds: float = 0.0


DocumentParts = list[Part]
HANGUP = Part("<Hangup/>")


def escaped(text: str) -> str:
    """The text as it may stand in an element or in an attribute."""
    if not text.isprintable():  # a fast way to see that there is nothing of that kind
        text = text.translate(_UNSPEAKABLE)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class DocumentBuilder:
    """One leg's document in the making: the verbs, and where its answers go."""

    __slots__ = ("_call", "_conduct", "_configuration", "_leg", "_to", "_urls", "place")

    def __init__(self, call: Call, leg: Leg, configuration: Configuration, urls: Urls) -> None:
        self._call, self._leg, self._configuration, self._urls = call, leg, configuration, urls
        self.place = leg.place
        self._conduct = str(leg.place.details.get("conduct", ""))
        self._to = ""

    @property
    def _to_us(self) -> str:
        """Where the answer goes, escaped; built once, and only if the document asks for one."""
        if not self._to:
            self._to = self._answer_to(self.place.name)
        return self._to

    def _answer_to(self, place: P) -> str:
        return escaped(self._urls.leg(self._call.id, self._leg.id, place, self._leg.token))

    # -- what is heard

    def say(self, spoken: Prompt, language: str = "") -> Part:
        """The line's recording, or the voice of the language that its words are in; the call's language by default."""
        configuration, language = self._configuration, language or self._call.language
        recording = prompts.audio(configuration, language, spoken, self._conduct)
        if recording:
            return play(self._urls.audio(recording.digest, recording.path), recording.seconds)
        # As prompts.seconds does, which would look up and fill in the line once more.
        text = prompts.words(configuration, language, spoken)
        seconds = max(0.5, len(text) / prompts.CHARACTERS_PER_SECOND)
        return Part(said(text, voice_of(configuration, language, spoken.script)), seconds)

    def says(self, some: Iterable[Prompt] | None = None) -> DocumentParts:
        """These lines, by default all lines of the place."""
        return [self.say(one) for one in (self.place.prompts if some is None else some)]

    def music(self, seconds: int) -> DocumentParts:
        """Exactly so many seconds of it: the recording is cut to the length, so the document keeps the time itself."""
        return [play(self._urls.music(self._configuration.music.digest, seconds), seconds)] if seconds >= 1 else []

    # -- what is asked

    def keys(self, inside: DocumentParts, seconds: int = LISTEN_SECONDS) -> Part:
        """Plays what is inside and takes one key at any moment of it."""
        return Part(one_key(inside, self._to_us, seconds), seconds_of(inside) + seconds)

    def asks(self, questions: Iterable[Prompt]) -> DocumentParts:
        """The caller's yes-or-no questions: each is put, then waited for, outside the Gather.

        The words of a question must be heard in full (rule 9), and whatever is nested in a Gather is cut off by the
        first sound or key. No actionOnEmptyResult: silence goes on to the next verb, so that even with our server
        dead the next question comes, and after the last one the way back. Words stay as they were said: rule 9
        reads them, a filter must not (profanityFilter).
        """
        return [part for one in questions for part in (self.say(one), self._yes_or_no(one.script))]

    def _yes_or_no(self, script: str) -> Part:
        seconds = self.place.number("seconds")
        hints = _hints(self._configuration.policy.yes_words, self._configuration.policy.no_words)
        tag = escaped(voice_of(self._configuration, self._call.language, script).tag)
        return Part(
            f'<Gather input="dtmf speech" numDigits="1" finishOnKey="" timeout="{seconds}"'
            f' speechTimeout="{SPEECH_SECONDS}" profanityFilter="false" hints="{hints}" language="{tag}"'
            f' action="{self._to_us}" method="POST"/>',
            seconds,
        )

    def number(self, question: Prompt) -> Part:
        """Takes a telephone number, to the hash key; somebody who knows the question may type at once."""
        asked, seconds = self.say(question), self.place.number("seconds")
        return Part(
            f'<Gather input="dtmf" finishOnKey="#" timeout="{seconds}" action="{self._to_us}" method="POST">'
            f"{asked.xml}</Gather>",
            asked.seconds + seconds,
        )

    def gather(self, inside: DocumentParts, attributes: str, seconds: int) -> Part:
        """Any other question of a flow; ``attributes`` are escaped, and say what is taken as an answer."""
        return Part(
            f'<Gather {attributes} timeout="{seconds}" action="{self._to_us}" method="POST">{xml_of(inside)}</Gather>',
            seconds_of(inside) + seconds,
        )

    def speech(self, hints: str = "") -> str:
        """Attributes for an answer in words, in the call's language, or by one key."""
        wanted = (
            self._configuration.languages.get(self._call.language)
            or self._configuration.languages[self._configuration.language]
        )
        some = f' hints="{escaped(hints)}"' if hints else ""
        return (
            f'input="dtmf speech" numDigits="1" finishOnKey="" speechTimeout="{SPEECH_SECONDS}"'
            f' profanityFilter="false"{some} language="{escaped(wanted.tag)}"'
        )

    def outside(self, number: str, seconds: int) -> Part:
        """On to a number outside. It sees our own number: the caller's may be withheld, which is refused (13247)."""
        return Part(
            f'<Dial action="{self._to_us}" method="POST" timeout="{seconds}"'
            f' callerId="{escaped(self._configuration.caller_id)}"><Number>{escaped(number)}</Number></Dial>'
        )

    def record(self) -> Part:
        return Part(
            f'<Record action="{self._to_us}" method="POST" maxLength="{MOST_RECORDED_SECONDS}" timeout="5"'
            ' finishOnKey="#" playBeep="true"/>',
            MOST_RECORDED_SECONDS,
        )

    # -- how it ends

    def redirect(self) -> Part:
        """Comes to us for the next document. With our server dead the leg's fallback address takes over."""
        return Part(f'<Redirect method="POST">{self._to_us}</Redirect>')

    def room(self) -> Part:
        """The safe tail: the call's room. It needs no answer of ours, so people are together again on time (3.8).

        Whoever is only being asked does not get there by any document: it may be a voicemail (floor F5).
        """
        leg, call = self._leg, self._call
        if leg.role is Role.CANDIDATE or leg.role is Role.ALERTED:
            return HANGUP
        # The label is told to us when the leg joins. With its token it proves which document ran to its end.
        label = f' participantLabel="{escaped(leg.id)}-{leg.token}"'
        action = f' action="{self._answer_to(P.ROOM)}" method="POST"'
        return Part(dial(call.room, staff=leg.role is not Role.CALLER, events=self._urls.room(call.id), label=label,
                         action=action))  # fmt: skip

    def closing_is_decided(self) -> bool:
        """A person's decision is on record, and the call is about to be closed by it (floors F2 and F3)."""
        call = self._call
        return call.stage is Stage.CLOSING and call.closing is not None and self._leg.role is Role.CALLER


def voice_of(configuration: Configuration, language: str, script: str) -> Language:
    """The language in which the words of a line are: the default one where the wanted one lacks it."""
    wanted = configuration.languages.get(language)
    return wanted if wanted and script in wanted.scripts else configuration.languages[configuration.language]


def play(address: str, seconds: float) -> Part:
    return Part(f"<Play>{escaped(address)}</Play>", seconds)


def said(text: str, voice: Language | None = None) -> str:
    return f"{_say(voice.voice, voice.tag) if voice else '<Say>'}{escaped(text)}</Say>"


@lru_cache(maxsize=64)  # a few voices, said a thousand times
def _say(voice: str, tag: str) -> str:
    return f'<Say voice="{escaped(voice)}" language="{escaped(tag)}">'


@lru_cache(maxsize=16)
def _hints(*words: tuple[str, ...]) -> str:
    return escaped(",".join(word for some in words for word in some))


def dial(room: str, *, staff: bool, events: str | None, label: str = "", action: str = "") -> str:
    """Into a room, the same attributes for everybody, because those of the first to join count for all (0.6).

    - No waitUrl: the provider's own music plays while one waits for the other. A waitUrl that cannot be fetched would
      keep the room from being established (3.8), and then a dead server of ours would keep people apart.
    - endConferenceOnExit is false for everybody: nobody's leaving may cost another the call (0.4, floor F6).
    - hangupOnStar gives the star key, the only key that reaches us from a room (0.2), to staff and to them alone.
    """
    star = ' hangupOnStar="true"' if staff else ""
    callback = (
        f' statusCallback="{escaped(events)}" statusCallbackMethod="POST" statusCallbackEvent="join"' if events else ""
    )
    return (
        f'<Dial{action}{star}><Conference beep="false" startConferenceOnEnter="true" endConferenceOnExit="false"'
        f"{label}{callback}>{escaped(room)}</Conference></Dial>"
    )


def one_key(inside: DocumentParts, action: str, seconds: int) -> str:
    """``action`` is escaped. No finishing key, so that * and # arrive as keys too."""
    return (
        f'<Gather input="dtmf" numDigits="1" finishOnKey="" timeout="{seconds}" action="{action}" method="POST">'
        f"{xml_of(inside)}</Gather>"
    )


def pause(seconds: int) -> DocumentParts:
    """So many whole seconds of silence; none at all below one, which is the shortest there is (3.3)."""
    return [Part(f'<Pause length="{seconds}"/>', seconds)] if seconds >= 1 else []


def seconds_of(parts: DocumentParts) -> float:
    return sum([part.seconds for part in parts])


def xml_of(parts: DocumentParts) -> str:
    return "".join([part.xml for part in parts])
