"""Recorded lines and hold music. Addresses carry a content hash, so the provider may keep what it fetched for ever.

Not signed: the provider sends no parameters with media requests (twilio.md 1.3), and there is nothing secret in them.
"""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort

from callflow.audio import wav
from callflow.core.configuration import Audio
from callflow.web.dependencies import Dependencies

FOR_EVER = "public, max-age=31536000, immutable"
LENGTHS = frozenset(str(seconds) for seconds in range(1, 121))
"""Of hold music, in seconds: no other address of it was ever handed out."""


def blueprint(dependencies: Dependencies) -> Blueprint:
    audio = Blueprint("audio", __name__)

    @audio.get("/audio/music/<digest>/<length>.wav")
    def music(digest: str, length: str) -> Response:
        """Hold music of exactly so many seconds: the promise is kept by the document, not by a timer of ours."""
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

    @audio.get("/audio/<digest>/<path:name>")
    def line(digest: str, name: str) -> Response:
        """A recorded line; only files that a configuration in use names."""
        if not any(one.path == name and one.digest == digest for one in _recordings(dependencies)):
            abort(404)
        return _wave((dependencies.audio / name).read_bytes, digest)

    return audio


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
    """``digest`` is the file's content: a file that was replaced is read again."""
    return wav.cut(path.read_bytes(), seconds)


def _wave(read: Callable[[], bytes], tag: str) -> Response:
    try:
        response = Response(read(), mimetype="audio/wav")
    except OSError:  # removed or unreadable since the configuration was loaded
        abort(404)
    response.headers["Cache-Control"] = FOR_EVER
    response.set_etag(tag)
    return response
