"""Whatever is changed, added, removed or reordered in a journal, the first entry is named, and no other is accused."""

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.evidence.chain import (
    DIGEST_BYTES,
    FIELDS,
    Broken,
    Head,
    Link,
    Row,
    beginning,
    canonical,
    head_of,
    linked,
    verify,
)

BEGIN = beginning("a1b2", f"{'0f' * 32} node")
Rows = list[tuple[Row, Link | None]]


def journal(count: int = 6) -> Rows:
    rows: list[Row] = [
        (n, 1_700_000_000_000_000 + n, "consent", "caller", "1", "hold_request", "9e", "en", "yes", "")
        for n in range(1, count + 1)
    ]
    return list(zip(rows, linked(BEGIN, rows), strict=True))


def digest(rows: Rows) -> bytes:
    return (rows[-1][1] or b"")[:DIGEST_BYTES]


HEAD = Head(6, digest(journal()))


def broken(rows: Rows, head: Head = HEAD, entries: int = 6) -> Broken | None:
    return verify(BEGIN, rows, head, entries)


def test_an_untouched_journal_holds() -> None:
    assert broken(journal()) is None
    assert verify(BEGIN, [], Head(0, BEGIN), 0) is None
    assert head_of(HEAD.text()) == HEAD
    assert head_of(None) is head_of("6:zz") is head_of(HEAD.text().upper()) is None


def test_anybody_can_make_the_digests_again_with_a_hash_and_json() -> None:
    before = BEGIN
    for row, link in journal():
        text = json.dumps([str(one) for one in row], separators=(",", ":"))
        assert canonical(row) == text.encode()
        before = hashlib.sha256(before + text.encode()).digest()
        assert link is not None
        assert link[:DIGEST_BYTES] == before


@pytest.mark.parametrize("field", range(1, len(FIELDS)))
def test_a_changed_field_is_named(field: int) -> None:
    rows = journal()
    row, link = rows[2]
    changed = [*row]
    changed[field] = changed[field] + 1 if isinstance(changed[field], int) else f"{changed[field]}x"
    rows[2] = tuple(changed), link
    assert broken(rows) == Broken(3, FIELDS[field], f"was changed in {FIELDS[field]}")


def test_an_entry_that_was_added_removed_or_moved_is_named() -> None:
    rows = journal()
    assert broken(rows[:2] + rows[3:]) == Broken(3, "", "was removed: entry 4 follows")
    assert broken(rows[:-1]) == Broken(6, "", "was removed: the call has 6 entries, and 5 are there")
    assert broken([*rows[:2], rows[1], *rows[2:]]) == Broken(2, "", "was added")
    assert broken([*rows[:2], rows[3], rows[2], *rows[4:]]) == Broken(
        3, "seq", "was reordered: entry 4 stands in its place"
    )
    assert broken(journal(7)) == Broken(7, "", "was added: the call has 6 entries")


def test_a_row_from_another_call_is_not_taken() -> None:
    rows = [row for row, _ in journal()]
    foreign = list(zip(rows, linked(beginning("c3d4", "0f node"), rows), strict=True))
    found = verify(BEGIN, list(foreign), Head(6, digest(list(foreign))), 6)
    assert found == Broken(None, "id", "was changed in id or origin: its first entry does not follow from them")


def test_what_the_call_says_of_its_journal_is_compared() -> None:
    assert broken(journal(), entries=7) == Broken(None, "entries", "was changed in entries: 6 are there")
    head = HEAD._replace(entries=5)
    assert broken(journal(), head) == Broken(None, "head", "was changed in head: it has another number of entries")


def test_a_chain_that_was_made_again_is_seen_by_the_head_of_the_call() -> None:
    forged = [row if n != 2 else (*row[:8], "no", "") for n, (row, _) in enumerate(journal())]
    again: Rows = list(zip(forged, linked(BEGIN, forged), strict=True))
    assert broken(again) == Broken(None, "head", "was changed in head: the chain ends with another digest")


@given(st.data())
def test_any_change_of_any_character_is_found(data: st.DataObject) -> None:
    rows = journal()
    number = data.draw(st.integers(0, 5))
    row, link = rows[number]
    place = data.draw(st.integers(0, len(FIELDS)))
    if place < len(FIELDS):
        old = row[place]
        new = data.draw(st.integers() if isinstance(old, int) else st.text(max_size=20))
        rows[number] = (*row[:place], new, *row[place + 1 :]), link
        same = new == old
    else:
        rows[number] = row, data.draw(st.binary(min_size=70, max_size=74))
        same = rows[number][1] == link
    found = broken(rows)
    assert (found is None) == same
    assert same or (found and found.seq == number + 1) or place == 0
