"""Old and new nodes share calls during an upgrade: an old one keeps what it does not know, or refuses the call."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callflow.core.codec import VERSION, decode, dumps, encode, to_micros
from callflow.core.decide import NOT_OURS, decide
from callflow.core.events import TimerFired
from callflow.core.later_fields import NewerCall
from callflow.core.stages import Stage
from tests.core.test_draw_the_line import playing, warned
from tests.core.test_time_out import asked, held
from tests.playbook import Playbook, talking

names = st.text("abcdefgh_", min_size=3, max_size=8).map(lambda name: f"new_{name}")
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=6),
    lambda inside: st.lists(inside, max_size=2) | st.dictionaries(st.text(max_size=4), inside, max_size=2),
    max_leaves=3,
)
unknown = st.dictionaries(names, values, min_size=1, max_size=2)
Stored = dict[str, Any]

CONVERSATIONS: dict[str, tuple[Callable[[], Playbook], Callable[[Playbook], Playbook], Stage]] = {
    "a hold": (held, lambda book: book.wait(37).agent("ana").star().presses("2"), Stage.OFFERING_SUPERVISOR),
    "a closing": (playing, lambda book: book.agent("ana").star().wait(5).star(), Stage.CHOOSING),
    "a warning": (warned, lambda book: book.wait(16).star().presses("4", "3", "1"), Stage.CLOSING),
    "a search": (lambda: Playbook().calls().wait(10).caller().presses("1"),
                 lambda book: book.agent("ana").answers().presses("1").wait(2), Stage.TALKING),
}  # fmt: skip
"""By name: up to where a newer node stores the call, how an older one goes on with it, and where that ends."""


def parts(found: Stored) -> Iterator[tuple[str, Stored]]:
    """The call and its parts in which a newer Callflow may store more, each with its path."""
    yield "", found
    for leg in found["legs"]:
        if len(leg) == 10:
            leg.append({})
        yield f"leg {leg[0]}", leg[10]
    for name in ("consent", "closing", "search", "call_back"):
        if name in found:
            yield name, found[name]
    for number, warning in enumerate(found.get("warnings", ())):
        yield f"warning {number}", warning


@settings(max_examples=12)
@given(added=unknown)
@pytest.mark.parametrize("name", CONVERSATIONS)
def test_an_old_node_keeps_what_a_newer_one_has_stored(name: str, added: Stored) -> None:
    begins, goes_on, ends = CONVERSATIONS[name]
    book = begins()
    found = json.loads(encode(book.call))
    marked = [path for path, part in parts(found) if part.update(added) is None]
    book.call = decode(dumps(found))
    goes_on(book).stage(ends)
    after = dict(parts(json.loads(encode(book.call))))
    kept = [path for path in marked if path in after and all(after[path].get(key, "") == added[key] for key in added)]
    # A part that was replaced by another one, such as a second consent, is not the one of the newer node any more.
    assert kept == [path for path in marked if path in after]
    assert {"", "leg caller", "leg a1"} <= set(kept) | ({"leg a1"} if name == "a search" else set())


def test_a_value_of_a_person_is_kept_sealed() -> None:
    call = held().call
    private = {"number": call.number, "new_pin": "4711"}
    again: list[Stored] = []
    text = encode(
        decode(encode(call, lambda _: "x"), lambda _: private), lambda all_of_it: again.append(all_of_it) or "x"
    )  # type: ignore[func-returns-value]
    assert again[0]["new_pin"] == "4711"
    assert "4711" not in text


def with_first_leg(position: int, value: Any) -> Callable[[Stored], None]:
    def changed(found: Stored) -> None:
        found["legs"][0][position] = value

    return changed


@pytest.mark.parametrize("change", [
    lambda found: found.update(stage="coaching"),
    lambda found: found.update(time_out="postponed"),
    lambda found: found.update(locks=["embargo"]),
    with_first_leg(1, "coach"), with_first_leg(4, "parked"), with_first_leg(8, ["coaching"]),
    with_first_leg(8, ["coaching", [], {"seconds": 3}]),
    lambda found: found.update(v=VERSION + 1),
])  # fmt: skip
def test_a_stage_or_a_place_of_a_newer_callflow_is_refused(change: Callable[[Stored], None]) -> None:
    """Then the leg gets its safe document, and a newer node goes on with the call."""
    found = json.loads(encode(talking().call))
    change(found)
    with pytest.raises(NewerCall, match="run the later version"):
        decode(dumps(found))


def test_a_deadline_of_a_newer_callflow_is_left_to_its_nodes() -> None:
    book = asked()
    found = json.loads(encode(book.call))
    found["deadlines"]["coaching"] = to_micros(book.at)
    call = decode(dumps(found))
    after = decide(call, TimerFired(at=book.at, name="coaching"), book.configuration)  # type: ignore[arg-type]
    assert (after.call.stage, after.notes) == (call.stage, ())
    assert after.call.deadlines["coaching"] == book.at + NOT_OURS <= book.at + timedelta(seconds=1)  # type: ignore[index]
