"""Proofs of what ops write: circles, dead ends, kinds of teams, where to look; and what is from_cache of a proof."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import program, proof
from callflow.core.configuration import Configuration, Flow, Person, Ring, Team
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.end import EndStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow.say import SayStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.flow_step import Choice, Step
from callflow.core.policy import DrawTheLine, Policy
from callflow.proof import Violation, flows, prove, teams
from callflow.proof.proof_cache import Memory, usual_file
from tests.configuration.workbench import ROOT, Workbench
from tests.core.example import FLOW, configuration

SMALL_TEAM = Team(id="energy_desk", agents=("ana",), supervisors=())
DESK = FLOW.steps["desk"]
MESSAGE = FLOW.steps["message"]
REASON = FLOW.steps["reason"]
WELCOME = FLOW.steps["welcome"]


def with_steps(*steps: Step) -> Configuration:
    flow = Flow(name="front_desk", start=steps[0].name, steps={step.name: step for step in steps})
    return configuration(flow=flow, team=SMALL_TEAM)


def violations(example: Configuration) -> list[Violation]:
    """Of the flow alone: the stage machine is the same for all of these."""
    return list(prove(example, memory=Known(Path())).violations)


class Known(Memory):
    """A memory that has seen everything."""

    def known(self, configuration: Configuration) -> tuple[int, int] | None:
        return 1, 1


def test_a_circle_of_menus_is_told_step_by_step() -> None:
    again = replace(REASON, otherwise="welcome")
    found = violations(with_steps(WELCOME, again, DESK, MESSAGE))[0]
    assert found.sentence.startswith("The caller always comes to a person")
    assert found.counterexample[:-1] == (
        "1. The caller calls.",
        '2. The caller hears the document at `step` to its end: the caller hears step "reason".',
        "3. The caller hears the document at `step` to its end.",
        '4. The caller hears the document at `step` to its end: the caller hears step "welcome".',
        "And so on, for ever.",
    )
    assert found.location
    assert found.location.file == "flows/front_desk.yaml"


def test_waiting_for_ever_is_told() -> None:
    found = violations(with_steps(replace(DESK, otherwise="desk"), MESSAGE))[0]
    assert "The deadline `queue` passes." in "\n".join(found.counterexample)
    assert found.location
    assert found.location.loc == ("steps", "desk")


def test_a_line_that_leads_nowhere_is_a_dead_end() -> None:
    found = violations(with_steps(replace(REASON, otherwise="sorry"), SayStep(name="sorry", script="greeting"),
                                  DESK, MESSAGE))  # fmt: skip
    assert [one.name for one in found] == ["way on"]
    assert found[0].location
    assert found[0].location.loc == ("steps", "sorry")
    assert "never at a line or a menu" in found[0].sentence


def test_an_end_that_ops_wrote_is_an_end() -> None:
    bye = EndStep(name="bye", script="goodbye")
    menu = replace(REASON, otherwise="bye", choices={"1": Choice(next="desk")})
    assert not violations(with_steps(menu, DESK, MESSAGE, bye))


def test_the_place_to_look_at_is_told(bench: Workbench) -> None:
    """File, line and column of the step, before the counterexample."""
    bench.edit("flows/front_desk.yaml", "    otherwise: message", "    otherwise: desk")
    found = violations(with_steps(replace(DESK, otherwise="desk"), MESSAGE))[0]
    lines = (bench.config / "flows/front_desk.yaml").read_text(encoding="utf-8").splitlines()
    line = lines.index("  desk:") + 1
    assert proof.located(found, bench.config).startswith(f"config/flows/front_desk.yaml:{line}:3 coming to rest: ")


def test_teams_that_are_alike_are_looked_at_once() -> None:
    """A kind that another includes needs no look of its own; ringing all at once only adds to what can happen."""
    example = with_steps(DESK, MESSAGE)
    big = Team(id="big", agents=("ana", "ben"), supervisors=("sam", "sky"), ring=Ring.ALL)
    steps = {**example.flows["front_desk"].steps, "more": replace(DESK, name="more", team="big")}
    both = replace(example, teams={**example.teams, "big": big},
                   flows={"front_desk": replace(example.flows["front_desk"], steps=steps)})  # fmt: skip
    assert list(teams.kinds(both).values()) == [("front_desk", "more")]
    assert list(teams.kinds(example).values()) == [("front_desk", "desk")]


def test_a_line_that_can_be_joined_again_carries_the_ladder() -> None:
    assert not teams.can_come_back(FLOW, "desk")
    circle = replace(FLOW, steps={**FLOW.steps, "desk": replace(DESK, otherwise="reason")})
    assert teams.can_come_back(circle, "desk")


# -- remembering


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "cache" / "proofs.json")


def test_a_proof_is_remembered_for_the_same_rules_only(memory: Memory) -> None:
    example = with_steps(DESK, MESSAGE)
    first = prove(example, memory=memory)
    assert not first.from_cache
    again = prove(replace(example, digest="another", caller_id="+15550100199"), memory=memory)
    assert again == replace(first, from_cache=True)
    assert str(again).endswith("(from the cache)")
    assert memory.known(replace(example, policy=Policy(draw_the_line=DrawTheLine(grace_seconds=20)))) is None
    assert memory.known(configuration()) is None


def test_another_version_of_the_code_proves_anew(tmp_path: Path) -> None:
    source = tmp_path / "twiml.py"
    source.write_text("first", encoding="utf-8")
    memory = Memory(tmp_path / "proofs.json", (source,))
    example = with_steps(DESK, MESSAGE)
    memory.keep(example, (10, 20))
    assert memory.known(example) == (10, 20)
    source.write_text("second", encoding="utf-8")
    assert memory.known(example) is None


@pytest.mark.parametrize("content", ["", "not json", "[1]", '{"x": 1}', "\x00"])
def test_a_broken_file_is_no_proof(memory: Memory, content: str) -> None:
    memory.file.parent.mkdir()
    memory.file.write_text(content, encoding="utf-8")
    example = with_steps(DESK, MESSAGE)
    assert memory.known(example) is None
    memory.keep(example, (1, 2))
    assert memory.known(example) == (1, 2)


def test_it_lies_in_the_users_cache() -> None:
    assert usual_file({"XDG_CACHE_HOME": "/cache"}) == Path("/cache/callflow/proofs.json")
    assert usual_file({}) == Path("var/proofs.json")


# -- as ops meet it


def test_check_says_what_was_proved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = CliRunner().invoke(program, ["check"])
    assert first.exit_code == 0, first.output
    assert "The safety rules are proved on " in first.output
    second = CliRunner().invoke(program, ["check"])
    assert "(from the cache)." in second.output


def test_check_fails_when_a_promise_can_be_broken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(Memory, "known", lambda memory, configuration: (1, 1))
    monkeypatch.setattr(flows, "ASKING", (VoicemailStep,))  # as if leaving a message were a dead end
    done = CliRunner().invoke(program, ["check"])
    assert done.exit_code == 1
    assert "config/flows/front_desk.yaml:" in done.output
    assert "way on: " in done.output


@pytest.mark.long
def test_a_large_configuration_is_proved() -> None:
    """200 steps, 50 teams, 500 people."""
    proved = prove(large(configuration()))
    assert not proved.violations
    assert proved.states > 2000


def large(example: Configuration) -> Configuration:
    agents = {f"a{n}": Person(id=f"a{n}", name=f"A{n}", phone=f"+1555{n:07}") for n in range(400)}
    supervisors = {f"s{n}": Person(id=f"s{n}", name=f"S{n}", phone=f"+1556{n:07}", role="a lead") for n in range(100)}
    pools, leads = list(agents), list(supervisors)
    desks = {f"t{n}": Team(id=f"t{n}", agents=tuple(pools[n * 8 : n * 8 + 8]), ring=list(Ring)[n % 3],
                           supervisors=tuple(leads[n * 2 : n * 2 + 2])) for n in range(50)}  # fmt: skip
    steps = [menu(n) for n in range(100)]
    steps += [ConnectStep(name=f"c{n}", team=f"t{n}", otherwise=f"v{n}") for n in range(50)]
    steps += [VoicemailStep(name=f"v{n}", script="leave_message") for n in range(50)]
    flow = Flow(name="front_desk", start="m0", steps={step.name: step for step in steps})
    return replace(example, agents=agents, supervisors=supervisors, teams=desks, flows={"front_desk": flow})


def menu(n: int) -> Step:
    ways = {str(k): Choice(next=f"m{(n * 8 + k) % 100}" if k < 8 else f"c{(n + k) % 50}") for k in range(10)}
    return MenuStep(name=f"m{n}", script="reason_menu", otherwise=f"c{n % 50}", choices=ways)
