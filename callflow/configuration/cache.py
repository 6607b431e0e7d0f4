"""Stores the checked configuration for the next start.

Parsing and checking are half of a server's start, and callers wait that long when a server is replaced (tests/bench,
G7). The cached configuration is only used if the files, the recordings and the code are unchanged. The cache can be
deleted at any time.
"""

import hashlib
import hmac
import os
import pickle
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

import callflow
from callflow import private_files
from callflow.configuration.snapshots import below, paths, stamps
from callflow.core.configuration import Configuration

NAME = "configuration.kept"
MAC = hashlib.sha256
CODE = ("core", "configuration")
"""The packages whose code a configuration depends on."""


def load(directory: Path, audio: Path, cache: Path, secrets: tuple[str, ...]) -> Configuration:
    """Like ``loading.load``, but uses the folder ``cache`` if possible. Raises ConfigurationError.

    Files in the cache are authenticated with the first of ``secrets``, or one before it. If the cache cannot be read or
    written, the start takes longer.
    """
    key = fingerprint(directory, audio)
    found = _read(cache / NAME, key, secrets)
    if found is None:
        from callflow.configuration import loading  # imported here, because it is slow and usually not needed

        found = loading.load(directory, audio)
        with suppress(OSError):
            _write(cache / NAME, key, secrets[0].encode(), found)
    return found


def fingerprint(directory: Path, audio: Path) -> str:
    """A hash of everything that a configuration depends on: the bytes of the YAML files, and name, time and size of the
    recordings and of the code."""
    whole = hashlib.sha256(repr((sys.version, str(directory.absolute()), str(audio.absolute()))).encode())
    for path in paths(directory):
        with suppress(OSError):  # reading it later reports the error
            content = path.read_bytes()
            whole.update(f"{path.relative_to(directory)}\0{len(content)}\0".encode() + content)
    home = Path(callflow.__file__).parent
    for one in stamps((*below(audio), *(path for package in CODE for path in below(home / package, ".py")))):
        whole.update(repr(one).encode())
    return whole.hexdigest()


def _read(path: Path, key: str, secrets: tuple[str, ...]) -> Configuration | None:
    try:
        content = path.read_bytes()
        seal, packed = content[:32], content[32:]
        if not any([hmac.compare_digest(seal, hmac.digest(one.encode(), packed, MAC)) for one in secrets]):
            return None
        known, found = pickle.loads(packed)  # safe: the file was authenticated
    except (OSError, ValueError, EOFError, AttributeError, ImportError, pickle.UnpicklingError):
        return None
    return found if known == key and isinstance(found, Configuration) else None


def _write(path: Path, key: str, secret: bytes, found: Configuration) -> None:
    """Write the file atomically, readable only by this user, because it contains telephone numbers of staff."""
    packed = pickle.dumps((key, found), protocol=pickle.HIGHEST_PROTOCOL)
    private_files.folder(path.parent)
    with NamedTemporaryFile(dir=path.parent, prefix=NAME, delete=False) as file:
        file.write(hmac.digest(secret, packed, MAC) + packed)
    os.replace(file.name, path)
