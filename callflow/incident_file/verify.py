"""Verify an incident file of Callflow: python3 -I verify.py FILE.zip [--key KEY] [--unsigned]

Needs Python 3.9 or later, and nothing else: no Callflow, no other package, no network. It says what is not as it was
made, what holds, and what is not proved. Exit code 0: everything holds; 1: something does not, or nobody has signed
the file (unless --unsigned); 2: this is no incident file. KEY is the public key of the log, as you have it on paper;
without it, compare the fingerprint that is printed.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import sys
import zipfile
from datetime import datetime, timedelta, timezone
from typing import Any

FORMAT = "callflow incident file 1"
FIELDS = ("seq", "at", "kind", "actor", "key", "script", "version", "language", "outcome", "details")
Key = tuple[str, bytes, bytes]
Point = tuple[int, int, int, int]

# -- Ed25519 (RFC 8032, 5.1), only to verify

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _sum(one: Point, other: Point) -> Point:
    """The sum of two points (X, Y, Z, T), where x = X/Z, y = Y/Z and x*y = T/Z."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _sum(total, point)
        point, number = _sum(point, point), number >> 1
    return total


def _point(data: bytes) -> Point | None:
    """The point that 32 bytes name: its y, and in the highest bit whether its x is odd. None if there is none."""
    y = int.from_bytes(data, "little")
    odd, y = y >> 255, y & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        return None
    x = P - x if x & 1 != odd else x
    return x, y, 1, x * y % P


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def ed25519(key: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a signature of 64 bytes over the text was made with the key whose 32 public bytes these are."""
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commitment, scalar = _point(key), _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if public is None or commitment is None or BASE is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = _times(scalar, BASE), _sum(commitment, _times(challenge, public))
    return not ((left[0] * right[2] - right[0] * left[2]) % P or (left[1] * right[2] - right[1] * left[2]) % P)


# -- signed notes (C2SP)


def key_id(name: str, kind: bytes, raw: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + kind + raw).digest()[:4]


def public_key(text: str) -> Key:
    """The name, the kind and the bytes of a key like name+id+base64. Raises ValueError."""
    name, id, encoded = text.strip().split("+", 2)
    raw = base64.b64decode(encoded, validate=True)
    if key_id(name, raw[:1], raw[1:]).hex() != id or len(raw) != 33:
        raise ValueError("is no key, or was not copied as a whole")
    return name, raw[:1], raw[1:]


def opened(note: str, key: Key | None) -> tuple[str, bool]:
    """The text of a note, and whether the key signed it: at least once, and never wrongly."""
    text, _, lines = note.partition("\n\n")
    text, found = text + "\n", []
    for line in lines.splitlines() if key else ():
        _, by, encoded = line.split(" ", 2)
        id, signature = base64.b64decode(encoded)[:4], base64.b64decode(encoded)[4:]
        if key and by == key[0] and id == key_id(by, b"\1", key[2]):
            found.append(ed25519(key[2], signature, text.encode()))
        elif key and by == key[0] and id == key_id(by, b"\4", key[2]):
            timed = f"cosignature/v1\ntime {int.from_bytes(signature[:8], 'big')}\n{text}"
            found.append(ed25519(key[2], signature[8:], timed.encode()))
    return text, bool(found) and all(found)


def root_of(found: bytes, number: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path of a Merkle tree leads to (RFC 9162, 2.1.3.2); b"" for a path of a wrong length."""
    last = size - 1
    for step in path:
        if not last:
            return b""
        if number % 2 or number == last:
            found = hashlib.sha256(b"\1" + step + found).digest()
            while number % 2 == 0 and number:
                number, last = number >> 1, last >> 1
        else:
            found = hashlib.sha256(b"\1" + found + step).digest()
        number, last = number >> 1, last >> 1
    return b"" if last else found


def zipped(files: dict[str, bytes]) -> bytes:
    """The zip of these files: the same bytes on every machine and at any time."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, files[name])
    return made.getvalue()


def _others(row: list[str], told: dict[str, Any]) -> list[str]:
    """In what an entry of the report is another one than the row of the journal. What is sealed cannot be compared."""
    entry = dict(zip(FIELDS, row))  # noqa: B905  (Python 3.9)
    at = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=int(entry["at"]))  # noqa: UP017
    details: dict[str, Any] = json.loads(entry.pop("details") or "{}")
    pairs: dict[str, tuple[Any, Any]] = {
        name: (value, str(told[name])) for name, value in {**entry, "at": at.isoformat()}.items()
    }
    pairs |= {f"detail {name}": (details.get(name), told["details"].get(name)) for name in {*details, *told["details"]}}
    return sorted(name for name, (one, other) in pairs.items() if one != other and not str(one).startswith("sealed:"))


class Pack:
    """The file, and sentences about it: what is not as it was made, what holds, and what is not proved."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.names = [one.filename for one in archive.infolist()]
            self.files = {name: archive.read(name) for name in self.names}
        self.same_zip = zipped(self.files) == content
        self.manifest, self.evidence, self.facts = map(self.json, ("manifest.json", "evidence.json", "facts.json"))
        if self.manifest["format"] != FORMAT:
            raise ValueError("another format")
        self.faults: list[str] = []
        self.holds: list[str] = []
        self.unknown: list[str] = []

    def json(self, name: str) -> Any:
        return json.loads(self.files[name])

    def tell(self, good: bool, holds: str, fault: str) -> None:
        (self.holds if good else self.faults).append(holds if good else fault)

    def contents(self) -> None:
        """Every file is the one that the manifest names, and there is no other."""
        listed, there = self.manifest["files"], set(self.names) - {"manifest.json", "manifest.note"}
        faults = [f"{name}: was removed" for name in sorted(set(listed) - there)]
        faults += [f"{name}: was added" for name in sorted(there - set(listed))]
        faults += [f"{name}: was changed" for name in sorted(there & set(listed))
                   if hashlib.sha256(self.files[name]).hexdigest() != listed[name]]  # fmt: skip
        if not self.same_zip:
            faults.append("the zip around the files was changed, or has a file twice")
        self.faults += faults
        if not faults:
            self.holds.append(f"all {len(listed)} files are those of the manifest")

    def signature(self, key: Key | None, unsigned: bool) -> None:
        """The manifest was signed with the key of the log."""
        if "manifest.note" not in self.files or key is None:
            said = "nobody has signed this file: whoever had it could have changed it"
            return (self.unknown if unsigned else self.faults).append(said)
        text, good = opened(self.files["manifest.note"].decode(), key)
        same = text == f"{FORMAT}\n{hashlib.sha256(self.files['manifest.json']).hexdigest()}\n"
        return self.tell(good and same, f"the manifest was signed with the key of the log, {key[0]}",
                         "manifest.json: was changed, or its signature was")  # fmt: skip

    def chain(self) -> None:
        """Every entry follows from the one before, from the beginning to the head."""
        found = self.evidence
        if "entries" not in found:
            return self.unknown.append("the journal as it is hashed is in the court's copy only, because it names "
                                       f"people; that copy has the same head, {found['head']}")  # fmt: skip
        digest = hashlib.sha256(f"callflow journal 1\n{found['call']}\n{found['origin']}".encode()).digest()
        for number, one in enumerate(found["entries"], 1):
            digest = hashlib.sha256(digest + one["text"].encode()).digest()
            if json.loads(one["text"])[0] != str(number) or digest.hex() != one["digest"]:
                return self.faults.append(f"evidence.json, entry {number}: was changed, added, removed or reordered")
        count = len(found["entries"])
        return self.tell(f"{count}:{digest.hex()}" == found["head"],
                         f"the {count} entries of the journal follow from each other, and lead to its head",
                         "evidence.json: the last entries were removed, or the head was changed")  # fmt: skip

    def timeline(self) -> None:
        """The report tells what the entries say. What is sealed in them cannot be compared."""
        told, rows = self.facts["timeline"], [json.loads(one["text"]) for one in self.evidence.get("entries", ())]
        faults = [f"facts.json: {name} is another than in evidence.json" for name in ("call", "head")
                  if self.facts["evidence"][name] != self.evidence[name]]  # fmt: skip
        if rows and len(rows) != len(told):
            faults.append("facts.json: the timeline has another number of entries than the journal")
        for row, one in zip(rows, told):  # noqa: B905  (Python 3.9)
            faults += [f"facts.json, entry {row[0]}: another {name} than in the journal" for name in _others(row, one)]
        self.faults += faults
        if rows and not faults:
            self.holds.append("the report tells the entries of the journal, all of them")

    def log(self, key: Key | None) -> None:
        """The journal is in the log of finished calls, under a signed checkpoint."""
        found, leaf = self.evidence, self.evidence["leaf"]
        if not found["checkpoint"]:
            return self.unknown.append("no checkpoint was signed: whoever can write to the database could have "
                                       "rewritten the journal")  # fmt: skip
        text, good = opened(found["checkpoint"], key)
        origin, size, root = text.splitlines()[:3]
        fields = json.loads(leaf["body"])
        self.tell([fields[1], fields[2], fields[9]] == [leaf["number"], found["call"], found["head"]],
                  "the leaf of the log is that of this call, with this head",
                  "evidence.json: the leaf is not that of this journal")  # fmt: skip
        hashed = hashlib.sha256(b"\0" + leaf["body"].encode()).digest()
        led = root_of(hashed, leaf["number"], int(size), [bytes.fromhex(one) for one in found["path"]])
        self.tell(base64.b64encode(led).decode() == root, f"leaf {leaf['number']} is in the log of {size} leaves",
                  "evidence.json: the path does not lead from the leaf to the checkpoint")  # fmt: skip
        self.tell(good and key is not None and origin == key[0], "the checkpoint was signed with the key of the log",
                  "evidence.json: the signature of the checkpoint is wrong")  # fmt: skip
        names = ", ".join(sorted({one["witness"] for one in found["seen"]}))
        self.unknown.append(f"seen by {names}: ask them whether they have this checkpoint" if names else
                            "nobody else has seen the checkpoint: whoever has the key could rewrite all")  # fmt: skip
        return None


CANNOT = ("that what was entered is true, that the clock was right, or that nothing was left out before it was written",
          "that the recordings are what was said: their hashes are in the manifest, and in no journal",
          "whose key it is: compare its fingerprint with the one that you have on paper")  # fmt: skip


def verified(content: bytes, given: str = "", unsigned: bool = False) -> Pack:
    """What is found out about a file. Raises ValueError and others for what is no incident file."""
    pack = Pack(content)
    pack.contents()
    own = given or pack.manifest["key"]
    key = public_key(own) if own else None
    if given:
        pack.tell(given.strip() == pack.manifest["key"], "its key is the one that you gave",
                  "manifest.json: its key is not the one that you gave")  # fmt: skip
    pack.signature(key, unsigned)
    pack.chain()
    pack.timeline()
    pack.log(key)
    return pack


def main(words: list[str]) -> int:
    given = words[words.index("--key") + 1] if "--key" in words[:-1] else ""
    names = [one for one in words if one not in ("--key", "--unsigned", given)]
    if len(names) != 1:
        return print(__doc__) or 2  # noqa: T201
    try:
        with open(names[0], "rb") as file:
            pack = verified(file.read(), given, "--unsigned" in words)
    except (OSError, zipfile.BadZipFile, ValueError, KeyError, IndexError, TypeError, AttributeError) as error:
        return print(f"NOT AS IT WAS MADE: {names[0]} is no incident file, or is broken: {error!r}") or 2  # noqa: T201
    for title, lines in (("NOT AS IT WAS MADE", pack.faults), ("holds", pack.holds),
                         ("not proved", [*pack.unknown, *CANNOT])):  # fmt: skip
        for line in lines:
            print(f"{title}: {line}")  # noqa: T201
    if key := pack.manifest["key"]:
        print(f"key: {key}\nfingerprint: {hashlib.sha256(public_key(key)[2]).hexdigest()}")  # noqa: T201
    return 1 if pack.faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
