"""Lengths of recordings, and music cut to the second."""

import io
import struct
import wave

import pytest

from callflow.audio.wav import Measured, NotWav, cut, measure
from tests.configuration.sounds import wav


@pytest.mark.parametrize(
    ("content", "measured"),
    [
        (wav(seconds=1.5), Measured(1.5, 8000, 1, "pcm16")),
        (wav(seconds=2, rate=16000, channels=2), Measured(2.0, 16000, 2, "pcm16")),
        (wav(seconds=0.25, tag=7, bits=8), Measured(0.25, 8000, 1, "mu-law")),
        (wav(seconds=3, tag=6, bits=8), Measured(3.0, 8000, 1, "a-law")),
    ],
)
def test_measures_what_telephones_use(content: bytes, measured: Measured) -> None:
    assert measure(content) == measured


def test_other_chunks_are_passed_over_and_odd_ones_are_padded() -> None:
    assert measure(wav(seconds=1, extra=b"LIST\x03\0\0\0abc\0")).seconds == 1.0


def test_reads_the_extensible_header() -> None:
    """Format 0xFFFE: the true one is in the sub-format."""
    layout = struct.pack("<HHIIHHHHIH", 0xFFFE, 1, 8000, 16000, 2, 16, 22, 16, 4, 1) + bytes(14)
    content = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", 16000)
    assert measure(content + bytes(16000)) == Measured(1.0, 8000, 1, "pcm16")


def test_a_streamed_file_runs_to_its_end() -> None:
    """A size of all ones is written where the writer could not go back, ffmpeg into a pipe for one."""
    content = wav(seconds=1)
    assert measure(content[:40] + b"\xff\xff\xff\xff" + content[44:]).seconds == 1.0


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is not a WAV file"),
        (b"ID3\x04 an mp3 file with another name", "is not a WAV file"),
        (wav(seconds=1)[:36], "has no sound in it"),
        (wav(seconds=0), "has no sound in it"),
        (wav(seconds=1)[:-2], "is cut off before its end"),
        (wav(seconds=1, bits=8), "is of format 1 with 8 bits, not PCM of 16 bits or mu-law"),
        (wav(seconds=1, rate=0), "has a broken header"),
        (wav(channels=0), "has a broken header"),
        (b"RIFF\0\0\0\0WAVEdata\x02\0\0\0ab", "has a broken header"),
    ],
)
def test_says_why_it_is_no_recording(content: bytes, why: str) -> None:
    with pytest.raises(NotWav) as caught:
        measure(content)
    assert str(caught.value) == why


@pytest.mark.parametrize("seconds", [0.5, 2, 26.875, 60])
@pytest.mark.parametrize(("tag", "bits"), [(1, 16), (7, 8)])
def test_cuts_to_the_very_second(seconds: float, tag: int, bits: int) -> None:
    source = wav(seconds=7, tag=tag, bits=bits)
    piece = cut(source, seconds)
    assert measure(piece) == Measured(seconds, 8000, 1, measure(source).encoding)
    # The sound is the source's, from its beginning, and again from its beginning.
    frame, body, sound = bits // 8, source[44:], piece[58:]
    assert sound[: 7 * 8000 * frame] == body[: len(sound)]
    if seconds > 7:
        assert sound[len(body) : len(body) + 100] == body[:100]


def test_others_can_read_what_is_cut() -> None:
    with wave.open(io.BytesIO(cut(wav(seconds=1), 3))) as read:
        assert (read.getnframes(), read.getframerate(), read.getnchannels(), read.getsampwidth()) == (24000, 8000, 1, 2)


def test_a_cut_piece_can_be_cut_again() -> None:
    assert cut(cut(wav(seconds=9), 5), 3) == cut(wav(seconds=9), 3)


def test_odd_lengths_are_padded_outside_of_the_sound() -> None:
    piece = cut(wav(seconds=1, tag=7, bits=8), 1 / 8000)
    assert measure(piece).seconds == 1 / 8000
    assert len(piece) % 2 == 0


@pytest.mark.parametrize("seconds", [0, -1])
def test_nothing_cannot_be_cut(seconds: float) -> None:
    with pytest.raises(ValueError, match="a recording of"):
        cut(wav(), seconds)
