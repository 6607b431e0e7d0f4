"""Recordings, hold music, and the sounds of waiting. URLs name the content, so the provider may cache them for ever.

Requests are not verified: the provider does not sign media requests (twilio.md 1.3), and nothing here is secret.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort

from callflow.audio import sounds, wav
from callflow.core.configuration import Audio
from callflow.telephony.signature import is_safe_room_token
from callflow.telephony.urls import RECORDING
from callflow.web.dependencies import Dependencies

FOR_EVER = "public, max-age=31536000, immutable"
LENGTHS = frozenset(str(seconds) for seconds in range(1, 121))
"""The lengths of hold music in seconds, as in URLs. Documents contain no others."""
SOUND_LENGTHS = frozenset(str(seconds) for seconds in range(1, sounds.LONGEST_SECONDS + 1))


def blueprint(dependencies: Dependencies) -> Blueprint:
    audio = Blueprint("audio", __name__)

    @audio.get("/audio/music/<digest>/<length>.wav")
    def music(digest: str, length: str) -> Response:
        """Hold music of exactly ``length`` seconds, so that the document ends by itself at the promised time."""
        tune = next(
            (
                configuration.music
                for configuration in dependencies.configurations.known.values()
                if configuration.music.digest == digest
            ),
            None,
        )
        if tune is None or length not in LENGTHS:
            abort(404)
        seconds = int(length)
        return _wave(lambda: _cut(dependencies.audio / tune.path, digest, seconds), f"{digest}-{seconds}")

    @audio.get("/audio/sounds/<version>/<name>/<length>.wav")
    def sound(version: str, name: str, length: str) -> Response:
        """Exactly ``length`` seconds of one of the sounds of waiting."""
        if version != sounds.VERSION or name not in sounds.SOUNDS or length not in SOUND_LENGTHS:
            abort(404)
        return _wave(lambda: sounds.wav(name, int(length)), f"{version}-{name}-{length}")

    @audio.get("/audio/people/<id>/<signature>.wav")
    def spoken(id: str, signature: str) -> Response:
        if not is_safe_room_token(dependencies.secrets, RECORDING + id, signature):
            abort(404)
        return _briefing(dependencies, id)

    @audio.get("/audio/<digest>/<path:name>")
    def recording(digest: str, name: str) -> Response:
        """A recording. Only files that are named in a configuration in use."""
        if not any(one.path == name and one.digest == digest for one in _recordings(dependencies)):
            abort(404)
        return _wave((dependencies.audio / name).read_bytes, digest)

    return audio


def _briefing(dependencies: Dependencies, id: str) -> Response:
    """A briefing, for the supervisor who is to accept a call. A sound instead of it if it cannot be had now."""
    found = dependencies.recordings.briefing(id) if dependencies.recordings else None
    if found is None:
        dependencies.metrics.count("missing_briefings")
    response = Response(found or sounds.wav("tick", 1), mimetype="audio/wav")
    response.headers["Cache-Control"] = "no-store"
    return response


def _recordings(dependencies: Dependencies) -> list[Audio]:
    return [
        one
        for configuration in dependencies.configurations.known.values()
        for language in configuration.languages.values()
        for script in language.scripts.values()
        for one in script.audio.values()
    ]


@lru_cache(maxsize=64)
def _cut(path: Path, digest: str, seconds: int) -> bytes:
    """Cut the file to length. ``digest`` is its content hash, so a file that was replaced is read again."""
    return wav.cut(path.read_bytes(), seconds)


def _wave(read: Callable[[], bytes], tag: str) -> Response:
    try:
        response = Response(read(), mimetype="audio/wav")
    except OSError:  # removed, or made unreadable, since the configuration was loaded
        abort(404)
    response.headers["Cache-Control"] = FOR_EVER
    response.set_etag(tag)
    return response
