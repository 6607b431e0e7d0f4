"""The documents of the staff line. Each asks for keys and then requests the next one; none joins a room. Pure.

A recording or the voice of the person's language speaks; until somebody has logged in, that of the default one.
"""

from callflow.core import prompts
from callflow.core.call import Prompt, Word
from callflow.core.configuration import Configuration
from callflow.core.staff_line.session import StaffPlace
from callflow.service.staff_line import StaffReply
from callflow.telephony.urls import Urls
from callflow.telephony.verbs import HANGUP, DocumentParts, Part, escaped, one_key, pause, play, said, xml_of

TYPING_SECONDS = 6
"""How long a number or a PIN waits for its next digit."""
KEY_SECONDS = 8
MOST_TYPED = 12


def render(reply: StaffReply, configuration: Configuration, urls: Urls) -> str:
    """The document of the session's place."""
    return response(_Page(reply, configuration, urls).parts())


def response(parts: DocumentParts) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{xml_of(parts)}</Response>'


class _Page:
    def __init__(self, reply: StaffReply, configuration: Configuration, urls: Urls) -> None:
        self._reply, self._configuration, self._urls = reply, configuration, urls
        self._session = reply.session
        self._language = configuration.language_of(self._session.person)
        self._next = escaped(urls.staff_line(self._session.id, self._session.token))

    def parts(self) -> DocumentParts:
        news = self._news()
        match self._session.place:
            case StaffPlace.OVER:
                return [*news, *pause(1), HANGUP]
            case StaffPlace.NUMBER:
                return [self._typed([*news, self.say("staff_number")]), self._silence()]
            case StaffPlace.PIN:
                return [self._typed([*news, self.say("staff_pin")]), self._silence()]
            case _:
                return [Part(one_key([*news, self._menu()], self._next, KEY_SECONDS)), self._silence()]

    def say(self, script: str, **values: Word) -> Part:
        return spoken(self._configuration, self._urls, self._language, Prompt(script, values))

    def _menu(self) -> Part:
        name = self._configuration.person(self._session.person).name
        return self.say("staff_menu_away" if self._reply.away else "staff_menu", name=name)

    def _news(self) -> DocumentParts:
        news = self._session.news
        if not news:
            return []
        if news != "staff_promise":
            return [self.say(news)]
        if self._reply.promise is None:  # somebody else has kept it meanwhile
            return [self.say("staff_no_promise")]
        reference, promise = self._reply.promise
        number = " ".join(promise.number) if promise.number else Prompt("withheld_number")
        time = prompts.clock_time(self._configuration, self._language, promise.due)
        return [self.say("staff_promise", time=time, number=number, ref=" ".join(reference))]

    def _typed(self, inside: DocumentParts) -> Part:
        return Part(f'<Gather input="dtmf" numDigits="{MOST_TYPED}" finishOnKey="#" timeout="{TYPING_SECONDS}"'
                    f' action="{self._next}" method="POST">{xml_of(inside)}</Gather>')  # fmt: skip

    def _silence(self) -> Part:
        """Nothing was pressed: the same request, without keys."""
        return Part(f'<Redirect method="POST">{self._next}</Redirect>')


def spoken(configuration: Configuration, urls: Urls, language: str, prompt: Prompt) -> Part:
    """A prompt outside of a call: its recording, or the voice of the language of its text."""
    if recording := prompts.audio(configuration, language, prompt):
        return play(urls.audio(recording.digest, recording.path), recording.seconds)
    text = prompts.text(configuration, language, prompt)
    return Part(said(text, configuration.speaks(prompt.script, language)),
                prompts.voice_seconds(configuration, language, prompt))  # fmt: skip
