"""Whole calls on a database, whose bytes have nothing of the caller, and calls that are erased."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from callflow.core.stages import Stage
from callflow.service.ports import Store
from callflow.simulator.replay import describe, replay_frames
from callflow.simulator.transcript import journal_lines
from callflow.store.keys import Keys
from callflow.store.sealing import NO_KEY
from tests.e2e.flow_configuration import Crm, Reception, closed, example, with_step

CALLER, ACCOUNT, NAME = "+12025550173", "90817263", "Wilhelmina Przybylski"
Bytes = Callable[[], bytes]


@pytest.fixture
def stored(database_url: str, request: pytest.FixtureRequest) -> Bytes:
    """All bytes of all files of the database: tables and write-ahead log."""

    def of_sqlite() -> bytes:
        return _bytes(Path(database_url.removeprefix("sqlite:///")).parent)

    def of_postgresql() -> bytes:
        import psycopg

        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")
            row = connection.execute("SHOW data_directory").fetchone()
        return _bytes(Path((row or [""])[0]))

    return of_sqlite if database_url.startswith("sqlite") else of_postgresql


def _bytes(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def called(store: Store) -> Reception:
    """A caller has typed an account number, was greeted by name, and talks with Ana."""
    crm = Crm({"customer": {"name": NAME}})
    talk = Reception(with_step(example(), "account", keep=True), crm, store)
    talk.rings(CALLER).caller.hears("pick").presses("1").hears("greeting").hears("matters_menu")
    talk.caller.says("my bill, please").hears("ask_account")
    talk.caller.phone.press(f"{ACCOUNT}#")
    talk.caller.hears("hello_name", NAME).hears("connecting").hears("ring_offer")
    talk.ana.hears("offer", "a bill").presses("1")
    talk.together("caller", "ana")
    return talk


def with_message(store: Store) -> str:
    """A caller leaves a message. Returns the provider's id of the recording."""
    talk = Reception(closed(), store=store, seed=1).rings(CALLER)
    talk.caller.hears("pick").presses("1").hears("closed_menu").hears("closed_menu").hears("leave_message")
    talk.caller.heard("leave_message").says("please call me", after=2)
    talk.caller.hears("night_thanks", within=140).hears("goodbye").is_off()
    talk.noted("message_left").stage(Stage.ENDED).clean()
    return next(str(one.note.outcome) for one in talk.journal if one.note.kind == "message_left")


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_the_number_in_an_alert_is_sealed(database_url: str, opened: Callable[[str], Store], stored: Bytes) -> None:
    """It is spoken to the security desk digit by digit."""
    talk = called(opened(database_url))
    talk.ana.presses("*").hears("menu").presses("6")
    talk.security.hears("alert")
    spoken = " ".join(CALLER.lstrip("+"))
    assert spoken in str(talk.call)
    assert spoken.encode() not in stored()


def found_in(stored: Bytes, recording: str) -> list[str]:
    whole = stored()
    return [one for one in (CALLER, CALLER[1:], ACCOUNT, NAME, recording) if one.encode() in whole]


def test_nothing_of_the_caller_is_in_the_files(
    database_url: str, opened: Callable[[str], Store], stored: Bytes, logs: pytest.LogCaptureFixture
) -> None:
    store = opened(database_url)
    talk = called(store)
    assert (talk.call.number, talk.call.variables["account"]) == (CALLER, ACCOUNT)
    assert found_in(stored, CALLER) == []
    talk.over()
    recording = with_message(store)
    assert found_in(stored, recording) == []
    assert not [one for one in (CALLER, ACCOUNT, NAME) if one in logs.text]


def test_without_sealing_all_of_it_would_be_there(
    database_url: str, opened: Callable[[str], Store], stored: Bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the search finds what is there."""
    monkeypatch.setattr(Keys, "new_key", lambda *_: NO_KEY)
    store = opened(database_url)
    called(store).over()
    recording = with_message(store)
    assert found_in(stored, recording) == [CALLER, CALLER[1:], ACCOUNT, NAME, recording]


def test_an_erased_call_still_prints_but_tells_nothing(
    database_url: str, opened: Callable[[str], Store], stored: Bytes
) -> None:
    store = opened(database_url)
    talk = called(store).over()
    before, journal = talk.call, store.journal(talk.call.id)
    key = _key(store, before.id)
    assert store.erase(before.id)
    assert journal_lines(store.journal(before.id)) == journal_lines(journal)
    erased = store.find(before.reference)
    assert erased == store.read(before.id) == store.recent(before.id) == before.but(number="", variables={})
    frames = list(replay_frames(erased, store.history(before.id), store.journal(before.id), talk.configuration))
    assert [line for frame in frames for line in describe(frame, erased, talk.configuration)]
    assert _key(store, before.id) is None
    store.close()
    if database_url.startswith("sqlite"):
        assert key.encode() not in stored(), "with the key and the secret everything could be opened"


def test_the_recording_of_an_erased_message_is_not_told(database_url: str, opened: Callable[[str], Store]) -> None:
    store = opened(database_url)
    recording = with_message(store)
    (call,) = store.calls(live=False)
    assert recording in str(store.journal(call.id))
    assert recording in str(store.history(call.id))
    store.erase(call.id)
    assert recording not in str(store.journal(call.id)) + str(store.history(call.id))
    assert [one.note.kind for one in store.journal(call.id)].count("message_left") == 1


def _key(store: Any, call: str) -> Any:
    return next(key for id, key, _ in store._rows("all", limit=10) if id == call)
