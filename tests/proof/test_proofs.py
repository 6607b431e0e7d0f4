"""The proofs hold for what is shipped, and each of them can fail: the machine is broken on purpose, one part at a time.

A small team makes it quick: whatever goes wrong does so with one agent and one supervisor.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from callflow.core import agent_search, keys, ladder, locks, menu, no_answer, timers
from callflow.core import decide as door
from callflow.core import events as e
from callflow.core.call import Call, Leg
from callflow.core.configuration import Configuration, Team
from callflow.core.draft import DecisionDraft
from callflow.core.evidence import Consent
from callflow.core.opening_hours import Hours
from callflow.core.policy import DEFAULT_CONDUCT, DrawTheLine, LadderOrder, Policy
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.steps import draw_the_line, time_out
from callflow.proof import Proof, prove, waits
from callflow.proof.endings import ENDINGS, Ending
from tests.core.example import CONFIGURATION, configuration, people

SMALL = configuration(team=Team(id="energy_desk", agents=("ana",), supervisors=("sam",)))
LONELY = configuration(team=Team(id="energy_desk", agents=("ana",), supervisors=()))
"""Smaller still, for what takes a whole exploration to find."""


def counterexample(proof: Proof, name: str) -> str:
    """The counterexample of this promise."""
    found = next((one for one in proof.violations if one.name == name), None)
    assert found, f"{name} is not among {[one.name for one in proof.violations]}"
    return "\n".join(found.counterexample)


def in_place_of(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, rows: Mapping[Any, Any]) -> None:
    """A copy of a table with other rows."""
    monkeypatch.setattr(where, name, {**getattr(where, name), **rows})


@pytest.mark.parametrize(
    "example", [CONFIGURATION, replace(LONELY, policy=Policy(order=LadderOrder.IN_ORDER))], ids=["reasoned", "in_order"]
)
def test_every_promise_holds(example: Configuration) -> None:
    proof = prove(example)
    assert not proof.violations, "\n".join(map(str, proof.violations))
    assert proof.states > 400
    assert proof.transitions > 5_000
    assert str(proof) == f"proved on {proof.states:,} states, {proof.transitions:,} transitions"


def test_advice_that_is_refused_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """`*` 4 sends to `*` 3, which wants a time out first."""
    mild = replace(DrawTheLine(), conduct=tuple(one for one in DEFAULT_CONDUCT if not one.severe))
    example = replace(LONELY, policy=Policy(draw_the_line=mild))
    monkeypatch.setattr(ladder, "closing", lambda call, policy: ladder.Refusal("refuse_no_warning", "civility"))
    told = counterexample(prove(example, first_only=True), "advice")
    assert told.splitlines()[-2].endswith("presses 4 at `menu`: Ana is in the room.")
    assert "Star and the key that a line names are taken at once, and not refused." in told


def test_a_closing_that_skips_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """`*` 4 closes at once: nobody was ever warned."""
    monkeypatch.setattr(ladder, "closing", lambda call, policy: None)
    monkeypatch.setattr(ladder, "closing_for", lambda call, policy, conduct: None)
    proof = prove(LONELY)
    told = counterexample(proof, "closing")
    assert "presses 4 at `menu`: Ana hears `end_conduct`" in told
    assert told.splitlines()[-2].endswith("Ana presses 1 at `end_confirm`: Ana hears `closing_watch`.")
    assert "`warning`" not in told
    assert "Ana hears `end_confirm`." in counterexample(proof, "conduct").splitlines()[-2]


def test_a_closing_of_a_stammering_caller_that_nobody_co_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ladder.closing

    def alone(call: Call, policy: Policy) -> ladder.Refusal | None:
        refusal = real(call, policy)
        return None if refusal and refusal[0] == ladder.CO_SIGN else refusal

    monkeypatch.setattr(ladder, "closing", alone)
    assert "with an adjustment and no co-signature" in counterexample(prove(LONELY), "co-signature")


def test_a_silent_caller_who_is_let_go_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(no_answer, "may_let_go", lambda call: True)
    told = counterexample(prove(LONELY), "silence")
    assert told.splitlines()[-2].endswith(
        "Ana presses 1 at `end_silent`: the caller hears `let_go` and Ana is in the room."
    )


def test_a_closing_before_the_grace_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    real = ladder.closing

    def hasty(call: Call, policy: Policy) -> ladder.Refusal | None:
        refusal = real(call, policy)
        return None if refusal and refusal[0] == "refuse_grace" else refusal

    monkeypatch.setattr(ladder, "closing", hasty)
    told = counterexample(prove(LONELY), "closing")
    assert "after all of it was played: the caller is in the room" in told
    assert "before the grace is over" in told.splitlines()[-2]


def test_a_warning_that_was_cut_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def joined(draft: DecisionDraft, event: e.LegJoined) -> None:
        draft.arrived(event.leg)
        draw_the_line._settle(draft, event, replace(draft.call.warnings[-1], heard_at=event.at), late=False)

    in_place_of(monkeypatch, door, "TABLE", {(S.WARNING, e.LegJoined): joined})
    assert "hears `warning`" in counterexample(prove(SMALL, first_only=True), "heard in full")


def test_a_hold_without_a_yes(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_heard(draft: DecisionDraft, event: e.ConsentNotHeard) -> None:
        time_out.hold(draft, e.ConsentGiven(at=event.at, leg=event.leg, how="key"))

    in_place_of(monkeypatch, door, "TABLE", {(S.ASKING_HOLD, e.ConsentNotHeard): not_heard})
    told = counterexample(prove(SMALL, first_only=True), "hold")
    assert told.splitlines()[-2].endswith(
        "The caller gives no clear answer at `hold_question`: the caller hears `hold` and Ana hears `hold_desk`."
    )


def test_a_hold_that_nobody_is_brought_back_from(monkeypatch: pytest.MonkeyPatch) -> None:
    """The document starts anew whenever it ends, and so does its deadline."""

    def again(draft: DecisionDraft, event: Any) -> None:
        draft.call = draft.call.but(consent=Consent(kind="hold", how="key", at=draft.at, used=True))
        draft.timer("hold", 60)

    monkeypatch.setattr(time_out, "returned", again)
    monkeypatch.setattr(time_out, "desk_over", again)
    in_place_of(monkeypatch, door, "TABLE", {(S.HOLDING, e.LegJoined): again})
    in_place_of(monkeypatch, timers, "TIMERS", {"hold": again})
    told = counterexample(prove(LONELY), "coming to rest")
    assert "the caller hears `hold`" in told
    assert "Every hold has an end that brings the caller back" in told
    assert "And so on, for ever." in told


def test_a_ring_that_never_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(agent_search, "rang_long_enough", lambda draft, event: None)
    assert counterexample(prove(SMALL, first_only=True), "ringing").splitlines()[-2] == "3. The time for Ana is over."


def test_an_offer_that_connects_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """A voicemail that presses nothing is connected."""

    def answered(draft: DecisionDraft, event: e.LegAnswered) -> None:
        agent_search.answered(draft, event)
        leg = draft.call.leg(event.leg)
        if leg and leg.at(P.OFFER):
            agent_search.take_lead(draft, leg)

    in_place_of(monkeypatch, door, "TABLE", {(S.WAITING, e.LegAnswered): answered})
    assert counterexample(prove(SMALL, first_only=True), "joining").splitlines()[:3] == [
        "1. The caller calls.",
        "2. Ana can be rung: Ana is being rung.",
        "3. Ana picks up: the caller is in the room and Ana is in the room.",
    ]


def test_a_lock_that_an_agent_lifts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "may_unlock", lambda draft, leg: bool(draft.call.locks))
    told = counterexample(prove(SMALL, first_only=True), "locks")
    assert "Ana presses 1 at `unlock_menu`" in told.splitlines()[-2]


def test_a_place_without_a_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lead's menu hangs up when nothing is pressed."""

    def hangs_up(call: Call, leg: Leg, configuration: Configuration) -> Ending:
        return Ending.HANG_UP if leg.at(P.MENU) else ENDINGS[leg.place.name]

    told = counterexample(prove(LONELY, hangs_up), "safe tail")
    assert "Now the caller is in the room, Ana hears `menu`, although: " in told
    assert "Not so: `menu`" in told


def test_a_caller_put_where_the_line_hangs_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def chosen(draft: DecisionDraft, event: e.DigitPressed) -> None:
        draft.put("caller", P.ALERT)

    in_place_of(monkeypatch, keys, "KEYS", {P.SKIP_MENU: chosen})
    assert "the caller hears `alert`" in counterexample(prove(SMALL, first_only=True), "safe tail")


def test_grace_that_runs_while_the_lead_is_in_a_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "_in_conversation", lambda call: call.stage in (S.TALKING, S.CHOOSING))
    assert "Only open conversation of caller and lead counts" in counterexample(prove(LONELY), "grace")


def test_a_menu_whose_deadline_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """With every report lost, nothing would bring the lead back to the caller."""

    def open_menu(draft: DecisionDraft, event: e.LegEvent) -> None:
        draft.stage(S.CHOOSING)
        draft.put(event.leg, P.MENU, draft.prompt("menu"), seconds=8)

    monkeypatch.setattr(menu, "open_menu", open_menu)
    proof = prove(LONELY)
    assert any("Even if no report of any document ever reaches us" in one.sentence for one in proof.violations)
    assert "Ana hears `menu`" in counterexample(proof, "floor F4 bound")


def test_every_wait_is_told_in_seconds() -> None:
    """How long a caller is without a person at most, and what happens when."""
    found = {stage: (seconds, path) for stage, seconds, path in waits(CONFIGURATION)}
    talked = {S.ARRIVING, S.AFTERCARE, S.ENDED, S.PREPARING, S.DIALLING}
    assert set(found) == set(S) - talked
    assert found[S.CHOOSING] == (60.0, [
        "  0 s  Ana presses * in the room: Ana hears `menu`.",
        " 60 s  The deadline `choosing` passes: Ana is in the room.",
    ])  # fmt: skip
    seconds, path = found[S.RINGING]
    assert 150 <= seconds <= 210
    assert " 60 s  Sky picks up: Sky hears `briefing`." in path
    assert path[-1].endswith(
        "The deadline `call_back_question` passes: the caller is in the room and Ana is in the room."
    )


def test_a_hold_that_is_too_long_is_told_second_by_second(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has an end, so the proofs without time hold; but the end comes after a minute and a half."""
    monkeypatch.setattr(time_out, "OVERRUN_SECONDS", 60)
    proof = prove(LONELY)
    told = counterexample(proof, "in time")
    assert "It is 50 s here: shorter lines help" in "".join(one.sentence for one in proof.violations)
    assert "The caller says yes at `hold_question`" in told
    assert re.search(r"^ 9[0-9] s  The deadline `hold` passes: the caller is in the room", told, re.MULTILINE)


def test_somebody_set_apart_who_moves_the_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrap-up note puts the caller on hold."""
    noted: Callable[[DecisionDraft, Any], None] = lambda draft, event: draft.put("caller", P.QUEUE)  # noqa: E731
    in_place_of(monkeypatch, keys, "KEYS", {P.WRAP_UP: noted})
    assert "brings the call nowhere new" in counterexample(prove(LONELY), "setting apart")


@pytest.mark.long
@pytest.mark.ci
def test_people_with_hours_who_are_agents_and_supervisors_break_no_promise() -> None:
    """Also when no supervisor is on duty: the caller is offered a call back at once."""
    day = Hours(timezone="UTC", weekly=(((540, 1020),),) * 7)
    team = Team(id="energy_desk", agents=("ana",), supervisors=("ana", "sam"))
    both = {id: replace(one, on_duty=day) for id, one in people("ana", "sam").items()}
    proof = prove(replace(configuration(team=team), agents=both, supervisors=both), first_only=True)
    assert not proof.violations, "\n".join(map(str, proof.violations))
