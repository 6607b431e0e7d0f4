"""What the provider gets at the addresses of recordings, also when a file has gone. Callers never hear an error."""

import hashlib
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from callflow.audio.wav import measure
from callflow.core.configuration import Audio, Configuration
from tests.configuration.sounds import wav
from tests.core.example import CONFIGURATION
from tests.web.edge import Edge

PIECES = {"en/hold_start.1.wav": 1.5, "en/hold_start.2.wav": 2.0, "en/values/ana.wav": 0.5}
KEPT = "public, max-age=31536000, immutable"


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    """With a warning, music, and a line in pieces that are in the folder."""
    made = {}
    for path, seconds in {**PIECES, "en/final.wav": 9, "music.wav": 60}.items():
        content = wav(seconds=seconds, tag=7, bits=8)
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
        made[path] = Audio(path=path, digest=hashlib.sha256(content).hexdigest(), seconds=seconds)
    english = CONFIGURATION.languages["en"]
    first, second, name = (made[path] for path in PIECES)
    scripts = {
        **english.scripts,
        "warning_final": replace(english.scripts["warning_final"], audio={"": made["en/final.wav"]}),
        "hold_start": replace(english.scripts["hold_start"], pieces=(first, "agent", second)),
    }
    language = replace(english, scripts=scripts, values={"Ana": name})
    return replace(CONFIGURATION, languages={"en": language}, music=made["music.wav"])


@pytest.fixture
def edge(configuration: Configuration, tmp_path: Path) -> Edge:
    return Edge(configuration, audio=tmp_path)


def address(configuration: Configuration) -> str:
    final = configuration.script("warning_final", "en").audio[""]
    return f"/audio/{final.digest}/en/final.wav"


def joined(configuration: Configuration) -> str:
    first, _, second = configuration.script("hold_start", "en").pieces
    assert isinstance(first, Audio)
    assert isinstance(second, Audio)
    name = configuration.languages["en"].values["Ana"]
    return f"/audio/joined/hold_start/{'-'.join(one.digest[:16] for one in (first, name, second))}.wav"


def test_a_recording_is_kept_for_ever_under_the_hash_of_its_content(edge: Edge, configuration: Configuration) -> None:
    reply = edge.web.get(address(configuration))
    assert (reply.status_code, reply.mimetype, reply.headers["Cache-Control"]) == (200, "audio/wav", KEPT)
    again = edge.web.get(address(configuration), headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_line_in_pieces_is_one_file(edge: Edge, configuration: Configuration) -> None:
    reply = edge.web.get(joined(configuration))
    assert measure(reply.data).seconds == 4.0
    assert reply.headers["Cache-Control"] == KEPT
    unknown = joined(configuration).replace("-", "-0000000000000000-", 1)
    assert edge.web.get(unknown).status_code == 404


def test_a_file_that_goes_while_it_is_in_use_is_still_played(edge: Edge, configuration: Configuration, tmp_path: Path
                                                             ) -> None:  # fmt: skip
    before = edge.web.get(address(configuration)).data
    (tmp_path / "en/final.wav").unlink()
    assert edge.web.get(address(configuration)).data == before


def test_a_file_that_is_gone_at_once_is_a_moment_of_silence_and_then_the_text(
    edge: Edge, configuration: Configuration, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "en/final.wav").unlink()
    with caplog.at_level(logging.ERROR):
        reply = edge.web.get(address(configuration))
    assert (reply.status_code, reply.headers["Cache-Control"]) == (200, "no-store")
    assert measure(reply.data).seconds == 0.1
    assert "the recording en/final.wav is gone: what it said is spoken by the voice" in caplog.text
    assert not edge.callflow.configurations.current.script("warning_final", "en").audio


def test_one_piece_that_is_gone_makes_the_whole_line_spoken(edge: Edge, tmp_path: Path) -> None:
    (tmp_path / "en/hold_start.2.wav").unlink()
    edge.web.get("/readyz")
    current = edge.callflow.configurations.current
    assert not current.script("hold_start", "en").pieces
    assert current.script("warning_final", "en").audio


def test_music_that_is_gone_is_a_sound_of_waiting_of_the_same_length(edge: Edge, configuration: Configuration,
                                                                    tmp_path: Path) -> None:  # fmt: skip
    (tmp_path / "music.wav").unlink()
    reply = edge.web.get(f"/audio/music/{configuration.music.digest}/27.wav")
    assert (measure(reply.data).seconds, reply.headers["Cache-Control"]) == (27.0, "no-store")


def test_what_was_put_in_place_of_a_recording_is_not_kept_under_its_address(
    edge: Edge, configuration: Configuration, tmp_path: Path
) -> None:
    (tmp_path / "en/final.wav").write_bytes(wav(seconds=3))
    reply = edge.web.get(address(configuration))
    assert (measure(reply.data).seconds, reply.headers["Cache-Control"]) == (3.0, "no-store")
