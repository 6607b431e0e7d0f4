"""WAV files of telephone audio as plain samples, which is what recognisers take."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from callflow.audio.wav import measure

if TYPE_CHECKING:
    from speech_recognition import AudioData

SPEEDS: Final = (0.9, 1.1)
"""A voice that is so much lower and slower, or higher and faster, is still that of a person."""
RECOGNISERS_RATE: Final = 16000
"""Samples a second that the models expect."""


def samples(content: bytes) -> "AudioData":
    """The sound of a WAV file of any format that ``audio.wav`` reads, as mono 16-bit PCM. Raises NotWav."""
    from speech_recognition import AudioData
    from speech_recognition.audio import audioop

    found = measure(content)
    sound = sound_of(content)
    if found.encoding == "mu-law":
        sound = audioop.ulaw2lin(sound, 2)
    elif found.encoding == "a-law":
        sound = audioop.alaw2lin(sound, 2)
    if found.channels == 2:
        sound = audioop.tomono(sound, 2, 0.5, 0.5)
    return AudioData(sound, found.rate, 2)


def sound_of(content: bytes) -> bytes:
    """The bytes of the data chunk of a file that ``measure`` accepted."""
    position = 12
    while content[position : position + 4] != b"data":
        position += 8 + int.from_bytes(content[position + 4 : position + 8], "little")
        position += position & 1
    size = int.from_bytes(content[position + 4 : position + 8], "little")
    return content[position + 8 : position + 8 + size]


def pcm(content: bytes) -> bytes:
    """The same as ``samples``, as raw 16-bit PCM of 16,000 samples a second."""
    found: bytes = samples(content).get_raw_data(convert_rate=RECOGNISERS_RATE, convert_width=2)
    return found


def copies(content: bytes) -> Iterator[bytes]:
    """The recording at each of ``SPEEDS``, as WAV. Raises NotWav."""
    from speech_recognition import AudioData

    sound = samples(content)
    for speed in SPEEDS:
        played = AudioData(sound.frame_data, round(sound.sample_rate * speed), sound.sample_width)
        yield played.get_wav_data(convert_rate=sound.sample_rate)
