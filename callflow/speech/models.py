"""Models that are given by path: files or folders, whose SHA-256 must be the one in the configuration.

A model decides what people are said to have said, and some formats run code when they are loaded.
"""

import hashlib
from pathlib import Path
from typing import Final

from callflow.service.jobs import JobFailure

TELEPHONE: Final = Path(__file__).with_name("telephone.mllr")
"""How the sounds of pocketsphinx's model, which learned them from 16 kHz, are at 8 kHz."""


def checked(path: str, sha256: str) -> str:
    """The path, if what is there has this hash. Raises JobFailure."""
    found = Path(path)
    if not found.exists():
        raise JobFailure(f"there is no model at {path}: see speech.engines in callflow.yaml")
    if (actual := digest(found)) != sha256.lower():
        raise JobFailure(
            f"the model at {path} has the SHA-256 {actual}, not the one in callflow.yaml: it is not loaded"
        )
    return path


def digest(path: Path) -> str:
    """The SHA-256 (hex) of a file, or of a folder.

    That of a folder is what this prints there, so nobody needs Callflow for it:
    ``find . -type f | LC_ALL=C sort | xargs sha256sum | sha256sum``
    """
    if path.is_file():
        return _of_file(path)
    names = sorted(one.relative_to(path).as_posix() for one in path.rglob("*") if one.is_file())
    lines = [f"{_of_file(path / name)}  ./{name}\n" for name in sorted(names, key=str.encode)]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
