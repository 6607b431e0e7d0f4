"""The configuration that we ship: what an agent, a caller and ops meet on the first day."""

import re
from pathlib import Path

import pytest

from callflow.audio.manifest import entries
from callflow.audio.wav import measure
from callflow.configuration.checks.scripts import sentences
from callflow.configuration.loading import load
from callflow.core.choices import WORDS as choices_of_the_menu
from callflow.core.configuration import Configuration
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Choice
from callflow.core.policy import Policy
from callflow.core.script_catalogue import SCRIPTS
from tests.configuration.workbench import AUDIO, ROOT

CONFIG = ROOT / "config"


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return load(CONFIG, AUDIO)


def test_the_three_steps_are_the_defaults(shipped: Configuration) -> None:
    """What stands in the file is what holds where nothing stands."""
    assert shipped.policy == Policy()


def test_names_lead_to_each_other(shipped: Configuration) -> None:
    assert shipped.numbers == {"+15550100100": "front_desk"}
    assert shipped.flows["front_desk"].steps["desk"].team == "energy_desk"
    assert shipped.person("sky").role == "the duty manager"
    assert shipped.person("security").phone == "+15550100131"


def test_steps_know_their_verb_and_what_goes_with_it(shipped: Configuration) -> None:
    assert [*shipped.flows["front_desk"].steps.values()] == [
        SayStep(name="welcome", script="greeting", next="reason"),
        MenuStep(name="reason", script="reason_menu", otherwise="desk", choices={
            "1": Choice(next="desk", reason="a bill"), "2": Choice(next="desk", reason="a delivery")}),
        ConnectStep(name="desk", team="energy_desk", otherwise="message"),
        VoicemailStep(name="message", script="leave_message"),
    ]  # fmt: skip


def test_every_line_is_there(shipped: Configuration) -> None:
    assert set(SCRIPTS) <= set(shipped.languages["en"].scripts)


def test_lines_are_short_and_civil(shipped: Configuration) -> None:
    """Rule 45, and no word that tells a caller's gender."""
    unwanted = re.compile(r"\b(sir|madam|ma'am|mr|mrs|he|she|his|her|him|calm|policy|you people|unfortunately)\b", re.I)
    for script in shipped.languages["en"].scripts.values():
        assert sentences(script.text) <= 2, script.id
        assert not unwanted.search(script.text), script.id


def test_lines_read_aloud_the_keys_that_are_set(shipped: Configuration) -> None:
    """By the fragments of the menus, which the core completes with the keys."""
    choices = [shipped.fragment(id, "en") for id in choices_of_the_menu.values()]
    assert all(text.startswith("{key} ") for text in choices)
    assert set(choices_of_the_menu) >= set(shipped.policy.menu.keys)


def test_conduct_reads_well_wherever_it_is_named(shipped: Configuration) -> None:
    """After "without", "because of" and "more", before "continued": no verb, no full stop, no capital."""
    for conduct in shipped.policy.draw_the_line.conduct:
        assert re.fullmatch(r"[a-z ]+", conduct.name)


def test_final_warning_is_recorded_for_each_conduct(shipped: Configuration) -> None:
    """Rule 25: at most 15 seconds. And the words that were read are those of the script."""
    warning, known = shipped.script("warning_final", "en"), entries(AUDIO)
    for conduct in shipped.policy.draw_the_line.conduct:
        recording = warning.audio[conduct.key]
        assert 5 < recording.seconds <= 15
        assert known[recording.path].words == warning.text.format(conduct=conduct.name)


def test_audio_is_small_and_all_of_it_is_listed() -> None:
    files = {path.relative_to(AUDIO).as_posix() for path in AUDIO.rglob("*.wav")}
    assert sum((AUDIO / path).stat().st_size for path in files) < 4_000_000
    assert set(entries(AUDIO)) == files - {"hold_music.wav"}


def test_music_lasts_longer_than_one_hold(shipped: Configuration) -> None:
    assert shipped.policy.time_out.seconds <= shipped.music.seconds <= 60
    assert measure((AUDIO / shipped.music.path).read_bytes()).encoding == "mu-law"


def test_digest_is_of_the_content(shipped: Configuration, tmp_path: Path) -> None:
    assert load(CONFIG, AUDIO).digest == shipped.digest
    for path in CONFIG.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(CONFIG)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    assert load(tmp_path, AUDIO).digest == shipped.digest
    (tmp_path / "people.yaml").write_bytes((CONFIG / "people.yaml").read_bytes() + b"# a comment\n")
    assert load(tmp_path, AUDIO).digest != shipped.digest
