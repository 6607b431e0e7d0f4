"""`callflow witness serve` as another owner runs it: a process, a key, a folder, HTTP."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from callflow.evidence.checkpoint import opened
from callflow.evidence.keys import log_keys
from tests.evidence.test_witness import HONEST, LOG


def callflow(*words: str | Path) -> list[str | Path]:
    return [sys.executable, "-m", "callflow", "witness", *words]


@pytest.mark.long
def test_a_witness_answers_over_http_and_remembers_after_a_restart(tmp_path: Path) -> None:
    key = tmp_path / "witness.key"
    made = subprocess.run(callflow("key", "council.example", key), capture_output=True, text=True, check=True)
    assert made.stdout.startswith("council.example+")
    options = ("--own", key, "--log", LOG.public.text(), "--folder", tmp_path / "seen")
    served = [_asked(options, HONEST.request(before, size)) for before, size in ((0, 3), (3, 8), (3, 9))]
    assert [one.status_code for one in served] == [200, 200, 409]
    assert served[2].text == "8\n"
    note = HONEST.request(3, 8).partition("\n\n")[2] + served[1].text
    assert opened(note, log_keys(LOG.public))[0].size == 8
    by_hand = subprocess.run(callflow("sign", *options), input=HONEST.request(8, 20), capture_output=True, text=True,
                             check=True)  # fmt: skip
    assert by_hand.stdout.startswith("\u2014 council.example ")


def _asked(options: tuple[str | Path, ...], body: str) -> requests.Response:
    """The answer of a witness that is started and stopped for it."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(callflow("serve", *options, "--listen", "127.0.0.1:0"), stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL, env=environment) as process:  # fmt: skip
        assert process.stdout is not None
        url = process.stdout.readline().partition("at ")[2].partition(";")[0]
        try:
            return requests.post(f"{url}/add-checkpoint", data=body.encode(), timeout=10)
        finally:
            process.terminate()
