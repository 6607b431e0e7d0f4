"""Every statement the stores run, written once for both databases, and compiled into the files ``prepared`` reads.

SQLAlchemy writes the SQL and the driver runs it: executing through SQLAlchemy costs 200 us a unit of work, the driver's
own cursor 27 (perf.md 1b). ``python -m callflow.store.statements`` writes the files anew.
"""

import json
from typing import Any, Final

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.expression import ClauseElement

from callflow.store.prepared import file_of
from callflow.store.tables import (
    activations,
    call_backs,
    calls,
    configurations,
    creation,
    history,
    journal,
    orders,
    people,
    postgres_dialect,
    sqlite_dialect,
)


def _compiled(written: ClauseElement, dialect: Dialect, columns: list[str] | None) -> dict[str, Any]:
    found = written.compile(dialect=dialect, column_keys=columns, compile_kwargs={"render_postcompile": True})
    names: list[str] = list(found.positiontup or ())  # type: ignore[attr-defined]
    # Only numbers are written into a statement; a column whose value is still to come has a marker there, no number.
    fixed = {name: value for name, value in found.params.items() if type(value) is int}
    return {"text": str(found), "names": names, "fixed": {name: fixed[name] for name in names if name in fixed}}


_CALL = (calls.c.row, calls.c.entries, calls.c.due, calls.c.id, calls.c.state)
_PEOPLE = (people.c.person, people.c.presence, people.c.call, people.c.since, people.c.until)
_ENTRY = (
    journal.c.seq, journal.c.at, journal.c.kind, journal.c.actor, journal.c.key, journal.c.script, journal.c.version,
    journal.c.language, journal.c.outcome, journal.c.details,
)  # fmt: skip
_SEARCHED: Final = ["ended_at", "due", "queue", "team", "priority", "since"]
_p = bindparam


def _calls() -> dict[str, ClauseElement]:
    standing = calls.c.queue.is_not(None)
    first_come = (calls.c.priority.desc(), calls.c.since, calls.c.id)
    newest = (calls.c.started_at.desc(), calls.c.row.desc())
    before = or_(
        calls.c.priority > _p("priority"),
        and_(calls.c.priority == _p("priority"), calls.c.since < _p("since")),
        and_(calls.c.priority == _p("priority"), calls.c.since == _p("since"), calls.c.id < _p("id")),
    )
    this_state = and_(calls.c.row == _p("the_row"), calls.c.seq == _p("seq_before"))
    touched: dict[str, Any] = {name: _p(name) for name in ("stage", "seq", "entries", "state", "sid")}
    plain = {name: value for name, value in touched.items() if name != "sid"}
    searched: dict[str, Any] = {name: _p(name) for name in _SEARCHED}
    ended = {"ended_at": func.coalesce(calls.c.ended_at, _p("ended_at"))}  # the first end, whatever comes after it
    return {
        "load": select(*_CALL).where(calls.c.id == _p("id")).with_for_update(),
        "touch": calls.update().where(this_state).values(plain),
        "change": calls.update().where(this_state).values({**touched, **searched, **ended}),
        "waiting_before": select(func.count()).select_from(calls).where(
            standing, calls.c.queue == _p("queue"), calls.c.team == _p("team"), calls.c.id != _p("id"), before),
        "read": select(calls.c.state).where(calls.c.id == _p("id")),
        "live": select(calls.c.state).where(calls.c.ended_at.is_(None)).order_by(*newest).limit(_p("limit")),
        "all": select(calls.c.state).order_by(*newest).limit(_p("limit")),
        "find": select(calls.c.state).where(calls.c.state.like(_p("part"))).order_by(*newest).limit(1),
        "due": select(calls.c.id).where(calls.c.due <= _p("now")).order_by(calls.c.due, calls.c.id).limit(_p("limit")),
        "next_due": select(func.min(calls.c.due)).where(calls.c.due.is_not(None)),
        "queue": select(calls.c.id).where(standing).order_by(*first_come),
        "queue_of_team": select(calls.c.id).where(standing, calls.c.team == _p("team")).order_by(*first_come),
    }  # fmt: skip


def _others(skipped: Any) -> dict[str, ClauseElement]:
    free = select(orders.c.row).where(orders.c.lease_until <= _p("now")).order_by(orders.c.row).limit(_p("limit"))
    return {
        "journal": select(*_ENTRY).join(calls, calls.c.row == journal.c.call).where(calls.c.id == _p("id"))
        .order_by(journal.c.seq),
        "history": select(history.c.body).join(calls, calls.c.row == history.c.call).where(calls.c.id == _p("id"))
        .order_by(history.c.row),
        "lease": orders.update().where(orders.c.row.in_(free.with_for_update(skip_locked=True)))
        .values(lease_until=_p("until")).returning(orders.c.row, orders.c.body, orders.c.tries),
        "free_orders": select(orders.c.row).where(orders.c.lease_until <= _p("now")).limit(1),
        "order_done": orders.delete().where(orders.c.id == _p("order")),
        "order_again": orders.update().where(orders.c.id == _p("order"))
        .values(lease_until=_p("at"), tries=orders.c.tries + 1),
        "person": select(*_PEOPLE).where(people.c.person == _p("name")),
        "people": select(*_PEOPLE).order_by(people.c.person),
        "call_backs": select(calls.c.id, call_backs.c.owner, call_backs.c.due, call_backs.c.number,
                             call_backs.c.confirmed, call_backs.c.kept)
        .join(calls, calls.c.row == call_backs.c.call).where(~call_backs.c.kept)
        .order_by(call_backs.c.due, calls.c.id),
        "add_call": skipped(calls).on_conflict_do_nothing().returning(calls.c.row),
        "add_entry": journal.insert().inline(),
        "add_moment": history.insert().inline(),
        "add_order": skipped(orders).inline().on_conflict_do_nothing(index_elements=["id"]),
        "put_person": _replacing(skipped(people), "person"),
        "put_call_back": _replacing(skipped(call_backs), "call"),
    }  # fmt: skip


def _versions(skipped: Any) -> dict[str, ClauseElement]:
    newest_first = (activations.c.row.desc(),)
    return {
        "add_configuration": skipped(configurations).on_conflict_do_nothing(index_elements=["digest"]),
        "configuration": select(configurations.c.files).where(configurations.c.digest == _p("digest")),
        "configurations": select(configurations.c.digest, configurations.c.at).order_by(
            configurations.c.at.desc(), configurations.c.digest),
        "add_activation": activations.insert().inline(),
        "activations": select(activations.c.digest, activations.c.at, activations.c.by).order_by(*newest_first),
    }  # fmt: skip


def _replacing(insert: Any, key: str) -> ClauseElement:
    others = {column.name: insert.excluded[column.name] for column in insert.table.columns if column.name != key}
    return insert.on_conflict_do_update(index_elements=[key], set_=others)  # type: ignore[no-any-return]


_INSERTED: Final = {"add_call": calls, "add_entry": journal, "add_moment": history, "add_order": orders,
                    "add_configuration": configurations, "add_activation": activations}  # fmt: skip


def _all(dialect: Dialect) -> dict[str, Any]:
    """All statements by name, for this database. FOR UPDATE is left out by SQLAlchemy where it means nothing."""
    insert: Any = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    written = {**_calls(), **_others(insert), **_versions(insert)}
    found = {}
    for name, statement in written.items():
        table = _INSERTED.get(name)
        # The row number of a new row is the database's to choose.
        columns = [column.name for column in table.columns if column.name != "row"] if table is not None else None
        found[name] = _compiled(statement, dialect, columns)
    return found


def compiled() -> dict[str, str]:
    """What has to be in the file of each database."""
    found = {}
    for dialect in (sqlite_dialect(), postgres_dialect()):
        written = {"statements": _all(dialect), "creation": creation(dialect)}
        found[dialect.name] = json.dumps(written, indent=1) + "\n"
    return found


if __name__ == "__main__":
    for database, content in compiled().items():
        file_of(database).write_text(content, encoding="utf-8")
