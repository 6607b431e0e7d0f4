"""Whatever is changed, added, removed or reordered in a journal, the first entry is named, and no other is accused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.evidence.chain import FIELDS, Broken, Link, Row, beginning, linked, verify

BEGIN = beginning("a1b2", "0f" * 32)


def journal(count: int = 6) -> list[tuple[Row, Link]]:
    rows: list[Row] = [
        (n, 1_700_000_000_000_000 + n, "consent", "caller", "1", "hold_request", "9e", "en", "yes", "")
        for n in range(1, count + 1)
    ]
    return list(zip(rows, linked(BEGIN, rows), strict=True))


def broken(rows: list[tuple[Row, Link]], head: str = "", entries: int = 6) -> Broken | None:
    return verify(BEGIN, rows, head or journal()[-1][1].digest, entries)


def test_an_untouched_journal_holds() -> None:
    assert broken(journal()) is None
    assert verify(BEGIN, [], BEGIN, 0) is None


@pytest.mark.parametrize("field", range(1, len(FIELDS)))
def test_a_changed_field_is_named(field: int) -> None:
    rows = journal()
    row, link = rows[2]
    changed = [*row]
    changed[field] = changed[field] + 1 if isinstance(changed[field], int) else f"{changed[field]}x"
    rows[2] = tuple(changed), link
    assert broken(rows) == Broken(3, f"was changed in {FIELDS[field]}")


def test_an_entry_that_was_added_removed_or_moved_is_named() -> None:
    rows = journal()
    assert broken(rows[:2] + rows[3:]) == Broken(3, "was removed: entry 4 follows")
    assert broken(rows[:-1]) == Broken(6, "was removed: the call has 6 entries, and 5 are there")
    assert broken([*rows[:2], rows[1], *rows[2:]]) == Broken(3, "was reordered: entry 2 stands in its place")
    assert broken([*rows[:2], rows[3], rows[2], *rows[4:]]) == Broken(3, "was reordered: entry 4 stands in its place")
    more = list(zip(*[iter(journal(7))], strict=True))
    assert broken([one for (one,) in more]) == Broken(7, "was added: the call has 6 entries")


def test_a_row_from_another_call_is_not_taken() -> None:
    rows = journal()
    foreign = linked(beginning("c3d4", "0f" * 32), [row for row, _ in rows])
    assert broken(list(zip([row for row, _ in rows], foreign, strict=True))) == Broken(1, "was changed, or its digest")


def test_a_chain_that_was_made_again_is_seen_by_the_head_of_the_call() -> None:
    rows = [(row if n != 2 else (*row[:8], "no", ""), link) for n, (row, link) in enumerate(journal())]
    forged = [row for row, _ in rows]
    again = list(zip(forged, linked(BEGIN, forged), strict=True))
    assert broken(again) == Broken(6, "the head of the chain in the call was changed")


@given(st.data())
def test_any_change_of_any_character_is_found(data: st.DataObject) -> None:
    rows = journal()
    number = data.draw(st.integers(0, 5))
    row, link = rows[number]
    place = data.draw(st.integers(0, len(FIELDS) + 1))
    if place < len(FIELDS):
        old = row[place]
        new = data.draw(st.integers() if isinstance(old, int) else st.text(max_size=20))
        rows[number] = (*row[:place], new, *row[place + 1 :]), link
        same = new == old
    else:
        text = data.draw(st.text("0123456789abcdef", min_size=40, max_size=64))
        rows[number] = row, Link(text, link.marks) if place == len(FIELDS) else Link(link.digest, text)
        same = rows[number][1] == link
    found = broken(rows)
    assert (found is None) == same
    assert same or (found and found.seq == number + 1) or place == 0
