"""Whatever somebody recorded, on whatever telephone, is as loud as the rest afterwards, and begins at once."""

import gc
import io
import re
from contextlib import suppress

import av
import pytest

from callflow.audio.levels import EXPECTED, level
from callflow.audio.normalising import PEAK, Unfit, normalise
from callflow.audio.wav import NotWav, measure
from tests.audio.voices import speech
from tests.configuration.sounds import tone, wav


@pytest.mark.parametrize("peak", [0.03, 0.1, 0.3, 0.9])
def test_a_whisper_and_a_shout_come_out_equally_loud(peak: float) -> None:
    made = normalise(speech(peak=peak))
    assert made.after.loudness == pytest.approx(EXPECTED, abs=1)
    assert made.after.peak <= PEAK
    assert not made.after.clipped
    assert made.before.loudness < made.after.loudness or peak > 0.3


def test_the_silence_around_the_words_is_cut() -> None:
    made = normalise(speech(seconds=2, before=1.5, after=2.5))
    assert made.cut_seconds == pytest.approx((1.5, 2.5), abs=0.25)
    assert 2.0 < made.seconds < 2.6
    assert made.after.silent_seconds == pytest.approx(0.1, abs=0.05)


def test_the_noise_of_a_room_is_not_taken_for_words() -> None:
    made = normalise(speech(seconds=2, before=1.5, after=1.5, hum=0.004))
    assert 1.8 < made.seconds < 2.7


def test_rumble_does_not_make_the_words_quieter() -> None:
    clean, shaken = normalise(speech()), normalise(speech(rumble=0.1))
    assert shaken.after.rms == pytest.approx(clean.after.rms, abs=1)
    assert shaken.seconds == pytest.approx(clean.seconds, abs=0.3)


def test_what_is_made_can_be_played() -> None:
    made = normalise(speech())
    told = measure(made.content)
    assert (told.rate, told.channels, told.encoding) == (8000, 1, "mu-law")
    assert made.seconds == told.seconds
    assert made.after == level(made.content)


def test_a_recording_of_ours_stays_as_it_is() -> None:
    once = normalise(speech())
    again = normalise(once.content)
    assert again.after.loudness == pytest.approx(once.after.loudness, abs=0.3)
    assert again.seconds == pytest.approx(once.seconds, abs=0.02)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (speech(peak=0), "is silent"),
        (speech(peak=0.00001), "is silent"),
        (tone(seconds=3, peak=3), "is clipped"),
        (speech(seconds=31), "lasts 31.0 seconds without the silence around it; at most 30 fit"),
    ],
)
def test_says_why_a_sound_is_no_recording(content: bytes, why: str) -> None:
    with pytest.raises(Unfit, match=why):
        normalise(content)


@pytest.mark.parametrize("content", [b"", b"ID3", wav(rate=16000), wav(channels=2), wav(tag=6, bits=8)])
def test_other_formats_are_refused(content: bytes) -> None:
    with pytest.raises(NotWav):
        normalise(content)


def by_ffmpeg(content: bytes) -> float:
    """The integrated loudness in LUFS, as FFmpeg's filter tells it in its summary."""
    av.logging.set_level(av.logging.INFO)
    with av.logging.Capture() as told, av.open(io.BytesIO(content)) as container:
        graph, stream = av.filter.Graph(), container.streams.audio[0]
        source, meter, sink = graph.add_abuffer(template=stream), graph.add("ebur128"), graph.add("abuffersink")
        source.link_to(meter)
        meter.link_to(sink)
        graph.configure()
        for frame in (*container.decode(stream), None):
            graph.push(frame)
            with suppress(av.error.BlockingIOError, av.error.EOFError):
                while True:
                    graph.pull()
        del graph, source, meter, sink
        gc.collect()  # the summary is told when the filter is released
    summary = next(text for _, _, text in told if "Integrated loudness" in text)
    return float(re.findall(r"I:\s+(-?[\d.]+) LUFS", summary)[-1])


@pytest.mark.parametrize("content", [speech(), speech(peak=0.02, hum=0.001), tone(seconds=1)])
def test_loudness_is_that_of_the_standard(content: bytes) -> None:
    theirs = by_ffmpeg(content)
    assert level(content).loudness == pytest.approx(theirs, abs=0.1)
