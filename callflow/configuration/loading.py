"""Entry point: load a directory of YAML and a folder of recordings as a Configuration, or report all problems."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from callflow.configuration import convert
from callflow.configuration.audio_measurement import measure_audio
from callflow.configuration.checks import catalogue
from callflow.configuration.checks.registry import Check
from callflow.configuration.checks.steps import TAKEN
from callflow.configuration.codes import Severity
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.places import require
from callflow.configuration.problems import ConfigurationError, Problem
from callflow.configuration.reading.guidance import GuidanceFile
from callflow.configuration.reading.hours import CalendarsFile
from callflow.configuration.reading.includes import LINES, STEPS, include
from callflow.configuration.reading.parameters import fill
from callflow.configuration.reading.practice import PracticeFile
from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.scripts import ScriptsFile
from callflow.configuration.reading.shapes import CallflowFile, FlowFile, PeopleFile
from callflow.configuration.reading.shaping import shape
from callflow.configuration.reading.source import Source, read
from callflow.core.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Examined:
    """The configuration, or None with errors; all problems in the order of the files; and the files as read."""

    configuration: Configuration | None
    problems: tuple[Problem, ...]
    draft: ConfigurationDraft

    def of(self, severity: Severity) -> tuple[Problem, ...]:
        return tuple(one for one in self.problems if one.severity is severity)


def load(directory: Path, audio: Path) -> Configuration:
    """Read and check everything. Raises ConfigurationError with all errors in all files."""
    examined = examine(directory, audio, catalogue.ERRORS)
    if examined.configuration is None:
        raise ConfigurationError(examined.of(Severity.ERROR))
    return examined.configuration


def examine(directory: Path, audio: Path, chosen: Iterable[Check] = catalogue.ALL, today: date | None = None
            ) -> Examined:  # fmt: skip
    """Read and check everything, including warnings. Returns the problems instead of raising.

    Without ``today`` there are no warnings about dates that are over.
    """
    draft = read_draft(directory)
    draft.today = today
    problems = [*draft.problems, *(problem for source in draft.sources for problem in source.problems)]
    # If a value is invalid, problems that follow from it are not reported.
    places = {(one.file, one.line, one.column) for one in problems}
    further = [*measure_audio(draft, audio), *catalogue.run(draft, chosen)]
    problems += [one for one in further if (one.file, one.line, one.column) not in places]
    good = not any(one.severity is Severity.ERROR for one in problems)
    return Examined(convert.configuration(draft) if good else None, tuple(sorted(set(problems))), draft)


def read_draft(directory: Path) -> ConfigurationDraft:
    """Read all files of the directory as far as possible. Problems are added to the sources.

    Raises NoConfiguration if there is none at all.
    """
    require(directory)
    draft = ConfigurationDraft(
        directory=directory,
        callflow_source=read(directory, "callflow.yaml"),
        people_source=read(directory, "people.yaml"),
        deescalation_source=read(directory, "deescalation.yaml"),
        guidance_source=_optional(directory, "guidance.yaml"),
        calendars_source=_optional(directory, "calendars.yaml"),
        flow_sources=_folder(directory, "flows"),
        script_sources=_folder(directory, "scripts"),
        practice_sources=_folder(directory, "practice") if [*directory.glob("practice/*.yaml")] else {},
    )
    _put_together(draft)
    draft.callflow = shape(draft.callflow_source, CallflowFile)
    draft.people = shape(draft.people_source, PeopleFile)
    draft.deescalation = shape(draft.deescalation_source, DeescalationFile)
    if draft.guidance_source:
        draft.guidance = shape(draft.guidance_source, GuidanceFile)
    if draft.calendars_source:
        draft.calendars = shape(draft.calendars_source, CalendarsFile)
    practice = {name: shape(source, PracticeFile) for name, source in draft.practice_sources.items() if name}
    draft.practice = {name: one for name, one in practice.items() if one}
    flows = {name: shape(source, FlowFile) for name, source in draft.flow_sources.items()}
    scripts = {code: shape(source, ScriptsFile) for code, source in draft.script_sources.items()}
    draft.flows = {name: flow for name, flow in flows.items() if flow}
    draft.scripts = {code: file for code, file in scripts.items() if file}
    return draft


def _put_together(draft: ConfigurationDraft) -> None:
    """Take over what files include, and fill in the parameters of flows."""
    flows = include(draft.flow_sources, STEPS, partial(read, draft.directory))
    scripts = include(draft.script_sources, LINES, partial(read, draft.directory))
    filled = fill(draft.callflow_source, flows.sources, TAKEN)
    draft.callflow_source, draft.flow_sources, draft.templates = filled.callflow, filled.flows, filled.templates
    draft.script_sources, draft.included = scripts.sources, {**flows.others, **scripts.others}
    draft.problems = [*flows.problems, *scripts.problems, *filled.problems]
    draft.whole_flows = not (flows.problems or filled.problems)


def _optional(directory: Path, name: str) -> Source | None:
    return read(directory, name) if (directory / name).exists() else None


def _folder(directory: Path, name: str) -> dict[str, Source]:
    """The YAML files of a folder by name without ending. An empty or missing folder is a problem."""
    paths = sorted((directory / name).glob("*.yaml"))
    if paths:
        return {path.stem: read(directory, f"{name}/{path.name}") for path in paths}
    missing = Source(label=(directory / name).as_posix(), name=name)
    missing.problems.append(Problem(missing.label, 1, 1, "CF001", f"there is no file in {name}/ that ends in .yaml"))
    return {"": missing}
