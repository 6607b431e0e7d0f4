"""The documents of the staff line. Each asks for keys and then requests the next one; none joins a room. Pure.

A recording or the voice of the person's language speaks; until somebody has logged in, that of the default one.
"""

from callflow.core import practice as core
from callflow.core import prompts
from callflow.core.call import Prompt, Word
from callflow.core.choices import WORDS
from callflow.core.configuration import Audio, Configuration
from callflow.core.languages import speaking_seconds
from callflow.core.staff_line.numbers import number_of
from callflow.core.staff_line.session import StaffPlace
from callflow.service.staff_line import MOST_SCENARIOS, StaffReply
from callflow.service.staff_prompts import language_for
from callflow.telephony import practice, staff_line_calls
from callflow.telephony.recorded_parts import played
from callflow.telephony.urls import Urls
from callflow.telephony.verbs import HANGUP, DocumentParts, Part, escaped, one_key, pause, play, said, xml_of

TYPING_SECONDS = 6
"""How long a number or a PIN waits for its next digit."""
KEY_SECONDS = 8
MOST_TYPED = 12
MOST_RECORDED_SECONDS = 40
"""With the silence around the words, of which at most 30 seconds are kept (``audio.normalising``)."""

MOST_OF_A_NUMBER = 20
TYPED = {StaffPlace.NUMBER: "staff_number", StaffPlace.PIN: "staff_pin", StaffPlace.LINE: "record_number",
         StaffPlace.CALL_NUMBER: "call_number"}  # fmt: skip


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
            case StaffPlace.PRACTICE:
                return [*news, *practice.document(self._session, self._configuration, self._urls)]
            case StaffPlace.RECORD:
                return [*news, self.say("record_speak"), self._record(), self._silence()]
            case place if place in TYPED:
                return [self._typed([*news, self.say(TYPED[place])]), self._silence()]
            case _:
                return [Part(one_key([*news, *self._asked()], self._next, KEY_SECONDS)), self._silence()]

    def _asked(self) -> DocumentParts:
        """What one key answers."""
        match self._session.place:
            case StaffPlace.SCENARIO | StaffPlace.PROMISE as place:
                return self._scenarios() if place is StaffPlace.SCENARIO else self._promise()
            case StaffPlace.CHOSEN:
                return self._chosen()
            case StaffPlace.CALL_CONFIRM | StaffPlace.CHECK_IN as place:
                last3 = " ".join(self._session.number[-3:])
                return [self.say("staff_check_in" if place is StaffPlace.CHECK_IN else "call_confirm", last3=last3)]
            case StaffPlace.CALLS:
                return [self._part(one) for one in staff_line_calls.asked(self._reply.team_calls)]
            case StaffPlace.REVIEW:
                heard = play(self._urls.take(self._session.id, self._session.token), MOST_RECORDED_SECONDS)
                return [heard, self.say("record_review")]
            case _:
                return [*self._outcomes(), *self._menu()]

    def _chosen(self) -> DocumentParts:
        """The line, or the piece of it, as it is heard now."""
        session = self._session
        speaks = self._configuration.languages[language_for(self._configuration, session.person)]
        line = speaks.numbered.get(number_of(session.line))
        part = line.part(session.piece) if line else None
        if part is None:  # it was taken away meanwhile
            return [self.say("record_unknown"), self.say("record_choice")]
        path, words = part
        script = speaks.scripts.get(session.line)
        files = (*script.audio.values(), *script.pieces) if script else (*speaks.values.values(),)
        sound = next((one for one in files if isinstance(one, Audio) and one.path == path), None)
        heard = (played(self._urls, session.line, (sound,)) if sound else
                 Part(said(words, speaks), speaking_seconds(words, speaks.tag)))  # fmt: skip
        if not session.piece:
            return [heard, self.say("record_choice")]
        numbered = self.say("record_piece", m=str(session.piece), n=str(session.pieces))
        return [numbered, heard, self.say("record_piece_choice")]

    def say(self, script: str, **values: Word) -> Part:
        return self._part(Prompt(script, values))

    def _part(self, prompt: Prompt) -> Part:
        return spoken(self._configuration, self._urls, self._language, prompt)

    def _menu(self) -> DocumentParts:
        person = self._session.person
        name = self._configuration.person(person).name
        menu = self.say("staff_menu_away" if self._reply.away else "staff_menu", agent=name)
        records = person in self._configuration.staff_line.recorders
        calls = [self.say("staff_calls_key")] if self._reply.team_calls.supervises else []
        return [*self._check_in(), menu, *calls, *self._incident_key(), *([self.say("record_key")] if records else []),
                *([self.say("call_key")] if self._reply.calls else [])]  # fmt: skip

    def _check_in(self) -> DocumentParts:
        """Not again after the answer to it."""
        whose = self._reply.after_calls.check_in
        asked = bool(whose) and not self._session.check_in
        return [self.say("staff_check_in_key", owner=whose)] if asked else []

    def _incident_key(self) -> DocumentParts:
        told = self._reply.after_calls
        if told.missing:
            return [self.say("staff_incident_remind")]
        return [self.say("staff_incident_key")] if told.open else []

    def _incident(self) -> DocumentParts:
        found = self._reply.after_calls.incident
        if found is None:  # it was answered meanwhile
            return [self.say("staff_incident_none")]
        owner, ref = found.owner or Prompt("unnamed_supervisor"), " ".join(found.reference)
        if found.hours:
            said = self.say("staff_incident", owner=owner, ref=ref, n=str(found.hours))
        else:
            said = self.say("staff_incident_late", owner=owner, ref=ref)
        return [said, self.say("staff_incident_missing")] if found.missing else [said]

    def _outcomes(self) -> DocumentParts:
        parts: DocumentParts = []
        for one in self._reply.outcomes:
            parts.append(self.say(one.how, n=" ".join(one.number)))
            if one.piece:
                parts.append(self.say("record_told_piece", n=str(one.piece)))
        return parts

    def _news(self) -> DocumentParts:
        news = self._session.news
        if not news:
            return []
        match news:
            case "practice_begin":
                return [self.say(news, callee=self._scenario(core.from_json(self._session.practice).scenario))]
            case "practice_over":
                return [self.say(news), *self._debrief(core.from_json(self._session.practice))]
            case "staff_incident":
                return self._incident()
            case "staff_calls_count" | "staff_refused":
                return [self._part(staff_line_calls.news(self._session, self._reply.team_calls))]
        owner = {"owner": self._reply.after_calls.check_in} if news == "staff_check_in_yes" else {}
        return [self.say(news, **owner)]

    def _scenario(self, name: str) -> str:
        return self._configuration.practice[name].name

    def _scenarios(self) -> DocumentParts:
        names = list(self._configuration.practice)[:MOST_SCENARIOS]
        return [self.say("practice_choice", callee=self._scenario(one), key=str(key))
                for key, one in enumerate(names, 1)]  # fmt: skip

    def _debrief(self, played: core.Practice) -> DocumentParts:
        """What was chosen, and what could have been, in the order of the steps. It is no judgement, and is not kept."""
        parts: DocumentParts = []
        for choice in core.CHOICES:
            step = Prompt(WORDS[choice], {"key": self._configuration.policy.menu.keys[choice]})
            if choice in played.pressed:
                parts.append(self.say("practice_pressed", n=str(played.pressed[choice]), choices=step))
            elif choice in played.opened:
                parts.append(self.say("practice_open", n=str(played.opened[choice]), choices=step))
            else:
                parts.append(self.say("practice_closed", choices=step))
        return parts

    def _promise(self) -> DocumentParts:
        if self._reply.promise is None:  # somebody else has kept it meanwhile
            return [self.say("staff_no_promise"), self.say("staff_promise_key_next")]
        one, speaks = self._reply.promise, self._configuration
        number = " ".join(one.number) if one.number else Prompt("withheld_number")
        time = prompts.due_time(speaks, self._language, one.due, self._reply.at)
        line = "staff_promise_late" if one.due <= self._reply.at else "staff_promise"
        keys = "staff_promise_keys" if self._reply.calls and one.number else "staff_promise_key_next"
        return [self.say(line, time=time, number=number, ref=" ".join(one.call.reference)), self.say(keys)]

    def _typed(self, inside: DocumentParts) -> Part:
        most = MOST_OF_A_NUMBER if self._session.place is StaffPlace.CALL_NUMBER else MOST_TYPED
        return Part(f'<Gather input="dtmf" numDigits="{most}" finishOnKey="#" timeout="{TYPING_SECONDS}"'
                    f' action="{self._next}" method="POST">{xml_of(inside)}</Gather>')  # fmt: skip

    def _record(self) -> Part:
        """The action is requested after silence, the key, or the caller's hang-up (twilio.md 3.5)."""
        return Part(f'<Record action="{self._next}" method="POST" maxLength="{MOST_RECORDED_SECONDS}" timeout="5"'
                    ' finishOnKey="#" playBeep="true"/>', MOST_RECORDED_SECONDS)  # fmt: skip

    def _silence(self) -> Part:
        """Nothing was pressed: the same request, without keys."""
        return Part(f'<Redirect method="POST">{self._next}</Redirect>')


def spoken(configuration: Configuration, urls: Urls, language: str, prompt: Prompt) -> Part:
    """A prompt outside of a call: its recording, or the voice of the language of its text."""
    if recorded := prompts.recordings(configuration, language, prompt):
        return played(urls, prompt.script, recorded)
    text = prompts.text(configuration, language, prompt)
    return Part(said(text, configuration.speaks(prompt.script, language)),
                prompts.voice_seconds(configuration, language, prompt))  # fmt: skip
