"""Settings that stand in files, as secrets do that an orchestrator mounts: ``NAME_FILE`` has the path of ``NAME``."""

from collections.abc import Iterable, Mapping
from pathlib import Path

SUFFIX = "_FILE"
MOST_BYTES = 64 * 1024


class _Unusable(Exception):
    """The text says why, without the content of the file."""


def resolved(environ: Mapping[str, str], names: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The environment with the values of files in place of their paths, and the problems by name."""
    values, problems = dict(environ), {}
    for name in names:
        path = values.pop(f"{name}{SUFFIX}", "").strip()
        if path and values.get(name, "").strip():
            problems[name] = f"{name} is set, and {name}{SUFFIX} too: set one of them"
        elif path:
            try:
                values[name] = _read(Path(path))
            except _Unusable as why:
                problems[name] = f"{name}{SUFFIX} names a file that {why}"
    return values, problems


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            value = file.read(MOST_BYTES + 1).decode().strip()
    except OSError as error:
        raise _Unusable(f"cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise _Unusable("is not text") from None
    if not value:
        raise _Unusable("is empty")
    if len(value) > MOST_BYTES or len(value.splitlines()) > 1:
        raise _Unusable("has more than one line")
    return value
