"""How long anybody hears nothing, in all shipped scenarios; docs/silences.md is written from it.

CALLFLOW_TESTS_REGENERATE=1 writes the document anew.
"""

import os
from collections.abc import Iterable

from callflow.core.call import Role
from callflow.core.stages import PlaceName, Stage
from callflow.emulator.hearing import LISTENING, SILENCE
from callflow.simulator.transcript import MUSIC
from tests.simulator.listening import Listened, everything_heard
from tests.simulator.suite import ROOT

DOCUMENT = ROOT / "docs" / "silences.md"
MOST_SECONDS = 3.0
WITH_MUSIC = {
    Role.CALLER: {PlaceName.HOLD, PlaceName.QUEUE, PlaceName.CONSULT_WAIT},
    Role.LEAD: {PlaceName.ROOM},  # while supervisors are rung and the caller waits
}
SPOKEN = {PlaceName.NOTE, PlaceName.SPOKEN_BRIEFING}
ROLES = (Role.CALLER, Role.LEAD, Role.HELPER, Role.CANDIDATE, Role.PARTED)
INTRODUCTION = """\
# The longest silences

For how many seconds people hear nothing at most, by the stage in which the silence begins: in all shipped scenarios,
with the shipped configuration, on the virtual clock. There the network takes 0.05 s; on a real line add what a request
and joining a room take (0.3 to 1 s each). `tests/simulator/test_silences.py` writes this, and fails above {most:g} s.

Lead: the agent, or the supervisor who has taken over. Helper: the supervisor who is consulted or introduced. Candidate:
somebody who is offered the call. Parted: somebody who has left the caller. A dash: less than a tenth of a second.

## While everything works

{silences}

## While it is somebody's turn

After a question we listen in silence, because a sound would disturb the recognition of speech; after the tone of a
recording, too. Staff only press keys, so they hear a tick until the last second.

{turns}

## When something fails

The scenarios in which our server dies, reports are lost or the provider refuses. What plays goes on; after it, the
provider has nothing from us.

{outages}
"""


def longest(heard: Iterable[Listened], kind: str) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    for one in heard:
        if one.span.kind == kind:
            key = one.stage, one.role
            found[key] = max(found.get(key, 0.0), one.span.seconds)
    return found


def table(found: dict[tuple[str, str], float]) -> str:
    """Markdown; a row for each stage that has a value, a column for each role."""
    lines = ["| stage | " + " | ".join(ROLES) + " |", "|---" * (len(ROLES) + 1) + "|"]
    for stage in Stage:
        seconds = [round(found.get((stage, role), 0.0), 1) for role in ROLES]
        if any(seconds):
            lines.append(f"| {stage} | " + " | ".join(f"{one:.1f}" if one else "-" for one in seconds) + " |")
    return "\n".join(lines)


def test_the_document_states_the_longest_silences() -> None:
    heard = everything_heard()
    fine, bad = [one for one in heard if one.faultless], [one for one in heard if not one.faultless]
    text = INTRODUCTION.format(most=MOST_SECONDS, silences=table(longest(fine, SILENCE)),
                               turns=table(longest(fine, LISTENING)), outages=table(longest(bad, SILENCE)))  # fmt: skip
    if os.environ.get("CALLFLOW_TESTS_REGENERATE") == "1":
        DOCUMENT.write_text(text, encoding="utf-8")
    assert DOCUMENT.read_text(encoding="utf-8") == text, "CALLFLOW_TESTS_REGENERATE=1 pytest tests/simulator"


def test_nobody_hears_nothing_for_more_than_three_seconds() -> None:
    long = [one for one in everything_heard() if one.faultless and one.span.kind == SILENCE
            and one.span.seconds > MOST_SECONDS]  # fmt: skip
    assert not long


def test_staff_never_listen_to_us_listening() -> None:
    """Keys only: the tick goes on until the last second. Except where they speak: a note, a briefing."""
    long = [one for one in everything_heard() if one.faultless and one.span.kind == LISTENING
            and one.role != Role.CALLER and one.place not in SPOKEN and one.span.seconds > 1.1]  # fmt: skip
    assert not long


def test_nobody_hears_music_except_on_hold_in_the_queue_or_while_a_consult_goes_on() -> None:
    """The provider's and ours. Two tenths of a second are the way from one document to the next, and the request that
    ends the music of a caller who has ended the hold."""
    wrong = [one for one in everything_heard() if one.faultless and _is_music(one) and one.span.seconds > 0.2
             and one.place not in WITH_MUSIC.get(Role(one.role), ())]  # fmt: skip
    assert not wrong
    rung = {one.stage for one in everything_heard() if one.faultless and _is_music(one) and one.span.seconds > 0.1
            and one.role == Role.LEAD}  # fmt: skip
    assert rung == {Stage.RINGING}


def _is_music(one: Listened) -> bool:
    return one.span.kind == "music" or MUSIC in one.span.what
