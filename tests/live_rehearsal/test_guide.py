"""The first minute of a newcomer: what the page says, what it waits for, and that the promise outlives the server."""

from pathlib import Path

import pytest

from callflow.configuration.loading import load
from tests.live_rehearsal.rehearsed import AUDIO, ROOT, Rehearsed, shipped

EXAMPLES = sorted(file.parent for file in (ROOT / "tests" / "examples").glob("*/callflow.yaml"))


@pytest.fixture
def rehearsed() -> Rehearsed:
    return Rehearsed(shipped())


def to_the_hold(rehearsed: Rehearsed) -> None:
    rehearsed.guide.begin()
    for beat in ("offer", "star", "menu"):
        rehearsed.until(beat)
        rehearsed.presses_what_glows()
    rehearsed.until("holding")


def test_a_caller_holds_by_consent_within_half_a_minute(rehearsed: Rehearsed) -> None:
    """One click and three keys, each half a second after it is shown."""
    begun = rehearsed.world.clock.monotonic()
    to_the_hold(rehearsed)
    assert rehearsed.world.clock.monotonic() - begun < 30
    assert rehearsed.journal()[-2:] == ["consent yes", "hold begun"]


def test_each_moment_has_a_sentence_and_a_key_when_one_is_due(rehearsed: Rehearsed) -> None:
    rehearsed.guide.begin()
    for beat in ("offer", "star", "menu"):
        rehearsed.until(beat)
        rehearsed.presses_what_glows()
    rehearsed.until("back")
    assert list(rehearsed.seen.items()) == [
        ("arriving", ""), ("ringing", ""), ("offer", "1"), ("angry", ""), ("star", "*"), ("menu", "1"), ("asked", ""),
        ("agreed", ""), ("holding", ""), ("back", ""),
    ]  # fmt: skip


def test_the_caller_is_back_by_the_promised_second(rehearsed: Rehearsed) -> None:
    to_the_hold(rehearsed)
    rehearsed.until("back")
    state = rehearsed.guide.state()
    assert 0 <= state["promised"] - state["back"] < 3
    assert rehearsed.journal()[-1] == "hold returned on time"


def test_now_kill_the_server_asks_for_a_hold_and_kills_in_the_middle_of_it(rehearsed: Rehearsed) -> None:
    to_the_hold(rehearsed)
    rehearsed.until("back")
    rehearsed.guide.kill()
    rehearsed.until("killed")
    rehearsed.until("kept")
    state, (killed,) = rehearsed.guide.state(), rehearsed.killed
    assert killed + 5 < state["back"] <= state["promised"]


def test_a_hold_that_is_on_is_the_one_in_which_the_server_dies(rehearsed: Rehearsed) -> None:
    to_the_hold(rehearsed)
    rehearsed.guide.kill()
    rehearsed.until("killed", limit=0.5)
    rehearsed.until("kept")


@pytest.mark.parametrize("before", ["", "ringing", "offer", "menu"])
def test_the_server_can_be_killed_at_any_time(rehearsed: Rehearsed, before: str) -> None:
    """Before a call, or while it is on its way: everything up to the hold is played."""
    if before:
        rehearsed.guide.begin()
        for beat in ("ringing", "offer", "star", "menu"):
            rehearsed.until(beat)
            if beat == before:
                break
            if beat != "ringing":
                rehearsed.presses_what_glows()
    rehearsed.guide.kill()
    rehearsed.until("killed")
    rehearsed.until("kept")
    assert rehearsed.guide.state()["back"] <= rehearsed.guide.state()["promised"]


def test_a_third_hold_is_not_asked_for_so_there_is_a_new_call(rehearsed: Rehearsed) -> None:
    """A caller is held twice at most (rule 10): the visitor is not shown a refusal."""
    to_the_hold(rehearsed)
    rehearsed.until("back")
    rehearsed.guide._holds = 2
    rehearsed.guide.kill()
    rehearsed.until("kept", limit=200)
    assert len(rehearsed.caller.legs) == 2


def test_a_visitor_who_is_slow_is_asked_again(rehearsed: Rehearsed) -> None:
    """The menu goes back to the caller by itself, and then star is shown again."""
    rehearsed.guide.begin()
    for beat in ("offer", "star"):
        rehearsed.until(beat)
        rehearsed.presses_what_glows()
    rehearsed.until("menu")
    rehearsed.until("star", limit=30)


def test_a_visitor_who_plays_everybody_is_not_guided(rehearsed: Rehearsed) -> None:
    rehearsed.caller.call("+15550100100")
    rehearsed.world.clock.run_for(5)
    assert (rehearsed.beat(), rehearsed.guide.state()["glows"]) == ("free", "")
    assert [sound.text_or_url for sound in rehearsed.caller.heard][:1] == ["Thank you for calling Example Energy."]


def test_what_was_done_is_a_scenario_that_passes(rehearsed: Rehearsed, tmp_path: Path) -> None:
    to_the_hold(rehearsed)
    rehearsed.until("back")
    rehearsed.guide.kill()
    rehearsed.until("kept")
    text, outcome = rehearsed.recorded(tmp_path)
    assert outcome.failure is None, (text, outcome.failure)
    for line in ("server: dies", "ana: {picks_up: true", "Yes. Fine.", "kind: consent, actor: caller"):
        assert line in text


@pytest.mark.long
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda folder: folder.name)
def test_it_guides_in_other_houses(example: Path) -> None:
    """Other words, other menus, other languages, other keys."""
    audio = example / "audio"
    rehearsed = Rehearsed(load(example, audio if audio.is_dir() else AUDIO))
    rehearsed.guide.begin()
    for beat in ("offer", "star", "menu"):
        rehearsed.until(beat)
        rehearsed.presses_what_glows()
    rehearsed.until("back", limit=180)
    rehearsed.guide.kill()
    rehearsed.until("kept", limit=300)
    assert rehearsed.guide.state()["back"] <= rehearsed.guide.state()["promised"]
