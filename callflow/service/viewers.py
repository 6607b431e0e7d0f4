"""Who looks at a page, and what they may be. It follows from people.yaml at each request, so whoever is removed there
sees nothing from that moment on."""

from enum import StrEnum

from callflow.core import incidents
from callflow.core.configuration import Configuration
from callflow.core.records import record


class ViewerRole(StrEnum):
    AGENT = "agent"
    SUPERVISOR = "supervisor"
    REVIEWER = "reviewer"
    OPS = "ops"
    AUDITOR = "auditor"
    WALL = "wall"
    """A television that everybody in the room sees."""


@record
class Viewer:
    """``person`` is an id of people.yaml, "" for a wallboard. ``teams``: those whose calls are shown, by id: of a
    supervisor those that list them, of a wallboard all. ``session`` names the session, and is no secret."""

    person: str
    name: str
    roles: frozenset[ViewerRole]
    teams: tuple[str, ...] = ()
    session: str = ""


def roles_of(person: str, configuration: Configuration) -> frozenset[ViewerRole]:
    """What people.yaml makes of a person; nothing of one who is not in it."""
    groups = {
        ViewerRole.AGENT: configuration.agents, ViewerRole.SUPERVISOR: configuration.supervisors,
        ViewerRole.REVIEWER: incidents.reviewers(configuration), ViewerRole.OPS: configuration.ops,
        ViewerRole.AUDITOR: configuration.auditors,
    }  # fmt: skip
    return frozenset(role for role, group in groups.items() if person in group)


def teams_of(person: str, configuration: Configuration) -> tuple[str, ...]:
    """The ids of the teams that list this person as a supervisor."""
    return tuple(id for id, team in configuration.teams.items() if person in team.supervisors)
