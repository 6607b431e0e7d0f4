"""A line is recorded by its number on the staff line, examined by a job, and told at the next call."""

import logging
import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from callflow.audio.folder import AudioFolder
from callflow.core.configuration import Configuration
from callflow.core.staff_line.numbers import NUMBERS
from callflow.emulator import Chaos
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.jobs import Job, JobKind
from callflow.service.prompt_keeper import GONE_AFTER, PromptKeeper
from callflow.service.prompt_recordings import DROP, KEEP, WORK, PromptRecording, PromptState
from callflow.speech import prompts
from tests.audio.voices import speech
from tests.e2e.conversation import AUDIO, Conversation
from tests.e2e.staff_lines import StaffCall, with_pins, with_staff_line

LINE = "not_clear"
SAID = AUDIO / "en" / f"{LINE}.wav"


@cache
def may_record() -> Configuration:
    line = replace(with_staff_line().staff_line, recorders=frozenset({"ana"}))
    return replace(with_staff_line(), staff_line=line)


class Studio:
    """Ana's telephone, and the server that works on what she records. Its folder has no recording of the line."""

    def __init__(self, folder: Path, chaos: Chaos | None = None) -> None:
        self.talk = Conversation(may_record(), store=with_pins(), chaos=chaos)
        shutil.copytree(AUDIO, folder, dirs_exist_ok=True)
        (folder / "en" / f"{LINE}.wav").unlink()
        self.folder = folder
        self.keeper = self.server(folder)

    def server(self, folder: Path) -> PromptKeeper:
        flow = self.talk.callflow
        return PromptKeeper(flow.store, AudioFolder(folder), flow.keepers.recordings.source, flow.configurations,
                            self.talk.clock.now)  # fmt: skip

    def calls(self) -> StaffCall:
        return StaffCall(talk=self.talk).logs_in().hears("record_key")

    def records(self, call: StaffCall, sound: bytes | None = None, line: str = LINE) -> StaffCall:
        """As far as the question whether to keep it. ``sound``: instead of the silence of the local provider."""
        call.presses("4").hears("record_number").presses(f"{NUMBERS[line]}#").hears(line).hears("record_choice")
        return self.again(call.presses("1"), sound)

    def speaks(self, call: StaffCall) -> None:
        call.hears("record_speak")
        self.talk.until(lambda: call.leg.doing == "record", "the tone").wait(3)

    def again(self, call: StaffCall, sound: bytes | None = None) -> StaffCall:
        self.speaks(call)
        list(self.talk.emulator.recordings.values())[-1].media = sound or b""
        call.presses("#").hears("record_review")
        assert any("/audio/takes/" in one.text_or_url for one in call.phone.heard)
        return call

    def keeps(self, sound: bytes | None = None) -> None:
        call = self.records(self.calls(), sound).presses("1").hears("record_kept").hears("staff_menu")
        call.presses("#").over()

    def works(self, keeper: PromptKeeper | None = None, *, child: bool = False) -> list[str]:
        """Run every job that is due once; what failed."""
        kept = keeper or self.keeper

        def here(args: Any) -> None:
            if (order := kept.order(args)) is not None:
                kept.done(args, prompts.work(order))

        keep = JobKind(work=WORK, around=kept, megabytes=4096) if child else JobKind(run=here)
        runner = JobRunner({KEEP: keep, DROP: JobKind(run=kept.drop)}, Metrics())
        store, failed, now = self.talk.callflow.store, [], self.talk.clock.now()
        while job := store.take_job([KEEP, DROP], now, now):  # type: ignore[attr-defined]
            assert isinstance(job, Job)
            if wrong := runner.attempt(job):
                failed.append(wrong.error)
                if not child and job.kind == KEEP:
                    kept.failed(job.args)
                store.job_again(job, self.talk.clock.now() + GONE_AFTER, wrong.error)  # type: ignore[attr-defined]
            else:
                store.job_done(job)  # type: ignore[attr-defined]
        return failed

    @property
    def one(self) -> PromptRecording:
        (found,) = self.talk.callflow.store.prompt_recordings()
        return found

    def at_provider(self) -> list[bool]:
        """Of each recording, in their order, whether the provider has it still."""
        return [not one.deleted for one in self.talk.emulator.recordings.values()]


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


def test_a_line_with_changing_words_or_an_unknown_number_is_told(tmp_path: Path) -> None:
    call = Studio(tmp_path).calls().presses("4").hears("record_number")
    call.presses(f"{NUMBERS['hold_request']}#").hears("record_changes").hears("record_number")
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
        call = studio.calls().presses("4").hears("record_number").presses(f"{NUMBERS[LINE]}#").hears("record_choice")
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
