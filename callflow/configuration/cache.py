"""A checked configuration as it came out, kept for the next start.

A server that starts again with the files it had needs no YAML parser, no shapes and no checks: that is half of its
start, and a start is how long callers wait when a server is replaced (tests/bench, G7). What is kept counts only if
nothing it came of has changed: the files, the recordings, our own code. It can be deleted at any time.
"""

import hashlib
import hmac
import os
import pickle
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import callflow
from callflow.configuration.snapshots import paths
from callflow.core.configuration import Configuration

NAME = "configuration.kept"
MAC = hashlib.sha256
CODE = ("core", "configuration")
"""The packages that make a configuration of files."""


def load(directory: Path, audio: Path, cache: Path, secret: str) -> Configuration:
    """As ``loading.load``, from ``cache`` if possible. ``secret`` seals it: what somebody else put there is not read.

    A cache that cannot be read or written is no fault: the start takes longer. Raises ConfigurationError.
    """
    key = fingerprint(directory, audio)
    found = _read(cache / NAME, key, secret.encode())
    if found is None:
        from callflow.configuration import loading  # here: this is what shall not be paid for

        found = loading.load(directory, audio)
        with suppress(OSError):
            _write(cache / NAME, key, secret.encode(), found)
    return found


def fingerprint(directory: Path, audio: Path) -> str:
    """Differs when anything differs that a configuration is made of: the bytes of the YAML; name, time and size of
    every recording and of every file of the code."""
    whole = hashlib.sha256(repr((sys.version, str(directory.absolute()), str(audio.absolute()))).encode())
    for path in paths(directory):
        with suppress(OSError):  # whoever reads it next says what is wrong with it
            content = path.read_bytes()
            whole.update(f"{path.relative_to(directory)}\0{len(content)}\0".encode() + content)
    for path in _stamped(audio):
        with suppress(OSError):
            known = path.stat()
            whole.update(f"{path}\0{known.st_mtime_ns}\0{known.st_size}\0".encode())
    return whole.hexdigest()


def _stamped(audio: Path) -> Iterator[Path]:
    home = Path(callflow.__file__).parent
    yield from sorted(audio.rglob("*"))
    for package in CODE:
        yield from sorted((home / package).rglob("*.py"))


def _read(path: Path, key: str, secret: bytes) -> Configuration | None:
    try:
        content = path.read_bytes()
        seal, packed = content[:32], content[32:]
        if not hmac.compare_digest(seal, hmac.digest(secret, packed, MAC)):
            return None
        known, found = pickle.loads(packed)  # ours: the seal is good
    except (OSError, ValueError, EOFError, AttributeError, ImportError, pickle.UnpicklingError):
        return None
    return found if known == key and isinstance(found, Configuration) else None


def _write(path: Path, key: str, secret: bytes, found: Configuration) -> None:
    """All of it or nothing, and for our own eyes: telephone numbers of the staff are in it."""
    packed = pickle.dumps((key, found), protocol=pickle.HIGHEST_PROTOCOL)
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, prefix=NAME, delete=False) as file:
        file.write(hmac.digest(secret, packed, MAC) + packed)
    os.replace(file.name, path)
