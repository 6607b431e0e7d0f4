"""The sounds of waiting: how long, how loud, and that a changed sound has another address."""

import hashlib

import pytest

from callflow.audio import sounds
from callflow.audio.levels import APART, EXPECTED, MU_LAW, level, mu_law
from callflow.audio.wav import measure
from tests.configuration.sounds import tone


@pytest.mark.parametrize("name", sounds.SOUNDS)
def test_a_wait_is_filled_to_the_second(name: str) -> None:
    for seconds in (1, 2, 7, 30):
        measured = measure(sounds.wav(name, seconds))
        assert (measured.seconds, measured.rate, measured.channels, measured.encoding) == (seconds, 8000, 1, "mu-law")


@pytest.mark.parametrize("name", sounds.SOUNDS)
def test_a_sound_is_as_loud_as_speech(name: str) -> None:
    heard = level(sounds.wav(name, 12))
    assert abs(heard.loudness - EXPECTED) <= APART / 2
    assert not heard.clipped


def test_a_changed_sound_has_another_version() -> None:
    """The provider keeps them for ever under one URL: change VERSION with the digest."""
    digest = hashlib.sha256(b"".join(sounds.wav(name, 6) for name in sorted(sounds.SOUNDS))).hexdigest()
    assert (sounds.VERSION, digest[:16]) == ("2", "04904ef8ead2f668")


def test_pauses_do_not_make_a_recording_quieter() -> None:
    steady = level(tone(seconds=4))
    broken = level(tone(seconds=2, silent_seconds=2))
    assert broken.loudness == pytest.approx(steady.loudness, abs=0.5)
    assert broken.rms < steady.rms - 2


def test_every_sample_is_written_as_the_nearest_one() -> None:
    assert [mu_law(value) for value in MU_LAW if value] == [code for code in range(256) if MU_LAW[code]]
    assert MU_LAW[mu_law(32767)] == max(MU_LAW)
    assert abs(MU_LAW[mu_law(1000)] - 1000) <= 32
