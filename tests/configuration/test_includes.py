"""Lines and steps that several files share, without anchors: what is heard, what is watched, stored and compared."""

from pathlib import Path

import pytest

from callflow.configuration import cache, snapshots
from callflow.configuration.loading import examine
from tests import branches
from tests.configuration.workbench import AUDIO, TODAY, Workbench

pytestmark = pytest.mark.usefixtures("quick")
BRITISH = """\
version: 1
include: [scripts/en.yaml, shared/dental.yaml]
voice: {name: Polly.Amy-Neural, language: en-GB}
scripts:
  greeting: {text: "You are through to {org}."}
"""
DENTAL = """\
version: 1
scripts:
  practice_welcome: {text: "Welcome to {org}, {town}."}
  surgery_welcome: {text: "This is the surgery in {town}."}
  which_practice: {text: "For Eastgate, press 1. For the front desk, press 2."}
"""
STEPS = """\
version: 1
steps:
  desk: {connect: $desk, otherwise: message}
  message: {voicemail: leave_message}
"""


@pytest.fixture
def shared(bench: Workbench) -> Workbench:
    """Three practices whose lines and last steps stand in shared/, and a second kind of English."""
    config = branches.with_practices(bench.config.absolute().parent / "practices")
    made = Workbench(config, bench.audio)
    text = (config / "scripts" / "en.yaml").read_text("utf-8")
    text = text.replace(branches.LINES.lstrip("\n"), "").replace(
        "version: 1\n", "version: 1\ninclude: [shared/dental.yaml]\n"
    )
    (config / "scripts" / "en.yaml").write_text(text, "utf-8")
    (config / "shared" / "flows").mkdir(parents=True)
    (config / "shared" / "dental.yaml").write_text(DENTAL, "utf-8")
    (config / "shared" / "flows" / "desk.yaml").write_text(STEPS, "utf-8")
    practice = (config / "flows" / "practice.yaml").read_text("utf-8")
    kept, _, _ = practice.partition("  desk: {connect")
    kept = kept.replace("version: 1\n", "version: 1\ninclude: [shared/flows/desk.yaml]\n")
    (config / "flows" / "practice.yaml").write_text(kept, "utf-8")
    return made


def test_lines_and_steps_that_are_shared_are_as_if_they_were_written_there(shared: Workbench) -> None:
    assert shared.problems() == []
    configuration = shared.load()
    assert configuration.languages["en"].scripts["practice_welcome"].text == "Welcome to {org}, {town}."
    assert list(configuration.flows["practice:east"].steps) == ["opening", "welcome", "desk", "message"]


def test_british_english_is_english_with_other_words(shared: Workbench) -> None:
    (shared.config / "scripts" / "en-gb.yaml").write_text(BRITISH, "utf-8")
    languages = shared.load().languages
    assert languages["en-gb"].scripts["greeting"].text == "You are through to {org}."
    assert languages["en-gb"].scripts["surgery_welcome"] == languages["en"].scripts["surgery_welcome"]
    assert (languages["en-gb"].tag, languages["en"].tag) == ("en-GB", "en-US")
    assert set(languages["en-gb"].scripts) == set(languages["en"].scripts)


def test_a_file_without_a_voice_that_is_included_is_no_language(shared: Workbench) -> None:
    (shared.config / "shared" / "dental.yaml").rename(shared.config / "scripts" / "dental.yaml")
    shared.edit("scripts/en.yaml", "shared/dental.yaml", "scripts/dental.yaml")
    assert shared.problems() == []
    assert set(shared.load().languages) == {"en"}


def test_a_mistake_is_shown_in_the_file_where_it_is_written(shared: Workbench) -> None:
    shared.edit("shared/dental.yaml", '{town}."}\n  surgery', '{twon}."}\n  surgery')
    shared.edit("shared/flows/desk.yaml", "otherwise: message}", "otherwise: mesage}")
    found = [(Path(one.file).name, one.line, one.code) for one in examine(shared.config, AUDIO, today=TODAY).problems]
    assert ("dental.yaml", 3, "CF043") in found
    assert ("desk.yaml", 3, "CF031") in found


def test_a_change_of_a_shared_file_is_seen_stored_and_compared(shared: Workbench) -> None:
    before = shared.load(), snapshots.changes(shared.config), cache.fingerprint(shared.config, AUDIO)
    stored = snapshots.texts(shared.config)
    assert {"shared/dental.yaml", "shared/flows/desk.yaml"} <= set(stored)
    assert snapshots.load_texts(stored, shared.audio) == before[0]
    shared.edit("shared/dental.yaml", "Welcome to", "You have reached")
    after = shared.load(), snapshots.changes(shared.config), cache.fingerprint(shared.config, AUDIO)
    assert [one == other for one, other in zip(before, after, strict=True)] == [False, False, False]
    assert before[0].digest != after[0].digest
