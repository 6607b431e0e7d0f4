"""Measures every recording that the YAML names, once. One that cannot be played is a problem of the line naming it."""

from collections.abc import Iterator
from pathlib import Path

from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import Problem
from callflow.configuration.recordings import Recordings, Unusable
from callflow.core.configuration import Audio


def measure_audio(draft: ConfigurationDraft, folder: Path) -> list[Problem]:
    """Fill in the draft's recordings and hold music. Returns the problems."""
    recordings = Recordings(folder)
    draft.folder = folder
    problems: list[Problem] = []
    if draft.callflow:
        try:
            draft.music = recordings.audio(draft.callflow.music)
        except Unusable as error:
            problems.append(draft.callflow_source.problem(("music",), error.code, str(error)))
    for problem in _scripts(draft, recordings):
        problems.append(problem)
    return problems


def _scripts(draft: ConfigurationDraft, recordings: Recordings) -> Iterator[Problem]:
    heard: dict[str, Audio | Unusable] = {}
    for language, id, script in draft.every_script():
        for path in draft.paths_of(script).values():
            if path not in heard:
                heard[path] = _heard(recordings, path)
            found = heard[path]
            if isinstance(found, Unusable):
                source = draft.script_sources[language]
                yield source.problem(("scripts", id, "audio"), found.code, str(found))
            else:
                draft.recordings[path] = found


def _heard(recordings: Recordings, path: str) -> Audio | Unusable:
    try:
        return recordings.audio(path)
    except Unusable as error:
        return error
