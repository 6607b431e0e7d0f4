"""The centre that is measured: the shipped configuration with a team of two agents and a number for every live call."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
AUDIO = ROOT / "audio"
SECRET, TOKEN = "worth-nothing-but-long-enough", "bench-token"
ACCOUNT = "AC" + "0" * 31 + "1"


def number_of(team: int) -> str:
    return f"+1555012{team:04d}"


def write(target: Path, teams: int) -> Path:
    """A configuration directory in which so many calls can be live at once, none waiting for another's agent."""
    shutil.copytree(ROOT / "config", target)
    shutil.rmtree(target / "scenarios", ignore_errors=True)
    flow = (target / "flows" / "front_desk.yaml").read_text(encoding="utf-8")
    people, teams_, numbers = ["version: 1", "agents:"], ["teams:"], []
    for team in range(teams):
        for one in (0, 1):
            people.append(f'  a{team}_{one}: {{name: Ana, phone: "+1555013{team * 2 + one:04d}"}}')
        teams_.append(f"  desk_{team}: {{agents: [a{team}_0, a{team}_1], supervisors: [sam], ring: in_order}}")
        numbers.append(f'  "{number_of(team)}": front_desk_{team}')
        renamed = flow.replace("connect: energy_desk", f"connect: desk_{team}")
        (target / "flows" / f"front_desk_{team}.yaml").write_text(renamed, encoding="utf-8")
    (target / "flows" / "front_desk.yaml").unlink()
    supervisors = ["supervisors:", '  sam: {name: Sam, phone: "+15550100121", role: a team leader}']
    security = 'security: {name: the security desk, phone: "+15550100131"}'
    (target / "people.yaml").write_text("\n".join([*people, *supervisors, security, *teams_, ""]), encoding="utf-8")
    offers = (target / "guidance.yaml").read_text(encoding="utf-8")
    every = f"teams: [{', '.join(f'desk_{team}' for team in range(teams))}]"
    (target / "guidance.yaml").write_text(offers.replace("teams: [energy_desk]", every), encoding="utf-8")
    first = (target / "callflow.yaml").read_text(encoding="utf-8")
    shown = first.replace('  "+15550100100": front_desk', "\n".join(numbers))
    (target / "callflow.yaml").write_text(shown, encoding="utf-8")
    return target


def environment(folder: Path, port: int, provider: int, teams: int) -> dict[str, str]:
    """Settings for a server on this port that sends its orders to the provider on the other one."""
    config = folder / "config"
    if not config.exists():
        write(config, teams)
    return {
        "CALLFLOW_CONFIG": str(config), "CALLFLOW_AUDIO": str(AUDIO), "CALLFLOW_CACHE": str(folder / "cache"),
        "CALLFLOW_SECRET_KEY": SECRET,
        "CALLFLOW_DATABASE_URL": f"sqlite:///{folder / f'callflow-{port}.db'}",
        "CALLFLOW_PUBLIC_URL": f"http://127.0.0.1:{port}", "TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{provider}", "CALLFLOW_CALLS_PER_SECOND": "100000",
    }  # fmt: skip
