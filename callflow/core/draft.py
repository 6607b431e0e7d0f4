"""A decision in the making: handlers move legs, set the stage and write notes on it; ``decide`` hands it out frozen."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Unpack

from callflow.core import prompts, variables
from callflow.core.call import GONE, ROOM, Call, Leg, LegStatus, Place, Prompt, Role, StageChanges
from callflow.core.configuration import Configuration
from callflow.core.events import Event
from callflow.core.notes import NO_OUTCOME, AnyOutcome, Note, NoteKind
from callflow.core.places import ROLES_IN_ROOM
from callflow.core.policy import Policy
from callflow.core.script_catalogue import SCRIPTS
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import LEG, Timer, TimerName, leg_timer

SYSTEM = "callflow"
GONE_SECONDS = 60
"""A leg that was let go is over after so long, even if the report of it was lost: the call must come to its end."""


class DecisionDraft:
    """Mutable for the length of one decision; ``call`` is always a whole, valid value."""

    __slots__ = ("at", "call", "configuration", "notes")

    def __init__(self, call: Call, event: Event, configuration: Configuration) -> None:
        self.at = max(event.at, call.at)
        self.call = call
        self.configuration = configuration
        self.notes: list[Note] = []

    @property
    def policy(self) -> Policy:
        return self.configuration.policy

    # -- what is said

    def prompt(self, script: str, **values: object) -> Prompt:
        """A line with every variable of its text fixed now: its document is the same however often it is fetched."""
        known = SCRIPTS.get(script)
        own = self.configuration.script(script, self.call.language).variables
        wanted = [*sorted(known.variables if known else FREE), *own]
        return Prompt(script, {name: str(values[name]) if name in values else self.word(name) for name in wanted})

    def word(self, name: str) -> str:
        """What a variable means on this call at this moment; empty if it means nothing here."""
        meaning = WORDS.get(name)
        return meaning(self) if meaning else variables.value(self.configuration, self.call, name)

    def fragment(self, id: str, **values: object) -> str:
        """Words of the call's language to complete a line with."""
        return self.configuration.fragment(id, self.call.language).format_map(values)

    def name(self, leg: Leg | None, otherwise: str) -> str:
        """Who is on a leg; the fragment ``otherwise`` while nobody is."""
        return self.configuration.person(leg.person).name if leg and leg.person else self.fragment(otherwise)

    def supervisor_role(self) -> str:
        team = self.configuration.teams.get(self.call.team)
        roles = [self.configuration.supervisors[one].role for one in (team.supervisors if team else ())]
        return next((role for role in roles if role), "") or self.fragment("unnamed_supervisor")

    def seconds(self, spoken: Prompt, conduct: str = "") -> float:
        return prompts.seconds(self.configuration, self.call.language, spoken, conduct)

    # -- where people are

    def put(self, leg: str, name: PlaceName, *spoken: Prompt, **details: str | int) -> None:
        """Give a live leg another place. A leg that is over, or was let go, keeps the place it had."""
        found = self.call.leg(leg)
        if found and found.live and not found.at(PlaceName.GONE):
            self.call = self.call.moved(leg, Place(name, spoken, details))

    def room(self, leg: str, *spoken: Prompt) -> None:
        """Bring a leg into the room; one that is there already and has nothing to hear is left in peace."""
        found = self.call.leg(leg)
        if found and (spoken or not found.in_room):
            self.put(leg, PlaceName.ROOM, *spoken)

    def arrived(self, leg: str) -> None:
        """The leg's own document brought it into the room: the same document, so the same token, and no redirect.

        Whoever has no business there (it takes a fallback that knows nothing) is sent back to their place (F5).
        """
        found = self.call.leg(leg)
        if not found or not found.live or found.at(PlaceName.GONE):
            return
        if found.role in ROLES_IN_ROOM:
            self.call = self.call.changed(leg, place=ROOM, seen=found.token, since=self.at)
        else:
            self.call = self.call.moved(leg, found.place)

    def release(self, leg: str, *spoken: Prompt) -> None:
        """Let a leg go, politely if there is something to say to it. If nobody ever reports its end, we assume it."""
        found = self.call.leg(leg)
        if found and found.live and not found.at(PlaceName.GONE):
            self.call = self.call.moved(leg, Place(PlaceName.GONE, spoken))
            self.timer(leg_timer(leg), sum(self.seconds(one) for one in spoken) + GONE_SECONDS)

    def lost(self, leg: str) -> None:
        """The network says this leg is over."""
        self.call = self.call.changed(leg, status=LegStatus.GONE, place=GONE).without_timer(leg_timer(leg))

    def role(self, leg: str, role: Role) -> None:
        self.call = self.call.changed(leg, role=role)

    def release_candidates(self, script: str, but: str = "") -> None:
        """Whoever is still being rung or briefed is no longer needed."""
        for leg in self.call.candidates:
            if leg.id != but:
                self.release(leg.id, self.prompt(script))
                self.role(leg.id, Role.PARTED)

    # -- stage, timers, notes

    def stage(self, stage: Stage, /, **changes: Unpack[StageChanges]) -> None:
        """Another stage; the timers of the old one end with it, those of single legs and the paging go on."""
        over = stage in (Stage.AFTERCARE, Stage.ENDED)
        going_on = LEG if over else (LEG, Timer.PAGE)
        kept = {name: at for name, at in self.call.deadlines.items() if name.startswith(going_on)}
        self.call = self.call.but(stage=stage, deadlines=kept, **changes)

    def timer(self, name: TimerName, seconds: float) -> None:
        self.call = self.call.timer(name, self.at + timedelta(seconds=seconds))

    def note(self, kind: NoteKind, actor: str = SYSTEM, *, key: str = "", script: str = "",
             outcome: AnyOutcome = NO_OUTCOME, **details: str | int | float) -> None:  # fmt: skip
        """Write to the journal; a script is noted with the version and the language that was spoken."""
        version = self.configuration.script(script, self.call.language).version if script else ""
        language = self.call.language if script else ""
        self.notes.append(Note(kind=kind, actor=actor, key=key, script=script, version=version, language=language,
                               outcome=outcome, details=details))  # fmt: skip

    def actor(self, leg: str) -> str:
        """How the journal names the person on a leg."""
        found = self.call.leg(leg)
        return found.person if found and found.person else leg


FREE = frozenset({"org", "ref"})
"""Variables of the lines that ops name themselves, for their flows."""

WORDS: Mapping[str, Callable[[DecisionDraft], str]] = MappingProxyType({
    "org": lambda draft: draft.configuration.organisation.name,
    "contact": lambda draft: draft.configuration.organisation.contact,
    "emergency": lambda draft: " ".join(draft.configuration.organisation.emergency_number),
    "ref": lambda draft: " ".join(draft.call.reference),
    "agent": lambda draft: draft.name(draft.call.lead_leg, "unnamed_agent"),
    "supervisor": lambda draft: draft.name(draft.call.helper_leg, "unnamed_supervisor"),
    "supervisor_role": DecisionDraft.supervisor_role,
    "reason": lambda draft: draft.call.reason or draft.fragment("unnamed_reason"),
    "team": lambda draft: draft.call.team.replace("_", " "),
    "number": lambda draft: " ".join(draft.call.number.lstrip("+")) or draft.fragment("withheld_number"),
})  # fmt: skip
"""The variables that follow from the call; numbers are spoken digit by digit."""
