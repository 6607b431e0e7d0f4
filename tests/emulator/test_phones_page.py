"""What the page of telephones asks the emulator for: what is new, what each person hears, and its sound."""

from __future__ import annotations

import io
import json
import re
import struct
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest

from callflow.audio.levels import MU_LAW
from callflow.audio.sounds import wav
from callflow.emulator import Person, Voices
from callflow.emulator.wav import playable, silent_wav, wav_seconds
from tests.emulator.world import ANA, CALLER, Answer, World, conference, twiml, world

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "callflow" / "emulator" / "page"
CAST = (Person(CALLER, "Caller", "caller", "left"), Person(ANA, "Ana", "agent", "centre"))
TICK = wav("tick", 2)
PAGES: dict[str, Any] = {
    "/voice": twiml("<Say>Welcome.</Say><Play>/tick.wav</Play>" + conference()),
    "/tick.wav": Answer(TICK, content_type="audio/wav", headers=(("Cache-Control", "max-age=60"),)),
}


class Silent(Voices):
    """Says every text as half a second of silence, and remembers for whom."""

    def __init__(self) -> None:
        super().__init__()
        self.name, self.spoken = "silent", list[tuple[str, str]]()

    def speak(self, text: str, speaker: str) -> bytes:
        self.spoken.append((text, speaker))
        return silent_wav(0.5)


@pytest.fixture
def line() -> World:
    found = world(PAGES)
    found.emulator.keep_sounds(Silent(), CAST, words=lambda url: urlsplit(url).path)
    return found


def ask(line: World, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    told: list[Any] = []
    path, _, query = path.partition("?")
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.input": io.BytesIO(),
               **{f"HTTP_{name.upper()}": value for name, value in headers.items()}}  # fmt: skip
    body = b"".join(line.emulator.wsgi(environ, lambda status, found, _=None: told.extend((status, found))))
    return int(told[0][:3]), dict(told[1]), body


def changes(line: World, after: int = 0, heard: int = 0) -> dict[str, Any]:
    status, _, body = ask(line, f"/_changes?after={after}&heard={heard}")
    assert status == 200
    return dict(json.loads(body))


def test_it_says_where_everybody_is(line: World) -> None:
    line.dial_in(1.0)
    found = {one["name"]: (one["state"], one["side"]) for one in changes(line)["phones"]}
    assert found == {"Caller": ("talking", "left"), "Ana": ("free", "centre")}


def test_a_sound_has_its_second_its_length_and_its_file(line: World) -> None:
    line.dial_in(2.0)
    say, play = changes(line)["sounds"]
    assert (say["kind"], say["text"], say["complete"], say["side"]) == ("say", "Welcome.", True, "left")
    assert (play["kind"], play["text"], play["seconds"], play["end"]) == ("play", "/tick.wav", 2.0, None)
    assert say["end"] <= play["start"] < say["start"] + 1
    status, headers, body = ask(line, play["sound"])
    assert (status, headers["Content-Type"], wav_seconds(body)) == (200, "audio/wav", 2.0)
    assert "immutable" in headers["Cache-Control"]


def test_only_what_is_new_is_told(line: World) -> None:
    line.dial_in(2.0)
    first = changes(line)
    assert changes(line, first["event"], first["change"])["sounds"] == []
    line.clock.run_for(2.0)
    later = changes(line, first["event"], first["change"])
    assert [(one["kind"], one["end"] is None) for one in later["sounds"]] == [("play", False), ("silence", True)]
    assert {one["event"] for one in later["events"]} >= {"PlayEnded", "JoinedRoom"}


def test_what_one_telephone_heard(line: World) -> None:
    line.dial_in(2.0)
    heard = json.loads(ask(line, f"/_phones/{quote(CALLER)}/heard?after=0")[2])
    assert [one["text"] for one in heard["sounds"]] == ["Welcome.", "/tick.wav"]
    assert json.loads(ask(line, f"/_phones/{quote(CALLER)}/heard?after={heard['change']}")[2])["sounds"] == []


def test_people_sound_different_from_lines(line: World) -> None:
    line.dial_in(4.0)
    line.caller.say("This is wrong!")
    told = changes(line)
    (spoke,) = (one for one in told["events"] if one["event"] == "Spoke")
    for one in (spoke, told["sounds"][0]):
        assert wav_seconds(ask(line, one["sound"])[2]) == 0.5
    voices = line.emulator.exchange.sounds.voices  # type: ignore[union-attr]
    assert set(voices.spoken) == {("Welcome.", "line to a caller"), ("This is wrong!", "caller")}  # type: ignore[attr-defined]


def test_rooms_have_their_people(line: World) -> None:
    line.dial_in(4.0)
    (room,) = changes(line)["rooms"]
    assert room["people"] == [{"phone": CALLER, "held": False, "muted": False}]


def test_without_a_voice_there_are_the_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    found = world(PAGES)
    found.emulator.keep_sounds(Voices(), CAST)
    found.dial_in(0.5)
    told = changes(found)
    assert (told["voice"], told["sounds"][0]["text"], told["sounds"][0]["sound"]) == ("", "Welcome.", "")


def test_mu_law_becomes_what_every_browser_plays() -> None:
    plain = playable(TICK)
    layout, samples = struct.unpack_from("<HHIIHH", plain, 20), plain[44:]
    assert layout == (1, 1, 8000, 16000, 2, 16)
    codes = TICK[TICK.index(b"data") + 8 :]
    assert [value for (value,) in struct.iter_unpack("<h", samples)] == [MU_LAW[code] for code in codes]
    assert playable(plain) == plain


@pytest.mark.parametrize("path", ["/_sound/0123.wav", "/_page/nothing.css", "/_page/../rest/page.py", "/_page/x/y.js"])
def test_nothing_else_is_served(line: World, path: str) -> None:
    assert ask(line, path)[0] == 404


def test_the_page_is_served_with_the_strict_policy(line: World) -> None:
    assert ask(line, "/")[:2] == (302, {"Content-Type": "application/json", "Location": "/_page/"})
    for name in ("", *(file.name for file in PAGE.iterdir())):
        status, headers, _ = ask(line, f"/_page/{name}")
        assert status == 200
        assert "script-src 'self'; style-src 'self'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(("method", "headers"), [
    ("POST", {"Sec_Fetch_Site": "cross-site"}),
    ("POST", {"Sec_Fetch_Site": "same-site"}),
    ("GET", {"Host": "phones.attacker.example"}),
    ("GET", {"Host": "phones.attacker.example:8010"}),
])  # fmt: skip
def test_a_page_of_another_site_cannot_use_the_telephones(line: World, method: str, headers: dict[str, str]) -> None:
    assert ask(line, "/_phones", method, **headers)[0] == 403


@pytest.mark.parametrize(
    "headers", [{}, {"Host": "127.0.0.1:8010", "Sec_Fetch_Site": "same-origin"}, {"Host": "localhost"}]
)
def test_our_own_page_and_programs_can(line: World, headers: dict[str, str]) -> None:
    assert ask(line, "/_phones", "GET", **headers)[0] == 200


def test_the_page_needs_no_other_host_and_no_inline_code() -> None:
    for file in PAGE.iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", text), file
        if file.suffix == ".html":
            assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", text)


def test_the_look_is_that_of_all_pages() -> None:
    """The emulator takes nothing from the rest of Callflow, so it has a copy of the tokens."""
    ours, theirs = ((folder / name).read_text(encoding="utf-8") for folder, name in (
        (PAGE, "phones.css"), (ROOT / "callflow" / "web" / "pages" / "static", "callflow.css"),
    ))  # fmt: skip
    tokens = theirs[theirs.index(":root {") : theirs.index("*, *::before")]
    assert tokens in ours
