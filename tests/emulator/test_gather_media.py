"""Files inside a Gather are fetched before the first sound of it plays (twilio.md 3.2)."""

from dataclasses import replace

from tests.emulator.world import World, audio, twiml, world

KEPT = (("Cache-Control", "public, max-age=3600"),)


def gathering() -> World:
    """A minute of speech, then two files that may be kept."""
    spoken = "word " * 168
    pages = {
        "/voice": twiml(f"<Gather><Say>{spoken}</Say><Play>/a.wav</Play><Play>/b.wav</Play></Gather><Say>Next</Say>"),
        "/a.wav": replace(audio(3), headers=KEPT),
        "/b.wav": replace(audio(4), headers=KEPT),
    }
    return world(pages)


def test_all_files_are_fetched_at_its_beginning() -> None:
    it = gathering()
    leg = it.dial_in(100)
    assert [it.app.one(path).at < 1 for path in ("/a.wav", "/b.wav")] == [True, True]
    assert it.heard(leg)[-1] == "say Next"


def test_they_play_although_the_server_has_gone_meanwhile() -> None:
    it = gathering()
    leg = it.dial_in(10)
    it.app.pages.clear()
    it.clock.run_for(90)
    assert it.heard(leg)[-1] == "say Next"
    assert it.codes() == []


def test_one_that_cannot_be_had_fails_the_document_at_its_beginning() -> None:
    it = gathering()
    del it.app.pages["/b.wav"]
    leg = it.dial_in(5)
    assert it.codes()[0] in (11200, 12300)
    assert not any(line.startswith("say word") for line in it.heard(leg))
