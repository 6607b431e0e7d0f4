"""All files as far as they could be read. The checks use the draft, and at the end it is converted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from callflow.audio.levels import Level
from callflow.audio.manifest import Entry
from callflow.configuration.problems import Problem
from callflow.configuration.reading.guidance import GuidanceFile
from callflow.configuration.reading.hours import CalendarsFile
from callflow.configuration.reading.practice import PracticeFile
from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.scripts import ScriptsFile, ScriptShape
from callflow.configuration.reading.shapes import CallflowFile, FlowFile, PeopleFile
from callflow.configuration.reading.source import Loc, Source
from callflow.configuration.recorded_lines import RecordedLine, Speaks
from callflow.core.configuration import Audio

SPOKEN = RecordedLine(how=Speaks.SPOKEN)


@dataclass(slots=True, kw_only=True)
class ConfigurationDraft:
    """``None`` is a file that could not be read; checks that need it are skipped.

    ``flow_sources`` and ``script_sources`` have every file by flow name or language. Under "" they have the problem
    that there is no file. ``flows`` and ``scripts`` have those that could be read.
    """

    callflow_source: Source
    people_source: Source
    deescalation_source: Source
    directory: Path
    today: date | None = None
    """For warnings about what is over. None where the day must not matter, as on a server."""
    guidance_source: Source | None = None
    calendars_source: Source | None = None
    flow_sources: Mapping[str, Source] = field(default_factory=dict)
    templates: Mapping[str, Source] = field(default_factory=dict)
    """Flows with parameters, as they are written. ``flow_sources`` has their instances instead."""
    included: Mapping[str, Source] = field(default_factory=dict)
    """Files that are only included by others, by their path below the directory."""
    problems: list[Problem] = field(default_factory=list)
    """Of files that could not be included, and of parameters that could not be filled in."""
    whole_flows: bool = True
    """Whether no flow has such a problem."""
    script_sources: Mapping[str, Source] = field(default_factory=dict)
    practice_sources: Mapping[str, Source] = field(default_factory=dict)
    practice: dict[str, PracticeFile] = field(default_factory=dict)
    callflow: CallflowFile | None = None
    people: PeopleFile | None = None
    deescalation: DeescalationFile | None = None
    guidance: GuidanceFile | None = None
    calendars: CalendarsFile | None = None
    flows: dict[str, FlowFile] = field(default_factory=dict)
    scripts: dict[str, ScriptsFile] = field(default_factory=dict)
    music: Audio | None = None
    recordings: dict[str, Audio] = field(default_factory=dict)
    """By path below the audio folder."""
    lines: dict[tuple[str, str], RecordedLine] = field(default_factory=dict)
    """How each line is heard, by language and id."""
    values: dict[str, dict[str, Audio]] = field(default_factory=dict)
    """Language -> value -> its recording."""
    manifest: dict[str, Entry] = field(default_factory=dict)
    """What the recordings are known to say, by path."""
    folder: Path | None = None
    """The audio folder, after its recordings were measured."""
    levels: dict[str, Level] = field(default_factory=dict)
    """Levels of recordings by path, measured on first use."""

    @property
    def sources(self) -> list[Source]:
        named = [self.callflow_source, self.people_source, self.deescalation_source, self.guidance_source,
                 self.calendars_source]  # fmt: skip
        several = [*self.flow_sources.values(), *self.templates.values(), *self.script_sources.values(),
                   *self.included.values(), *self.practice_sources.values()]  # fmt: skip
        return [one for one in named if one] + several

    @property
    def flow_names(self) -> set[str] | None:
        """The names of all flows, readable or not; None if there is no folder of flows."""
        return None if "" in self.flow_sources else {*self.flow_sources, *self.templates}

    @property
    def languages(self) -> set[str] | None:
        return None if "" in self.script_sources else set(self.script_sources)

    @property
    def all_flows(self) -> dict[str, FlowFile] | None:
        """The flows, or None if one of them could not be read, filled in, or completed with what it includes."""
        return self.flows if set(self.flows) == set(self.flow_sources) and self.whole_flows else None

    @property
    def default_scripts(self) -> ScriptsFile | None:
        return self.scripts.get(self.callflow.language) if self.callflow else None

    def languages_of_staff(self) -> Iterator[tuple[Loc, str]]:
        """Each person with a language of their own: the place of the person, and the language."""
        if self.people:
            groups = (("agents", self.people.agents), ("supervisors", self.people.supervisors))
            people = [((group, id), one.language) for group, shapes in groups for id, one in shapes.items()]
            yield from ((loc, one) for loc, one in (*people, (("security",), self.people.security.language)) if one)

    def heard_languages(self) -> set[str]:
        """Every language that a caller or somebody of staff may hear."""
        return self.heard_by_callers() | {code for _, code in self.languages_of_staff()}

    def heard_by_callers(self) -> set[str]:
        default = {self.callflow.language} if self.callflow else set()
        steps = [step for flow in self.flows.values() for step in flow.steps.values()]
        chosen = {code for step in steps for code in (step.languages or {}).values()}
        named = {step.language for step in steps if step.language and not step.languages}
        return default | chosen | named

    def code_of(self, source: Source) -> str:
        """The language of a file of scripts."""
        return next(code for code, one in self.script_sources.items() if one is source)

    def line(self, language: str, id: str) -> RecordedLine:
        """How this line is heard. Spoken, before the recordings were measured."""
        return self.lines.get((language, id), SPOKEN)

    @property
    def played(self) -> dict[str, Audio]:
        """The recordings of all lines and values that are in use, by path."""
        lines = {path: self.recordings[path] for line in self.lines.values() for path in line.played}
        return lines | {one.path: one for values in self.values.values() for one in values.values()}

    def every_script(self) -> Iterator[tuple[str, str, ScriptShape]]:
        """Language, id and script."""
        for language, file in self.scripts.items():
            for id, script in file.scripts.items():
                yield language, id, script
