"""Converts a sound file of any common format to that of telephones. Needs the extra ``audio`` for most of them."""

import io
from typing import Any

from callflow import extras
from callflow.audio.wav import NotWav, measure, pcm_file

RATE = 8000
INSTALL = extras.how("audio")
LONGEST_SECONDS = 600
"""A longer file is something else than a prompt."""


class Undecodable(ValueError):
    """The message says why, and is worded to follow the file's name."""


def telephone_wav(content: bytes) -> bytes:
    """A WAV file of 8 kHz, mono, PCM of 16 bits or mu-law. One that is in this format already is returned as it is.

    Reads WAV, MP3, M4A, OGG, OPUS, FLAC, AIFF and whatever else FFmpeg knows. Raises Undecodable.
    """
    try:
        known = measure(content)
        if (known.rate, known.channels) == (RATE, 1) and known.encoding != "a-law":
            return content
    except NotWav:
        pass
    try:
        import av
    except ImportError:
        raise Undecodable(f"is not WAV of 8 kHz and mono, and nothing is installed that reads it: {INSTALL}") from None
    try:
        return pcm_file(_decoded(av, content))
    except (av.error.FFmpegError, IndexError, ValueError) as error:
        if isinstance(error, Undecodable):
            raise
        raise Undecodable("is no sound file that can be read (WAV, MP3, M4A, OGG, FLAC, AIFF)") from None


def _decoded(av: Any, content: bytes) -> bytes:
    """PCM of 16 bits. FFmpeg's resampler takes away what is above 4 kHz."""
    sound = bytearray()
    with av.open(io.BytesIO(content)) as container:
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        for frame in container.decode(container.streams.audio[0]):
            for part in resampler.resample(frame):
                sound += bytes(part.planes[0])[: part.samples * 2]
            if len(sound) > LONGEST_SECONDS * RATE * 2:
                raise Undecodable(f"lasts more than {LONGEST_SECONDS // 60} minutes")
        for part in resampler.resample(None):
            sound += bytes(part.planes[0])[: part.samples * 2]
    if not sound:
        raise Undecodable("has no sound in it")
    return bytes(sound)
