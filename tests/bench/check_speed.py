"""How fast the check is: ``python tests/bench/check_speed.py``, on the shipped configuration and on a large one.

Goals: `callflow check` as a process on the shipped files in under 1 s (warm: the proofs of the stage machine are in the
user's cache after the first run); 200 steps, 50 teams and 500 people read and checked in under 5 s.
Medians of five, seconds of CPU; on a machine with nothing else to do that is the waiting time, too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

from callflow.configuration.loading import examine, load

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
        f"supervisors: [s{team}]}}"
        for team in range(TEAMS)
    ]
    security = 'security: {name: the security desk, phone: "+15550100131"}'
    people = ["version: 1", "agents:", *agents, "supervisors:", *supervisors, security, "teams:", *teams, ""]
    (target / "people.yaml").write_text("\n".join(people), encoding="utf-8")
    (target / "flows/front_desk.yaml").write_text(flow(), encoding="utf-8")
    return target


def flow() -> str:
    """A quarter each: announcement, menu, team, voicemail."""
    lines = ["version: 1", "start: say_0", "steps:"]
    for one in range(STEPS // 4):
        after = f"say_{one + 1}" if one + 1 < STEPS // 4 else f"desk_{one}"
        lines += [
            f"  say_{one}: {{say: greeting, next: menu_{one}}}",
            f'  menu_{one}: {{menu: reason_menu, choices: {{"1": {{next: desk_{one}}}, "2": {{next: {after}}}}}, '
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


def main() -> None:
    shipped = ROOT / "config"
    process(shipped)
    with tempfile.TemporaryDirectory() as folder:
        config = large(Path(folder) / "config")
        assert not examine(config, AUDIO).problems, examine(config, AUDIO).problems[0]
        figures = {
            "shipped: load for the product": timed(lambda: load(shipped, AUDIO)),
            "shipped: every check": timed(lambda: examine(shipped, AUDIO)),
            "shipped: callflow check as a process": timed(lambda: process(shipped)),
            "200 steps, 50 teams, 500 people: load": timed(lambda: load(config, AUDIO)),
            "200 steps, 50 teams, 500 people: every check": timed(lambda: examine(config, AUDIO)),
        }
    print(json.dumps({name: f"{seconds:.3f} s" for name, seconds in figures.items()}, indent=2))  # noqa: T201
    assert figures["shipped: callflow check as a process"] < 1
    assert figures["200 steps, 50 teams, 500 people: every check"] < 5


if __name__ == "__main__":
    main()
