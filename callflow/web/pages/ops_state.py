"""What the page of operations shows of a running server: what needs somebody, and figures. Nothing of a caller."""

import os
import socket
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from callflow.core.incidents import IncidentState
from callflow.service.job_watch import LATE_SECONDS
from callflow.service.jobs import JobFigures
from callflow.service.node_clock import problem_of
from callflow.service.nodes import GONE, Node
from callflow.service.statistics import Statistics
from callflow.web.dependencies import Dependencies
from callflow.web.pages import durations, stage_words


class Finding(NamedTuple):
    """``grave``: calls cannot be served as they should. ``times`` since ``first``, 0 where nothing counts it."""

    part: str
    what: str
    advice: str = ""
    grave: bool = False
    times: int = 0
    first: datetime | None = None
    last: datetime | None = None


class Figure(NamedTuple):
    """``value`` is ready to be shown. ``late``: it is more than it should be."""

    title: str
    value: str
    about: str
    late: bool = False


class NodeRow(NamedTuple):
    """``other``: new calls begin with another configuration there than here. ``silent``: it has said nothing for long.
    ``here``: this process answers the page."""

    node: Node
    other: bool
    silent: bool
    here: bool


def nodes(found: Sequence[Node], configuration: str, now: datetime) -> list[NodeRow]:
    """The servers that were there in the last day, those that are silent last."""
    own = f"{socket.gethostname()}:{os.getpid()}"
    rows = [NodeRow(one, one.configuration != configuration, now - one.seen > GONE, one.name == own) for one in found]
    return sorted(rows, key=lambda one: one.silent)


ADVICE: Final[Mapping[str, str]] = {
    "database": "Webhooks are answered with safe documents meanwhile: people stay together, and no step can be taken.",
    "gateway": "Callers are answered, but nobody else is rung, and nobody is moved, until the provider can be reached.",
}


def findings(dependencies: Dependencies) -> list[Finding]:
    """What /readyz says, in the order in which it matters. Nobody is asked who was not asked a moment ago."""
    faults = dependencies.ready()
    found = [Finding(part, f"cannot be used: {why}", ADVICE.get(part, ""), grave=True)
             for part, why in faults.items()]  # fmt: skip
    return [*found, *_notes(dependencies), *_troubles(dependencies)]


def _notes(dependencies: Dependencies) -> Iterator[Finding]:
    if said := dependencies.warning():
        yield Finding("configuration", said, "Calls go on with the configuration in force; `callflow check` has more.")
    if said := problem_of(dependencies.calls.clock):
        yield Finding("clock", said, "Set the clock of this machine (NTP). Calls do not go by it.")
    if said := dependencies.jobs():
        yield Finding("jobs", said, "`callflow jobs` lists them, and retries or drops those that failed.")
    if said := dependencies.without_fallback:
        yield Finding("fallback", said, "docs/operations.md says how another node answers then.")


def _troubles(dependencies: Dependencies) -> Iterator[Finding]:
    for one in dependencies.troubles.standing():
        trouble = one.trouble
        yield Finding(trouble.kind.replace("_", " "), trouble.what, trouble.advice, times=one.count, first=one.first,
                      last=one.last)  # fmt: skip


def figures(stored: Statistics, jobs: JobFigures) -> list[Figure]:
    """Each with what it counts, so that nobody has to guess. None is about a person."""
    answered, late = (stored.incidents.get(one, 0) for one in (IncidentState.ANSWERED, IncidentState.ANSWERED_LATE))
    overdue = stored.incidents.get(IncidentState.LATE, 0)
    waiting = stored.incidents.get(IncidentState.GIVEN, 0) + stored.incidents.get(IncidentState.OPEN, 0)
    due = answered + late + overdue
    return [
        Figure("Live calls", str(sum(stored.calls.values())), stages(stored) or "no call is live"),
        Figure("Requests waiting", str(stored.orders), "to be sent to the telephone provider"
               + _since("; the oldest waits for ", stored.overdue_seconds), stored.overdue_seconds > 5),
        Figure("Call backs owed", str(stored.call_backs + stored.call_backs_overdue),
               _late(stored.call_backs_overdue), stored.call_backs_overdue > 0),
        Figure("Incidents to answer", str(waiting + overdue), _late(overdue), overdue > 0),
        Figure("Answered in time", f"{answered} of {due}" if due else "none yet",
               "incidents of this year that were answered or are late", late + overdue > 0),
        Figure("Jobs waiting", str(jobs.waiting), "due and not begun" + _since("; the first for ", jobs.oldest_seconds),
               jobs.oldest_seconds > LATE_SECONDS),
        Figure("Jobs failed", str(jobs.failed), "for good, until somebody retries or drops them", jobs.failed > 0),
    ]  # fmt: skip


def _late(count: int) -> str:
    return f"{count} of them late" if count else "none is late"


def _since(words: str, seconds: float) -> str:
    return f"{words}{durations.words(seconds)}" if seconds >= 1 else ""


def stages(stored: Statistics) -> str:
    return ", ".join(f"{count} {stage_words.stage(stage)}" for stage, count in sorted(stored.calls.items()) if count)
