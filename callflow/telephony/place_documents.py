"""The document of every place (design, section 2): TwiML as a pure function of a leg's place and the configuration.

The same call, leg and configuration give the same text, so a document may be fetched again, also by a late redirect
(floor F7). Every document of a caller or a lead ends in the room by itself, which is its **safe tail** (design, section
3). The documents without one are at the end of ``PLACES``.

Numbers such as 3.8 are sections of the provider's fact sheet; rules are those of policy.md section 7.
"""

from collections.abc import Callable, Mapping
from math import ceil, floor
from types import MappingProxyType

from callflow.audio.sounds import SOUNDS
from callflow.core.call import Call, Leg, Role
from callflow.core.configuration import Configuration
from callflow.core.places import SPOKEN, STAR
from callflow.core.prompts import heard_by
from callflow.core.stages import PlaceName as P
from callflow.telephony import listener_documents
from callflow.telephony.document_builder import LISTEN_SECONDS, STAR_SECONDS, WATCH_SECONDS, DocumentBuilder, Unsafe
from callflow.telephony.flow_documents import step as flow_step
from callflow.telephony.stateless import into_room, key_before, line
from callflow.telephony.urls import Urls
from callflow.telephony.verbs import END, HANGUP, DocumentParts, Part, escaped, pause, play, seconds_of, xml_of

Document = Callable[[DocumentBuilder], DocumentParts]
QUEUE_SECONDS = 90
"""Of music in a queue document. Then the caller is in the room."""
TALK_NOW = "2"
"""The key with which a waiting caller comes back (rule 13). It makes no request: the join tells us, with the label of
the document, but earlier than its end (``time_out.returned``, ``handing_over.came_in``)."""
RETRY_SECONDS = 3
FIRST_SECONDS = 0.5
MOMENT_SECONDS = 1


def render(call: Call, leg: Leg, configuration: Configuration, urls: Urls) -> str:
    """The document of the leg's place. Raises Unsafe for a closing that nobody has decided on."""
    return _response(PLACES[leg.place.name](DocumentBuilder(call, leg, configuration, urls)))


# -- the caller's


def room(page: DocumentBuilder) -> DocumentParts:
    """The room. On the way staff can press a key: star while a line is spoken, a digit after their star."""
    said, star = page.opens(), STAR in page.place.details
    if page.for_staff and (said or star):
        return [page.staff_keys(said, STAR_SECONDS if star else LISTEN_SECONDS), page.room()]
    return [*said, page.room()]


def question(page: DocumentBuilder) -> DocumentParts:
    """Each ask with its waits for an answer, then the prompt after silence, which counts as an answer (rule 9)."""
    return [*page.asks(), page.room()]


def call_back_number(page: DocumentBuilder) -> DocumentParts:
    *asked, silence = page.place.prompts
    return [page.number(asked), page.speak(silence), page.room()]


def hold(page: DocumentBuilder) -> DocumentParts:
    """Self-timed: the core chose the length of the music so that the hold ends at the promised time (8.1).

    Its end and the key to come back lead through the same words into the room, neither with a request to us.
    """
    *start, back = page.place.prompts
    music = page.music(page.place.number("music"))
    return [page.keys([*page.says(start), *music], ends=TALK_NOW), page.speak(back), page.room()]


def consult_wait(page: DocumentBuilder) -> DocumentParts:
    """Rounds of a prompt and music, so that the caller regularly hears a check-in (rule 17).

    The wait lasts ``seconds``, or longer by its first prompt. The return prompt is included in that time.
    """
    opening, again = page.says(page.place.prompts[:2])
    back = page.speak(page.place.prompts[-1])
    ends = int(page.place.number("seconds") + min(0.0, opening.seconds - back.seconds))
    parts: DocumentParts = []
    for end in _round_ends(ends, page.place.number("every"), again.seconds + LISTEN_SECONDS):
        round_prompt = again if parts else opening
        parts += [round_prompt, *page.music(int(end - seconds_of(parts) - round_prompt.seconds - LISTEN_SECONDS))]
    # One Gather for all rounds: its files are fetched before the first one plays (3.2), so it needs no server later.
    return [page.keys(parts, ends=TALK_NOW), back, page.room()]


def _round_ends(total: int, every: int, least: float) -> list[int]:
    """When each round ends. A last round that is too short for its prompt becomes part of the one before."""
    return [*(end for end in range(every, total, every) if total - end >= least), total]


def queue(page: DocumentBuilder) -> DocumentParts:
    seconds = page.place.number("seconds")
    once = [*page.opens(), *page.music(seconds)]
    rounds = [page.keys(once)] if "keys" in page.place.details else once
    return [*rounds * max(1, QUEUE_SECONDS // seconds), page.room()]


def closing(page: DocumentBuilder) -> DocumentParts:
    """The only document that ends a live caller's call. Raises Unsafe unless a person has decided so (floor F2)."""
    if not page.closing_is_decided():
        raise Unsafe("a closing document for a call that is not being closed")
    return [*page.opens(), *END]


def silence(page: DocumentBuilder) -> DocumentParts:
    """A key counts at once, and no words are needed: a caller who cannot speak presses it."""
    return [page.keys(page.says(), page.place.number("seconds")), page.room()]


def let_go(page: DocumentBuilder) -> DocumentParts:
    """Ends the call unless a key is pressed. Raises Unsafe for a caller who was not asked often enough (rule 3)."""
    if not page.asked_for_a_sign():
        raise Unsafe("goodbye to a caller who was not asked for a sign")
    return [page.keys(page.says()), *END]


def message(page: DocumentBuilder) -> DocumentParts:
    """Records a message after the tone. If the Record verb does not request its action, the redirect follows."""
    return [*page.opens(), page.record(), page.redirect()]


# -- staff's


def menu(page: DocumentBuilder) -> DocumentParts:
    """A menu; after silence, back to the caller."""
    return [page.staff_keys(page.says(), page.place.number("seconds")), page.room()]


def warning_echo(page: DocumentBuilder) -> DocumentParts:
    """The warning, which any key interrupts. Not shorter than the caller's, which may be in another language."""
    said = page.says()
    return [page.keys([*said, *page.wait(ceil(page.callers_seconds() - seconds_of(said)))]), page.room()]


def hold_desk(page: DocumentBuilder) -> DocumentParts:
    """A little shorter than the caller's hold: the heads-up at ``seconds``, the caller's last word at ``end_tenths``.

    The lead is in the room ``FIRST_SECONDS`` before the caller, or up to a second more (pauses are whole seconds), so
    the caller comes back to a person and not to music. A heads-up that is too long begins earlier.
    """
    notice, heads_up = page.says()
    ends = page.place.number("end_tenths") / 10 - FIRST_SECONDS
    first = page.wait(min(page.place.number("seconds") - round(notice.seconds),
                          floor(ends - heads_up.seconds - notice.seconds)))  # fmt: skip
    spent = seconds_of([notice, *first, heads_up])
    return [page.keys([notice, *first, heads_up, *page.wait(floor(ends - spent))]), page.room()]


def standby(page: DocumentBuilder) -> DocumentParts:
    spoken = page.says()
    left = int(page.place.number("seconds") - seconds_of(spoken) - LISTEN_SECONDS)
    return [page.keys([*spoken, *page.wait(max(1, left))]), page.room()]


def spoken_briefing(page: DocumentBuilder) -> DocumentParts:
    """Any key ends the recording, which its action brings. If nothing was said, into the room."""
    return [*page.says(), page.record_briefing(), page.room()]


def closing_watch(page: DocumentBuilder) -> DocumentParts:
    """The countdown, or the message that the caller hears at the same time, longer than that by ``WATCH_SECONDS``.

    The message is another document, so that the lead hears it only if it plays: if our server goes down in the
    countdown, the document says that it does not.
    """
    first, *otherwise = page.says()
    if not otherwise:
        longer = max(0, ceil(page.callers_seconds() - first.seconds))
        return [page.staff_keys([first], WATCH_SECONDS + longer), page.room()]
    still = page.wait(ceil(page.place.number("seconds") - first.seconds))
    return [page.keys([first, *still, *otherwise]), page.room()]


def offer(page: DocumentBuilder) -> DocumentParts:
    """An offer that says goodbye and hangs up if no key is pressed, so that voicemail is never connected (floor F5)."""
    *prompts, last = page.place.prompts
    offered, missed = page.says(prompts), page.speak(last)
    if number := int(page.place.details.get(SPOKEN, 0)):
        offered = [page.briefing(number), *offered]
    asked = [page.staff_keys(offered, page.place.number("seconds"))]
    return [*asked * int(page.place.details.get("rounds", 1)), missed, *END]


def wrap_up(page: DocumentBuilder) -> DocumentParts:
    return [page.staff_keys(page.says(), page.place.number("seconds")), HANGUP]


def alert(page: DocumentBuilder) -> DocumentParts:
    return [*page.opens() * int(page.place.details.get("rounds", 2)), *END]


def gone(page: DocumentBuilder) -> DocumentParts:
    spoken = page.opens()
    return [*spoken, *END] if spoken else [HANGUP]


def ringing(page: DocumentBuilder) -> DocumentParts:
    """Nothing to say: the leg was answered, but the core does not know that yet."""
    return [HANGUP]


PLACES: Mapping[P, Document] = MappingProxyType({
    P.ROOM: room,
    **dict.fromkeys((P.HOLD_QUESTION, P.SUPERVISOR_QUESTION, P.CHECK_IN), question),
    **dict.fromkeys((P.CALL_BACK_QUESTION, P.CALL_BACK_CONFIRM, P.RECORDING_QUESTION), question),
    P.CALL_BACK_NUMBER: call_back_number,
    P.HOLD: hold,
    P.CONSULT_WAIT: consult_wait,
    P.QUEUE: queue,
    P.WARNING: room,  # its label in the room proves that the document was played to its end (rule 24)
    P.AGENT_LEFT: room,
    P.SILENCE: silence,
    **dict.fromkeys((P.MENU, P.CONDUCT_MENU, P.SKIP_MENU, P.END_CONDUCT, P.END_CONFIRM, P.OFFERS_MENU), menu),
    **dict.fromkeys((P.UNLOCK_MENU, P.BUSY_MENU, P.ATTEST_MENU, P.CONSULT_MENU, P.INTRODUCTION_MENU), menu),
    P.END_SILENT: menu, P.HOLD_DESK: hold_desk,
    P.STANDBY: standby,
    P.SPOKEN_BRIEFING: spoken_briefing,
    P.WARNING_ECHO: warning_echo,
    P.CLOSING_WATCH: closing_watch,
    # these request the next document from us; if we are down, the leg's fallback URL brings it into the room
    P.STEP: flow_step,
    **dict.fromkeys((P.MESSAGE, P.NOTE), message),
    # these hang up: closed, not accepted, done, or over
    P.CLOSING: closing,
    P.LET_GO: let_go,
    **dict.fromkeys((P.OFFER, P.INVITATION, P.BRIEFING, P.DECLINE_MENU, P.TOLD, P.CO_SIGN, P.LISTEN_OFFER), offer),
    **listener_documents.PLACES,
    P.WRAP_UP: wrap_up,
    P.ALERT: alert,
    P.GONE: gone,
    **dict.fromkeys((P.NOT_CALLED, P.RINGING), ringing),
})  # fmt: skip


# -- documents without a call


def fallback(room: str, staff: bool, events: str | None = None, star: str = "", jitter: str = "small") -> str:
    """Join the room, of which only the name is known: needs no database (design, section 3)."""
    return _response(into_room(room, staff, events, star, jitter))


def ask_to_join(configuration: Configuration, action: str) -> str:
    """The fallback of staff before ``fallback``: asks for a key, because it may be voicemail (floor F5).

    ``action`` is the fallback URL itself, which is requested with ``Digits`` if a key was pressed.
    """
    return _response(key_before(configuration, escaped(action)))


def polite_hangup(configuration: Configuration, script: str, language: str = "") -> str:
    """Speak one script, by default in the default language, and hang up."""
    return _response([line(configuration, script, language), *END])


def second_call(call: Call, leg: Leg, configuration: Configuration) -> str:
    """For another phone call to somebody who has one already."""
    script = "call_over" if leg.role is Role.CALLER else "offer_gone"
    return polite_hangup(configuration, script, heard_by(configuration, call, leg))


def unknown_number(configuration: Configuration) -> str:
    """For a number without a flow: say so and hang up."""
    us = configuration.organisation
    return _response([line(configuration, "number_not_in_use", org=us.name, contact=us.contact), *END])


def try_again(configuration: Configuration, address: str) -> str:
    """For a call that cannot begin now (no database): say so, wait, and request ``address``."""
    retry = Part(f'<Redirect method="POST">{escaped(address)}</Redirect>')
    return _response([line(configuration, "failure_person"), *pause(RETRY_SECONDS), retry])


def begin_again(address: str) -> str:
    """For a caller with nobody on the line, whose call is not known any more: as if they had just called."""
    return _response([Part(f'<Redirect method="POST">{escaped(address)}</Redirect>')])


def waiting(urls: Urls, call: str, leg: str, alone: Leg | None, begun: bool) -> str:
    """The announcement to ``leg``: silence for a moment, then a sound, again and again while it is ``alone``.

    Each round asks us, so that the sound ends soon after somebody has come: then the document is empty.
    """
    if alone is None:
        return _response([])
    name = "tone" if alone.role is Role.CALLER else "tick"
    seconds = SOUNDS[name].every
    sound = [play(urls.sound(name, seconds), seconds)] if begun else pause(MOMENT_SECONDS)
    address = escaped(urls.waiting(call, leg, begun=True))
    return _response([*sound, Part(f'<Redirect method="POST">{address}</Redirect>')])


def _response(parts: DocumentParts) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{xml_of(parts)}</Response>'
