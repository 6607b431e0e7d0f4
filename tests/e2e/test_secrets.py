"""A real server: what every user of its machine can see of the process, and what its output holds."""

from pathlib import Path

import pytest

from tests.e2e.servers import FORM, TOKEN, Server, running, until
from tests.simulator.readable import found_in

KEY = "sixteen characters or more"
PRIVATE = {"15550100199": "a number", "4929871": "digits typed", "my doctor said so": "words said",
           "Marguerite": "a name", TOKEN + "-1": "a secret", KEY: "a secret"}  # fmt: skip
SAID = {"Digits": "4929871", "SpeechResult": "my doctor said so", "CallerName": "Marguerite"}


def processes(server: Server) -> list[str]:
    """The command lines of the server and of the processes that it started."""
    found, known = [], {str(server.process.pid)}
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda one: int(one.name)):
        try:
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if folder.name in known or parent in known:
                known.add(folder.name)
                found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:  # it has ended
            continue
    return found


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="no /proc")
def test_nothing_private_in_the_output_or_in_the_list_of_processes(tmp_path: Path) -> None:
    """Secrets are in files. Webhooks are signed, forged, malformed, too large, and for addresses that do not exist."""
    token, key = tmp_path / "token", tmp_path / "key"
    token.write_text(f"{TOKEN},{TOKEN}-1\n")
    key.write_text(f"{KEY}\n")
    given = {"TWILIO_AUTH_TOKEN": "", "TWILIO_AUTH_TOKEN_FILE": str(token), "CALLFLOW_SECRET_KEY": "",
             "CALLFLOW_SECRET_KEY_FILE": str(key)}  # fmt: skip
    with running("serve", tmp_path, **given) as server:
        shown = []
        for path in ("/voice/inbound", "/voice/status", "/voice/fallback?room=x&sig=y", "/voice/4929871/caller/1/hold"):
            for signed in (f"{server.base}{path}", "https://attacker.test"):
                status, body = server.post(path, signed, **SAID)
                shown.append(body if status != 200 else b"")  # a document may speak to the caller as it likes
        shown += [
            server.get(f"/Marguerite/{FORM['From']}")[1],
            server.post("/voice/inbound", "", Digits="4" * 70_000)[1],
        ]
        shown += [server.get(path, port)[1] for path in ("/metrics", "/readyz") for port in (0, server.operations)]
        until(lambda: "webhook" in server.log.read_text(), server, 10)
        listed = processes(server)
    assert len(listed) >= 2, "the server and its worker"
    assert found_in([*(text.decode() for text in shown), server.log.read_text(), *listed], PRIVATE) == []
