"""Measures WAV recordings and cuts them to a length. Works on bytes, not on files.

The RIFF header is parsed here because the standard library's ``wave`` refuses mu-law and A-law ("unknown format: 7",
libs.md section 10), the formats of telephone audio. The length of a prompt without a recording is estimated in
``core.prompts``.
"""

from collections.abc import Iterable, Iterator

from callflow.core.records import immutable

ENCODINGS = {(1, 16): "pcm16", (6, 8): "a-law", (7, 8): "mu-law"}
"""(format tag, bits per sample) -> name."""
EXTENSIBLE = 0xFFFE
"""WAVE_FORMAT_EXTENSIBLE: the real format tag is in the first two bytes of the sub-format, 24 bytes into the chunk."""
STREAMED = 0xFFFFFFFF
"""The data size that streaming programs write. The data then runs to the end of the file."""


class NotWav(ValueError):
    """The bytes are not a supported WAV file. The message says why, and is worded to follow the file's name."""


@immutable
class Measured:
    """Format and length of a WAV file. ``rate`` is in samples per second; ``encoding`` is pcm16, mu-law or a-law."""

    seconds: float
    rate: int
    channels: int
    encoding: str


@immutable
class _Parsed:
    tag: int
    bits: int
    channels: int
    rate: int
    sound: bytes

    @property
    def frame_bytes(self) -> int:
        return self.channels * self.bits // 8


def measure(content: bytes) -> Measured:
    """Measure a WAV file of 16-bit PCM, mu-law or A-law, at any rate and number of channels. Raises NotWav."""
    parsed = _parse(content)
    seconds = len(parsed.sound) / (parsed.frame_bytes * parsed.rate)
    return Measured(seconds, parsed.rate, parsed.channels, ENCODINGS[parsed.tag, parsed.bits])


def cut(content: bytes, seconds: float) -> bytes:
    """A WAV file of exactly ``seconds`` in the same format. A shorter source is repeated.

    Hold music is cut to the promised seconds, so that the hold document ends on time even without our server. Raises
    NotWav, or ValueError for less than one sample.
    """
    parsed = _parse(content)
    wanted = round(seconds * parsed.rate) * parsed.frame_bytes
    if wanted <= 0:
        raise ValueError(f"a recording of {seconds} seconds")
    rounds = -(-wanted // len(parsed.sound))
    return _written(parsed, (parsed.sound * rounds)[:wanted])


def mu_law_file(sound: bytes, channels: int = 1, more: bytes = b"") -> bytes:
    """A WAV file of these mu-law bytes at 8 kHz, the format of telephone audio, with ``more`` chunks behind it."""
    return _written(_Parsed(tag=7, bits=8, channels=channels, rate=8000, sound=sound), sound, more)


def pcm_file(sound: bytes) -> bytes:
    """A WAV file of these samples of 16 bits, 8 kHz and mono."""
    return _written(_Parsed(tag=1, bits=16, channels=1, rate=8000, sound=sound), sound)


def joined(contents: Iterable[bytes]) -> bytes:
    """One WAV file of several of 8 kHz and mono, one after another without a gap. Raises NotWav.

    It is mu-law, or PCM of 16 bits if all of them are.
    """
    parsed = [_parse(one) for one in contents]
    tags = {one.tag for one in parsed}
    if len(tags) == 1:
        return _written(parsed[0], b"".join(one.sound for one in parsed))
    from callflow.audio.levels import as_mu_law  # which measures with this module

    return mu_law_file(b"".join(one.sound if one.tag == 7 else as_mu_law(one.sound) for one in parsed))


def _parse(content: bytes) -> _Parsed:
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        raise NotWav("is not a WAV file")
    layout = b""
    for name, size, position in _chunks(content):
        if name == b"fmt ":
            layout = content[position : position + size]
        elif name == b"data":
            return _checked(layout, content[position : position + size], size)
    raise NotWav("has no sound in it")


def _chunks(content: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Name, size and offset of the data of each chunk. A chunk of odd size is followed by a padding byte."""
    position = 12
    while position + 8 <= len(content):
        size = int.from_bytes(content[position + 4 : position + 8], "little")
        yield content[position : position + 4], size, position + 8
        position += 8 + size + (size & 1)


def _checked(layout: bytes, sound: bytes, size: int) -> _Parsed:
    if len(layout) < 16:
        raise NotWav("has a broken header")
    tag, channels, bits = (_number(layout, at, 2) for at in (0, 2, 14))
    if tag == EXTENSIBLE:
        tag = _number(layout, 24, 2)
    parsed = _Parsed(tag=tag, bits=bits, channels=channels, rate=_number(layout, 4, 4), sound=sound)
    if (tag, bits) not in ENCODINGS:
        raise NotWav(f"is of format {tag} with {bits} bits, not PCM of 16 bits or mu-law")
    if not channels or not parsed.rate:
        raise NotWav("has a broken header")
    if size not in (len(sound), STREAMED):
        raise NotWav("is cut off before its end")
    if len(sound) < parsed.frame_bytes:
        raise NotWav("has no sound in it")
    return parsed


def _number(content: bytes, at: int, size: int) -> int:
    return int.from_bytes(content[at : at + size], "little")


def _written(parsed: _Parsed, sound: bytes, more: bytes = b"") -> bytes:
    frame, rate = parsed.frame_bytes, parsed.rate
    numbers = (
        (parsed.tag, 2),
        (parsed.channels, 2),
        (rate, 4),
        (rate * frame, 4),
        (frame, 2),
        (parsed.bits, 2),
        (0, 2),
    )
    layout = b"".join(number.to_bytes(size, "little") for number, size in numbers)
    # Every format but PCM needs a "fact" chunk with the number of frames.
    fact = chunk(b"fact", (len(sound) // frame).to_bytes(4, "little"))
    inside = b"WAVE" + chunk(b"fmt ", layout) + fact + chunk(b"data", sound) + more
    return chunk(b"RIFF", inside)


def chunk(name: bytes, content: bytes) -> bytes:
    """One part of a WAV file, with a padding byte if its size is odd."""
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) & 1)
