"""The database roles of PostgreSQL, with the least rights that each needs. The third role owns the tables.

The owner makes and upgrades the tables, the application serves calls, and the maintenance role deletes the entries of
calls that were erased, and old accesses (``reclaiming``). A new table or column needs its right here: tests run every
statement as the application.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

APPLICATION: Final[Mapping[str, str]] = {
    "meta": "SELECT, UPDATE (value)",  # a write that changes nothing shows that the database takes writes
    "calls": "SELECT, INSERT, UPDATE (sid, stage, seq, entries, ended_at, due, queue, team, priority, since, state, "
    'caller, "key", head, folded, logged)',
    "journal": 'SELECT, INSERT (call, seq, at, kind, actor, "key", script, version, language, outcome, details, link)',
    "reclaimed": "SELECT",
    "call_terms": "SELECT, INSERT",
    "nodes": "SELECT, INSERT, UPDATE (version, configuration, started, seen), DELETE",
    "log_leaves": "SELECT, INSERT",
    "checkpoints": "SELECT, INSERT",
    "witnessed": "SELECT, INSERT",
    "history": "SELECT, INSERT, UPDATE (body), DELETE",
    "peppers": "SELECT, INSERT, UPDATE (pepper), DELETE",
    "orders": "SELECT, INSERT, UPDATE, DELETE",
    "people": "SELECT, INSERT, UPDATE",
    "transcripts": "SELECT, INSERT, UPDATE (state, at, engine, version, text, milliseconds), DELETE",
    "legal_holds": "SELECT, INSERT, UPDATE (review, reason, released, released_by)",
    "deletions": "SELECT, INSERT, UPDATE (deleted), DELETE",
    "deletion_reports": "SELECT, INSERT",
    "erasures": "SELECT, INSERT",
    "follow_ups": "SELECT, INSERT, UPDATE (person, state, due, closed, body)",
    "webhook_positions": "SELECT, INSERT, UPDATE (entry)",
    "recordings": "SELECT, INSERT, UPDATE (provider, state, seconds, hash, length, at_provider)",
    "configurations": "SELECT, INSERT",
    "activations": "SELECT, INSERT",
    "flow_closings": "SELECT, INSERT",
    "staff_pins": "SELECT, INSERT, UPDATE, DELETE",
    "staff_sessions": "SELECT, INSERT, UPDATE, DELETE",
    "prompt_recordings": "SELECT, INSERT, UPDATE",
    "page_sessions": "SELECT, INSERT, UPDATE (used), DELETE",
    "passkeys": "SELECT, INSERT, UPDATE (count, used), DELETE",
    "passwords": "SELECT, INSERT, UPDATE (hash, at), DELETE",
    "invitations": "SELECT, INSERT, DELETE",
    "used_once": "SELECT, INSERT, DELETE",
    "sign_in_tries": "SELECT, INSERT, UPDATE (wrong, at), DELETE",
    "access_entries": "SELECT, INSERT (at, kind, person, way, network, subject)",
    "preferences": "SELECT, INSERT, UPDATE (value), DELETE",
    "caller_records": 'SELECT, INSERT, UPDATE (state, until, caller, "key", body)',
    "caller_record_entries": "SELECT, INSERT (record, seq, at, kind, actor, reason)",
    "procrastinate_jobs": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_events": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_periodic_defers": "SELECT, INSERT, UPDATE, DELETE",
    "procrastinate_workers": "SELECT, INSERT, UPDATE, DELETE",
}
"""By table, the rights of the servers."""
MAINTENANCE: Final[Mapping[str, str]] = {
    "meta": "SELECT",
    "calls": 'SELECT ("row", reference, "key", ended_at)',
    "journal": "SELECT (call), DELETE",
    "history": "SELECT (call), DELETE",
    "reclaimed": "SELECT, INSERT",
    "access_entries": "SELECT (at), INSERT (at, kind, person, way, network, subject), DELETE",
}
_RIGHT: Final = re.compile(r"([A-Z]+)(?: \(([^)]*)\))?")
NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def missing(run: Callable[..., list[Any]]) -> list[str]:
    """The rights of ``APPLICATION`` that the current role lacks. ``run`` runs a statement with its values."""
    return [
        f"{right} on {table}{f' ({column})' if column else ''}"
        for table, right, column in _each()
        if run(*(("SELECT has_column_privilege(?, ?, ?)", table, column.strip('"'), right) if column
                 else ("SELECT has_table_privilege(?, ?)", table, right))) != [(True,)]
    ]  # fmt: skip


def may_change_the_journal(run: Callable[..., list[Any]]) -> bool:
    """Whether the current role has more than the rights of ``APPLICATION`` on the journal."""
    query = "SELECT has_table_privilege('journal', 'UPDATE, DELETE, TRUNCATE, TRIGGER')"
    return run(query) == [(True,)]


def _each() -> Iterator[tuple[str, str, str]]:
    """(table, right, column or "")."""
    for table, rights in APPLICATION.items():
        for right, columns in _RIGHT.findall(rights):
            yield from ((table, right, column) for column in (columns.split(", ") if columns else [""]))


def statements(application: str, maintenance: str, database: str) -> Iterator[str]:
    """What the owner runs to give both roles, which exist, their rights. Running it again does no harm.

    The arguments must match ``NAME``.
    """
    both = f"{application}, {maintenance}"
    yield "BEGIN;"  # servers that run keep their rights meanwhile
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    yield f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;"
    yield f"GRANT CONNECT ON DATABASE {database} TO {both};"
    yield f"GRANT USAGE ON SCHEMA public TO {both};"
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {both};"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {application};"
    yield f"GRANT USAGE ON SEQUENCE access_entries_row_seq TO {maintenance};"
    for role, rights in ((application, APPLICATION), (maintenance, MAINTENANCE)):
        for table, right in rights.items():
            yield f"GRANT {right} ON {table} TO {role};"
    yield "COMMIT;"
