"""Data ends after its time, except what is held: what is listed one night is deleted the next, in every store."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import NoteKind
from callflow.core.recordings import RecordingKind
from callflow.core.retention import INCIDENTS, months_before
from callflow.core.stages import Stage
from callflow.service.jobs import JobFailure
from callflow.service.legal_holds import THREAT_KEY, CannotHold
from callflow.service.ports import Store
from callflow.service.recordings import Recording, RecordingState
from callflow.store.memory import MemoryStore
from callflow.store.prepared import prepared
from callflow.store.verifying import verify
from tests.contracts.nights import NIGHT, NOW, NUMBER, House
from tests.contracts.sample import save
from tests.contracts.test_sealing import rows
from tests.e2e.conversation import AUDIO, ROOT


@pytest.fixture(scope="module")
def shipped() -> Configuration:
    return load(ROOT / "config", AUDIO)


@pytest.fixture
def house(store: Store, shipped: Configuration) -> House:
    return House(store, shipped)


def test_what_is_listed_one_night_is_deleted_the_next(house: House) -> None:
    house.call("old", 100)
    house.call("new", 50)
    assert house.nights(1)["proposed"] == {"recording": 1, "transcript": 1}
    assert house.has("old") == (True, True, True, True)
    listed = house.store.deletions(house.now)
    assert {(one.kind, one.reference) for one in listed} == {("recording", "OLD"), ("transcript", "OLD")}
    assert house.nights(1)["deleted"] == {"recording": 1, "transcript": 1}
    assert house.has("old") == (False, False, True, True)
    assert house.has("new") == (True, True, True, True)
    assert house.provider.deleted == ["REold"]
    assert house.store.deletions(house.now) == []


def test_numbers_and_words_of_a_call_end_after_its_months_and_those_of_incidents_later(house: House) -> None:
    house.call("plain", 500)
    house.call("warned", 500, NoteKind.WARNING)
    house.call("threat", 800, NoteKind.THREAT)
    house.nights(2)
    assert house.has("plain") == (False, False, False, False)
    assert house.has("warned") == (False, False, False, True)
    assert house.has("threat") == (False, False, False, False)
    assert house.store.history("plain") == []
    kinds = [one.note.kind for one in house.store.journal("threat")]
    assert kinds == ["threat", "erased"]
    assert {one.call for one in house.store.erasures(NOW, house.now + NIGHT)} == {"plain", "threat"}


def test_nothing_of_a_call_that_is_held_is_deleted(house: House) -> None:
    house.call("held", 1000, NoteKind.WARNING)
    house.nights(1)
    house.holds.put("held", "sam", "the police asked for it", house.now + 30 * NIGHT, by="sky")
    assert house.store.deletions(house.now) == []
    house.nights(2)
    assert house.has("held") == (True, True, True, True)
    house.store.delete_histories(house.now, 0, 100)
    assert house.store.history("held") != []
    (hold,) = house.store.holds()
    assert (hold.owner, hold.reason) == ("sam", "the police asked for it")
    house.holds.release("held", by="sam")
    assert "deleted" in house.nights(1)
    assert house.has("held")[0]
    house.nights(1)
    assert house.has("held") == (False, False, False, False)
    assert [(one.note.kind, one.note.actor, one.note.outcome) for one in house.store.journal("held")[1:]] == [
        ("legal_hold", "sky", "put"), ("legal_hold", "sam", "released"), ("erased", "callflow", "its time was over"),
    ]  # fmt: skip


def test_a_hold_past_its_review_date_is_told_and_goes_on(house: House) -> None:
    house.call("held", 1000)
    house.holds.put("held", "sam", "a claim", house.now + 2 * NIGHT, by="sky")
    assert house.nights(1)["holds_to_review"] == []
    assert house.nights(3)["holds_to_review"] == ["HELD"]
    assert house.has("held") == (True, True, True, True)
    house.holds.review("held", house.now + 30 * NIGHT, by="sam")
    assert house.nights(1)["holds_to_review"] == []


def test_the_threat_key_sets_one_hold_however_often_its_job_runs(house: House) -> None:
    house.call("threat", 0, NoteKind.THREAT)
    args = {"call": "threat", "at": house.now.isoformat()}
    house.holds.run(args)
    house.holds.run(args)
    (hold,) = house.store.holds("threat")
    assert (hold.reason, hold.review) == (THREAT_KEY, house.now + timedelta(days=180))
    house.holds.release("threat", by="sam")
    house.holds.run(args)
    assert house.store.holds("threat") == []
    assert [one.note.outcome for one in house.store.journal("threat")[1:]] == ["put", "released"]


def test_a_hold_is_refused_where_it_would_mean_nothing(house: House) -> None:
    house.call("c1", 1)
    for call, owner, days in (("c1", "nobody", 1), ("c1", "sam", -1), ("unknown", "sam", 1)):
        with pytest.raises(CannotHold):
            house.holds.put(call, owner, "why", house.now + days * NIGHT, by="sky")
    assert house.keeper.erase("c1", "sky", "asked") == ""
    with pytest.raises(CannotHold, match="erased already"):
        house.holds.put("c1", "sam", "why", house.now + NIGHT, by="sky")


def test_what_is_open_or_live_is_never_listed(house: House) -> None:
    house.call("live", 1000, stage=Stage.TALKING)
    house.call("promised", 1000)
    (promise,) = house.store.follow_ups(call="promised", closed=True)
    house.store.transact(lambda tx: tx.put_follow_up(replace(promise, closed=False)))
    house.nights(2)
    assert house.has("live") == (True, True, True, True)
    assert house.has("promised") == (False, False, True, True)


def test_times_that_ops_lengthen_take_back_what_was_listed(house: House) -> None:
    house.call("old", 100)
    house.nights(1)
    house.keeps(recordings_days=None, transcripts_days=200)
    assert house.nights(1)["withdrawn"] == 2
    assert house.has("old") == (True, True, True, True)


def test_a_provider_that_is_down_is_asked_again_and_the_rest_is_done(house: House) -> None:
    house.call("old", 100)
    house.call("older", 500)
    house.nights(1)
    house.provider.down, house.now = True, house.now + NIGHT
    with pytest.raises(JobFailure, match="could not be deleted"):
        house.keeper.run({})
    assert house.has("older")[3]  # its recording's id is not lost before the provider has deleted it
    assert house.store.deletion_reports()[0].body["failed"] != []
    house.provider.down = False
    house.keeper.run({})
    assert sorted(house.provider.deleted) == ["REold", "REolder"]
    assert house.has("older") == (False, False, False, False)


def test_what_can_never_be_deleted_keeps_nothing_else(house: House) -> None:
    """Recordings of an account that was closed: the oldest of all, so they come first in every night."""
    for n in range(6):
        house.call(f"bad{n}", 101)
        house.provider.refused.add(f"REbad{n}")
    house.call("good", 100)
    house.nights(1)
    house.now += NIGHT
    with pytest.raises(JobFailure, match="6 things could not be deleted"):
        house.keeper.run({})
    assert house.has("good")[:2] == (False, False)
    assert [house.has(f"bad{n}")[:2] for n in range(6)] == [(True, False)] * 6, "what was written down is ours"


def test_while_the_provider_is_down_it_is_asked_five_times_and_the_rest_is_deleted(house: House) -> None:
    for n in range(8):
        house.call(f"c{n}", 100)
    house.nights(1)
    house.provider.down, house.now = True, house.now + NIGHT
    with pytest.raises(JobFailure, match="5 things could not be deleted"):
        house.keeper.run({})
    assert [house.has(f"c{n}")[:2] for n in range(8)] == [(True, False)] * 8


def test_all_recordings_of_a_call_are_erased_however_many(house: House) -> None:
    house.call("c1", 1)
    call, at = house.store.read("c1"), house.now
    assert call
    more = [Recording(id=f"c1-{n}", call="c1", kind=RecordingKind.NOTE, person="ana", provider_id=f"RE{n}", seconds=9,
                      state=RecordingState.WAITING, at=at) for n in range(10, 130)]  # fmt: skip
    save(house.store, call.but(seq=call.seq + 1), call, recordings=more)
    assert len(house.store.recordings("c1")) == 121
    assert house.keeper.erase("c1", "sky", "the caller asked for it") == ""
    assert len(house.provider.deleted) == 121


def test_a_night_that_was_killed_goes_on(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        house.call(f"c{n}", 500)
    house.nights(1)
    seen = 0

    def killed(*args: Any, **more: Any) -> str:
        nonlocal seen
        seen += 1
        if seen == 3:
            raise KeyboardInterrupt
        return str(erase(*args, **more))

    erase = house.keeper.erase
    monkeypatch.setattr(type(house.keeper), "erase", lambda self, *args, **more: killed(*args, **more))
    house.now += NIGHT
    with pytest.raises(KeyboardInterrupt):
        house.keeper.run({})
    house.keeper.run({})
    assert [house.has(f"c{n}")[3] for n in range(5)] == [False] * 5
    assert len(house.store.erasures(NOW, house.now + NIGHT)) == 5


def test_a_restored_database_has_the_erasures_applied_again(shipped: Configuration) -> None:
    """tests/e2e/test_data_that_ends.py does it with a real backup."""
    house, older = House(MemoryStore(), shipped), House(MemoryStore(), shipped)
    house.call("c1", 500)
    assert house.keeper.erase("c1", "sky", "the caller asked for it") == ""
    house.keeper.finish()
    older.keeper.recordings.files = older.files = house.files
    older.call("c1", 500)
    older.call("c2", 1)
    older.keeper.run_again({})
    assert (older.has("c1")[3], older.has("c2")[3]) == (False, True)
    assert older.provider.deleted == ["REc1"]
    assert older.keeper.again() == 0


def test_what_cannot_be_erased_again_holds_up_nothing_else(shipped: Configuration) -> None:
    house = House(MemoryStore(), shipped)
    house.call("c1", 1)
    house.files.put("erasures-2026-11", b'["c1", "2026-11-30T03:00:00+00:00", "sky", "the caller asked for it"]\n')
    house.provider.down = True
    house.call("plain", 500)
    house.now += NIGHT
    with pytest.raises(JobFailure, match="erasing again: deleting a recording: HTTP 503"):
        house.keeper.run({})
    assert house.store.deletion_reports()[0].body["proposed"] != {}
    house.provider.down = False
    assert house.nights(1)["erased_again"] == 1
    assert house.has("plain") == (False, False, False, False)


def test_no_row_of_an_erased_caller_has_a_number_or_a_word(database_url: str, opened: Callable[[str], Store],
                                                           shipped: Configuration) -> None:  # fmt: skip
    house = House(opened(database_url), shipped)
    house.call("c1", 1)
    (key,) = [row[0] for row in rows(database_url, 'SELECT "key" FROM calls')]
    assert key in everything(database_url)
    assert house.store.calls_of(NUMBER) == ["c1"]
    house.keeper.erase("c1", "sky", "the caller asked for it")
    found = everything(database_url)
    assert [one for one in (NUMBER, NUMBER[1:], "my bill", "secret", "REc1", "sealed:", key) if one in found] == []
    assert house.store.calls_of(NUMBER) == []
    assert verify(database_url).faults == []


def everything(url: str) -> str:
    """Every row of every table, but for the peppers of years, which are of nobody."""
    tables = ("calls", "journal", "history", "orders", "recordings", "follow_ups", "transcripts", "legal_holds",
              "deletions", "deletion_reports", "erasures", "log_leaves", "webhook_positions", "people")  # fmt: skip
    return str([rows(url, f"SELECT * FROM {table}") for table in tables])


def test_every_chain_verifies_after_the_ends(database_url: str, opened: Callable[[str], Store],
                                             shipped: Configuration) -> None:  # fmt: skip
    house = House(opened(database_url), shipped)
    house.call("plain", 500, NoteKind.HOLD)
    house.call("warned", 900, NoteKind.WARNING)
    house.call("held", 900, NoteKind.THREAT)
    house.holds.run({"call": "held", "at": house.now.isoformat()})
    house.nights(2)
    assert (house.has("plain")[3], house.has("warned")[3], house.has("held")[3]) == (False, False, True)
    assert not verify(database_url).faults


def test_the_database_takes_the_same_calls_for_incidents() -> None:
    text = prepared("sqlite").statements["propose_calls"].text
    assert re.findall(r"\('closing'.*?\)", text) == [str(tuple(map(str, INCIDENTS)))]


def test_an_incident_keeps_its_words_as_long_as_its_call(house: House) -> None:
    house.call("told", 500, NoteKind.INCIDENT)
    incident = FollowUp(id="told-incident-1", kind=FollowUpKind.INCIDENT, call="told", person="", state="answered",
                        at=NOW - timedelta(days=500), closed=True, body={"words": "his exact words"})  # fmt: skip
    house.store.transact(lambda tx: tx.put_follow_up(incident))
    house.nights(2)
    assert house.store.follow_up("told-incident-1") == incident
    assert [one.body for one in house.store.follow_ups(FollowUpKind.PROMISE, call="told", closed=True)] == [{}]


def test_months_are_those_of_the_calendar() -> None:
    assert months_before(datetime(2026, 3, 31, tzinfo=UTC), 1) == datetime(2026, 2, 28, tzinfo=UTC)
    assert months_before(datetime(2026, 1, 15, tzinfo=UTC), 24) == datetime(2024, 1, 15, tzinfo=UTC)
    assert months_before(datetime(2026, 12, 1, tzinfo=UTC), 12) == datetime(2025, 12, 1, tzinfo=UTC)
