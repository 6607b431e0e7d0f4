"""Converts the form of a leg's request to the events of the core. Pure.

The URL of a request (leg, token, place) says which document it belongs to. If the leg has another document by now, the
request is late or repeated: it gives no event, and is answered with the document of the leg's current place (F7).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

from callflow.core import events as e
from callflow.core.call import ROOM, Call, Leg, LegStatus, Role
from callflow.core.configuration import Configuration
from callflow.core.flow.call_back import CallBackStep
from callflow.core.keys import answer
from callflow.core.lost_moments import is_lost
from callflow.core.places import ASKING, FINISH, RECORDED, STAR_OPENS
from callflow.core.records import immutable
from callflow.core.staff_line.takes import Take
from callflow.core.stages import PlaceName
from callflow.telephony.numbers import typed_number, valid_account
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import ENTER, NAME_ONLY

LONGEST_KEYS = 20
"""The most keys that are read, more than a telephone number has."""
KEYS = frozenset("0123456789*#ABCD")
LONGEST_SPEECH = 1000
REPEATED_WITHIN = timedelta(seconds=15)
"""The provider's limit for all attempts at a request (twilio.md 1.4)."""
LONGEST_COUNT = 9
"""The most digits that are read of a number of seconds."""


@immutable
class Asked:
    """A leg's request: the token and the place of the document that it answers, and the provider's form."""

    token: int
    place: str
    form: Mapping[str, str]

    def __call__(self, call: Call, leg: Leg, configuration: Configuration, at: datetime) -> Sequence[e.Event]:
        """The events of the request, in order. This is a ``service.call_service.Facts``."""
        sid = self.form.get("CallSid", "")
        ringing = leg.status in (LegStatus.WANTED, LegStatus.RINGING)
        answered = [e.LegAnswered(at=at, leg=leg.id, sid=sid or leg.sid)] if ringing else []
        if is_lost(self.token, leg.token):
            return [*answered, *self._lost(leg, at), *self._over(leg, at)]
        return [*(answered or self._answer(call, leg, configuration, at)), *self._over(leg, at)]

    def _over(self, leg: Leg, at: datetime) -> Sequence[e.Event]:
        """The end of the leg, if the request was made after it hung up (twilio.md 1.4)."""
        status = self.form.get("CallStatus", "")
        return [e.LegLost(at=at, leg=leg.id, status=status)] if is_over(status) else ()

    def _answer(self, call: Call, leg: Leg, configuration: Configuration, at: datetime) -> Sequence[e.Event]:
        if self.place == PlaceName.ROOM and self.token == NAME_ONLY:
            return self._star_by_name(leg, at)
        if self.place == ENTER or self.token != leg.token:
            return ()
        by_tail = self.place == PlaceName.ROOM and not leg.in_room
        if self.place != leg.place.name and not by_tail:
            return ()
        arrived = [e.LegJoined(at=at, leg=leg.id, token=leg.token)] if by_tail else []
        over = is_over(self.form.get("CallStatus", ""))
        if self.place == PlaceName.ROOM:
            return [*arrived, *([self._key_to_room(leg, at)] if leg.role is not Role.CALLER and not over else [])]
        if over and leg.place.name not in RECORDED:
            return ()
        # The key that ended a spoken briefing may be a protective one.
        ended = [self._key_to_room(leg, at)] if leg.at(PlaceName.SPOKEN_BRIEFING) and pressed(self.form) else []
        return [self._event(call, leg, configuration, at), *ended]

    def _key_to_room(self, leg: Leg, at: datetime) -> e.Event:
        """The star that took staff out of the room, or a key on the way into it."""
        keys = pressed(self.form)
        return (
            e.DigitPressed(at=at, leg=leg.id, key=keys) if keys not in ("", "*") else e.StarPressed(at=at, leg=leg.id)
        )

    def _out_of_listening(self, leg: Leg, at: datetime) -> e.Event:
        """A listener's star, or a room that could not be joined or is over (twilio.md 3.6)."""
        star = self.form.get("DialCallStatus") == "answered"
        return e.StarPressed(at=at, leg=leg.id) if star else e.PlaceEnded(at=at, leg=leg.id)

    def _star_by_name(self, leg: Leg, at: datetime) -> Sequence[e.Event]:
        """``*`` in a document that knew the call by its name only, so there is no token to compare.

        It came from the room, wherever we believed the leg to be. A leg that has just got a menu or a prompt gets it
        again, because the request may be a repeated one (F7).
        """
        if leg.role is Role.CALLER or is_over(self.form.get("CallStatus", "")):
            return ()
        answered = leg.place.name in STAR_OPENS or (leg.in_room and leg.place != ROOM)
        if answered and at < leg.since + REPEATED_WITHIN:
            return ()
        arrived = [] if leg.in_room else [e.LegJoined(at=at, leg=leg.id, token=None)]
        return [*arrived, e.StarPressed(at=at, leg=leg.id)]

    def _lost(self, leg: Leg, at: datetime) -> Sequence[e.Event]:
        """A document with a higher number than any we know of: the database has lost the latest moments of the call.

        Whatever was asked is forgotten, and the leg comes into the room. Star opens the menu there, as ever.
        """
        if is_over(self.form.get("CallStatus", "")):
            return ()
        star = self.place == PlaceName.ROOM and leg.role is not Role.CALLER
        arrived = e.LegJoined(at=at, leg=leg.id, token=None, lost_token=self.token)
        return [arrived, *([e.StarPressed(at=at, leg=leg.id)] if star else [])]

    def _event(self, call: Call, leg: Leg, configuration: Configuration, at: datetime) -> e.Event:
        keys, speech = pressed(self.form), self.form.get("SpeechResult", "")
        place = leg.place.name
        if place in RECORDED:
            return self._recorded(leg, at)
        if place in ASKING and "RecordingSid" in self.form and keys in ("", FINISH):
            return self._answer_recorded(leg, at)
        if place in ASKING:
            return _consent(leg, keys, answer(configuration, call.language, keys, speech), at)
        if len(keys) > 1 and collects_number(call, leg, configuration):
            ours = call.called if call.called.startswith("+") else configuration.caller_id
            return e.DigitPressed(at=at, leg=leg.id, key=typed_number(keys, ours, configuration.own_numbers))
        if keys:
            return e.DigitPressed(at=at, leg=leg.id, key=keys)
        return self._without_a_key(leg, speech, at)

    def _without_a_key(self, leg: Leg, speech: str, at: datetime) -> e.Event:
        match leg.place.name:
            case PlaceName.STEP:
                return self._in_step(leg, speech, at)
            case PlaceName.LISTENING:
                return self._out_of_listening(leg, at)
            case _:
                return e.NothingPressed(at=at, leg=leg.id)

    def _in_step(self, leg: Leg, speech: str, at: datetime) -> e.Event:
        """Words, the end of a call to an outside number, or the end of the document."""
        if speech:
            return e.WordsSpoken(at=at, leg=leg.id, words=speech[:LONGEST_SPEECH])
        if status := self.form.get("DialCallStatus", ""):
            return e.ForwardEnded(at=at, leg=leg.id, status=status)
        return e.PlaceEnded(at=at, leg=leg.id)

    def _answer_recorded(self, leg: Leg, at: datetime) -> e.Event:
        recording, seconds = self._recording()
        if recording and seconds:
            return e.AnswerRecorded(at=at, leg=leg.id, recording=recording, seconds=seconds)
        return e.ConsentNotHeard(at=at, leg=leg.id)

    def _recording(self) -> tuple[str, int]:
        """The id of what was recorded, and its length in seconds."""
        recording, length = self.form.get("RecordingSid", ""), self.form.get("RecordingDuration", "")
        return recording, int(length[:LONGEST_COUNT]) if length.isdecimal() else 0

    def _recorded(self, leg: Leg, at: datetime) -> e.Event:
        recording, seconds = self._recording()
        if recording and seconds:
            return e.MessageRecorded(at=at, leg=leg.id, recording=recording, seconds=seconds)
        return e.PlaceEnded(at=at, leg=leg.id)


def collects_number(call: Call, leg: Leg, configuration: Configuration) -> bool:
    """Whether a telephone number is typed at the leg's place, for a call back."""
    if leg.at(PlaceName.CALL_BACK_NUMBER):
        return True
    flow = configuration.flows.get(call.flow)
    step = flow.steps.get(call.step) if flow else None
    return leg.at(PlaceName.STEP) and isinstance(step, CallBackStep) and leg.place.details.get("how") == "digits"


def pressed(form: Mapping[str, str]) -> str:
    """The keys in the form, or "" if it has characters that are not keys of a telephone.

    A finishing key counts if it was the only one; as documented, that makes no request at all (twilio.md 3.4).
    """
    keys = (form.get("Digits") or form.get("FinishedOnKey", ""))[:LONGEST_KEYS]
    return keys if KEYS.issuperset(keys) else ""


def taken(form: Mapping[str, str], main: str) -> Take | None:
    """What was recorded on the staff line. ``main``: our account, to which no name is given."""
    recording, account = valid_account(form.get("RecordingSid", "")), valid_account(form.get("AccountSid", ""))
    if not recording or (form.get("RecordingDuration", "") == "0" and form.get("Digits") != "hangup"):
        return None
    return Take(id=recording, account="" if account == main else account, ended=form.get("Digits") == "hangup")


def _consent(leg: Leg, keys: str, meaning: str, at: datetime) -> e.Event:
    """Yes, no, or an answer that is neither. What another key means is decided by the core."""
    how = "key" if keys else "speech"
    if meaning == "yes":
        return e.ConsentGiven(at=at, leg=leg.id, how=how)
    if meaning == "no":
        return e.ConsentRefused(at=at, leg=leg.id, how=how)
    if keys:
        return e.DigitPressed(at=at, leg=leg.id, key=keys)
    return e.ConsentNotHeard(at=at, leg=leg.id)


def call_recorded(form: Mapping[str, str], at: datetime) -> list[e.Event]:
    """The event of a callback about a recording of a call; none if it is about something else, or is not complete."""
    recording, seconds = form.get("RecordingSid", ""), form.get("RecordingDuration", "")
    if form.get("RecordingStatus") != "completed" or not recording or not seconds.isdecimal():
        return []
    return [e.CallRecorded(at=at, recording=recording, seconds=int(seconds[:LONGEST_COUNT]), ago=_ago(form, at))]


def _ago(form: Mapping[str, str], at: datetime) -> float:
    """How long ago the recording began, 0 if that is not said, or cannot be."""
    try:
        begun = parsedate_to_datetime(form.get("RecordingStartTime", ""))
        return max(0.0, (at - begun).total_seconds())
    except (TypeError, ValueError):  # no date, or one without an offset
        return 0.0


def few_words(form: Mapping[str, str]) -> str:
    """The id of a recording of the Record verb that is complete; "" if the callback is about something else."""
    complete = form.get("RecordingSource") == "RecordVerb" and form.get("RecordingStatus") == "completed"
    return valid_account(form.get("RecordingSid", "")) if complete else ""
