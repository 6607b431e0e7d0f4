"""The log of a real server, and the end of its terminal."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

from callflow.telephony import naming
from tests.contracts.sample import SECRETS
from tests.e2e.servers import FORM, ROOT, Server, environment, free_port, listens, running, until

REFERENCE = naming.reference(SECRETS[0], FORM["CallSid"])
IN_A_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)


def test_a_log_in_json_follows_a_call_by_its_reference_until_the_terminal_is_closed(tmp_path: Path) -> None:
    """Else the server would go on, unseen, and the next start would say that the port is taken."""
    port, log = free_port(), tmp_path / "log"
    ours, theirs = pty.openpty()
    argv = [sys.executable, "-c", IN_A_TERMINAL, sys.executable, "-m", "callflow", "serve", "--port", str(port)]
    env = environment(tmp_path, port, CALLFLOW_OPERATIONS="off", CALLFLOW_LOG_FORMAT="json")
    with log.open("wb") as output:
        process = subprocess.Popen(argv, env=env, cwd=ROOT, stdin=theirs, stdout=output, stderr=output,
                                   start_new_session=True)  # fmt: skip
    os.close(theirs)
    server = Server(process, port, 0, log)
    try:
        until(lambda: listens(port), server)
        assert server.post("/voice/inbound", f"{server.base}/voice/inbound")[0] == 200
        assert server.post("/voice/status", f"{server.base}/voice/status", CallStatus="completed")[0] == 204
        until(lambda: "call ended" in log.read_text(), server)
        os.close(ours)
        assert process.wait(20) == 0, log.read_text()
        assert not listens(port)
    finally:
        process.kill()
        process.wait()
    told = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["message"] for one in told if one.get("call") == REFERENCE] == [
        "call begun", "call ended: caller hung up",
    ]  # fmt: skip
    assert FORM["From"].lstrip("+") not in log.read_text()


def test_only_what_is_wrong_is_told_at_level_warning(tmp_path: Path) -> None:
    with running("serve", tmp_path, CALLFLOW_LOG_LEVEL="warning", CALLFLOW_LOG_FORMAT="json") as server:
        assert server.post("/voice/inbound", f"{server.base}/voice/inbound")[0] == 200
    assert {json.loads(line)["level"] for line in server.log.read_text().splitlines()} <= {"WARNING", "ERROR"}
