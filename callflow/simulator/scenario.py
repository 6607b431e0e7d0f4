"""A scenario as data: who does what, what must be heard, where everyone must be, what the journal must contain.

docs/scenarios.md describes the files; ``scenario_file`` reads them and ``scenario_run`` plays them. Every step knows
its file and line, for messages.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.emulator import Chaos, Switches
from callflow.emulator.phones import Behaviour

CALLER = "caller"
CALLERS_NUMBER = "+15550100199"
WITHHELD = "anonymous"
"""The caller id of a caller who withholds the number."""
ANY_SECONDS = 60.0
"""How long an expectation may take, unless the step has ``within``."""
REACTION_SECONDS = 0.5
"""Time between what a person hears and what they do."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """To be heard: a script id (``script`` True, in any wording) or words; ``saying``: words it must contain."""

    named: str
    script: bool
    saying: str = ""

    def __str__(self) -> str:
        shown = self.named if self.script else f'"{self.named}"'
        return f'{shown} saying "{self.saying}"' if self.saying else shown


@dataclass(frozen=True, slots=True)
class Since:
    """The moment when this person had heard this prompt to its end."""

    who: str
    prompt: Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """``within`` seconds, but not before ``at_least`` seconds, counted from now or from ``since``."""

    within: float = ANY_SECONDS
    at_least: float = 0.0
    since: Since | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``at`` is file:line, ``written`` the step as one line of text, for messages."""

    at: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts(Step):
    """One person hears these prompts one after the other, is in this state, and then does this action."""

    who: str
    hears: tuple[Prompt, ...] = ()
    hears_start: tuple[Prompt, ...] = ()
    state: str = ""
    action: str = ""
    value: str = ""
    after: float = REACTION_SECONDS
    times: Times = Times()


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Step):
    """Exactly these people hear each other."""

    people: tuple[str, ...]
    times: Times = Times()


@dataclass(frozen=True, slots=True, kw_only=True)
class InStage(Step):
    stage: Stage
    times: Times = Times()


@dataclass(frozen=True, slots=True, kw_only=True)
class Passes(Step):
    """Time passes."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerDoes(Step):
    """``does``: one of ``SERVER``."""

    does: str


DIES, SECOND_NODE, RETURNS = "dies", "dies, the second node is there", "returns"
SERVER = (DIES, SECOND_NODE, RETURNS)


@dataclass(frozen=True, slots=True)
class ExpectedEntry:
    """A journal entry that must exist, or must not: fields and details by name."""

    at: str
    wanted: Mapping[str, str | int | float]

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.wanted.items())


@dataclass(frozen=True, slots=True)
class NeverHeard:
    """This person must not hear this prompt; without a prompt, their phone must not ring."""

    at: str
    who: str
    prompt: Prompt | None = None

    def __str__(self) -> str:
        return f"{self.who} hears {self.prompt}" if self.prompt else f"{self.who} rings"


NO_REQUEST = ("no connection", "no such host")
TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What another system answers to a lookup, ``after`` seconds. ``fails``: TIMEOUT, one of NO_REQUEST, or ""."""

    status: int = 200
    body: bytes = b""
    after: float = 0.0
    fails: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """``id`` is the file's name without its ending, ``configuration`` has the scenario's settings applied.

    ``callers`` maps names to numbers, or WITHHELD. ``journal`` entries must come in this order. ``answers`` has those
    of other systems, by the names of flow and step with a dot between them; the last one is repeated.
    """

    id: str
    name: str
    file: str
    configuration: Configuration
    steps: tuple[Step, ...]
    people: Mapping[str, Behaviour] = field(default_factory=dict)
    callers: Mapping[str, str] = field(default_factory=lambda: {CALLER: CALLERS_NUMBER})
    journal: tuple[ExpectedEntry, ...] = ()
    never: tuple[ExpectedEntry | NeverHeard, ...] = ()
    answers: Mapping[str, Sequence[Answer]] = field(default_factory=dict)
    switches: Switches = field(default_factory=Switches)
    chaos: Chaos = field(default_factory=Chaos)
    hosted: bool = False
    """Whether the provider hosts the document for when no server answers."""

    @property
    def faultless(self) -> bool:
        """Whether no fault is simulated. Then the provider must report no error."""
        quiet = self.switches == Switches() and self.chaos == Chaos()
        return quiet and not any(isinstance(step, ServerDoes) for step in self.steps)
