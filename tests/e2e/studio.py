"""Ana's telephone, with which she records lines on the staff line, and the server that works on them."""

import shutil
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from callflow.audio.folder import AudioFolder
from callflow.core.configuration import Configuration
from callflow.core.staff_line.numbers import number_of
from callflow.emulator import Chaos
from callflow.runtime.job_runner import JobRunner
from callflow.runtime.metrics import Metrics
from callflow.service.jobs import Job, JobKind
from callflow.service.prompt_keeper import GONE_AFTER, PromptKeeper
from callflow.service.prompt_recordings import DROP, KEEP, WORK, PromptRecording
from callflow.speech import prompts
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

    def __init__(self, folder: Path, chaos: Chaos | None = None, configuration: Configuration | None = None) -> None:
        self.talk = Conversation(configuration or may_record(), store=with_pins(), chaos=chaos)
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
        call.presses("4").hears("record_number").presses(f"{number_of(line)}#").hears(line).hears("record_choice")
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
