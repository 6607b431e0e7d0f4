"""What a person on the line hears from answering to hanging up, without gaps: sounds, and the silence between them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from callflow.emulator.immutable import immutable
from callflow.emulator.legs import Heard, Leg

SILENCE = "silence"
LISTENING = "listening"
"""No sound, but a Gather whose prompt is over, or a Record, listens to this person: it is their turn."""
_LOUDNESS = {"people": 1, "music": 1, LISTENING: 0}
"""Of sounds at the same time the loudest is heard: what is played to one person before the room (2 if not listed)."""
_SILENT = frozenset({"pause", SILENCE})


@immutable
class Span:
    """One sound, or silence. ``kind``: that of a ``Heard``, or LISTENING. ``what`` is the text or URL.

    ``begins`` and ``ends`` are in seconds of the clock (``Clock.monotonic``).
    """

    kind: str
    what: str
    begins: float
    ends: float

    @property
    def seconds(self) -> float:
        return self.ends - self.begins


def heard_by(leg: Leg, now: float) -> list[Span]:
    """All that was heard on `leg` until it ended, or until `now`; neighbours differ. Empty if it was not answered.

    Music and recordings count as sound for their whole length, and so does the company of others in a room.
    """
    if leg.answered is None:
        return []
    end = now if leg.live else leg.ended_at
    sounds = list(_sounds(leg, end))
    moments = sorted({leg.answered_at, end, *(at for one in sounds for at in (one.begins, one.ends))})
    spans: list[Span] = []
    for begins, ends in pairwise(moments):
        if leg.answered_at <= begins and ends <= end:
            found = _loudest(sounds, begins) or Span(SILENCE, "", begins, ends)
            if spans and (spans[-1].kind, spans[-1].what) == (found.kind, found.what):
                begins = spans.pop().begins
            spans.append(Span(found.kind, found.what, begins, ends))
    return spans


def _sounds(leg: Leg, end: float) -> Iterator[Span]:
    for sound in leg.heard:
        if sound.kind not in _SILENT:
            yield Span(sound.kind, sound.text_or_url, sound.monotonic, _end(sound, end))
    for begins, ends in leg.listened:
        yield Span(LISTENING, "", begins, end if ends is None else ends)


def _end(sound: Heard, end: float) -> float:
    return sound.monotonic + sound.seconds_heard if sound.ended else end


def _loudest(sounds: list[Span], at: float) -> Span | None:
    playing = [one for one in sounds if one.begins <= at < one.ends]
    return max(playing, key=lambda one: (_LOUDNESS.get(one.kind, 2), one.begins), default=None)
