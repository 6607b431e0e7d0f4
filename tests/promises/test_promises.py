"""docs/promises.md is what really happens: every cell is a whole call on the virtual clock, in which something fails.

CALLFLOW_TESTS_REGENERATE=1 writes the document.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from callflow.core.stages import Stage as S
from callflow.proof import waits
from tests.e2e.conversation import ROOT, Person, shipped
from tests.faults import told
from tests.promises.acting import acts
from tests.promises.observing import Observed
from tests.promises.rows import ROWS, Row, closing
from tests.promises.trouble import TROUBLES, Trouble, server_dies

FILE = ROOT / "docs/promises.md"
ROLLING = Path(__file__).with_name("rolling_upgrade.md")
"""What `tests/e2e/test_rolling.py` measured: it takes ten minutes of real time."""
REGENERATE = os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1"
WATCHED_SECONDS = 240.0
BEGINNING = """\
# What happens when something fails

For each stage of a call: what the caller and the agent hear, and how long it takes at most until somebody is with the
caller. Every cell is the result of a test (`tests/promises`), in which a whole call is played on a virtual clock with
the local provider.

The trouble begins in the first second of the stage, which is the worst moment for a document that ends by itself, and
it lasts. Seconds count from there. Whoever presses a key does so as soon as the sentence is over; a person who is then
asked for a key to join the caller presses it. "Our music" and "our words" are in Callflow's documents; "the provider's
music" plays while somebody is alone in a room. Silences of more than three seconds are mentioned, except while we
listen for an answer. "Line ends" is an end as planned; "cut off" is not.
"""
PROVED = """\
## Without any report

`callflow check` proves that every stage has a deadline of its own. This is how long a caller is without a person at
most, from each stage on, if nobody does anything, no report of any document reaches us, and supervisors answer at the
last moment. In the queue it is the time that the step of the flow sets. `callflow check --times` shows the same for any
configuration, second by second.

| from stage | without a person at most | what ends it |
|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Lived:
    caller: str
    agent: str
    supervisor: str

    def __str__(self) -> str:
        return " | ".join(one or "-" for one in (self.caller, self.agent, self.supervisor))


@cache
def lived(row: Row, trouble: str, later: float = 0.0) -> Lived:
    """What everybody lives through when the trouble begins in the first second of the stage, or ``later``."""
    talk = row.begin(**TROUBLES[trouble].how).wait(later)
    seen = Observed(talk)
    TROUBLES[trouble].begin(talk)
    if row.who:
        acts(talk, Person(talk, row.who), row.keys)
    talk.wait(seen.begun + WATCHED_SECONDS - talk.clock.monotonic())
    return Lived(*(seen.told(who) for who in ("caller", "ana", "sam")))


def document() -> Iterator[str]:
    yield BEGINNING
    for trouble in TROUBLES:
        yield f"## {trouble}\n\n| stage | what is done | caller | agent | supervisor |\n|---|---|---|---|---|"
        for row in ROWS:
            yield f"| {row.title} | {row.deed} | {lived(row, trouble)} |"
        yield ""
    yield PROVED.rstrip()
    for stage, seconds, path in waits(shipped()):
        ends = re.sub(r"^ *\d+ s  ", "", path[-1]).replace("|", "/")
        yield f"| {stage.replace('_', ' ')} | {seconds:.0f} s | {ends} |"
    yield f"\n{ROLLING.read_text(encoding='utf-8').rstrip()}\n"
    yield from told.document()


def test_the_document_is_what_happens() -> None:
    text = "\n".join(document()) + "\n"
    if REGENERATE:
        FILE.write_text(text, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8").splitlines() == text.splitlines(), "CALLFLOW_TESTS_REGENERATE=1 writes it"


APART = (S.CHOOSING, S.ASKING_HOLD, S.HOLDING, S.OFFERING_SUPERVISOR, S.RINGING, S.CONSULTING, S.OFFERING_CALL_BACK,
         S.WARNING)  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
def test_whoever_just_listens_is_together_again(trouble: str) -> None:
    """Whatever fails, and whatever a caller is hearing: without a key of anybody caller and agent are back together."""
    for row in ROWS:
        if row.stage in (S.TALKING, S.INTRODUCING) and not row.who:
            found = lived(row, trouble)
            assert found.caller.startswith("keeps talking with the agent"), f"{row.title}: {found}"
        elif row.stage in APART and not row.who:
            found = lived(row, trouble)
            assert re.search("with the agent", found.caller), f"{row.title}: {found}"
            assert re.search("with the caller", found.agent), f"{row.title}: {found}"


@pytest.mark.parametrize("trouble", [one for one in TROUBLES if TROUBLES[one] != Trouble(server_dies)])
def test_every_key_that_we_invite_is_safe_to_press(trouble: str) -> None:
    """As long as one fallback answers, no key ends a call or leaves the caller alone; the closing needs none of us."""
    for row in ROWS:
        if row.who and row.stage in (*APART, S.TALKING, S.INTRODUCING, S.CLOSING) and row.begin is not closing:
            found = lived(row, trouble)
            assert "with the agent" in found.caller, f"{row.title}, {row.deed}: {found}"
            assert "cut off" not in str(found), f"{row.title}, {row.deed}: {found}"


@pytest.mark.parametrize("seconds", [3, 7])
def test_the_first_second_of_a_stage_is_the_worst(seconds: int) -> None:
    """A server that dies later lets people wait less: the times of the document are the longest ones."""
    trouble = next(iter(TROUBLES))
    for row in ROWS:
        if row.stage in APART and not row.who:
            first, then = (re.search(r"after (\d+) s", lived(row, trouble, later).caller) for later in (0.0, seconds))
            assert not then or (first and int(then[1]) <= int(first[1])), f"{row.title}: {then}, {first}"


def test_a_caller_who_waits_can_talk_now_with_nothing_of_ours_left() -> None:
    for row in ROWS:
        if row.who == "caller" and row.keys == "2" and row.stage in (S.HOLDING, S.RINGING, S.CONSULTING):
            found = lived(row, next(iter(TROUBLES)))
            assert "with the agent" in found.caller, f"{row.title}, {row.deed}: {found}"
