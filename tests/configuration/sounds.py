"""WAV files as other programs write them; not made by the code that is tested."""

import math
import struct


def wav(
    *, seconds: float = 1, rate: int = 8000, channels: int = 1, tag: int = 1, bits: int = 16, extra: bytes = b""
) -> bytes:
    """A rising tone of numbers; ``extra`` chunks stand before the data."""
    frame = channels * bits // 8
    frames = round(seconds * rate)
    sound = bytes(number % 251 for number in range(frames * frame))
    layout = struct.pack("<HHIIHH", tag, channels, rate, rate * frame, frame, bits)
    inside = b"WAVEfmt " + struct.pack("<I", len(layout)) + layout + extra
    inside += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(inside)) + inside


def tone(*, seconds: float = 3, peak: float = 0.23, silent_seconds: float = 0) -> bytes:
    """A clean sound of this loudness, PCM of 16 bits; over 1 it is cut flat."""
    before = b"\0\0" * round(silent_seconds * 8000)
    turns = (math.sin(at * 2 * math.pi * 440 / 8000) * peak for at in range(round(seconds * 8000)))
    sound = before + b"".join(struct.pack("<h", round(max(-1, min(1, turn)) * 32767)) for turn in turns)
    layout = struct.pack("<HHIIHH", 1, 1, 8000, 16000, 2, 16)
    inside = b"WAVEfmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(inside)) + inside
