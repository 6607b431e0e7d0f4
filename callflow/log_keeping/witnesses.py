"""Who is shown a checkpoint: a mailbox, the node of another owner, an authority for time stamps."""

import shlex
import subprocess
from base64 import b64encode
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from callflow import extras
from callflow.evidence import merkle, witness
from callflow.evidence.checkpoint import NotACheckpoint, PublicKey, opened
from callflow.evidence.keys import verifier
from callflow.service.jobs import JobFailure
from callflow.store.log import CallLog, Kept

if TYPE_CHECKING:
    import requests

SECONDS: Final = 10.0
COMMAND_SECONDS: Final = 60.0
CALM_PATH: Final = "/usr/local/bin:/usr/bin:/bin"
MAILBOX: Final = "mailbox"
STAMP: Final = "stamp"


class Witness(Protocol):
    """``pause_hours``: a checkpoint is not shown to it sooner than this after the one before."""

    @property
    def name(self) -> str: ...

    @property
    def pause_hours(self) -> float: ...

    def show(self, point: Kept, log: CallLog) -> str:
        """Show it a checkpoint. Returns the proof that is kept, or "". Raises JobFailure."""


class Mailbox(NamedTuple):
    """``target``: the URL that the note is posted to, or a command that gets it as its input."""

    target: str
    pause_hours: float
    name: str = MAILBOX

    def show(self, point: Kept, log: CallLog) -> str:
        if self.target.startswith("https://"):
            _post(self.target, point.note, "text/plain; charset=utf-8")
        else:
            _run(self.target, point.note)
        return ""


class Cosigner(NamedTuple):
    """A node that speaks C2SP's tlog-witness (``callflow witness`` is one)."""

    url: str
    key: PublicKey
    pause_hours: float = 0.0

    @property
    def name(self) -> str:
        return self.key.name

    def show(self, point: Kept, log: CallLog) -> str:
        known = log.last_seen().get(self.name)
        seen = log.checkpoint_number(known[0]) if known else None
        answer = self._ask(seen.size if seen else 0, point, log)
        if answer.status_code == 409 and answer.text.strip().isdecimal():
            if int(answer.text) > point.size:
                raise JobFailure(f"{self.name} has seen a log of {int(answer.text)} leaves, this one has {point.size}")
            answer = self._ask(int(answer.text), point, log)
        if answer.status_code != 200:
            raise JobFailure(f"{self.name} does not sign: status {answer.status_code}")
        try:
            _, signers = opened(point.note.partition("\n\n")[0] + "\n\n" + answer.text, {self.key: verifier(self.key)})
        except NotACheckpoint as error:
            raise JobFailure(f"{self.name} answered what {error}") from None
        if self.key not in signers:
            raise JobFailure(f"{self.name} did not sign with the key that is set")
        return answer.text

    def _ask(self, before: int, point: Kept, log: CallLog) -> "requests.Response":
        proof = merkle.consistency(before, point.size, log.node) if before else []
        text = witness.request(before, proof, point.note)
        return _sent(f"{self.url.rstrip('/')}{witness.PATH}", text.encode(), "text/plain; charset=utf-8")


class StampAuthority(NamedTuple):
    """An authority for time stamps (RFC 3161), which says that the note existed at its time."""

    url: str
    pause_hours: float = 0.0
    name: str = STAMP

    def show(self, point: Kept, log: CallLog) -> str:
        try:
            from rfc3161_client import TimestampRequestBuilder, decode_timestamp_response
        except ImportError:
            raise JobFailure(f"time stamps need a library: {extras.how('stamps')}") from None
        asked = TimestampRequestBuilder().data(point.note.encode()).build()
        answer = _sent(self.url, asked.as_bytes(), "application/timestamp-query")
        if answer.status_code != 200:
            raise JobFailure(f"the authority for time stamps answered with status {answer.status_code}")
        try:
            found = decode_timestamp_response(answer.content)
            same = found.tst_info.message_imprint.message == asked.message_imprint.message
        except ValueError:
            raise JobFailure("the authority for time stamps answered what is no time stamp") from None
        if not same or found.tst_info.nonce != asked.nonce:
            raise JobFailure("the authority for time stamps has stamped something else")
        return b64encode(answer.content).decode()


def _post(url: str, text: str, kind: str) -> None:
    answer = _sent(url, text.encode(), kind)
    if not answer.ok:
        raise JobFailure(f"the mailbox answered with status {answer.status_code}")


def _sent(url: str, body: bytes, kind: str) -> "requests.Response":
    import requests  # the provider's client takes it in a moment later; a start does not wait for it

    try:
        return requests.post(url, data=body, headers={"Content-Type": kind}, timeout=SECONDS, allow_redirects=False)
    except requests.RequestException as error:
        raise JobFailure(f"no answer: {type(error).__name__}") from None


def _run(command: str, text: str, run: Callable[..., subprocess.CompletedProcess[bytes]] = subprocess.run) -> None:
    """Run a command with the note as its input, and without our secrets in its environment."""
    try:
        done = run(shlex.split(command), input=text.encode(), capture_output=True, timeout=COMMAND_SECONDS,
                   env={"PATH": CALM_PATH}, check=False)  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise JobFailure(f"the command of the mailbox failed: {type(error).__name__}") from None
    if done.returncode:
        raise JobFailure(f"the command of the mailbox ended with exit code {done.returncode}")
