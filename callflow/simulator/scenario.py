"""A rehearsal as data: who does what, what must be heard, where everyone must be, what the journal must hold.

``docs`` for those who write them are the comments of ``config/scenarios/*.yaml``; ``scenario_file`` reads them,
``scenario_run`` plays them. Every step knows where it is written, so that a failure can name the line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callflow.core.configuration import Configuration
from callflow.core.stages import Stage
from callflow.emulator import Chaos, Switches
from callflow.emulator.phones import Behaviour

CALLER = "caller"
CALLERS_NUMBER = "+15550100199"
WITHHELD = "anonymous"
"""What a caller who shows no number sends."""
ANY_SECONDS = 60.0
"""How long what is expected may take, unless the step says how long."""
REACTION_SECONDS = 0.5
"""Between what a person heard and what they do."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something to be heard: the id of a line (in any wording), or words. ``saying`` are words that must be in it."""

    named: str
    script: bool
    saying: str = ""

    def __str__(self) -> str:
        shown = self.named if self.script else f'"{self.named}"'
        return f'{shown} saying "{self.saying}"' if self.saying else shown


@dataclass(frozen=True, slots=True)
class Since:
    """A moment: when this person had heard this line to its end."""

    who: str
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """``within`` seconds, but not before ``at_least``; both counted from now, or from ``since``."""

    within: float = ANY_SECONDS
    at_least: float = 0.0
    since: Since | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """``at`` is file:line, ``written`` the step as one line of text."""

    at: str
    written: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts(Step):
    """One person: hears these lines one after the other, is in this state, and then does this."""

    who: str
    hears: tuple[Line, ...] = ()
    hears_start: tuple[Line, ...] = ()
    state: str = ""
    deed: str = ""
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
class Written:
    """What an entry of the journal must have: its fields and its details by name."""

    at: str
    wanted: Mapping[str, str | int | float]

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.wanted.items())


@dataclass(frozen=True, slots=True)
class NeverHeard:
    """This person must not hear this line; without a line, this person's phone must not ring."""

    at: str
    who: str
    line: Line | None = None

    def __str__(self) -> str:
        return f"{self.who} hears {self.line}" if self.line else f"{self.who} rings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """``id`` is the file's name, ``configuration`` the configuration it plays in (settings applied).

    ``callers`` maps names to numbers, WITHHELD for none. ``journal`` entries must come in this order.
    """

    id: str
    name: str
    file: str
    configuration: Configuration
    steps: tuple[Step, ...]
    people: Mapping[str, Behaviour] = field(default_factory=dict)
    callers: Mapping[str, str] = field(default_factory=lambda: {CALLER: CALLERS_NUMBER})
    journal: tuple[Written, ...] = ()
    never: tuple[Written | NeverHeard, ...] = ()
    switches: Switches = field(default_factory=Switches)
    chaos: Chaos = field(default_factory=Chaos)

    @property
    def faultless(self) -> bool:
        """Nothing is made to go wrong: then the provider must have nothing to complain of."""
        quiet = self.switches == Switches() and self.chaos == Chaos()
        return quiet and not any(isinstance(step, ServerDoes) for step in self.steps)
