"""G11: how fast the check is, on the shipped configuration and on a large one. In floors, as G8 (anchor.py).

`callflow check` as a process on the shipped files is warm: the proofs of the stage machine are in the user's cache
after the first run. The large one has 200 steps, 50 teams and 500 people. Medians of five, seconds of CPU; on a machine
with nothing else to do that is the waiting time, too.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median

from callflow.configuration.loading import examine
from callflow.proof import prove
from tests.bench import anchor
from tests.bench.goals import Measured, at_most, told
from tests.bench.recorded import Recording
from tests.core.example import configuration
from tests.proof.test_proofs_flows import large as many_steps

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "audio"
STEPS, TEAMS, AGENTS_A_TEAM = 200, 50, 9
REPEATS = 5


def large(target: Path) -> Path:
    """50 teams of nine agents and a supervisor; a flow of menus that leads to each of them."""
    shutil.copytree(ROOT / "config", target)
    agents = [f'  a{one}: {{name: Ana {one}, phone: "+1555013{one:04d}"}}' for one in range(TEAMS * AGENTS_A_TEAM)]
    supervisors = [
        f'  s{one}: {{name: Sam {one}, phone: "+1555014{one:04d}", role: a team leader}}' for one in range(TEAMS)
    ]
    teams = [
        f"  desk_{team}: {{agents: [{', '.join(f'a{team * AGENTS_A_TEAM + one}' for one in range(AGENTS_A_TEAM))}], "
        f"supervisors: [s{team}], name: desk {team}}}"
        for team in range(TEAMS)
    ]
    security = 'security: {name: the security desk, phone: "+15550100131"}'
    people = ["version: 1", "agents:", *agents, "supervisors:", *supervisors, security, "teams:", *teams, ""]
    (target / "people.yaml").write_text("\n".join(people), encoding="utf-8")
    (target / "flows/front_desk.yaml").write_text(flow(), encoding="utf-8")
    guidance = (target / "guidance.yaml").read_text(encoding="utf-8")
    (target / "guidance.yaml").write_text(guidance.replace("[energy_desk]", "[desk_0]"), encoding="utf-8")
    return target


def flow() -> str:
    """A quarter each: announcement, menu, team, voicemail."""
    lines = ["version: 1", "start: say_0", "steps:"]
    for one in range(STEPS // 4):
        after = f"say_{one + 1}" if one + 1 < STEPS // 4 else f"desk_{one}"
        lines += [
            f"  say_{one}: {{say: greeting, next: menu_{one}}}",
            f'  menu_{one}: {{menu: reason_menu, choices: {{"1": {{next: desk_{one}, reason: a bill}}, '
            f'"2": {{next: {after}, reason: a delivery}}}}, '
            f"otherwise: desk_{one}}}",
            f"  desk_{one}: {{connect: desk_{one}, otherwise: message_{one}}}",
            f"  message_{one}: {{voicemail: leave_message}}",
        ]
    return "\n".join([*lines, ""])


def timed(work: Callable[[], object]) -> float:
    """Seconds of CPU, children included: what else the machine does at the moment is not our figure."""
    taken = []
    for _ in range(REPEATS):
        began = cpu()
        work()
        taken.append(cpu() - began)
    return median(taken)


def cpu() -> float:
    return sum(os.times()[:4])


def process(config: Path) -> None:
    argv = [sys.executable, "-m", "callflow", "check", str(config), "--audio", str(AUDIO)]
    subprocess.run(argv, check=True, capture_output=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


def measure(folder: Path) -> list[Measured]:
    shipped = ROOT / "config"
    process(shipped)
    config = large(folder / "large")
    found = examine(config, AUDIO)
    assert not found.problems, found.problems[0]
    in_core = many_steps(configuration())
    with anchor.floor(folder, Recording()) as floor:
        floor.round(0.5)
        slower = anchor.slower(min(floor.micros))
    small, checks, proofs = (
        timed(work) for work in (lambda: process(shipped), lambda: examine(config, AUDIO), lambda: prove(in_core))
    )
    return [
        told("G11 shipped: every check", f"{timed(lambda: examine(shipped, AUDIO)):.2f} s"),
        at_most("G11 callflow check, shipped", round(slower, 1), small, " s", "1 s in floors"),
        at_most("G11 every check, large", round(5 * slower), checks, " s", "5 s in floors"),
        at_most("G11 every proof, large", round(5 * slower), proofs, " s", "5 s in floors"),
    ]
