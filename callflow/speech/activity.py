"""For how many seconds somebody speaks in a recording: the caller over a warning, say. It knows speech from silence and
noise, not who speaks, so it wants a recording of one side (``RecordingTrack=inbound``)."""

from typing import Final

FRAME_MILLISECONDS: Final = 20
RATE: Final = 8000
STRICT: Final = 3
"""Of 0 to 3: how sure the detector is before it calls a frame speech. Music and hiss are not."""
SHORTEST_FRAMES: Final = 4
"""Less than 80 ms in a row is a click or a breath."""


def spoken_seconds(content: bytes, begins: float = 0.0, ends: float | None = None) -> float:
    """The seconds of speech in a WAV file, between two moments of it. Raises NotWav."""
    import webrtcvad

    from callflow.speech.sound import samples

    sound = samples(content).get_raw_data(convert_rate=RATE, convert_width=2)
    part = sound[_bytes(begins) : _bytes(ends) if ends is not None else len(sound)]
    detector, size = webrtcvad.Vad(STRICT), 2 * RATE * FRAME_MILLISECONDS // 1000
    total = run = 0
    for at in range(0, len(part) - size + 1, size):
        run = run + 1 if detector.is_speech(part[at : at + size], RATE) else 0
        total += SHORTEST_FRAMES if run == SHORTEST_FRAMES else run > SHORTEST_FRAMES
    return total * FRAME_MILLISECONDS / 1000


def _bytes(seconds: float) -> int:
    return 2 * round(seconds * RATE)
