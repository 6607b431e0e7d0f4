"""Which step is open, and if not, the script that says why: one row per rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from callflow.core import ladder
from callflow.core.call import Call, Lock, Outcome
from callflow.core.evidence import Warned
from callflow.core.policy import DEFAULT_CONDUCT, DrawTheLine, LadderOrder, Policy
from tests.playbook import START, talking

POLICY = Policy()
STRICT = Policy(order=LadderOrder.IN_ORDER)
MILD = Policy(draw_the_line=DrawTheLine(conduct=DEFAULT_CONDUCT[:2]))
SHOUTING, _, HATE, _ = DEFAULT_CONDUCT
FINAL = Warned(
    script="warning_final", conduct="1", final=True, key="1", actor="ana", started_at=START, token=9,
    needed_seconds=8.0, elapsed_seconds=9.0, heard_at=START, talked_seconds=15.0,
)  # fmt: skip
SAME, OTHER = POLICY.draw_the_line.named("1"), POLICY.draw_the_line.named("3")
CUT = replace(FINAL, heard_at=None, cut=True, talked_seconds=0.0)
FIRST = replace(FINAL, script="warning_first", final=False)
TALKED_LESS = replace(FINAL, talked_seconds=14.9)
LAST, LATER = START + timedelta(seconds=600), START + timedelta(seconds=601)
TRIED = {"time_out": Outcome.DECLINED, "delegate_upwards": Outcome.UNAVAILABLE}
BASE = talking().call.but(at=START + timedelta(seconds=60))


def call(**changes: Any) -> Call:
    return BASE.but(**changes)


ROWS: list[tuple[str, Callable[[], ladder.Refusal | None], str | None]] = [
    ("open", lambda: ladder.time_out(call(), POLICY), None),
    ("locked", lambda: ladder.time_out(call(locks=(Lock.THREAT,)), POLICY), "refuse_locked"),
    ("refused lately", lambda: ladder.time_out(call(hold_refused_at=START, hold_declined=True), POLICY),
     "refuse_asked_already"),
    ("no clear answer lately", lambda: ladder.time_out(call(hold_refused_at=START), POLICY), "refuse_no_answer"),
    ("refused long ago", lambda: ladder.time_out(call(hold_refused_at=START - timedelta(seconds=60)), POLICY), None),
    ("two holds", lambda: ladder.time_out(call(holds=2), POLICY), "refuse_most_holds"),
    ("all seconds held", lambda: ladder.time_out(call(held_seconds=91), POLICY), "refuse_most_holds"),
    ("just enough left", lambda: ladder.time_out(call(held_seconds=90), POLICY), None),
    ("more time", lambda: ladder.more_time(call(held_seconds=60), POLICY, 30), None),
    ("no more time", lambda: ladder.more_time(call(held_seconds=60), POLICY, 31), "refuse_most_holds"),
    ("supervisor", lambda: ladder.delegate_upwards(call(), POLICY), None),
    ("in order", lambda: ladder.delegate_upwards(call(), STRICT), "refuse_order"),
    ("in order, tried", lambda: ladder.delegate_upwards(call(**TRIED), STRICT), None),
    ("in order, locked", lambda: ladder.delegate_upwards(call(locks=(Lock.SAFEGUARDING,)), STRICT), None),
    ("skip", lambda: ladder.skip(call(), POLICY), None),
    ("no skip", lambda: ladder.skip(call(), STRICT), "refuse_skip"),
    ("nothing to skip", lambda: ladder.skip(call(**TRIED), POLICY), "nothing_to_skip"),
    ("in order, no hold left", lambda: ladder.delegate_upwards(call(holds=2), STRICT), None),
    ("in order, refused", lambda: ladder.delegate_upwards(call(hold_refused_at=START), STRICT), None),
    ("civility", lambda: ladder.civility(call(**TRIED), POLICY), None),
    ("civility, severe only", lambda: ladder.civility(call(), POLICY), None),
    ("civility, nothing severe", lambda: ladder.civility(call(), MILD), "refuse_order"),
    ("civility locked", lambda: ladder.civility(call(locks=(Lock.THREAT,)), POLICY), "refuse_locked"),
    ("every kind", lambda: ladder.warnings(call(**TRIED), POLICY), None),
    ("not every kind", lambda: ladder.warnings(call(), POLICY), "refuse_order"),
    ("warn too early", lambda: ladder.warn(call(), POLICY, SHOUTING), "refuse_order"),
    ("one step tried", lambda: ladder.warn(call(time_out=Outcome.SKIPPED), POLICY, SHOUTING), "refuse_order"),
    ("warn", lambda: ladder.warn(call(**TRIED), POLICY, SHOUTING), None),
    ("no hold left", lambda: ladder.warn(call(holds=2, delegate_upwards=Outcome.DECLINED), POLICY, SHOUTING), None),
    ("in the grace", lambda: ladder.warn(call(**TRIED, warnings=(TALKED_LESS,)), POLICY, SAME), "refuse_grace"),
    ("severe lane", lambda: ladder.warn(call(), POLICY, HATE), None),
    ("in force", lambda: ladder.warn(call(**TRIED, warnings=(FINAL,)), POLICY, SAME), "refuse_warned"),
    ("other conduct in force", lambda: ladder.warn(call(**TRIED, warnings=(FINAL,)), POLICY, OTHER), None),
    ("warn locked", lambda: ladder.warn(call(locks=(Lock.THREAT,)), POLICY, HATE), "refuse_locked"),
    ("close", lambda: ladder.closing(call(warnings=(FINAL,)), POLICY), None),
    ("never warned", lambda: ladder.closing(call(), POLICY), "refuse_no_warning"),
    ("only the first", lambda: ladder.closing(call(warnings=(FIRST,)), POLICY), "refuse_no_warning"),
    ("cut", lambda: ladder.closing(call(warnings=(CUT,)), POLICY), "refuse_cut_warning"),
    ("cut after a full one", lambda: ladder.closing(call(warnings=(FINAL, CUT)), POLICY), None),
    ("in the grace", lambda: ladder.closing(call(warnings=(TALKED_LESS,)), POLICY), "refuse_grace"),
    ("lapsed", lambda: ladder.closing(call(warnings=(FINAL,), at=LATER), POLICY), "refuse_lapsed"),
    ("the last moment", lambda: ladder.closing(call(warnings=(FINAL,), at=LAST), POLICY), None),
    ("close locked", lambda: ladder.closing(call(warnings=(FINAL,), locks=(Lock.THREAT,)), POLICY), "refuse_locked"),
    ("no relief", lambda: ladder.relief(call(warnings=(FINAL,)), POLICY), "refuse_relief"),
    ("relief, threat", lambda: ladder.relief(call(locks=(Lock.THREAT,)), POLICY), None),
    ("no relief, safeguarding", lambda: ladder.relief(call(locks=(Lock.SAFEGUARDING,)), POLICY), "refuse_relief"),
    ("relief, hate", lambda: ladder.relief(call(warnings=(replace(CUT, conduct="3"),)), POLICY), None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "asked", "refusal"), ROWS, ids=[name for name, _, _ in ROWS])
def test_open_or_refused(name: str, asked: Callable[[], ladder.Refusal | None], refusal: str | None) -> None:
    found = asked()
    assert (found[0] if found else None) == refusal


def test_a_refusal_says_how_long() -> None:
    assert ladder.time_out(call(hold_refused_at=START), POLICY) == ("refuse_no_answer", "supervisor", {"n": 60})
    talked = (replace(FINAL, talked_seconds=3.2),)
    assert ladder.closing(call(warnings=talked), POLICY) == ("refuse_grace", "supervisor", {"n": 12})
    lapsed = call(warnings=(FINAL,), at=START + timedelta(seconds=700))
    assert ladder.closing(lapsed, POLICY) == ("refuse_lapsed", "civility", {"m": 10})


@pytest.mark.parametrize(("tried", "policy", "advised"), [
    ({}, POLICY, "time_out"),
    ({"time_out": Outcome.SKIPPED}, POLICY, "supervisor"),
    ({"holds": 2}, STRICT, "supervisor"),
    (TRIED, POLICY, "civility"),
])  # fmt: skip
def test_a_refused_end_advises_the_step_that_is_open(tried: dict[str, Any], policy: Policy, advised: str) -> None:
    assert ladder.closing(call(**tried), policy) == ("refuse_no_warning", advised, {})


@pytest.mark.parametrize(("warnings", "conduct", "due"), [
    ((), SHOUTING, "warning_first"),
    ((), HATE, "warning_final"),
    ((FIRST,), SHOUTING, "warning_final"),
    ((replace(FIRST, heard_at=None, cut=True),), SHOUTING, "warning_first"),
    ((replace(FIRST, heard_at=START - timedelta(seconds=700)),), SHOUTING, "warning_first"),
])  # fmt: skip
def test_the_warning_that_is_due(warnings: tuple[Warned, ...], conduct: Any, due: str) -> None:
    assert ladder.due_warning(call(warnings=warnings), POLICY.draw_the_line, conduct) == due
