"""Recordings, hold music, and the sounds of waiting. URLs name the content, so the provider may cache them for ever.

Requests are not verified: the provider does not sign media requests (twilio.md 1.3). The addresses have hashes of the
content, which nobody guesses, and nothing here is secret. A recording that is gone is answered with a moment of
silence, and music with a sound of waiting: an error would end the caller's document.
"""

from functools import lru_cache
from typing import cast

from flask import Blueprint, Response, abort, request

from callflow.audio import sounds, wav
from callflow.audio.sounds import silence
from callflow.core.configuration import Audio
from callflow.telephony.signature import is_safe_room_token
from callflow.telephony.urls import RECORDING
from callflow.web.dependencies import Dependencies
from callflow.web.recordings import Recordings

FOR_EVER = "public, max-age=31536000, immutable"
LENGTHS = frozenset(str(seconds) for seconds in range(1, 121))
"""The lengths of hold music in seconds, as in URLs. Documents contain no others."""
SOUND_LENGTHS = frozenset(str(seconds) for seconds in range(1, sounds.LONGEST_SECONDS + 1))
WAITING = "tone"
"""The sound instead of music that is gone."""
MOST_JOINED = 40


def blueprint(dependencies: Dependencies) -> Blueprint:
    audio, recordings = Blueprint("audio", __name__), dependencies.recordings

    @audio.get("/audio/music/<digest>/<length>.wav")
    def music(digest: str, length: str) -> Response:
        """Hold music of exactly ``length`` seconds, so that the document ends by itself at the promised time."""
        tune = recordings.music(digest)
        if tune is None or length not in LENGTHS:
            abort(404)
        found = recordings.content(tune)
        if found is None:
            return _wave(sounds.wav(WAITING, int(length)), "")
        return _wave(_cut(found[0], int(length)), f"{digest}-{length}" if found[1] else "")

    @audio.get("/audio/sounds/<version>/<name>/<length>.wav")
    def sound(version: str, name: str, length: str) -> Response:
        """Exactly ``length`` seconds of one of the sounds of waiting."""
        if version != sounds.VERSION or name not in sounds.SOUNDS or length not in SOUND_LENGTHS:
            abort(404)
        return _wave(sounds.wav(name, int(length)), f"{version}-{name}-{length}")

    @audio.get("/audio/joined/<script>/<digests>.wav")
    def joined(script: str, digests: str) -> Response:
        """The recordings of a line in pieces, in one file."""
        return _played(recordings, recordings.find(digests.split("-", MOST_JOINED)), digests)

    @audio.get("/audio/people/<id>/<signature>.wav")
    def spoken(id: str, signature: str) -> Response:
        if not is_safe_room_token(dependencies.secrets, RECORDING + id, signature):
            abort(404)
        return _briefing(dependencies, id)

    @audio.get("/audio/<digest>/<path:name>")
    def recording(digest: str, name: str) -> Response:
        """A recording. Only files that are named in a configuration in use."""
        found = recordings.find([digest])
        return _played(
            recordings, found if found and found[0].path == name and not recordings.music(digest) else None, digest
        )

    return audio


def _played(recordings: Recordings, found: list[Audio] | None, tag: str) -> Response:
    if found is None:
        abort(404)
    read = recordings.content(found)
    return _wave(read[0], tag if read[1] else "") if read else _wave(silence(), "")


def _briefing(dependencies: Dependencies, id: str) -> Response:
    """A briefing, for the supervisor who is to accept a call. A sound instead of it if it cannot be had now."""
    found = dependencies.kept.briefing(id) if dependencies.kept else None
    if found is None:
        dependencies.metrics.count("missing_briefings")
    response = Response(found or sounds.wav("tick", 1), mimetype="audio/wav")
    response.headers["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=64)
def _cut(content: bytes, seconds: int) -> bytes:
    return wav.cut(content, seconds)


def _wave(content: bytes, tag: str) -> Response:
    """``tag`` names the content of an answer that may be kept for ever; "" for what stands in for it."""
    response = Response(content, mimetype="audio/wav")
    response.headers["Cache-Control"] = FOR_EVER if tag else "no-store"
    if not tag:
        return response
    response.set_etag(tag)
    return cast(Response, response.make_conditional(request))
