"""What is sealed, on both databases: with which key, bound to what, and who can open it."""

import inspect
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from callflow.core.call import Leg, Place, Prompt, Role
from callflow.core.events import MessageRecorded
from callflow.core.evidence import CallBack
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.notes import NoteKind
from callflow.core.recordings import RecordingKind
from callflow.core.stages import PlaceName, Stage
from callflow.core.transcription import Purpose
from callflow.service.accounts import Accounts
from callflow.service.call_search import CallQuery
from callflow.service.moments import moment_of
from callflow.service.ports import Store, StoreUnavailable
from callflow.service.recordings import Recording, RecordingState
from callflow.service.retention import LegalHold
from callflow.service.transcripts import Transcript, TranscriptState
from callflow.store import open_store, resealing
from callflow.store.errors import CannotErase, WrongSecret
from callflow.store.sealing import ERASED, NO_KEY, Wrapper
from callflow.store.upgrades import opened as tables_of
from tests.contracts.sample import NOW, SECRETS, a_call, after, note, ring, save

OTHER = ("another secret of a test",)
NUMBER = "+15550100999"
PROMISE = CallBack(owner="sam", due=after(60), number=NUMBER)
SPOKEN = (Prompt("hello_name", {"customer_name": "Ana Diaz"}), Prompt("greeting"))
CALLER = Leg(id="caller", role=Role.CALLER, place=Place(PlaceName.STEP, SPOKEN, {"step": "hello"}), since=NOW)
CALL = a_call(legs=(CALLER,), variables={"account": "4711"}, call_token="proof", call_back=PROMISE)
RECORDED = MessageRecorded(at=NOW, leg="caller", recording="RE1", seconds=9)
Open = Callable[[str], Store]


def fill(store: Store, id: str = "c1", reference: str = "4F7K") -> None:
    caller = CALL.legs[0].but(sid=f"CA-{id}")
    call = CALL.but(id=id, reference=reference, legs=(caller,))
    said = note(NoteKind.MESSAGE_LEFT, outcome="RE1", details={"seconds": 9})
    history = moment_of(None, call, (RECORDED,), NOW, 1)
    message = Recording(id=f"{id}-3", call=id, kind=RecordingKind.VOICEMAIL, person="caller", provider_id="RE1",
                        state=RecordingState.WAITING, at=NOW, seconds=9)  # fmt: skip
    save(store, call, notes=[said], orders=[ring(f"{id}.o1")], follow_ups=[follow_up(id), over(id)], history=history,
         recordings=[message])  # fmt: skip
    store.keep_transcript(Transcript(recording=message.id, call=id, purpose=Purpose.VOICEMAIL, at=NOW, text="my bill",
                                     state=TranscriptState.MADE, engine="vosk"))  # fmt: skip
    hold = LegalHold(id=f"{id}-hold", call=id, owner="sam", at=NOW, review=after(60), reason="the police asked")
    store.transact(lambda tx: tx.put_hold(hold))


def follow_up(call: str) -> FollowUp:
    return FollowUp(id=f"{call}-promise-1", kind=FollowUpKind.PROMISE, call=call, person="sam", state="late", at=NOW,
                    body={"words": "to be told"})  # fmt: skip


def over(call: str) -> FollowUp:
    return replace(follow_up(call), id=f"{call}-alarm-1", kind=FollowUpKind.ALARM, state="cleared", closed=True)


def rows(url: str, query: str, *values: Any) -> list[Any]:
    """What the database itself says. "?" stands for a value."""
    with tables_of(url) as tables:
        connection: Any = tables._connection  # type: ignore[attr-defined]
        text = query if tables.database == "sqlite" else query.replace("?", "%s")
        return list(connection.execute(text, values).fetchall() if text.startswith("SELECT") else
                    [connection.execute(text, values)])  # fmt: skip


READERS: dict[str, Callable[[Store], Any]] = {
    "read": lambda store: store.read("c1"),
    "recent": lambda store: store.recent("c1"),
    "calls": lambda store: store.calls(),
    "find": lambda store: store.find("4F7K"),
    "journal": lambda store: store.journal("c1"),
    "history": lambda store: store.history("c1"),
    "follow_ups": lambda store: store.follow_ups(),
    "follow_up": lambda store: store.follow_up("c1-promise-1"),
    "urgent_follow_ups": lambda store: store.urgent_follow_ups(),
    "closed_follow_ups": lambda store: store.closed_follow_ups(FollowUpKind.ALARM),
    "search_calls": lambda store: store.search_calls(CallQuery()),
    "lease_orders": lambda store: store.lease_orders(after(99), after(100)),
    "recording": lambda store: store.recording("c1-3"),
    "recordings": lambda store: store.recordings("c1"),
    "transcripts": lambda store: store.transcripts("c1"),
    "holds": lambda store: store.holds("c1"),
    "transact": lambda store: store.transact(lambda unit: unit.load("c1")),
}
"""Everything of a store that returns what was sealed."""
PRIVATE = {"journal": ["RE1"], "history": ["RE1"], "follow_ups": ["to be told"], "follow_up": ["to be told"],
           "urgent_follow_ups": ["to be told"],
           "closed_follow_ups": ["to be told"],
           "holds": ["the police asked"], "lease_orders": ["+15550100121"],
           "recording": ["RE1"], "recordings": ["RE1"], "transcripts": ["my bill"]}  # fmt: skip
OF_A_CALL = [NUMBER, "4711", "proof", "Ana Diaz"]
OTHERS = {"add_deletion_report", "calls_of", "deletion_reports", "deletions", "erasures", "forget_freed", "has_words",
    "not_recognised", "propose", "withdraw_deletion",
    "closings_since", "due_follow_ups", "webhook_position", "put_webhook_position",
    "oldest_server", "clock", "page_version", "share_changes", "live_versions", "last_help",
    "add_caller_record", "change_caller_record", "caller_record", "caller_records", "caller_record_entries",
    "erase_caller_record", "erase_expired_heads_ups", "records_of",  # their own keys: test_caller_records.py
    "activate", "activations", "configuration", "configurations", "keep_configuration", "close", "close_flow",
    "closed_flows", "delete_histories", "drop_job", "due_calls", "erase", "job_figures", "jobs",
    "next_due", "order_again", "orders_done", "people", "ping", "retry_job", "set_away", "statistics", "waiting",
    "drop_staff_pin", "drop_staff_session", "in_staff_line", "put_staff_pin", "staff_pins", "staff_session",
    "keep_prompt", "prompt_recordings", "prompt_sound",  # lines that staff record; they are of no call
    "put_node", "nodes",
    "keep_recording", "keep_transcript", "open_audio", "seal_audio",
}  # fmt: skip


def test_every_reader_is_known() -> None:
    """A new one belongs into READERS if it returns anything of a call."""
    assert methods(Store) == OTHERS | {*READERS} | methods(
        Accounts
    )  # accounts are of staff, and hold nothing of a call


def methods(port: type) -> set[str]:
    return {name for name, _ in inspect.getmembers(port, inspect.isfunction) if name[0] != "_"}


def test_every_reader_opens_what_is_sealed(database_url: str, opened: Open) -> None:
    fill(opened(database_url))
    store = opened(database_url)
    for reader, read in READERS.items():
        found = str(read(store))
        assert [one for one in PRIVATE.get(reader, OF_A_CALL) if one not in found] == [], reader
        assert "sealed:" not in found, reader


def test_nothing_is_readable_under_the_key_of_another_call(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    fill(store)
    fill(store, "c2", "2222")
    store.close()
    (key,) = [row[0] for row in rows(database_url, 'SELECT "key" FROM calls WHERE id = ?', "c2")]
    rows(database_url, 'UPDATE calls SET "key" = ? WHERE id = ?', key, "c1")
    store, told = opened(database_url), "was changed, or does not belong there"
    for reader in READERS.keys() - {"calls", "search_calls", "lease_orders", "urgent_follow_ups"}:
        with pytest.raises(StoreUnavailable, match=told):
            READERS[reader](store)
    assert [one.id for one in store.calls()] == ["c2"], "a call that cannot be read keeps no other from its deadlines"
    assert [one.call.id for one in store.search_calls(CallQuery()).calls] == ["c2"]
    others = [due.order.id for due in store.lease_orders(after(99), after(100))]
    assert others == ["c2.o1"], "they are sent all the same"
    bodies = {one.call: one.body for one in store.urgent_follow_ups()}
    assert bodies["c1"] == {}, "it is shown on the board without its words"
    assert "to be told" in str(bodies["c2"]), "and hides no other"


def test_a_sealed_text_cannot_be_moved_to_another_row_of_its_call(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    fill(store)
    (sealed,) = [row[0] for row in rows(database_url, "SELECT outcome FROM journal")]
    rows(
        database_url,
        'INSERT INTO journal (call, seq, at, kind, actor, "key", script, version, language, outcome, '
        'details) SELECT call, 2, at, kind, actor, "key", script, version, language, outcome, details FROM journal',
    )
    assert sealed.startswith("sealed:")
    with pytest.raises(StoreUnavailable, match="sealed outcome of entry 2 of call c1 was changed"):
        store.journal("c1")


def test_another_secret_is_refused_with_what_to_do(database_url: str, opened: Open) -> None:
    fill(opened(database_url))
    with pytest.raises(WrongSecret, match="set CALLFLOW_SECRET_KEY to it, or name it in CALLFLOW_SECRET_KEY_BEFORE"):
        open_store(database_url, OTHER)
    with pytest.raises(WrongSecret, match="CALLFLOW_SECRET_KEY is not set"):
        open_store(database_url)


def test_no_secret_stands_in_the_message(database_url: str, opened: Open) -> None:
    fill(opened(database_url))
    with pytest.raises(WrongSecret) as caught:
        open_store(database_url, OTHER)
    assert not [secret for secret in (*SECRETS, *OTHER) if secret in str(caught.value)]


def test_keys_are_wrapped_anew_and_the_secret_before_is_not_needed_any_more(database_url: str, opened: Open) -> None:
    fill(opened(database_url))
    before = str(opened(database_url).calls())
    with closing(open_store(database_url, (*OTHER, *SECRETS))) as store:
        old, new = Wrapper(SECRETS).id, Wrapper(OTHER).id
        assert resealing.status(store).calls == {old: 1}  # type: ignore[arg-type]
        assert resealing.rewrap(store, NOW.year) == (1, 0)  # type: ignore[arg-type]
        assert resealing.rewrap(store, NOW.year) == (0, 0)  # type: ignore[arg-type]
        assert resealing.status(store).calls == {new: 1}  # type: ignore[arg-type]
    with closing(open_store(database_url, OTHER)) as store:
        assert str(store.calls()) == before
    with pytest.raises(WrongSecret):
        open_store(database_url, SECRETS)


def callers(url: str) -> dict[str, str | None]:
    return dict(rows(url, "SELECT id, caller FROM calls"))


def test_a_caller_is_recognised_within_a_year(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    save(store, a_call("c1"))
    save(opened(database_url), a_call("c2"))
    save(store, a_call("c3", number="+15550100998"))
    save(store, a_call("c4", number=""))
    save(store, a_call("c5", started_at=NOW.replace(year=2027)))
    found = callers(database_url)
    assert found["c1"] == found["c2"]
    assert len({found[one] for one in ("c1", "c3", "c5")}) == 3
    assert found["c4"] is None
    assert found["c5"] is not None
    assert found["c5"].startswith("2027:")


def test_a_pepper_lives_as_long_as_a_call_needs_it(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    save(store, a_call("c1", stage=Stage.ENDED))
    save(store, a_call("c2", started_at=NOW.replace(year=2027)))
    resealing.rewrap(store, 2028)  # type: ignore[arg-type]
    assert rows(database_url, "SELECT year FROM peppers ORDER BY year") == [(2026,), (2027,)]
    store.erase("c1")
    assert callers(database_url)["c1"] is None
    resealing.rewrap(store, 2028)  # type: ignore[arg-type]
    assert rows(database_url, "SELECT year FROM peppers") == [(2027,)]


class TestUpgrade:
    """Servers of schema version 6 share the database until the upgrade is finished, and cannot open what is sealed."""

    @pytest.fixture(autouse=True)
    def _unfinished(self, database_url: str, opened: Open) -> None:
        opened(database_url).close()
        self.url = database_url
        self.finish("6")

    def finish(self, version: str = "7") -> None:
        rows(self.url, "UPDATE meta SET value = ? WHERE name = 'schema_version'", version)

    def keys(self) -> list[Any]:
        return [row[0] for row in rows(self.url, 'SELECT "key" FROM calls ORDER BY id')]

    def test_until_it_is_finished_nothing_is_sealed(self, opened: Open) -> None:
        store = opened(self.url)
        fill(store)
        assert self.keys() == [""]
        assert NUMBER in str(rows(self.url, "SELECT state FROM calls"))
        assert callers(self.url) == {"c1": None}
        save(store, a_call("c2", stage=Stage.ENDED))
        with pytest.raises(CannotErase, match="callflow db upgrade --finish"):
            store.erase("c2")

    def test_a_running_server_seals_from_then_on(self, opened: Open) -> None:
        store = opened(self.url)
        fill(store)
        self.finish()
        fill(store, "c2", "2222")
        assert [bool(key) for key in self.keys()] == [False, True]

    def test_then_the_calls_that_there_are_are_sealed(self, opened: Open) -> None:
        fill(opened(self.url))
        before = {name: str(read(opened(self.url))) for name, read in READERS.items() if name != "lease_orders"}
        self.finish()
        store = opened(self.url)
        assert resealing.seal_all(store) == 1  # type: ignore[arg-type]
        assert resealing.seal_all(store) == 0  # type: ignore[arg-type]
        assert {name: str(READERS[name](opened(self.url))) for name in before} == before
        assert "+15550100121" in str(READERS["lease_orders"](store))
        text = str([rows(self.url, f"SELECT * FROM {table}") for table in ("calls", "history", "orders", "follow_ups")])
        assert [one for one in (*OF_A_CALL, "RE1", "+15550100121") if one in text] == []
        assert callers(self.url)["c1"]


def test_a_key_that_is_missing_and_one_that_is_erased_are_told_apart() -> None:
    wrapper = Wrapper(SECRETS)
    assert wrapper.key("c1", "") is NO_KEY
    assert wrapper.key("c1", None) is ERASED
    assert wrapper.new_key("c1").seal("x", "f") != wrapper.new_key("c1").seal("x", "f")


@pytest.mark.parametrize("damaged", ["sealed:", "sealed:AAAA", "sealed:é", "sealed:****"])
def test_damaged_text_is_refused(damaged: str) -> None:
    with pytest.raises(StoreUnavailable, match="was changed"):
        Wrapper(SECRETS).new_key("c1").open(damaged, "f")


@pytest.mark.parametrize("damage", [lambda key: key[:-4], lambda key: key[:9] + "AAAA" + key[13:], lambda key: key[:9]])
def test_a_damaged_key_is_refused(damage: Callable[[str], str]) -> None:
    wrapper = Wrapper(SECRETS)
    with pytest.raises(StoreUnavailable, match="was changed, or does not belong there"):
        wrapper.key("c1", damage(wrapper.new_key("c1").stored))
    with pytest.raises(StoreUnavailable, match="was changed, or does not belong there"):
        wrapper.key("c2", wrapper.new_key("c1").stored)
