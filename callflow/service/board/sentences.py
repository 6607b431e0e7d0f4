"""What the people on a call are living through, as one sentence with at most one clock in it. Pure."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, NamedTuple

from callflow.core.call import Call, Leg, Role
from callflow.core.configuration import Configuration
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.places import WRAPPING_UP
from callflow.core.policy import DrawTheLine
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer


class Sentence(NamedTuple):
    """``before``, then a clock that counts to ``until`` or from ``since``, if there is one, then ``after``.

    ``leads`` stands before the time that is left ("in 12 s"), and not before a time that has passed ("3 s late").
    """

    before: str
    until: datetime | None = None
    since: datetime | None = None
    after: str = ""
    leads: str = "in"

    @property
    def ends(self) -> str:
        return self.after or ("" if self.until or self.since else ".")


def of_call(call: Call, configuration: Configuration) -> Sentence:
    return _SAYS[call.stage](call, Names(call, configuration))


class Names:
    """The names of those on the call, as they stand in a sentence."""

    def __init__(self, call: Call, configuration: Configuration) -> None:
        self.configuration = configuration
        self.lead = self.of(call.lead_leg) or "The agent"
        self.helper = self.of(call.helper_leg) or "a supervisor"
        self.rung = listed([self.of(leg) for leg in call.candidates])
        self.caller = "customer" if call.outgoing else "caller"

    def of(self, leg: Leg | None) -> str:
        return self.configuration.name_of(leg.person) if leg and leg.person else ""

    def conduct(self, key: str) -> str:
        found = self.rules.named(key)
        return found.name if found else ""

    @property
    def rules(self) -> DrawTheLine:
        return self.configuration.policy.draw_the_line


def listed(names: list[str]) -> str:
    """For example: Ana; Ana and Ben; Ana, Ben and 3 more."""
    if len(names) > 3:
        return f"{', '.join(names[:2])} and {len(names) - 2} more"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def hold_ends(call: Call) -> datetime | None:
    """When the caller was promised to be back, None without a hold."""
    timer = call.deadlines.get(Timer.HOLD)
    return timer - timedelta(seconds=MARGIN_SECONDS[Timer.HOLD]) if timer and call.stage is S.HOLDING else None


def _arriving(call: Call, who: Names) -> Sentence:
    if call.caller.at(P.MESSAGE):
        return Sentence(f"The {who.caller} leaves a message")
    return Sentence(f"The {who.caller} hears the greeting and the menu")


def _waiting(call: Call, who: Names) -> Sentence:
    since = call.search.since if call.search else call.started_at
    rings = f"{who.rung} {'are' if ' and ' in who.rung else 'is'} being rung; the" if who.rung else "The"
    return Sentence(f"{rings} {who.caller} has been waiting for ", since=since)


def _talking(call: Call, who: Names) -> Sentence:
    if call.caller.at(P.SILENCE):
        return Sentence(f"The {who.caller} is silent, and is asked for a sign")
    if call.caller.at(P.LET_GO):
        return Sentence(f"The {who.caller} has not answered, and is let go")
    return Sentence(f"{who.lead} talks with the {who.caller}")


def _choosing(call: Call, who: Names) -> Sentence:
    return Sentence(f"{who.lead} is at the menu, and the {who.caller} waits for a moment")


def _asking_hold(call: Call, who: Names) -> Sentence:
    more = "keep holding" if call.caller.at(P.CHECK_IN) else "hold"
    return Sentence(f"{who.lead} asks the {who.caller} to {more}")


def _holding(call: Call, who: Names) -> Sentence:
    return Sentence(f"{who.lead} holds the {who.caller} by consent, back ", until=hold_ends(call))


def _offering_supervisor(call: Call, who: Names) -> Sentence:
    return Sentence(f"{who.lead} offers the {who.caller} a supervisor")


def _ringing(call: Call, who: Names) -> Sentence:
    together = f"{who.lead} and the {who.caller} talk on"
    meanwhile = together if call.waits_in_room else f"the {who.caller} waits by consent"
    rung = who.rung or "A supervisor"
    rings = f"{rung} {'are' if ' and ' in rung else 'is'} being rung for {who.lead}, {meanwhile}"
    until = call.deadlines.get(Timer.RING_TOTAL)
    return Sentence(f"{rings}, ", until=until, leads="for another") if until else Sentence(rings)


def _consulting(call: Call, who: Names) -> Sentence:
    said = f"{who.lead} and {who.helper} speak in private, the {who.caller} waits by consent"
    until = call.deadlines.get(Timer.CONSULT)
    return Sentence(f"{said}, back ", until=until) if until else Sentence(said)


def _introducing(call: Call, who: Names) -> Sentence:
    return Sentence(f"{who.lead}, {who.helper} and the {who.caller} are together")


def _offering_call_back(call: Call, who: Names) -> Sentence:
    return Sentence(f"The {who.caller} is offered a call back")


def _warning(call: Call, who: Names) -> Sentence:
    last = call.warnings[-1] if call.warnings else None
    if last is None:
        return Sentence(f"The {who.caller} hears a warning")
    kind = "final warning" if last.final else "first warning"
    return Sentence(f"The {who.caller} hears the {kind}: {who.conduct(last.conduct)}")


def _closing(call: Call, who: Names) -> Sentence:
    begins = call.deadlines.get(Timer.CLOSING)
    why = f": {who.conduct(call.closing.conduct)}" if call.closing else ""
    if begins:
        return Sentence(f"{who.lead} closes the call{why}; the message begins ", until=begins)
    return Sentence(f"{who.lead} closes the call{why}; the message plays to its last word")


def _preparing(call: Call, who: Names) -> Sentence:
    return Sentence(f"{who.rung or 'An agent'} is asked to call a customer")


def _dialling(call: Call, who: Names) -> Sentence:
    return Sentence(f"{who.lead} calls a customer, who has not pressed a key yet")


def _left_alone(call: Call, who: Names) -> Sentence:
    return Sentence(f"The {who.caller} is told that somebody else comes")


def _aftercare(call: Call, who: Names) -> Sentence:
    done = [who.of(leg) for leg in call.legs if leg.live and leg.role is Role.PARTED and leg.place.name in WRAPPING_UP]
    return Sentence(f"The {who.caller} has gone; {listed(done)} wrap{'' if len(done) > 1 else 's'} up"
                    if done else f"The {who.caller} has gone")  # fmt: skip


_SAYS: Final[Mapping[S, Callable[[Call, Names], Sentence]]] = MappingProxyType({
    S.ARRIVING: _arriving, S.WAITING: _waiting, S.TALKING: _talking, S.CHOOSING: _choosing,
    S.ASKING_HOLD: _asking_hold, S.HOLDING: _holding, S.OFFERING_SUPERVISOR: _offering_supervisor,
    S.RINGING: _ringing, S.CONSULTING: _consulting, S.INTRODUCING: _introducing,
    S.OFFERING_CALL_BACK: _offering_call_back, S.WARNING: _warning, S.CLOSING: _closing, S.PREPARING: _preparing,
    S.DIALLING: _dialling, S.LEFT_ALONE: _left_alone, S.AFTERCARE: _aftercare, S.ENDED: _aftercare,
})  # fmt: skip
