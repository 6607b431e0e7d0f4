"""The length of a WAV file, and silent WAV files for recordings. Does not use the `wave` module, which does not read
mu-law and A-law, the formats of telephone audio."""

from __future__ import annotations

import struct

RATE = 8000
PCM, MU_LAW = 1, 7


def wav_seconds(content: bytes) -> float | None:
    """Seconds of sound in a WAV file of any format with a fixed number of bytes a second (PCM, mu-law, A-law); None for
    anything else."""
    if len(content) < 12 or content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return None
    position, bytes_per_second = 12, 0
    while position + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, position)
        if name == b"fmt " and position + 8 + 16 <= len(content):
            bytes_per_second = struct.unpack_from("<I", content, position + 16)[0]
        elif name == b"data":
            present = min(size, len(content) - position - 8)
            return present / bytes_per_second if bytes_per_second else None
        position += 8 + size + (size & 1)
    return None


def silent_wav(seconds: float, channels: int = 1) -> bytes:
    """A silent 16-bit 8 kHz WAV file, as recordings are delivered (twilio.md 5.4)."""
    body = bytes(int(seconds * RATE) * 2 * channels)
    layout = struct.pack("<HHIIHH", PCM, channels, RATE, RATE * 2 * channels, 2 * channels, 16)
    inside = b"WAVE" + b"fmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def playable(content: bytes) -> bytes:
    """The same WAV file in a format that every browser decodes: mu-law, which some do not, becomes 16-bit PCM."""
    position, layout = 12, (0, 0, 0)
    while position + 8 <= len(content):
        name, size = struct.unpack_from("<4sI", content, position)
        if name == b"fmt ":
            layout = struct.unpack_from("<HHI", content, position + 8)
        elif name == b"data" and layout[0] == MU_LAW:
            _, channels, rate = layout
            codes = content[position + 8 : position + 8 + size]
            samples = struct.pack(f"<{len(codes)}h", *map(_LINEAR.__getitem__, codes))
            fmt = struct.pack("<HHIIHH", PCM, channels, rate, rate * 2 * channels, 2 * channels, 16)
            inside = b"WAVE" + b"fmt " + struct.pack("<I", 16) + fmt
            inside += b"data" + struct.pack("<I", len(samples)) + samples
            return b"RIFF" + struct.pack("<I", len(inside)) + inside
        position += 8 + size + (size & 1)
    return content


def _linear(code: int) -> int:
    """ITU-T G.711."""
    value = ~code & 0xFF
    size = (((value & 0x0F) << 3) + 0x84 << (value >> 4 & 7)) - 0x84
    return -size if value & 0x80 else size


_LINEAR = tuple(map(_linear, range(256)))
