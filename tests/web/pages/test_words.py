"""Every kind of entry, stage and place has words on pages."""

from datetime import UTC, datetime, timedelta

import pytest

from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.stages import PlaceName, Stage
from callflow.web.pages import durations, journal_words, stage_words

NOW = datetime(2026, 11, 30, 13, 22, tzinfo=UTC)


def test_every_kind_of_entry_and_every_stage_has_words() -> None:
    assert set(journal_words.KINDS) == set(NoteKind)
    assert set(stage_words.STAGES) == set(Stage)
    assert all(stage_words.band_of(place.value)[1] for place in PlaceName)


def test_an_entry_of_a_later_version_is_told_by_its_own_name() -> None:
    later = Note(kind="sung_to", actor="ana", outcome="in_tune", details={"seconds": 3, "a_thing": 2.04})  # type: ignore[arg-type]
    assert journal_words.what(later) == "sung to"
    assert journal_words.outcome(NOW, later) == "in tune, 3 s, a thing: 2.0"


def test_what_is_private_in_an_entry_is_not_told() -> None:
    read = Note(
        kind=NoteKind.CALL_READ, actor="ada", outcome=NoteOutcome.SHOWN, details={"what": "sound", "reason": "x"}
    )
    assert journal_words.outcome(NOW, read) == "shown, sound"


@pytest.mark.parametrize(("seconds", "words"), [
    (0, "0 s"), (59.9, "59 s"), (185, "3 min 05 s"), (7_800, "2 h 10 min"), (273_600, "3 d 4 h"), (-5, "0 s"),
])  # fmt: skip
def test_a_duration_is_never_a_raw_number(seconds: float, words: str) -> None:
    assert durations.words(seconds) == words


def test_what_is_late_says_so_in_a_word() -> None:
    assert durations.until(NOW + timedelta(minutes=5), NOW) == "5 min 00 s"
    assert durations.until(NOW - timedelta(hours=26), NOW) == "1 d 2 h late"
