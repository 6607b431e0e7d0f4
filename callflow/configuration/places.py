"""Where a configuration and its recordings are, and what to say if there is none."""

import os
from pathlib import Path

NAME = "callflow.yaml"
AUDIO = Path("audio")
FILES = (NAME, "people.yaml", "deescalation.yaml", "guidance.yaml", "calendars.yaml", "flows", "scripts")


def missing(directory: Path) -> str:
    """What to say if nothing of a configuration is in this directory, with the nearest that has one; else ""."""
    closed = os.path.isdir(directory) and not os.access(directory, os.X_OK)  # reading it says so
    if closed or any(os.path.exists(directory / name) for name in FILES):
        return ""
    meant = absolute(directory)
    near = [directory / "config", meant.parent, meant.parent / "config"]
    below = [*meant.parent.glob("*/config")] if meant.name == "config" else []
    if len(below) == 1:  # of several, none is meant more than the others
        near += below
    found = next((absolute(one) for one in near if os.path.isfile(one / NAME)), None)
    if found is None:
        return (f"there is no configuration in {meant}: go to the directory that has it, or write one with "
                "`callflow init DIR`")  # fmt: skip
    here = found == absolute(Path(found.name))
    how = "" if here else f" Then `cd {found.parent}`, or set CALLFLOW_CONFIG"
    return f"there is no configuration in {meant}; did you mean {found}?{how}"


def require(directory: Path) -> None:
    """Raise NoConfiguration if nothing of a configuration is in this directory."""
    if message := missing(directory):
        from callflow.configuration.problems import NoConfiguration  # with the text of every code

        raise NoConfiguration(directory, message)


def audio_of(directory: Path) -> Path:
    """The recordings of a configuration, where nobody says which: ``audio`` beside it, else here."""
    beside = absolute(directory).parent / AUDIO
    return beside if beside != absolute(AUDIO) and beside.is_dir() else AUDIO


def absolute(path: Path) -> Path:
    """Without "..", and with symbolic links as they are: `current/config` stays what ops call it."""
    return Path(os.path.abspath(path))
