"""What all commands about recordings read: the YAML and the audio folder."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from callflow.cli.folders import RECORDINGS
from callflow.configuration.audio_measurement import measure_audio
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.loading import read_draft
from callflow.configuration.places import audio_of
from callflow.configuration.problems import ConfigurationError, Problem


def _beside(context: click.Context, _: click.Parameter, given: Path | None) -> Path:
    return given or audio_of(context.params["directory"])


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--config and --audio, as the server reads them."""
    command = click.option("--audio", type=click.Path(path_type=Path), envvar="CALLFLOW_AUDIO", callback=_beside,
                           help=RECORDINGS)(command)  # fmt: skip
    return click.option("--config", "directory", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG",
                        default=Path("config"), help="Folder of the YAML.", show_default=True)(command)  # fmt: skip


def read(directory: Path, audio: Path) -> tuple[ConfigurationDraft, list[Problem]]:
    """Everything as far as it can be read, and the problems of recordings.

    Raises ConfigurationError if a file with lines cannot be read: other mistakes do not matter to recordings.
    """
    draft = read_draft(directory)
    unreadable = [code for code in draft.script_sources if code not in draft.scripts]
    if unreadable or draft.callflow is None:
        raise ConfigurationError(problem for source in draft.sources for problem in source.problems)
    return draft, measure_audio(draft, audio)


def language_of(draft: ConfigurationDraft, wanted: str | None) -> str:
    """The language that is meant: the default one, if none is. Raises a message for ops."""
    assert draft.callflow
    found = wanted or draft.callflow.language
    if found not in draft.scripts:
        raise click.ClickException(unknown("language", found, dict.fromkeys(draft.scripts)))
    return found


def unknown(what: str, name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there is {', '.join(sorted(known)[:12])}"
    return f"there is no {what} {name!r}; {hint}"
