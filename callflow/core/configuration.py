"""What ops configured, as plain values: people, teams, flows, scripts. A call keeps the one it began with, by hash."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from callflow.core.flow_step import Step
from callflow.core.policy import Policy


class Ring(StrEnum):
    IN_ORDER = "in_order"
    LONGEST_IDLE = "longest_idle"
    ALL = "all"


class Recording(StrEnum):
    OFF = "off"
    NOTICE = "notice"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An agent, a supervisor or a desk; ``phone`` is E.164. ``role`` is spoken ("team leader")."""

    id: str
    name: str
    phone: str
    role: str = ""


class Group(StrEnum):
    """Whom a search rings: the agents or the supervisors of a team."""

    AGENTS = "agents"
    SUPERVISORS = "supervisors"


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: str
    agents: tuple[str, ...]
    supervisors: tuple[str, ...] = ()
    ring: Ring = Ring.IN_ORDER

    def members(self, group: Group) -> tuple[str, ...]:
        return self.supervisors if group is Group.SUPERVISORS else self.agents


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    name: str
    contact: str
    emergency_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupRules:
    """What ``lookup`` may reach beside public https addresses: hosts that ops named."""

    allow_private: frozenset[str] = frozenset()
    allow_http: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """``variables`` are those it may use, with their defaults; the same name is the same variable in every flow."""

    name: str
    start: str
    steps: Mapping[str, Step]
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Audio:
    """A recorded prompt: path below the audio folder, content hash (hex), length in seconds."""

    path: str
    digest: str
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One spoken line. ``version`` is a short hash of its words and audio; ``audio`` may differ by conduct key.

    ``audio`` maps a conduct key ("1") to a recording, or "" to the one recording for every case.
    """

    id: str
    text: str
    version: str
    audio: Mapping[str, Audio] = field(default_factory=dict)
    variables: tuple[str, ...] = ()
    """Variables of flows that the line speaks, in any language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The lines of one language and the voice that says those without a recording."""

    code: str
    voice: str
    tag: str
    scripts: Mapping[str, Script]
    fragments: Mapping[str, str]
    """Words that lines are completed with, by the ids of ``script_catalogue.FRAGMENTS``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Everything ops wrote, checked. ``digest`` is the content hash of all files (hex)."""

    digest: str
    organisation: Organisation
    caller_id: str
    numbers: Mapping[str, str]
    language: str
    recording: Recording
    policy: Policy
    agents: Mapping[str, Person]
    supervisors: Mapping[str, Person]
    security: Person
    teams: Mapping[str, Team]
    flows: Mapping[str, Flow]
    languages: Mapping[str, Language]
    music: Audio
    timezone: str = "UTC"
    lookups: LookupRules = LookupRules()

    def person(self, id: str) -> Person:
        """Whoever has this id; KeyError when nobody has."""
        return self.security if id == "security" else self.agents.get(id) or self.supervisors[id]

    def script(self, id: str, language: str) -> Script:
        """A line in a language, or in the default language when that one lacks it; KeyError if neither has it."""
        lines = self.languages.get(language)
        return lines.scripts[id] if lines and id in lines.scripts else self.languages[self.language].scripts[id]

    def fragment(self, id: str, language: str) -> str:
        """Words to complete a line with, found as ``script`` finds a line; KeyError if neither language has them."""
        words = self.languages.get(language)
        return words.fragments[id] if words and id in words.fragments else self.languages[self.language].fragments[id]
