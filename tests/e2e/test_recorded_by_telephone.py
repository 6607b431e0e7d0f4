"""A line is recorded by its number on the staff line, examined by a job, and told at the next call."""

import logging
import shutil
from pathlib import Path

import pytest

from callflow.core.staff_line.numbers import number_of
from callflow.emulator import Chaos
from callflow.service.prompt_keeper import GONE_AFTER
from callflow.service.prompt_recordings import PromptState
from callflow.speech import prompts
from tests.audio.voices import speech
from tests.e2e.conversation import AUDIO
from tests.e2e.staff_lines import StaffCall
from tests.e2e.studio import LINE, SAID, Studio


def test_ana_records_a_line_and_hears_at_her_next_call_that_it_is_in_force(tmp_path: Path) -> None:
    """With a real child process, which compares the words where a recogniser is installed."""
    studio = Studio(tmp_path)
    studio.keeps(SAID.read_bytes())
    assert studio.works(child=True) == []
    assert (studio.one.state in (PromptState.IN_FORCE, PromptState.IN_DOUBT), studio.at_provider()) == (True, [False])
    assert studio.keeper.take_up() == "ana"
    assert (tmp_path / studio.one.path).read_bytes() == studio.talk.callflow.store.prompt_sound(studio.one.id)
    heard = "record_in_force" if studio.one.state is PromptState.IN_FORCE else "record_in_doubt"
    StaffCall(talk=studio.talk).hears("staff_pin").presses("271828#").hears(heard).hears("staff_menu").presses(
        "#"
    ).over()
    assert studio.one.told
    call = studio.calls().presses("#").over()
    assert not any("is in force" in one for one in call.said)


def test_only_who_may_record_is_told_of_the_key_and_can_use_it(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    call = StaffCall("+15550100112", studio.talk).logs_in().presses("4").hears("unknown_key").presses("#").over()
    assert not any("record a line" in one for one in call.said)


def test_an_unknown_number_is_told(tmp_path: Path) -> None:
    call = Studio(tmp_path).calls().presses("4").hears("record_number")
    call.presses("999#").hears("record_unknown").presses("0#").hears("staff_menu")


def test_she_records_again_hears_it_twice_and_drops_it(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    call = studio.records(studio.calls()).presses("3").hears("record_review").presses("2")
    studio.again(call).presses("#").hears("record_dropped").hears("staff_menu").presses("#").over()
    assert studio.talk.callflow.store.prompt_recordings() == []
    assert studio.works() == []
    assert studio.at_provider() == [False, False]


@pytest.mark.parametrize("moment", ["while she speaks", "before she keeps it"])
def test_a_hang_up_keeps_nothing(tmp_path: Path, moment: str) -> None:
    studio = Studio(tmp_path)
    if moment == "before she keeps it":
        studio.records(studio.calls()).phone.hang_up()
    else:
        call = studio.calls().presses("4").hears("record_number").presses(f"{number_of(LINE)}#").hears("record_choice")
        studio.speaks(call.presses("1"))
        call.phone.hang_up()
    studio.talk.wait(10)
    assert studio.talk.callflow.store.prompt_recordings() == []
    assert studio.works() == []
    assert studio.at_provider() == [False]


@pytest.mark.parametrize(("sound", "state", "heard"), [
    (b"", PromptState.SILENT, "record_silent"),
    (speech(peak=0.0095), PromptState.QUIET, "record_quiet"),
    (speech(peak=3), PromptState.CLIPPED, "record_clipped"),
    (speech(seconds=35), PromptState.LONG, "record_long"),
])  # fmt: skip
def test_what_is_unfit_is_refused_with_the_reason(tmp_path: Path, sound: bytes, state: PromptState, heard: str) -> None:
    studio = Studio(tmp_path)
    studio.keeps(sound)
    assert studio.works() == []
    assert (studio.one.state, studio.at_provider(), studio.keeper.take_up()) == (state, [False], "")
    StaffCall(talk=studio.talk).hears("staff_pin").presses("271828#").hears(heard)


def test_other_words_than_those_of_the_line_are_refused(tmp_path: Path) -> None:
    pytest.importorskip("pocketsphinx")
    studio = Studio(tmp_path)
    studio.keeps((AUDIO / "en" / "hold_asked.wav").read_bytes())
    assert studio.works() == []
    assert (studio.one.state, studio.one.verified) == (PromptState.WORDS, True)
    StaffCall(talk=studio.talk).hears("staff_pin").presses("271828#").hears("record_words")


def test_a_server_that_dies_in_the_middle_leaves_the_rest_to_another(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "a")
    studio.keeps(SAID.read_bytes())
    order = studio.keeper.order({"prompt": studio.one.id})  # fetched, and then it dies
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    other = studio.server(tmp_path / "b")
    assert studio.works(other) == []
    kept = studio.one
    assert order
    studio.keeper.done({"prompt": kept.id}, prompts.work(order))  # it was not dead
    studio.keeper.failed({"prompt": kept.id})
    assert (studio.one, studio.at_provider()) == (kept, [False])
    assert (other.take_up(), studio.keeper.take_up(), other.take_up()) == ("ana", "ana", "")
    assert (tmp_path / "a" / kept.path).read_bytes() == (tmp_path / "b" / kept.path).read_bytes()


def test_requests_that_arrive_twice_keep_one(tmp_path: Path) -> None:
    studio = Studio(tmp_path, chaos=Chaos(duplicate=1.0))
    studio.keeps(SAID.read_bytes())
    studio.talk.wait(10)
    assert studio.works() == []
    assert studio.one.state in (PromptState.IN_FORCE, PromptState.IN_DOUBT)


def test_what_the_provider_has_lost_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    studio = Studio(tmp_path)
    studio.keeps()
    next(iter(studio.talk.emulator.recordings.values())).deleted = True
    assert studio.works() == ["fetching a recording: HTTP 404, code 20404"]
    assert studio.one.state is PromptState.FAILED
    studio.talk.wait(GONE_AFTER.total_seconds() + 1)
    with caplog.at_level(logging.INFO):
        assert studio.works() == []
    assert "the line not_clear in en, recorded by ana: the provider has lost it" in caplog.text
    StaffCall(talk=studio.talk).hears("staff_pin").presses("271828#").hears("record_failed")


def test_a_folder_that_cannot_be_written_is_told_and_tried_again(tmp_path: Path) -> None:
    studio = Studio(tmp_path / "a")
    studio.keeps(SAID.read_bytes())
    (tmp_path / "file").write_text("no folder")
    assert "the audio folder cannot be written" in studio.works(studio.server(tmp_path / "file" / "audio"))[0]
    assert (studio.one.state, studio.at_provider()) == (PromptState.FAILED, [True])
    studio.talk.wait(GONE_AFTER.total_seconds() + 1)
    assert studio.works() == []
    assert studio.one.state in (PromptState.IN_FORCE, PromptState.IN_DOUBT)


def test_a_recording_that_ops_put_there_later_stays(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    studio.keeps(SAID.read_bytes())
    studio.works()
    assert studio.keeper.take_up() == "ana"
    file = tmp_path / studio.one.path
    file.write_bytes(b"by ops")
    assert studio.server(tmp_path).take_up() == ""
    assert file.read_bytes() == b"by ops"
    file.unlink()  # such as a new container
    assert studio.server(tmp_path).take_up() == "ana"


def test_nobody_else_can_hear_what_is_being_recorded(tmp_path: Path) -> None:
    studio = Studio(tmp_path)
    call = studio.records(studio.calls())
    url = next(one.text_or_url for one in call.phone.heard if "/audio/takes/" in one.text_or_url)
    path = url.removeprefix(studio.talk.callflow.urls.public)
    client = studio.talk.callflow.app.test_client()
    assert client.get(f"{path.rpartition('/')[0]}/{'0' * 32}.wav").status_code == 404
    call.presses("#").hears("record_dropped").presses("#").over()
    assert len(client.get(path).data) < 20_000  # a sound instead of it
