"""The record of what a person hears, without gaps: sound, silence, and whose turn it is."""

from callflow.emulator import Leg
from callflow.emulator.hearing import heard_by
from tests.emulator.test_conference import room_world
from tests.emulator.world import ANA, World, audio, conference, twiml, world


def record(it: World, leg: Leg) -> list[tuple[str, str, float]]:
    """(kind, what, seconds) of each span, to the tenth; no file's address but its name."""
    spans = heard_by(leg, it.clock.monotonic())
    return [(one.kind, one.what.rpartition("/")[2], round(one.seconds, 1)) for one in spans]


def test_a_pause_is_silence_and_a_gather_is_the_callers_turn() -> None:
    """Speech and recordings are told apart; the time after the prompt of a Gather is nobody's silence but a turn."""
    page = twiml("<Say>Fourteen chars</Say>", '<Pause length="4"/>',
                 '<Gather timeout="3"><Play>/tune.wav</Play></Gather>', '<Say>Fourteen chars</Say>')  # fmt: skip
    it = world({"/voice": page, "/tune.wav": audio(2)})
    leg = it.dial_in(20)
    said = ("say", "Fourteen chars", 1.0)
    assert record(it, leg) == [said, ("silence", "", 4.1), ("play", "tune.wav", 2.0), ("listening", "", 3.0), said]


def test_the_providers_music_is_heard_until_somebody_comes() -> None:
    """Alone in a room without a waitUrl there is music, then company, and silence once the other has left."""
    it = room_world("<Dial><Conference beep='false'>room</Conference></Dial>", conference(beep="false"))
    leg = it.dial_in(5)
    it.call_out(seconds=8)
    it.emulator.phone(ANA).hang_up()
    it.clock.run_for(6)
    assert [(kind, what) for kind, what, _ in record(it, leg)] == [
        ("music", "default music"), ("people", "room"), ("silence", "")
    ]  # fmt: skip
    assert record(it, leg)[-1][2] == 6.0


def test_a_sound_in_silence_is_heard_and_the_silence_goes_on_after_it() -> None:
    """An announcement to a participant who is alone; the room stays as it is."""
    pages = {"/tone": twiml("<Play>/tone.wav</Play>"), "/tone.wav": audio(1)}
    it = room_world(conference(waitUrl=""), pages=pages)
    leg = it.dial_in(3)
    room = it.emulator.rooms["room"].sid
    it.rest.post(f"Conferences/{room}/Participants/{leg.sid}.json", {"AnnounceUrl": "https://app.example/tone"})
    it.clock.run_for(5)
    assert [kind for kind, _, _ in record(it, leg)] == ["silence", "play", "silence"]
    assert ("play", "tone.wav", 1.0) in record(it, leg)


def test_nobody_hears_anything_before_answering() -> None:
    it = room_world("<Dial><Conference>room</Conference></Dial>")
    leg = it.call_out(seconds=1)
    assert heard_by(leg, it.clock.monotonic()) == []
