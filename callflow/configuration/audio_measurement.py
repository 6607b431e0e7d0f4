"""Measures every recording of the configuration, once, and finds out how each line is heard.

A recording that cannot be played is a problem of the line. One that is missing, or says other words, is a warning: the
line is spoken.
"""

import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

from callflow.audio.manifest import Entry, entries
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import Problem
from callflow.configuration.reading.scripts import ScriptShape
from callflow.configuration.recorded_lines import VALUES, RecordedLine, Speaks, files_of, judged, named_files, value_of
from callflow.configuration.recordings import Recordings, Unusable
from callflow.core.configuration import Audio

MISSING = "CF050"


def measure_audio(draft: ConfigurationDraft, folder: Path) -> list[Problem]:
    """Fill in the draft's recordings, lines, values and hold music. Returns the problems."""
    draft.folder = folder
    problems: list[Problem] = []
    recordings = Recordings(folder)
    if draft.callflow:
        try:
            draft.music = recordings.audio(draft.callflow.music)
        except Unusable as error:
            problems.append(draft.callflow_source.problem(("music",), error.code, str(error)))
    try:
        draft.manifest = entries(folder)
    except ValueError as error:
        problems.append(Problem(folder.as_posix(), 1, 1, "CF051", str(error)))
    there = frozenset(
        unicodedata.normalize("NFC", path.relative_to(folder).as_posix()) for path in folder.rglob("*.wav")
    )
    measuring = _Measuring(draft, recordings, there, draft.manifest)
    for language, id, script in draft.every_script():
        measuring.line(language, id, script)
    for language in draft.scripts:
        measuring.values(language)
    return problems + measuring.problems


@dataclass(slots=True)
class _Measuring:
    draft: ConfigurationDraft
    recordings: Recordings
    there: frozenset[str]
    known: dict[str, Entry]
    problems: list[Problem] = field(default_factory=list)
    heard: dict[str, Audio | Unusable] = field(default_factory=dict)

    def line(self, language: str, id: str, script: ScriptShape) -> None:
        names = self.draft.scripts[language].names
        rules = self.draft.deescalation.draw_the_line.conduct if self.draft.deescalation else {}
        conduct = {key: names.get(one.name, one.name) for key, one in rules.items()}
        if script.audio is None:
            ways = list(files_of(f"{language}/{id}", script.text, conduct))
        else:
            ways = list(named_files(script.audio, script.text, conduct, self.there))
        place = ("scripts", id, "audio") if script.audio else ("scripts", id)
        source, digests, broken = self.draft.script_sources[language], dict[str, str](), list[str]()
        for path in {path: None for way in ways for path in way.words}:
            if path not in self.there and not script.audio:
                continue
            found = self._heard(path)
            if isinstance(found, Audio):
                self.draft.recordings[path] = found
                digests[path] = found.digest
            elif found.code != MISSING:
                self.problems.append(source.problem(place, found.code, str(found)))
                broken.append(path)
        if broken:
            words = {path: text for way in ways for path, text in way.words.items()}
            self.draft.lines[language, id] = RecordedLine(how=Speaks.SPOKEN, words=words, unusable=tuple(broken))
            return
        self.draft.lines[language, id] = judged(ways, script.audio is not None, digests, self.known)

    def values(self, language: str) -> None:
        """What is recorded in the folder of values of this language."""
        source, found = self.draft.script_sources[language], self.draft.values.setdefault(language, {})
        for path in sorted(one for one in self.there if one.startswith(f"{language}/{VALUES}/")):
            audio = self._heard(path)
            if isinstance(audio, Audio):
                found[value_of(path, audio.digest, self.known)] = audio
            else:
                self.problems.append(source.problem(("scripts",), audio.code, str(audio)))

    def _heard(self, path: str) -> Audio | Unusable:
        if path not in self.heard:
            try:
                self.heard[path] = self.recordings.audio(path)
            except Unusable as error:
                self.heard[path] = error
        return self.heard[path]
