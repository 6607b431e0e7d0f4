"""The document of every place (design, section 2): TwiML as a pure function of a leg's place and the configuration.

The same call, leg and configuration give the same text, so a document that is fetched again, or by a redirect that is
late, does no harm (floor F7). Every document of a caller or a lead ends in the room by itself: its **safe tail**
(design, section 3). The documents without one are those at the end of ``PLACES``.

Numbers such as 3.8 are sections of the provider's fact sheet, rules those of policy.md section 7.
"""

from collections.abc import Callable, Mapping
from math import ceil
from types import MappingProxyType

from callflow.core.call import Call, Leg, Prompt
from callflow.core.configuration import Configuration
from callflow.core.prompts import words
from callflow.core.stages import PlaceName as P
from callflow.telephony.document_builder import (
    HANGUP,
    LISTEN_SECONDS,
    WATCH_SECONDS,
    DocumentBuilder,
    DocumentParts,
    Part,
    Unsafe,
    dial,
    escaped,
    one_key,
    pause,
    said,
    seconds_of,
    voice_of,
    xml_of,
)
from callflow.telephony.flow_documents import step as flow_step
from callflow.telephony.urls import Urls

Document = Callable[[DocumentBuilder], DocumentParts]
QUEUE_ROUNDS = 3
FALLBACK_ROUNDS = 3
RETRY_SECONDS = 8


def render(call: Call, leg: Leg, configuration: Configuration, urls: Urls) -> str:
    """What the phone on this leg hears now. Raises Unsafe for a closing that nobody has decided on."""
    return _response(PLACES[leg.place.name](DocumentBuilder(call, leg, configuration, urls)))


# -- the caller's


def room(page: DocumentBuilder) -> DocumentParts:
    return [*page.says(), page.room()]


def question(page: DocumentBuilder) -> DocumentParts:
    """Each ask is put and waited for; then the line for silence, which is an answer too (rule 9)."""
    *asks, silence = page.place.prompts
    return [*page.asks(asks), page.say(silence), page.room()]


def call_back_confirm(page: DocumentBuilder) -> DocumentParts:
    """The promise is read out and then asked about, as one question."""
    *read, asked, silence = page.place.prompts
    return [*page.says(read), *page.asks([asked]), page.say(silence), page.room()]


def call_back_number(page: DocumentBuilder) -> DocumentParts:
    asked, silence = page.place.prompts
    return [page.number(asked), page.say(silence), page.room()]


def hold(page: DocumentBuilder) -> DocumentParts:
    """Self-timed: core chose the music so that start, music, return line and the way back keep the promise (8.1)."""
    *start, back = page.place.prompts
    music = page.music(page.place.number("music"))
    return [page.keys([*page.says(start), *music, page.say(back)]), page.room()]


def consult_wait(page: DocumentBuilder) -> DocumentParts:
    """Rounds of a line and music, so that somebody who waits hears how it stands every so often (rule 17).

    The wait lasts its seconds and may be longer by its first line, in which the line for the way back has its place.
    """
    opening, again, back = page.says()
    ends = int(page.place.number("seconds") + min(0.0, opening.seconds - back.seconds))
    parts: DocumentParts = []
    for end in _round_ends(ends, page.place.number("every"), again.seconds + LISTEN_SECONDS):
        line = again if parts else opening
        parts += [line, *page.music(int(end - seconds_of(parts) - line.seconds - LISTEN_SECONDS))]
    # One Gather for all rounds: its files are fetched before the first plays (3.2), so the wait outlives its server.
    return [page.keys([*parts, back]), page.room()]


def _round_ends(total: int, every: int, least: float) -> list[int]:
    """When each round ends; a last one in which its line would not fit becomes part of the one before."""
    return [*(end for end in range(every, total, every) if total - end >= least), total]


def queue(page: DocumentBuilder) -> DocumentParts:
    once = [*page.says(), *page.music(page.place.number("seconds"))]
    rounds = [page.keys(once)] if "keys" in page.place.details else once
    return [*rounds * QUEUE_ROUNDS, page.room()]


def closing(page: DocumentBuilder) -> DocumentParts:
    """The one document of a live caller that does not lead back to people: only through the gate (floor F2)."""
    if not page.closing_is_decided():
        raise Unsafe("a closing document for a call that is not being closed")
    return [page.say(page.place.prompts[0]), HANGUP]


def message(page: DocumentBuilder) -> DocumentParts:
    """Speak after the tone. Should the recording come to nothing and request no action, the redirect comes to us."""
    return [*page.says(), page.record(), page.redirect()]


# -- staff's


def menu(page: DocumentBuilder) -> DocumentParts:
    """Silence is a way back to the caller."""
    return [page.keys(page.says(), page.place.number("seconds")), page.room()]


def listening(page: DocumentBuilder) -> DocumentParts:
    """Lines that any key cuts off; then the room."""
    return [page.keys(page.says()), page.room()]


def hold_desk(page: DocumentBuilder) -> DocumentParts:
    """As long as the caller's hold, so that both arrive together: heads-up at ``seconds``, end ``after`` seconds on.

    The end matters more than the heads-up: a heads-up too long for its time begins earlier. Rounded up at the end,
    the desk is never more than 1.5 s before or after a hold, whose music is of whole seconds too.
    """
    told, heads_up = page.says()
    ends = page.place.number("seconds") + page.place.number("after") - LISTEN_SECONDS
    begins = min(page.place.number("seconds"), ends - heads_up.seconds)
    first = pause(round(begins - told.seconds))
    spent = seconds_of([told, *first, heads_up])
    return [page.keys([told, *first, heads_up, *pause(ceil(ends - spent))]), page.room()]


def standby(page: DocumentBuilder) -> DocumentParts:
    spoken = page.says()
    left = int(page.place.number("seconds") - seconds_of(spoken) - LISTEN_SECONDS)
    return [page.keys([*spoken, *pause(max(1, left))]), page.room()]


def closing_watch(page: DocumentBuilder) -> DocumentParts:
    """The countdown, then what the caller hears. It outlasts the caller's document: see ``WATCH_SECONDS``."""
    countdown, message = page.says()
    still = pause(ceil(page.place.number("seconds") - countdown.seconds))
    return [page.keys([countdown, *still, message], WATCH_SECONDS), page.room()]


def offer(page: DocumentBuilder) -> DocumentParts:
    """Nobody pressed a key: nobody was there, or a machine. A voicemail is never connected (floor F5)."""
    return [page.keys(page.says(), page.place.number("seconds")), HANGUP]


def alert(page: DocumentBuilder) -> DocumentParts:
    return [*page.says() * 2, HANGUP]


def gone(page: DocumentBuilder) -> DocumentParts:
    return [*page.says(), HANGUP]


def ringing(page: DocumentBuilder) -> DocumentParts:
    """Answered, and we do not know it yet or any more: there is nothing to say to whoever it is."""
    return [HANGUP]


PLACES: Mapping[P, Document] = MappingProxyType({
    P.ROOM: room,
    P.HOLD_QUESTION: question,
    P.SUPERVISOR_QUESTION: question,
    P.CHECK_IN: question,
    P.CALL_BACK_QUESTION: question,
    P.CALL_BACK_CONFIRM: call_back_confirm,
    P.CALL_BACK_NUMBER: call_back_number,
    P.HOLD: hold,
    P.CONSULT_WAIT: consult_wait,
    P.QUEUE: queue,
    P.WARNING: room,  # its label in the room is the proof that this document ran to its end (rule 24)
    P.AGENT_LEFT: room,
    P.MENU: menu,
    P.CONDUCT_MENU: menu,
    P.SKIP_MENU: menu,
    P.END_CONFIRM: menu,
    P.UNLOCK_MENU: menu,
    P.BUSY_MENU: menu,
    P.CONSULT_MENU: menu,
    P.INTRODUCTION_MENU: menu,
    P.HOLD_DESK: hold_desk,
    P.STANDBY: standby,
    P.WARNING_ECHO: listening,
    P.CLOSING_WATCH: closing_watch,
    # these come to us at their end; if we are dead, the leg's fallback address brings it into the room
    P.STEP: flow_step,
    P.MESSAGE: message,
    P.NOTE: message,
    # the end of the line: decided, not accepted, done, or over
    P.CLOSING: closing,
    P.OFFER: offer,
    P.BRIEFING: offer,
    P.DECLINE_MENU: offer,
    P.WRAP_UP: offer,
    P.ALERT: alert,
    P.GONE: gone,
    P.RINGING: ringing,
})  # fmt: skip


# -- without a call at hand


def fallback(room: str, staff: bool, events: str | None = None, star: str = "") -> str:
    """Into the room, with nothing known but its name: no database (design, section 3).

    Without a label, so it proves nothing (no warning counts as heard), and for the caller without an action, which
    would need us: then a Dial that is over goes on with the next verb (3.6). A room ended by mistake must not hang up,
    so there is a next one. Bounded, lest a room that cannot be joined makes an endless loop. ``star`` is where staff's
    star key leads: to their own document, as soon as that can be had again.
    """
    action = f' action="{escaped(star)}" method="POST"' if staff and star else ""
    return _response([Part(dial(room, staff=staff, events=events, action=action))] * FALLBACK_ROUNDS)


def ask_to_join(configuration: Configuration, action: str) -> str:
    """Fallback for a leg of staff before ``fallback``: a key first, as the phone may be a voicemail (floor F5).

    ``action`` is the fallback address itself; a request to it with ``Digits`` has the key.
    """
    asked = _line(configuration, "failure_join")
    return _response([Part(one_key([asked], escaped(action), 5))] * FALLBACK_ROUNDS + [HANGUP])


def polite_hangup(configuration: Configuration, script: str, language: str = "") -> str:
    """One line, by default in the default language, and the end."""
    return _response([_line(configuration, script, language), HANGUP])


def unknown_number(configuration: Configuration) -> str:
    """A number that leads to no flow: nothing can be done here but say so."""
    us = configuration.organisation
    return _response([_line(configuration, "number_not_in_use", org=us.name, contact=us.contact), HANGUP])


def failure(configuration: Configuration) -> str:
    """Nothing is known: no call, no room. Whoever is there hears that it was our fault."""
    return _response([_line(configuration, "failure_again"), *pause(1), HANGUP])


def try_again(configuration: Configuration, address: str) -> str:
    """A call that cannot be begun now (no database): the caller hears why, waits, and is asked for again."""
    retry = Part(f'<Redirect method="POST">{escaped(address)}</Redirect>')
    return _response([_line(configuration, "failure_person"), *pause(RETRY_SECONDS), retry])


def _line(configuration: Configuration, script: str, language: str = "", **values: str) -> Part:
    """A line without a call: said by the voice, for a recording's address may not be answered now."""
    language = language or configuration.language
    text = words(configuration, language, Prompt(script, values))
    return Part(said(text, voice_of(configuration, language, script)))


def _response(parts: DocumentParts) -> str:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{xml_of(parts)}</Response>'
