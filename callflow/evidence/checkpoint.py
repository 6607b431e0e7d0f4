"""Checkpoints of a log, as signed notes: a few lines that anybody can keep, compare and cosign.

The formats are C2SP's tlog-checkpoint, signed-note and tlog-cosignature, with Ed25519: plain (key type 1), and with the
time of signing (key type 4). An algorithm is named by its key's type, so that another can stand beside it later.

    <origin>
    <number of leaves>
    <root, base64>

    — <name of the key> <4 bytes of the key's id and the signature, base64>
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

ED25519: Final = b"\1"
TIMED: Final = b"\4"
"""Ed25519 over the note and the time of signing, whose 8 bytes (seconds since 1970) stand before the signature."""
KEY_BYTES: Final = 32
TIME_BYTES: Final = 8
Sign = Callable[[bytes], bytes]
Verify = Callable[[bytes, bytes], bool]
"""From a signature and what was signed to whether it is right."""


class NotACheckpoint(ValueError):
    """The message says what is wrong with the note."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A log of ``size`` leaves. ``origin`` names the log for ever."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The key of a log or a witness. ``raw`` are its 32 bytes, ``kind`` is what it signs with."""

    name: str
    raw: bytes
    kind: bytes = ED25519

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + self.kind + self.raw).digest()[:4]

    def text(self) -> str:
        """As it is written in a configuration or on paper: name, id and key."""
        return f"{self.name}+{self.id.hex()}+{b64encode(self.kind + self.raw).decode()}"


def public_key(text: str) -> PublicKey:
    """Undo ``PublicKey.text``. Raises NotACheckpoint."""
    try:
        name, id, encoded = text.strip().split("+", 2)
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise NotACheckpoint("is no key: name+id+key, as `callflow log key` prints it") from None
    key = PublicKey(name, raw[1:], raw[:1])
    if key.kind not in (ED25519, TIMED) or len(key.raw) != KEY_BYTES:
        raise NotACheckpoint("is a key of a type that is not known here")
    if key.id.hex() != id:
        raise NotACheckpoint("is a key with a wrong id: it was not copied as a whole")
    return key


def signed(checkpoint: Checkpoint, key: PublicKey, sign: Sign, at: int) -> str:
    """The note of a checkpoint, signed by the log: plain, and with the time (seconds since 1970 UTC)."""
    text = checkpoint.text()
    return "".join([text, "\n", _line(key, sign(text.encode())),
                    cosignature(text, PublicKey(key.name, key.raw, TIMED), sign, at)])  # fmt: skip


def signed_text(text: str, key: PublicKey, sign: Sign) -> str:
    """A note of another text, which ends with a line break, signed plainly. Its first line must be no name of a log."""
    return f"{text}\n{_line(key, sign(text.encode()))}"


def cosignature(note: str, key: PublicKey, sign: Sign, at: int) -> str:
    """One more line for a note: that the key's owner has seen it at this time."""
    return _line(key, at.to_bytes(TIME_BYTES, "big") + sign(_timed(_text_of(note), at)))


def _line(key: PublicKey, signature: bytes) -> str:
    return f"\u2014 {key.name} {b64encode(key.id + signature).decode()}\n"


def _text_of(note: str) -> str:
    text, blank, _ = note.partition("\n\n")
    return f"{text}\n" if blank else note


def _timed(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def opened(note: str, keys: Mapping[PublicKey, Verify]) -> tuple[Checkpoint, Mapping[PublicKey, int]]:
    """A checkpoint, and which of the known keys signed it when (seconds since 1970; 0 for a plain signature).

    Signatures of others are passed over, as the format wants. Raises NotACheckpoint for a note of another form, and for
    a wrong signature of a known key.
    """
    text, blank, signatures = note.partition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NotACheckpoint("is no signed note: a text, an empty line, and signatures")
    text += "\n"
    found = {}
    for line in signatures[:-1].split("\n"):
        name, id, signature = _signature(line)
        for key, verify in keys.items():
            if (key.name, key.id) == (name, id):
                found[key] = _checked(key, verify, signature, text)
    return _parsed(text), found


def _signature(line: str) -> tuple[str, bytes, bytes]:
    dash, name, encoded = (*line.split(" "), "", "")[:3]
    try:
        value = b64decode(encoded, validate=True)
    except ValueError:
        value = b""
    if dash != "\u2014" or not name or len(value) < 5 or b64encode(value).decode() != encoded:
        raise NotACheckpoint("has a line among its signatures that is none")
    return name, value[:4], value[4:]


def time_of(note: str) -> int | None:
    """When the log says that it signed (seconds since 1970), whether or not that is true; None if it does not."""
    origin, _, _ = note.partition("\n")
    for line in note.rpartition("\n\n")[2].splitlines():
        name, _, signature = _signature(line)
        if name == origin and len(signature) == TIME_BYTES + 2 * KEY_BYTES:
            return int.from_bytes(signature[:TIME_BYTES], "big")
    return None


def _checked(key: PublicKey, verify: Verify, signature: bytes, text: str) -> int:
    at, what = 0, text.encode()
    if key.kind == TIMED:
        at, signature = int.from_bytes(signature[:TIME_BYTES], "big"), signature[TIME_BYTES:]
        what = _timed(text, at)
    if not verify(signature, what):
        raise NotACheckpoint(f"was not signed by {key.name}: its signature does not fit the text")
    return at


def _parsed(text: str) -> Checkpoint:
    lines = text.split("\n")
    try:
        size, root = int(lines[1]), b64decode(lines[2], validate=True)
    except (IndexError, ValueError):
        raise NotACheckpoint("is no checkpoint: origin, number of leaves, root") from None
    if not lines[0] or size < 0 or str(size) != lines[1] or len(root) != 32 or b64encode(root).decode() != lines[2]:
        raise NotACheckpoint("is no checkpoint: origin, number of leaves, root")
    return Checkpoint(lines[0], size, root)
