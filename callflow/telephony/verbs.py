"""The verbs of documents that need no call: TwiML as text, and the seconds that it takes. Pure.

Text from outside is passed through ``escaped`` where it is inserted.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from callflow.core.configuration import Language

_UNSPEAKABLE: Mapping[int, str | None] = MappingProxyType(
    {code: None for code in (*range(0x20), *range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)}
    | {ord(space): " " for space in "\t\n\r"}
)
"""Control characters and surrogates, which are invalid in XML even if escaped (12100: the document is not played)."""


class Part(NamedTuple):
    """One or more verbs. ``seconds`` is how long they last if nobody presses a key or speaks."""

    xml: str
    seconds: float = 0.0


DocumentParts = list[Part]
HANGUP = Part("<Hangup/>")


def escaped(text: str) -> str:
    """Escape a text for an element or an attribute, without characters that are invalid in XML."""
    if not text.isprintable():  # a fast test for invalid characters
        text = text.translate(_UNSPEAKABLE)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def play(address: str, seconds: float) -> Part:
    return Part(f"<Play>{escaped(address)}</Play>", seconds)


def said(text: str, voice: Language | None = None) -> str:
    return f"{_say(voice.voice, voice.tag) if voice else '<Say>'}{escaped(text)}</Say>"


@lru_cache(maxsize=64)  # there are only a few voices
def _say(voice: str, tag: str) -> str:
    return f'<Say voice="{escaped(voice)}" language="{escaped(tag)}">'


@lru_cache(maxsize=16)
def hints_of(*words: tuple[str, ...]) -> str:
    return escaped(",".join(word for some in words for word in some))


def dial(room: str, *, staff: bool, events: str | None, jitter: str, label: str = "", action: str = "",
         music: bool = True, announced: bool = False) -> str:  # fmt: skip
    """Join a room. All legs have the same attributes, because those of the first to join apply to the room (0.6).

    - ``music``: until somebody else is there, the provider's own music plays, or there is silence. The first to join
      decides, because nobody waits in a room of two. Either needs no request to us: if a waitUrl could not be fetched,
      the room would not be established (3.8), and people would not be together while our server is down.
    - endConferenceOnExit is false for everybody, so that nobody's hang-up ends the call for others (0.4, floor F6).
    - hangupOnStar enables the star key, the only key that reaches us from a room (0.2), for staff only.

    ``jitter`` is the size of the provider's buffer for what this person says; its default, large, delays every word by
    up to a second. ``announced``: the others hear the provider's beep, which needs no server of ours.
    """
    star, beep = ' hangupOnStar="true"' if staff else "", "onEnter" if announced else "false"
    wait = "" if music else ' waitUrl=""'
    callback = (
        f' statusCallback="{escaped(events)}" statusCallbackMethod="POST" statusCallbackEvent="join"' if events else ""
    )
    return (
        f'<Dial{action}{star}><Conference beep="{beep}" startConferenceOnEnter="true" endConferenceOnExit="false"'
        f' jitterBufferSize="{jitter}"{label}{wait}{callback}>{escaped(room)}</Conference></Dial>'
    )


def one_key(inside: DocumentParts, action: str, seconds: int, ends: str = "") -> str:
    """A Gather for one key. ``action`` is escaped. There is no finishing key, so * and # are keys like others.

    With ``ends`` that key finishes it: as the first one it is no input (3.4), so the next verb follows at once, without
    a request. Such a key works while our server is down.
    """
    return (
        f'<Gather input="dtmf" numDigits="1" finishOnKey="{ends}" timeout="{seconds}" action="{action}" method="POST">'
        f"{xml_of(inside)}</Gather>"
    )


def pause(seconds: int) -> DocumentParts:
    """Silence of whole seconds. Empty below one second, the shortest that is possible (3.3)."""
    return [Part(f'<Pause length="{seconds}"/>', seconds)] if seconds >= 1 else []


END = (*pause(1), HANGUP)
"""A second of silence before the line is cut, so that the last word is not (and nobody feels thrown out)."""


def seconds_of(parts: DocumentParts) -> float:
    return sum([part.seconds for part in parts])


def xml_of(parts: DocumentParts) -> str:
    return "".join([part.xml for part in parts])
