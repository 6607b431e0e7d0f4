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

ED25519 = b"\1"
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
    """The key of a log or a witness. ``raw`` are its 32 bytes."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    def text(self) -> str:
        """As it is written in a configuration or on paper: name, id and key."""
        return f"{self.name}+{self.id.hex()}+{b64encode(ED25519 + self.raw).decode()}"


def public_key(text: str) -> PublicKey:
    """Undo ``PublicKey.text``. Raises NotACheckpoint."""
    try:
        name, id, encoded = text.strip().split("+", 2)
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise NotACheckpoint("is no key: name+id+key, as `callflow log key` prints it") from None
    key = PublicKey(name, raw[1:])
    if raw[:1] != ED25519 or len(raw) != 33:
        raise NotACheckpoint("is a key of a type that is not known here")
    if key.id.hex() != id:
        raise NotACheckpoint("is a key with a wrong id: it was not copied as a whole")
    return key


def signed(checkpoint: Checkpoint, key: PublicKey, sign: Sign) -> str:
    """The note of a checkpoint, signed by the log."""
    return cosigned(f"{checkpoint.text()}\n", key, sign)


def cosigned(note: str, key: PublicKey, sign: Sign) -> str:
    """The note with one more signature."""
    text = note.rpartition("\n\n")[0] + "\n"
    return f"{note}\u2014 {key.name} {b64encode(key.id + sign(text.encode())).decode()}\n"


def opened(note: str, keys: Mapping[PublicKey, Verify]) -> tuple[Checkpoint, frozenset[PublicKey]]:
    """A checkpoint, and which of the known keys signed it. Signatures of others are passed over, as the format wants.

    Raises NotACheckpoint for a note of another form, and for a wrong signature of a known key.
    """
    text, blank, signatures = note.partition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NotACheckpoint("is no signed note: a text, an empty line, and signatures")
    text += "\n"
    found = set()
    for line in signatures.splitlines():
        dash, name, encoded = (*line.split(" "), "", "")[:3]
        try:
            value = b64decode(encoded, validate=True)
        except ValueError:
            value = b""
        if dash != "\u2014" or not name or len(value) < 5:
            raise NotACheckpoint("has a line among its signatures that is none")
        for key, verify in keys.items():
            if (key.name, key.id) == (name, value[:4]):
                if not verify(value[4:], text.encode()):
                    raise NotACheckpoint(f"was not signed by {name}: its signature does not fit the text")
                found.add(key)
    return _parsed(text), frozenset(found)


def _parsed(text: str) -> Checkpoint:
    lines = text.split("\n")
    try:
        size, root = int(lines[1]), b64decode(lines[2], validate=True)
    except (IndexError, ValueError):
        raise NotACheckpoint("is no checkpoint: origin, number of leaves, root") from None
    if not lines[0] or size < 0 or str(size) != lines[1] or len(root) != 32:
        raise NotACheckpoint("is no checkpoint: origin, number of leaves, root")
    return Checkpoint(lines[0], size, root)
