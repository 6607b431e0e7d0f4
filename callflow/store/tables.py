"""The tables of both databases. Times are integer microseconds since 1970 UTC; keys between tables are integers.

A call is one row with its whole state as JSON, and a journal row per note. Loading a call replays nothing, so event
10,000 of a call costs as much as event 10 (perf.md 1e). The other columns of a call are for searching.
The journal is append-only: triggers refuse UPDATE and DELETE.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, UniqueConstraint
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from callflow.store.prepared import SCHEMA_VERSION

# SQLite uses a primary key as its row id, which is cheap, only if the type is spelled INTEGER.
Key = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData()

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

calls = Table(
    "calls",
    metadata,
    Column("row", Key, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("sid", Text, unique=True),
    Column("stage", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),  # the length of the journal, for the number of the next entry
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("due", BigInteger),
    Column("queue", Text),  # the group that the call waits for, NULL if it is not in a queue
    Column("team", Text),
    Column("priority", BigInteger),
    Column("since", BigInteger),
    Column("state", Text, nullable=False),
)
# Partial indexes, so that ended calls are in none of them (goal G5) and an ordinary event changes none of them.
Index("calls_live", calls.c.started_at, postgresql_where=calls.c.ended_at.is_(None),
      sqlite_where=calls.c.ended_at.is_(None))  # fmt: skip
# With the id, so that the index has the order of the query: sorting 2,000 calls due at once took 0.9 ms.
_due = calls.c.due.is_not(None)
Index("calls_due", calls.c.due, calls.c.id, postgresql_where=_due, sqlite_where=_due)
Index("calls_queue", calls.c.queue, calls.c.team, calls.c.priority, calls.c.since,
      postgresql_where=calls.c.queue.is_not(None), sqlite_where=calls.c.queue.is_not(None))  # fmt: skip
Index("calls_started", calls.c.started_at)

journal = Table(
    "journal",
    metadata,
    Column("row", Key, primary_key=True),
    Column("call", BigInteger, ForeignKey("calls.row"), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("script", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("details", Text, nullable=False),  # JSON, "" for none
    UniqueConstraint("call", "seq", name="journal_call_seq"),
)

# The events of calls (``service.history``), one row per unit of work, in the order of the rows. It has no trigger:
# unlike the journal it may be deleted, call by call, and nothing refers to it.
history = Table(
    "history",
    metadata,
    Column("row", Key, primary_key=True),
    Column("call", BigInteger, ForeignKey("calls.row"), nullable=False),
    Column("body", Text, nullable=False),
)
Index("history_call", history.c.call)

orders = Table(
    "orders",
    metadata,
    Column("row", Key, primary_key=True),
    Column("id", Text, nullable=False, unique=True),
    Column("call", BigInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("lease_until", BigInteger, nullable=False),  # after this time another worker may send the order
    Column("tries", BigInteger, nullable=False),
)
Index("orders_lease", orders.c.lease_until)

people = Table(
    "people",
    metadata,
    Column("person", Text, primary_key=True),
    Column("presence", Text, nullable=False),
    Column("call", Text, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger),
)

call_backs = Table(
    "call_backs",
    metadata,
    Column("call", BigInteger, ForeignKey("calls.row"), primary_key=True, autoincrement=False),
    Column("owner", Text, nullable=False),
    Column("due", BigInteger, nullable=False),
    Column("number", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("kept", Boolean, nullable=False),
)
Index("call_backs_open", call_backs.c.due, postgresql_where=~call_backs.c.kept, sqlite_where=~call_backs.c.kept)

# Every configuration that was in use, as the texts of its files, and who activated which one when.
configurations = Table(
    "configurations",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("files", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
activations = Table(
    "activations",
    metadata,
    Column("row", Key, primary_key=True),
    Column("digest", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", Text, nullable=False),
)

REFUSAL: Final = "the journal is append-only"

_SQLITE_TRIGGERS: Final = tuple(
    f"CREATE TRIGGER journal_no_{verb.lower()} BEFORE {verb} ON journal BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for verb in ("UPDATE", "DELETE")
)
_POSTGRES_TRIGGERS: Final = (
    f"CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE '{REFUSAL}'; END$$",
    "CREATE TRIGGER journal_no_change BEFORE UPDATE OR DELETE ON journal "
    "FOR EACH ROW EXECUTE FUNCTION journal_refuse()",
    "CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal "
    "FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()",
)


def creation(dialect: Dialect) -> list[str]:
    """The statements that create the tables in an empty database, in order."""
    made: list[str] = []
    for table in metadata.sorted_tables:
        made.append(str(CreateTable(table).compile(dialect=dialect)))
        indexes = {str(index.name): index for index in table.indexes}
        made += [str(CreateIndex(index).compile(dialect=dialect)) for _, index in sorted(indexes.items())]
    made += _SQLITE_TRIGGERS if dialect.name == "sqlite" else _POSTGRES_TRIGGERS
    made.append(f"INSERT INTO meta (name, value) VALUES ('schema_version', '{SCHEMA_VERSION}')")
    return made


def sqlite_dialect() -> Dialect:
    return sqlite.dialect(paramstyle="qmark")


def postgres_dialect() -> Dialect:
    """The dialect for psycopg 3, which need not be installed."""
    return postgresql.psycopg.dialect(paramstyle="format")  # type: ignore[no-untyped-call]
