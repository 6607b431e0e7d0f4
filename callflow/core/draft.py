"""A decision while it is being made: handlers move legs, set the stage and write notes; ``decide`` freezes it."""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Unpack

from callflow.core import adjustments, duty, emergency, prompts, variables
from callflow.core.adjustment_lines import TO_CALLER
from callflow.core.call import GONE, ROOM, Call, Leg, LegStatus, Place, Prompt, Role, StageChanges, Word
from callflow.core.configuration import Configuration, Group
from callflow.core.events import (
    Acted,
    DeskPressed,
    DigitPressed,
    Event,
    LegEvent,
    LegJoined,
    OfferMade,
    StarPressed,
)  # fmt: skip
from callflow.core.ladder import Refusal
from callflow.core.notes import NO_OUTCOME, AnyOutcome, Note, NoteKind
from callflow.core.places import ROLES_IN_ROOM, STAR
from callflow.core.policy import Policy
from callflow.core.recognised import of_text
from callflow.core.script_catalogue import SCRIPTS
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import LEG, Timer, TimerName, leg_timer

SYSTEM = "callflow"
DESK = "desk"
GONE_SECONDS = 60
"""After this time a released leg counts as over even if its report was lost, because the call has to end."""

OF_A_STEP = (PlaceName.STEP, PlaceName.MESSAGE)
STEP_SLACK = 300
"""A step of a flow is over this long after the planned end of its document, even if nothing was reported (F4). Long,
because a message takes up to 120 s, and a menu may be spoken in several languages."""
LONGEST_DIAL = 4 * 3600 + STEP_SLACK
"""The same for a call to a number outside, which the provider ends after four hours by default."""
LATE_SECONDS = 5.0
"""News that is older than this was missed by every process: there was an outage."""
REJOIN_SECONDS = 2


class DecisionDraft:
    """Mutable during one decision. ``call`` is a complete, valid value at any time."""

    __slots__ = ("_event", "at", "call", "configuration", "notes")

    def __init__(self, call: Call, event: Event, configuration: Configuration) -> None:
        self.at = max(event.at, call.at)
        self.call = call
        self.configuration = configuration
        self.notes: list[Note] = []
        self._event = event

    @property
    def late(self) -> bool:
        """Whether the event is old news: we learn only now, after an outage, that a leg came back by itself."""
        event = self._event
        return isinstance(event, LegJoined) and event.late_seconds > LATE_SECONDS

    @property
    def policy(self) -> Policy:
        return self.configuration.policy

    @property
    def answer_seconds(self) -> int:
        """How long a question waits for the caller's answer after its last word."""
        return self.policy.time_out.answer_seconds * adjustments.patience(self.call)

    # -- prompts

    def prompt(self, script: str, **values: object) -> Prompt:
        """A prompt with the present values of its variables, so that its document is the same when fetched again."""
        known = SCRIPTS.get(script)
        own = self.configuration.script(script, self.call.language).variables
        wanted = [*(known.in_order if known else sorted(FREE)), *own]
        return Prompt(
            script, {name: _word(values[name]) if name in values else self.word(name, script) for name in wanted}
        )

    def advising(self, choice: str, script: str, **values: object) -> Prompt:
        """A prompt that sends staff to a choice of the star menu. ``next`` says it in words, ``key`` is its digit."""
        key = self.policy.menu.keys[choice]
        return self.prompt(script, next=self.fragment(ADVICE[choice], key=key), key=key, **values)

    def refusal(self, refusal: Refusal) -> Prompt:
        """The prompt that says why a step is not open, and what is."""
        if refusal.next:
            return self.advising(refusal.next, refusal.script, **refusal.values)
        return self.prompt(refusal.script, **refusal.values)

    def word(self, name: str, script: str = "") -> Word:
        """The present value of a variable of ``script`` on this call, "" if it has none."""
        if name == "emergency":
            return emergency.spoken(self.configuration, self.call, script)
        meaning = WORDS.get(name)
        return meaning(self) if meaning else variables.value(self.configuration, self.call, name)

    def fragment(self, id: str, **values: object) -> Prompt:
        """A fragment with these values, to be a value of a prompt."""
        return Prompt(id, {name: _word(value) for name, value in values.items()})

    def name(self, leg: Leg | None, otherwise: str) -> Word:
        """The name of the person on a leg, or the fragment ``otherwise`` for None."""
        return self.configuration.person(leg.person).name if leg and leg.person else self.fragment(otherwise)

    def supervisor_role(self) -> Word:
        call, known = self.call, self.configuration
        people = duty.ringable(call, known, call.team, Group.SUPERVISORS, self.at) if call.team in known.teams else ()
        roles = [known.supervisors[one].role for one in people]
        return next((role for role in roles if role), "") or self.fragment("unnamed_supervisor")

    def needs(self) -> Word:
        known = of_text(self.call.recognised).needs
        return listed(self.fragment(TO_CALLER[one]) for one in known if one in TO_CALLER)

    def team_name(self) -> Word:
        team = self.configuration.teams.get(self.call.team)
        return (team.name if team else "") or self.fragment("unnamed_team")

    def seconds(self, spoken: Prompt, conduct: str = "", leg: Leg | None = None, *, later: bool = False) -> float:
        """How long a prompt takes, to the caller or to ``leg``. One that comes ``later`` in a document is spoken."""
        language = prompts.heard_by(self.configuration, self.call, leg or self.call.caller)
        if later:
            return prompts.voice_seconds(self.configuration, language, spoken)
        return prompts.seconds(self.configuration, language, spoken, conduct)

    # -- places

    def put(self, leg: str, name: PlaceName, *spoken: Prompt, **details: str | int) -> None:
        """Give a live leg another place. A leg that is over or was released keeps its place."""
        found = self.call.leg(leg)
        if found and found.live and not found.at(PlaceName.GONE):
            self.call = self.call.moved(leg, Place(name, spoken, details))
            if name in OF_A_STEP:
                planned = sum(self.seconds(one) for one in spoken) + int(details.get("seconds", 0))
                self.timer(Timer.STEP, planned + (LONGEST_DIAL if details.get("how") == "dial" else STEP_SLACK))

    def room(self, leg: str, *spoken: Prompt) -> None:
        """Bring a leg into the room. Does nothing if it is there already and has no prompt to hear.

        Staff are not taken out of a conversation to hear old news, but have ``REJOIN_SECONDS`` to be reported as well.
        Staff whose star brings them there can complete it with a digit on the way (``places.STAR``).
        """
        found, star = self.call.leg(leg), leg == _star_of(self._event)
        if found and self.late and found.role in (Role.LEAD, Role.HELPER):
            if not found.in_room:
                self.timer(Timer.REJOIN, REJOIN_SECONDS)
        elif found and (spoken or star or not found.in_room):
            self.put(leg, PlaceName.ROOM, *spoken, **({STAR: 1} if star else {}))

    def unknown_key(self, event: DigitPressed) -> None:
        """Bring a leg into the room that pressed a key without a meaning, and say so. Star only leads back."""
        self.room(event.leg, *([] if event.key == "*" else [self.prompt("unknown_key")]))

    def arrived(self, leg: str) -> None:
        """The leg's document has brought it into the room. The document is the same, so the token stays the same.

        A leg that must not be there (only a stateless fallback can bring it there) is sent back to its place (F5).
        """
        found = self.call.leg(leg)
        if not found or not found.live or found.at(PlaceName.GONE):
            return
        if found.role in ROLES_IN_ROOM:
            self.call = self.call.changed(leg, place=ROOM, seen=found.token, since=self.at)
        elif found.at(PlaceName.LISTENING):
            self.call = self.call.changed(leg, seen=found.token)
        else:
            self.call = self.call.moved(leg, found.place)

    def release(self, leg: str, *spoken: Prompt) -> None:
        """Release a leg after these prompts. If its end is never reported, it counts as over after GONE_SECONDS."""
        found = self.call.leg(leg)
        if found and found.live and not found.at(PlaceName.GONE):
            self.call = self.call.moved(leg, Place(PlaceName.GONE, spoken))
            self.timer(leg_timer(leg), sum(self.seconds(one, leg=found) for one in spoken) + GONE_SECONDS)

    def lost(self, leg: str) -> None:
        """The network has reported that this leg is over."""
        self.call = self.call.changed(leg, status=LegStatus.GONE, place=GONE).without_timer(leg_timer(leg))

    def role(self, leg: str, role: Role) -> None:
        self.call = self.call.changed(leg, role=role)

    def release_candidates(self, script: str, but: str = "") -> None:
        """Release everybody who is still being rung or briefed, except ``but``; they hear ``script``."""
        for leg in self.call.candidates:
            if leg.id != but:
                self.release(leg.id, self.prompt(script))
                self.role(leg.id, Role.PARTED)

    # -- stage, timers, notes

    def stage(self, stage: Stage, /, **changes: Unpack[StageChanges]) -> None:
        """Change the stage. The timers of the former stage end; those of legs, paging and a paused recording go on."""
        over = stage in (Stage.AFTERCARE, Stage.ENDED)
        going_on = LEG if over else (LEG, Timer.PAGE, Timer.RECORDING)
        kept = {name: at for name, at in self.call.deadlines.items() if name.startswith(going_on)}
        self.call = self.call.but(stage=stage, deadlines=kept, **changes)

    def timer(self, name: TimerName, seconds: float) -> None:
        self.call = self.call.timer(name, self.at + timedelta(seconds=seconds))

    def note(self, kind: NoteKind, actor: str = SYSTEM, *, key: str = "", script: str = "",
             outcome: AnyOutcome = NO_OUTCOME, **details: str | int | float) -> None:  # fmt: skip
        """Write to the journal. A script is noted with its version and the language that was spoken, and what a person
        did by a button of the desk with ``where``."""
        event = self._event
        if isinstance(event, (DeskPressed, OfferMade)) and actor == self.actor(event.leg):
            details["where"] = DESK
        version = self.configuration.script(script, self.call.language).version if script else ""
        language = self.call.language if script else ""
        self.notes.append(Note(kind=kind, actor=actor, key=key, script=script, version=version, language=language,
                               outcome=outcome, details=details))  # fmt: skip

    def actor(self, leg: str) -> str:
        """The name of a leg in the journal: the person's id, or the leg's id if it has no person."""
        found = self.call.leg(leg)
        return found.person if found and found.person else leg

    def who(self, event: Event) -> tuple[str, str]:
        """Who caused the event, for the journal, and the key that was pressed, "" if none was."""
        match event:
            case Acted(person=person):
                return person, ""
            case DigitPressed(leg=leg, key=key):
                return self.actor(leg), key
            case StarPressed(leg=leg):
                return self.actor(leg), "*"
            case LegEvent(leg=leg):
                return self.actor(leg), ""
            case _:
                return SYSTEM, ""


def listed(words: Iterable[Word]) -> tuple[Word, ...]:
    """Words with commas between them."""
    return tuple([part for word in words for part in (", ", word)][1:])


def _word(value: object) -> Word:
    return value if isinstance(value, str | Prompt | tuple) else str(value)


def _star_of(event: Event) -> str:
    """The leg that pressed star, in the room or in a menu; "" if the event is another one."""
    match event:
        case StarPressed(leg=leg) | DigitPressed(leg=leg, key="*"):
            return leg
    return ""


ADVICE = {
    "time_out": "next_time_out", "supervisor": "next_supervisor", "civility": "next_warning",
    "end_call": "next_end_call",
}  # fmt: skip
"""The fragments that advise a choice of the star menu."""
FREE = frozenset({"org", "ref"})
"""The variables that are also available in scripts of flows that are not in the catalogue."""

WORDS: Mapping[str, Callable[[DecisionDraft], Word]] = MappingProxyType({
    "org": lambda draft: draft.configuration.organisation_on(draft.call.called).name,
    "contact": lambda draft: draft.configuration.organisation_on(draft.call.called).contact,
    "police": lambda draft: emergency.police(draft.configuration, draft.call),
    "ambulance": lambda draft: emergency.ambulance(draft.configuration, draft.call),
    "ref": lambda draft: " ".join(draft.call.reference),
    "agent": lambda draft: draft.name(draft.call.lead_leg, "unnamed_agent"),
    "supervisor": lambda draft: draft.name(draft.call.helper_leg, "unnamed_supervisor"),
    "supervisor_role": DecisionDraft.supervisor_role,
    "about": lambda draft: draft.fragment("about", reason=draft.call.reason) if draft.call.reason else "",
    "team": DecisionDraft.team_name,
    "needs": DecisionDraft.needs,
    "number": lambda draft: " ".join(draft.call.number.lstrip("+")) or draft.fragment("withheld_number"),
})  # fmt: skip
"""The variables of scripts that are derived from the call. Numbers are spoken digit by digit."""
