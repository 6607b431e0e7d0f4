"""Lines that were recorded on the staff line, the same in every store."""

from dataclasses import replace

import pytest

from callflow.service.jobs import NewJob
from callflow.service.ports import Store
from callflow.service.prompt_recordings import KEEP, PromptRecording, PromptState
from callflow.service.staff_sessions import StaffUnit
from tests.contracts.sample import NOW, after

ONE = PromptRecording(id="c1-7", person="ana", language="en", line="not_clear", path="en/not_clear.wav",
                      words="That was not clear.", at=NOW, provider_id="RE1", account="AC2")  # fmt: skip


def test_a_recorded_line_is_kept_with_its_sound_and_its_job(store: Store) -> None:
    def work(unit: StaffUnit) -> None:
        unit.put_prompt(ONE)
        unit.put_prompt(replace(ONE, line="another"))  # a repeated request
        unit.defer(NewJob(kind=KEEP, at=NOW, key="k", args={"prompt": ONE.id}))

    store.in_staff_line(work)
    assert (store.prompt_recordings(), store.prompt_sound(ONE.id)) == ([ONE], b"")
    assert [(one.kind, one.args) for one in store.jobs(NOW)] == [(KEEP, {"prompt": "c1-7"})]
    done = replace(ONE, state=PromptState.IN_DOUBT, doubts=("clear",), verified=True, hash="ab", provider_id="")
    store.keep_prompt(done, b"RIFF\xff")
    store.keep_prompt(replace(done, replaces="cd"))
    assert (store.prompt_recordings(), store.prompt_sound(ONE.id)) == ([replace(done, replaces="cd")], b"RIFF\xff")
    store.keep_prompt(done, b"")
    assert store.prompt_sound(ONE.id) == store.prompt_sound("nobody's") == b""


def test_what_was_told_stays_told(store: Store) -> None:
    store.in_staff_line(lambda unit: unit.put_prompt(ONE))
    store.in_staff_line(lambda unit: unit.prompt_told(ONE.id))
    store.keep_prompt(replace(ONE, state=PromptState.LONG))
    assert [(one.state, one.told) for one in store.prompt_recordings()] == [(PromptState.LONG, True)]


def test_they_come_in_the_order_in_which_they_were_recorded(store: Store) -> None:
    for one in (replace(ONE, id="a", at=after(9)), replace(ONE, id="b"), ONE):
        store.in_staff_line(lambda unit, one=one: unit.put_prompt(one))  # type: ignore[misc]
    assert [one.id for one in store.prompt_recordings()] == ["b", "c1-7", "a"]


def test_a_unit_that_fails_keeps_neither_recording_nor_job(store: Store) -> None:
    def fails(unit: StaffUnit) -> None:
        unit.put_prompt(ONE)
        unit.defer(NewJob(kind=KEEP, at=NOW, args={"prompt": ONE.id}))
        raise ValueError("fails")

    with pytest.raises(ValueError, match="fails"):
        store.in_staff_line(fails)
    assert (store.prompt_recordings(), store.jobs(NOW)) == ([], [])
