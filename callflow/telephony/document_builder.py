"""Builds documents from parts. Each part is TwiML and the seconds that it takes. Pure.

``twiml`` says which parts make up the document of a place. The verb that ends a document takes 0 seconds, so the sum of
the parts is the time until the document brings people together (floor F4).

Documents are concatenated strings, which takes 1.6 us for each; the provider's builder takes 41 us (perf.md 1b). Text
from outside is passed through ``escaped`` where it is inserted. A test builds the same documents with ``twilio.twiml``
and compares.
"""

from collections.abc import Iterable

from callflow.audio.sounds import LONGEST_SECONDS
from callflow.core import no_answer, prompts
from callflow.core.call import Call, Leg, Prompt, Role
from callflow.core.configuration import Configuration
from callflow.core.languages import speaking_seconds
from callflow.core.places import COACHES, WAITS_FOR
from callflow.core.policy import SpokenAnswers
from callflow.core.question import BEEP_SECONDS, RECOGNISING_SECONDS
from callflow.core.script_catalogue import AFTER_TONE, CHOICES, YES_OR_NO
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.telephony.joining import is_announced, is_met
from callflow.telephony.recorded_parts import played
from callflow.telephony.urls import Urls
from callflow.telephony.verbs import (
    HANGUP,
    DocumentParts,
    Part,
    dial,
    escaped,
    hints_of,
    one_key,
    pause,
    play,
    said,
    seconds_of,
    xml_of,
)

LISTEN_SECONDS = 1
"""How long a self-timed document waits for a key after its last word. The minimum of Gather."""
STAR_SECONDS = 2
"""How long a digit can follow a star that leads back into the room."""
WATCH_SECONDS = 6
"""How much longer the lead's document is during a closing. The caller's message is requested and fetched, so it begins
later, ends with a second of silence, and the lead can cancel it until its last word (rule 29)."""
SPEECH_SECONDS = 2
"""Silence that ends an answer in words. A whole number, because some speech models refuse "auto" (13335)."""
MOST_RECORDED_SECONDS, BRIEFING_SECONDS = 120, 10
"""The longest spoken briefing."""
LONGEST_SILENCE_SECONDS = 3
"""People who wait longer than this without a sound think that the line is dead."""


class Unsafe(Exception):
    """The document must not be served, because of a bug. The leg gets its fallback document instead."""


class DocumentBuilder:
    """Builds the document of one leg."""

    __slots__ = ("_call", "_conduct", "_configuration", "_language", "_leg", "_to", "_urls", "place")

    def __init__(self, call: Call, leg: Leg, configuration: Configuration, urls: Urls) -> None:
        self._call, self._leg, self._configuration, self._urls = call, leg, configuration, urls
        self.place = leg.place
        self._conduct = str(leg.place.details.get("conduct", ""))
        self._language = prompts.heard_by(configuration, call, leg)
        self._to = ""

    @property
    def for_staff(self) -> bool:
        return self._leg.role is not Role.CALLER

    @property
    def _to_us(self) -> str:
        """The escaped URL for the answer. Built once, and only if the document asks for one."""
        if not self._to:
            self._to = self._answer_to(self.place.name)
        return self._to

    def _answer_to(self, place: P) -> str:
        return escaped(self._urls.leg(self._call.id, self._leg.id, place, self._leg.token))

    # -- prompts and music

    def say(self, spoken: Prompt, language: str = "") -> Part:
        """A prompt: its recordings as one file, or the voice of the language of its text. By default in the leg's
        language."""
        language = language or self._language
        recorded = prompts.recordings(self._configuration, language, spoken, self._conduct)
        return played(self._urls, spoken.script, recorded) if recorded else self._spoken(spoken, language)

    def opens(self, some: Iterable[Prompt] | None = None) -> DocumentParts:
        """Prompts outside of a Gather, by default all of the place: only the first may be a recording (``speak``)."""
        return [self.speak(one) if number else self.say(one)
                for number, one in enumerate(self.place.prompts if some is None else some)]  # fmt: skip

    def callers_seconds(self) -> float:
        """How long the caller hears the prompts of this place, in the call's language."""
        configuration, call = self._configuration, self._call
        return sum([prompts.seconds(configuration, call.language, one, self._conduct) for one in self.place.prompts])

    def speak(self, spoken: Prompt) -> Part:
        """A prompt that needs no server when its turn comes: spoken by the voice even if there is a recording, because
        a file that follows a Gather is only fetched then."""
        return self._spoken(spoken, self._language)

    def _spoken(self, spoken: Prompt, language: str) -> Part:
        # As ``prompts.seconds``, which would fill in the text once more.
        voice = self._configuration.speaks(spoken.script, language)
        text = prompts.spoken_by(self._configuration, voice, spoken)
        return Part(said(text, voice), speaking_seconds(text, voice.tag))

    def says(self, some: Iterable[Prompt] | None = None) -> DocumentParts:
        """These prompts, by default all prompts of the place."""
        return [self.say(one) for one in (self.place.prompts if some is None else some)]

    def music(self, seconds: int) -> DocumentParts:
        """Exactly ``seconds`` of music. The recording is cut to that length, so that the document ends on time."""
        return [play(self._urls.music(self._configuration.music.digest, seconds), seconds)] if seconds >= 1 else []

    def wait(self, seconds: int) -> DocumentParts:
        """Exactly ``seconds`` in which staff wait: silence if it is short, otherwise a soft tick."""
        if seconds < LONGEST_SILENCE_SECONDS:
            return pause(seconds)
        rounds, rest = divmod(seconds, LONGEST_SECONDS)
        lengths = [LONGEST_SECONDS] * rounds + ([rest] if rest else [])
        return [play(self._urls.sound("tick", length), length) for length in lengths]

    # -- questions

    def keys(self, inside: DocumentParts, seconds: int = LISTEN_SECONDS, *, ends: str = "") -> Part:
        """Play ``inside`` and accept one key, also while it plays. The key ``ends`` makes no request (``one_key``)."""
        return Part(one_key(inside, self._to_us, seconds, ends), seconds_of(inside) + seconds)

    def staff_keys(self, inside: DocumentParts, seconds: int) -> Part:
        """The same for staff, who hear that the line is alive while they choose."""
        return self.keys([*inside, *self.wait(seconds - LISTEN_SECONDS)])

    def asks(self) -> DocumentParts:
        """The prompts of the place as yes-or-no questions to the caller.

        What is asked must be heard in full (rule 9), so it is outside of a Gather, where nothing interrupts it, and a
        key pressed meanwhile is never reported. The choices are in a Gather for keys only: a key counts at once, and no
        sound cuts them short. Then words count as well. There is no actionOnEmptyResult, so after silence the next verb
        follows: the next question, or the return to the room, even if our server is down.
        """
        first, *later = self.place.prompts
        if WAITS_FOR in self.place.details:  # a key still counts while the recorded answer is recognised
            sound = play(self._urls.sound("tone", RECOGNISING_SECONDS - LISTEN_SECONDS),
                         RECOGNISING_SECONDS - LISTEN_SECONDS)  # fmt: skip
            return [self.keys([sound]), *(self._by_key(one) for one in self.place.prompts)]
        return [self.say(first), *(self._ask(one) for one in later)]

    def _ask(self, spoken: Prompt) -> Part:
        """A later line of a question. Spoken, because its file would be fetched when its turn comes, and with our
        server gone the question would end in an error."""
        if spoken.script == YES_OR_NO:
            return self._yes_or_no(spoken)
        if spoken.script == AFTER_TONE:
            return self._recorded(spoken)
        return self.keys([self.speak(spoken)]) if spoken.script in CHOICES else self.speak(spoken)

    def _yes_or_no(self, invitation: Prompt) -> Part:
        """profanityFilter is off, because ``keys.answer`` needs the words that were said."""
        seconds, said = self.place.number("seconds"), self.speak(invitation)
        voice = self._configuration.speaks(invitation.script, self._language)
        hints, tag = hints_of(voice.answers.yes, voice.answers.no), escaped(voice.tag)
        return Part(
            f'<Gather input="dtmf speech" numDigits="1" finishOnKey="" timeout="{seconds}"'
            f' speechTimeout="{SPEECH_SECONDS}" profanityFilter="false" hints="{hints}" language="{tag}"{self._model}'
            f' action="{self._to_us}" method="POST">{said.xml}</Gather>',
            said.seconds + seconds,
        )

    def _by_key(self, spoken: Prompt) -> Part:
        if spoken.script in CHOICES:
            return self.keys([self.speak(spoken)], self.place.number("seconds"))
        return self.speak(spoken)

    def _recorded(self, invitation: Prompt) -> Part:
        """The answer after a tone. A key ends it, 1 and 2 are answers. If nothing is said, the next verb follows."""
        asked, seconds = self.keys([self.speak(invitation)]), self.place.number("seconds")
        words = self._words(seconds, seconds)
        return Part(asked.xml + words.xml, asked.seconds + BEEP_SECONDS + words.seconds)

    @property
    def _model(self) -> str:
        """Without a model the provider chooses, and takes another when that fails (policy: no confidence decides)."""
        model = self._configuration.speech_model
        return f' speechModel="{escaped(model)}"' if model else ""

    def number(self, question: Iterable[Prompt]) -> Part:
        """Ask for a telephone number, finished by the hash key. It can be typed while the question plays."""
        return self.gather(self.says(question), 'input="dtmf" finishOnKey="#"', self.place.number("seconds"))

    def gather(self, inside: DocumentParts, attributes: str, seconds: int) -> Part:
        """Any other question of a flow. ``attributes`` are the escaped attributes of Gather for the answer."""
        return Part(
            f'<Gather {attributes} timeout="{seconds}" action="{self._to_us}" method="POST">{xml_of(inside)}</Gather>',
            seconds_of(inside) + seconds,
        )

    def speech(self, hints: str = "") -> str:
        """The attributes of Gather for an answer in words, in the call's language, or by one key.

        Only by key if the provider recognises no words.
        """
        if self._configuration.policy.spoken_answers is SpokenAnswers.RECORDING:
            return 'input="dtmf" numDigits="1" finishOnKey=""'
        known = self._configuration.languages
        wanted = known.get(self._language) or known[self._configuration.language]
        some = f' hints="{escaped(hints)}"' if hints else ""
        return (
            f'input="dtmf speech" numDigits="1" finishOnKey="" speechTimeout="{SPEECH_SECONDS}"'
            f' profanityFilter="false"{some} language="{escaped(wanted.tag)}"{self._model}'
        )

    def outside(self, number: str, seconds: int) -> Part:
        """Dial an outside number, with ours as caller id: the caller's may be withheld, which is refused (13247)."""
        shown = escaped(self._configuration.shown_by(self._call.account, self._call.called))
        return Part(
            f'<Dial action="{self._to_us}" method="POST" timeout="{seconds}"'
            f' callerId="{shown}"><Number>{escaped(number)}</Number></Dial>'
        )

    def record(self) -> Part:
        return Part(
            f'<Record action="{self._to_us}" method="POST" maxLength="{MOST_RECORDED_SECONDS}" timeout="5"'
            ' finishOnKey="#" playBeep="true"/>',
            MOST_RECORDED_SECONDS,
        )

    def record_briefing(self) -> Part:
        """The same for a few words, which any key ends. If they are cut off, only the status callback tells of them."""
        return self._words(BRIEFING_SECONDS, 5)

    def _words(self, seconds: int, silence: int) -> Part:
        told = escaped(self._urls.leg_status(self._call.id, self._leg.id))
        return Part(
            f'<Record action="{self._to_us}" method="POST" maxLength="{seconds}" timeout="{silence}"'
            f' finishOnKey="1234567890*#" playBeep="true" recordingStatusCallback="{told}"'
            ' recordingStatusCallbackMethod="POST"/>',
            seconds,
        )

    def briefing(self, number: int) -> Part:
        """What somebody on this call has recorded, by its number."""
        return play(self._urls.spoken(self._call.id, number), BRIEFING_SECONDS)

    # -- endings

    def redirect(self) -> Part:
        """Request the next document from us. If our server is down, the leg's fallback URL is requested."""
        return Part(f'<Redirect method="POST">{self._to_us}</Redirect>')

    def room(self) -> Part:
        """The safe tail: join the call's room. It needs no request to us, so people are together on time (3.8).

        A leg that is only being rung hangs up instead, because it may be voicemail (floor F5).
        """
        leg, call = self._leg, self._call
        if leg.role in (Role.CANDIDATE, Role.ALERTED, Role.LISTENER):
            return HANGUP
        # The label is reported to us when the leg joins. Its token proves which document was played to its end.
        label = f' participantLabel="{escaped(leg.id)}-{leg.token}"'
        action = f' action="{self._answer_to(P.ROOM)}" method="POST"'
        return Part(dial(call.room, staff=self.for_staff, events=self._urls.room(call.id), label=label,
                         action=action, music=not is_met(call, leg), announced=is_announced(call, leg),
                         jitter=self._configuration.jitter_buffer))  # fmt: skip

    def listens(self) -> Part:
        """Join the room as a listener: muted, or as a coach whom only the lead hears. Never anything else (rule 6)."""
        coached = self._call.leg(str(self.place.details.get(COACHES, "")))
        label = f' participantLabel="{escaped(self._leg.id)}-{self._leg.token}"'
        heard = f' coach="{escaped(coached.sid)}"' if coached and coached.sid else ' muted="true"'
        return Part(dial(self._call.room, staff=True, events=self._urls.room(self._call.id), label=label + heard,
                         action=f' action="{self._to_us}" method="POST"', music=False,
                         jitter=self._configuration.jitter_buffer))  # fmt: skip

    def asked_for_a_sign(self) -> bool:
        return self._call.silent_prompts >= no_answer.PROMPTS and self._leg.role is Role.CALLER

    def closing_is_decided(self) -> bool:
        """Whether a person has decided to close the call, and the call is in that stage (floors F2 and F3)."""
        call = self._call
        return call.stage is Stage.CLOSING and call.closing is not None and self._leg.role is Role.CALLER
