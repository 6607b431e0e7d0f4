"""`callflow demo --browser`: what it says, and that nothing of it is left when it ends."""

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from callflow.cli import program as callflow

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("other", ["--fast", "--wav=demo.wav"])
def test_it_is_played_by_a_person(other: str) -> None:
    done = CliRunner().invoke(callflow, ["demo", "--browser", other])
    assert done.exit_code == 2
    assert "--browser plays in real time" in done.output


@pytest.mark.long
def test_it_says_where_the_page_is_and_leaves_nothing_behind(tmp_path: Path) -> None:
    """Asked to end, as by a closed terminal, it ends the server, too, and removes its files."""
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("CALLFLOW_", "TWILIO_"))}
    argv = [sys.executable, "-m", "callflow", "demo", "--browser", "--no-open"]
    with subprocess.Popen(argv, cwd=ROOT, env={**surroundings, "TMPDIR": str(tmp_path)}, stdout=subprocess.PIPE,
                          text=True) as process:  # fmt: skip
        assert process.stdout
        said = process.stdout.readline()
        url = re.search(r"http://127\.0\.0\.1:\d+/", said)
        assert url, said
        with urllib.request.urlopen(f"{url[0]}_rehearsal", timeout=10) as answer:
            server = json.load(answer)["server"]["pid"]
        os.kill(server, 0)
        process.send_signal(signal.SIGHUP)
        assert process.wait(timeout=30) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)
    assert list(tmp_path.iterdir()) == []
