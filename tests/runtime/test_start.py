"""The start of a server: callers wait for it when a server is replaced (tests/bench, G7)."""

import subprocess
import sys
from pathlib import Path

from tests.e2e.servers import ROOT, environment

HEAVY = {
    "argon2", "authlib", "cryptography", "flask", "phonenumbers", "prometheus_client", "requests", "sqlalchemy",
    "subprocess", "twilio.rest", "webauthn", "zoneinfo",
}  # fmt: skip
"""Imported by what uses them, a second after the start at the earliest."""
STARTED = """
import gc, sys
gc.collect()  # what the interpreter did before is not meant
before = gc.get_stats()[2]["collections"]
from wsgi import app
alive = app({"REQUEST_METHOD": "GET", "PATH_INFO": "/healthz"}, print)
print(*alive, sorted({heavy} & set(sys.modules)))
print(gc.isenabled(), gc.get_stats()[2]["collections"] - before, gc.get_freeze_count() > 10_000)
app.close()
"""
ANSWERED = "200 OK [('Content-Type', 'text/plain; charset=utf-8'), ('Content-Length', '6')]\n"


def test_a_start_looks_for_no_garbage_and_imports_nothing_heavy(tmp_path: Path) -> None:
    done = [
        subprocess.run([sys.executable, "-c", STARTED.replace("{heavy}", repr(HEAVY))], cwd=ROOT, capture_output=True,
                       env=environment(tmp_path, 1, CALLFLOW_OPERATIONS="off"), text=True, timeout=60, check=False)
        for _ in range(2)  # the first may have to read the configuration
    ]  # fmt: skip
    assert done[1].stdout == ANSWERED + "b'alive\\n' []\nTrue 0 True\n", done[1].stderr + done[1].stdout
