"""A recording in the terminal: its wave as a picture, and its figures."""

from callflow.audio.levels import Level, samples_of

COLUMNS = 64
BLOCKS = " ▁▂▃▄▅▆▇█"


def picture(content: bytes) -> str:
    """The wave of a telephone recording, one character for each of ``COLUMNS`` parts, by its loudest sample."""
    samples = samples_of(content)
    width = max(1, -(-len(samples) // COLUMNS))
    peaks = [max(map(abs, samples[at : at + width])) for at in range(0, len(samples), width)]
    return "".join(BLOCKS[min(8, round(9 * (peak / 32768) ** 0.5))] for peak in peaks)


def figures(level: Level, seconds: float) -> str:
    return f"{seconds:5.1f} s  {level.loudness:6.1f} LUFS  peak {level.peak:6.1f} dBFS"
