"""`callflow verify` and `callflow log`, as ops use them on a database that somebody has edited."""

import json
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from callflow.cli import program
from callflow.cli import verify as verify_command
from callflow.evidence import leaves, merkle
from callflow.evidence.chain import beginning
from callflow.evidence.checkpoint import opened as read_note
from callflow.evidence.keys import log_keys
from callflow.service.ports import Store
from callflow.store import backup, links, upgrades
from callflow.store.call_evidence import evidence_of
from callflow.store.verifying import verify
from tests.contracts.edits import editor
from tests.contracts.sample import NOW, SECRETS, event, note
from tests.contracts.test_verifying import KEY, KNOWN, ended, filled, old_server, same

Open = Callable[[str], Store]
SECRET_KEY = "PRIVATE+KEY+callflow.example/log+"


def types(url: str, *words: str, **more: str) -> Result:
    environment = {"CALLFLOW_DATABASE_URL": url, "CALLFLOW_SECRET_KEY": SECRETS[0], **more}
    return CliRunner().invoke(program, list(words), env=environment)


def by_program(url: str, statement: str) -> None:
    with upgrades.opened(url) as tables, tables.transaction() as run:
        run(statement)


def edit(url: str, statement: str, *values: object) -> None:
    with editor(url, 1) as (hand, *_):
        hand.run(statement, *values)


def test_ops_read_which_entry_of_which_call_was_changed(database_url: str, opened: Open) -> None:
    with closing(opened(database_url)) as store:
        filled(store, database_url)
    good = types(database_url, "verify", "--signer", KEY.public.text())
    assert good.exit_code == 0, good.output
    assert "everything is as it was written" in good.output
    edit(database_url, "UPDATE journal SET outcome = 'declined' WHERE call = 4 AND seq = 2")
    told = types(database_url, "verify")
    assert told.exit_code == 1
    assert told.output.splitlines()[0] == "call Rc4, entry 2: was changed in outcome"
    assert "signatures were not verified" in told.output
    fields = json.loads(types(database_url, "verify", "--json").output)
    assert [one["text"] for one in fields["faults"]] == ["call Rc4, entry 2: was changed in outcome"]
    assert (fields["good"], fields["faults"][0]["field"], fields["faults"][0]["entry"]) == (False, "outcome", 2)


def test_ops_see_how_far_a_long_verification_is(sqlite_url: str, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(opened(sqlite_url)) as store:
        filled(store, sqlite_url)
    assert types(sqlite_url, "verify").stderr == ""
    monkeypatch.setattr(verify_command, "PROGRESS_SECONDS", 0.0)
    assert types(sqlite_url, "verify").stderr.splitlines()[-1] == "10 calls, 9 leaves of the log"


def test_a_log_that_was_rewritten_is_seen_by_a_copy_that_somebody_kept(database_url: str, opened: Open, tmp_path: Path
                                                                       ) -> None:  # fmt: skip
    store = opened(database_url)
    point = filled(store, database_url).last_checkpoint()
    assert point is not None
    copy = tmp_path / "mail.txt"
    copy.write_text(point.note, encoding="utf-8")
    assert types(database_url, "verify", "--copy", str(copy)).exit_code == 0
    # Somebody makes all hashes anew, on another database, without what was in one call.
    others = f"sqlite:///{tmp_path}/other.db"
    with closing(opened(others)) as forged:
        for number, entries in enumerate((1, 4, 7, 3, 5), 1):
            ended(forged, f"c{number}", entries)
        from callflow.store.log import CallLog

        CallLog(forged).append()
        CallLog(forged).checkpoint(KEY, NOW)
    assert same(verify(others, KNOWN)) == ""  # by itself nothing is wrong with it
    told = types(others, "verify", "--copy", str(copy))
    assert told.exit_code == 1
    assert "was removed: mail.txt is over 9 leaves" in told.output


def test_a_call_has_a_proof_that_needs_no_database(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    filled(store, database_url)
    found = evidence_of(store, "c2")
    assert found is not None
    assert found.proof is not None
    digest = beginning(found.call, found.origin)
    for entry in found.entries:
        digest = sha256(digest + entry.text.encode()).digest()
        assert digest.hex() == entry.digest
    assert found.head == f"{len(found.entries)}:{digest.hex()}"
    latest = found.leaves[-1]
    body = leaves.read(latest.body)
    assert body
    assert body["head"] == found.head
    point, signers = read_note(found.proof.checkpoint.note, log_keys(KEY.public))
    assert len(signers) == 2
    leaf = merkle.leaf_hash(latest.body.encode())
    assert merkle.root_of_inclusion(leaf, latest.number, point.size, found.proof.path) == point.root
    printed = json.loads(types(database_url, "log", "proof", "Rc2").output)
    assert printed["head"] == found.head


def test_an_upgrade_chains_what_servers_of_before_wrote(database_url: str, opened: Open) -> None:
    """Old and new nodes share the database: the entries of old ones have no link, until the upgrade is finished."""
    store = opened(database_url)
    ended(store, "c1", 4)
    ended(store, "c2", 3)
    old_server(database_url, "c1")
    edit(database_url, "UPDATE calls SET head = NULL, origin = NULL WHERE id = 'c2'")
    edit(database_url, "UPDATE journal SET link = NULL WHERE call = 2")
    edit(database_url, "UPDATE meta SET value = '14' WHERE name = 'schema_version'")
    report = verify(database_url)
    assert (same(report), report.unlinked) == ("", 2)
    edit(database_url, "UPDATE meta SET value = '16' WHERE name = 'schema_version'")
    assert len(verify(database_url).faults) == 2
    assert links.fold_all(store) == 2
    assert links.fold_all(store) == 0
    report = verify(database_url)
    assert (same(report), report.unlinked) == ("", 0)
    store.close()
    store = opened(database_url)
    store.transact(lambda unit: event(unit, "c1", notes=(note("later"),)))
    assert same(verify(database_url)) == ""


def test_an_old_node_that_writes_to_a_finished_call_is_not_accused(database_url: str, opened: Open) -> None:
    store = opened(database_url)
    log = filled(store, database_url)
    edit(database_url, "UPDATE meta SET value = '14' WHERE name = 'schema_version'")
    edit(database_url, "UPDATE calls SET seq = seq + 1 WHERE id = 'c4'")  # as it does, without a note
    assert same(verify(database_url)) == ""
    edit(database_url, "UPDATE meta SET value = '16' WHERE name = 'schema_version'")
    assert same(verify(database_url)) == "call Rc4: was changed in seq since it was over"
    links.fold_all(store)
    log.append()
    assert same(verify(database_url)) == ""


def test_a_backup_and_what_is_restored_from_it_verify(sqlite_url: str, opened: Open, tmp_path: Path) -> None:
    with closing(opened(sqlite_url)) as store:
        filled(store, sqlite_url)
        copy = tmp_path / "backup" / "calls.db"
        backup.backup(sqlite_url, copy)
    assert same(verify(f"sqlite:///{copy}", KNOWN)) == ""
    with closing(opened(f"sqlite:///{copy}")) as restored:
        ended(restored, "c9", 3)
    assert same(verify(f"sqlite:///{copy}", KNOWN)) == ""


def test_nobody_can_change_the_log(database_url: str, opened: Open) -> None:
    filled(opened(database_url), database_url)
    for table, column in (("log_leaves", "body"), ("checkpoints", "note")):
        for attack in (f"UPDATE {table} SET {column} = 'x'", f"DELETE FROM {table}"):
            with pytest.raises(Exception, match="append-only"):
                by_program(database_url, attack)
    assert same(verify(database_url, KNOWN)) == ""


def test_the_key_of_the_log_is_made_once_and_signs(sqlite_url: str, opened: Open, tmp_path: Path) -> None:
    with closing(opened(sqlite_url)) as store:
        ended(store, "c1", 3)
    file = tmp_path / "log.key"
    made = types(sqlite_url, "log", "key", "callflow.example/log", str(file))
    assert made.exit_code == 0, made.output
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.read_text().startswith(SECRET_KEY)
    assert types(sqlite_url, "log", "key", "callflow.example/log", str(file)).exit_code == 1
    assert types(sqlite_url, "log", "checkpoint").exit_code == 1
    signed = types(sqlite_url, "log", "checkpoint", CALLFLOW_LOG_KEY_FILE=str(file))
    assert signed.output.startswith("callflow.example/log\n1\n"), signed.output
    assert "last checkpoint  1, over 1 leaves" in types(sqlite_url, "log").output
    assert types(sqlite_url, "verify", "--signer", made.output.strip()).exit_code == 0
