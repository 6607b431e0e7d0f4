"""What the recordings say, and in whose voice: ``manifest.json`` in the audio folder.

A recording whose words are no longer those of its line is not played (``configuration.recorded_lines``). One that is
not listed was put there by hand, and is trusted.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import NamedTemporaryFile

from callflow.core.records import record

NAME = "manifest.json"


@record
class Entry:
    """``sha256`` of the file, the ``words`` that were read, and who read them ("flite slt", or a person's name)."""

    sha256: str
    words: str
    voice: str = ""


def entries(folder: Path) -> dict[str, Entry]:
    """By the path below the audio folder. Empty if there is no manifest. Raises ValueError for a broken one."""
    try:
        told = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return {path: Entry(**one) for path, one in told.items()}
    except FileNotFoundError:
        return {}
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"{(folder / NAME).as_posix()} is not a manifest of recordings: {error}") from None


def keep(folder: Path, path: str, content: bytes, words: str, voice: str) -> None:
    """Write a recording and its entry. Others see the old or the new one, never half of it."""
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    _replace(folder / path, content)
    known = entries(folder)
    known[path] = Entry(sha256=hashlib.sha256(content).hexdigest(), words=spaced(words), voice=voice)
    write(folder, known)


def write(folder: Path, known: Mapping[str, Entry]) -> None:
    text = json.dumps({path: asdict(known[path]) for path in sorted(known)}, indent=1, ensure_ascii=False)
    _replace(folder / NAME, f"{text}\n".encode())


def spaced(words: str) -> str:
    """With single blanks: line breaks of YAML are no other words."""
    return re.sub(r"\s+", " ", words).strip()


def _replace(path: Path, content: bytes) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}", delete=False) as file:
        file.write(content)
        os.fchmod(file.fileno(), 0o644)
    os.replace(file.name, path)
