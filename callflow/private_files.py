"""Creates folders and files that only the user of the server may read: they have callers' words and staff's numbers."""

import os
from contextlib import suppress
from pathlib import Path

FOLDER = 0o700
FILE = 0o600
STRANGERS = 0o007


def folder(path: Path) -> None:
    """Create the folder and its missing parents, each with mode 0700. One that exists keeps its mode: others may use
    it. Raises OSError."""
    for one in (*reversed(path.parents), path):
        if not one.is_dir():
            one.mkdir(FOLDER, exist_ok=True)


def file(path: Path) -> None:
    """Create the file with mode 0600, or take the rights of strangers from the one that exists; its group may be meant
    to read it. Raises OSError."""
    made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, FILE)
    try:
        mode = os.fstat(made).st_mode
        if mode & STRANGERS:
            with suppress(PermissionError):  # it belongs to somebody else, who has let us in
                os.fchmod(made, mode & ~STRANGERS & 0o777)
    finally:
        os.close(made)
