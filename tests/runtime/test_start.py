"""The start of a server: callers wait for it when a server is replaced (tests/bench, G7)."""

import subprocess
import sys
from pathlib import Path

from tests.e2e.servers import ROOT, environment

STARTED = """
import gc
gc.collect()  # what the interpreter did before is not meant
before = gc.get_stats()[2]["collections"]
from wsgi import app
print(gc.isenabled(), gc.get_stats()[2]["collections"] - before, gc.get_freeze_count() > 10_000)
app.close()
"""


def test_garbage_is_looked_for_after_a_start_and_not_during_it(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", STARTED], env=environment(tmp_path, 1, CALLFLOW_OPERATIONS="off"),
                          cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    assert done.stdout == "True 0 True\n", done.stderr
