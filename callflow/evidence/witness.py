"""What a witness does: it cosigns a checkpoint if the log has only grown since the last one that it has seen.

The request and the answers are those of C2SP's tlog-witness. A witness keeps one checkpoint for each log.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from callflow.evidence.checkpoint import Checkpoint, NotACheckpoint, PublicKey, Verify, opened
from callflow.evidence.merkle import is_consistent

PATH: Final = "/add-checkpoint"
MOST_HASHES: Final = 63
MOST_BYTES: Final = 16 * 1024
SIZE_TYPE: Final = "text/x.tlog.size"


class Refused(Exception):
    """The answer of a witness that does not sign: HTTP status and text. ``size``: the text is the size it knows."""

    def __init__(self, status: int, text: str, *, size: bool = False) -> None:
        super().__init__(f"{status} {text}")
        self.status, self.text, self.size = status, text, size


def request(before: int, proof: Sequence[bytes], note: str) -> str:
    """``before``: the size that the witness knows; ``proof``: that the log has only grown since (``merkle``)."""
    return "".join([f"old {before}\n", *(f"{b64encode(one).decode()}\n" for one in proof), "\n", note])


def accepted(body: str, logs: Mapping[PublicKey, Verify], known: Callable[[str], Checkpoint | None]) -> str:
    """The note to be kept and cosigned. ``logs``: the keys that are trusted; ``known``: the last checkpoint by origin.

    Raises Refused.
    """
    before, proof, note = _read(body)
    origin = note.partition("\n")[0]
    keys = {key: verify for key, verify in logs.items() if key.name == origin}
    if not keys:
        raise Refused(404, "this log is not known here\n")
    try:
        point, signers = opened(note, keys)
    except NotACheckpoint as error:
        raise Refused(403, f"the checkpoint {error}\n") from None
    if not signers:
        raise Refused(403, "the checkpoint is not signed by the key of its log\n")
    if before > point.size:
        raise Refused(400, "the old size is larger than that of the checkpoint\n")
    _compare(known(origin), before, point, proof)
    return note


def _compare(last: Checkpoint | None, before: int, point: Checkpoint, proof: Sequence[bytes]) -> None:
    size = last.size if last else 0
    if before != size:
        raise Refused(409, f"{size}\n", size=True)
    if last is None or not size:
        grown = not proof
    elif size == point.size and last.root != point.root:
        raise Refused(409, f"{size}\n", size=True)
    else:
        grown = is_consistent(size, last.root, point.size, point.root, proof)
    if not grown:
        raise Refused(422, "the log is no continuation of what was seen before\n")


def _read(body: str) -> tuple[int, list[bytes], str]:
    head, blank, note = body.partition("\n\n")
    first, *lines = head.split("\n")
    old, space, size = first.partition(" ")
    try:
        proof = [b64decode(line, validate=True) for line in lines]
    except ValueError:
        proof = [b""]
    if not blank or (old, space) != ("old", " ") or not size.isdecimal() or str(int(size)) != size:
        raise Refused(400, "the request is no old size, hashes, an empty line, and a checkpoint\n")
    if len(proof) > MOST_HASHES or any(len(one) != 32 for one in proof):
        raise Refused(400, "the request has lines that are no hashes\n")
    return int(size), proof, note
