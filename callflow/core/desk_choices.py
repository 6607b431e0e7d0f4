"""The buttons of the desk by place: the keys that each stands for, and why one is not open (``desk`` has them all).

The rows follow ``keys.KEYS`` and ``menu.STAR``; tests press every button in every state, beside the keypad.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Final

from callflow.core import adjustments, ladder, locks, menu, no_answer, offers
from callflow.core.call import Call, Leg, Prompt
from callflow.core.configuration import Configuration, Recording
from callflow.core.decide import as_of
from callflow.core.draft import DecisionDraft
from callflow.core.events import TimerFired
from callflow.core.evidence import RUNNING
from callflow.core.incident_questions import asked
from callflow.core.keys import DECLINE_REASONS
from callflow.core.records import record
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.steps import handing_over
from callflow.core.timer_names import Timer

Keys = tuple[tuple[P, str], ...]
STEPS: Final = ("time_out", "supervisor", "civility", "end_call", "skip", "relief")


@record
class Choice:
    """A button. ``id`` is unique among those of a leg at one moment; ``keys`` those that it stands for, in
    their order.

    ``closed``: why it is not open, to be read instead of heard. ``name``: what it is about, where ops have named it.
    ``of``: choices of which this is the heading, which is itself no button.
    """

    id: str
    presses: Keys = ()
    closed: Prompt | None = None
    name: str = ""
    of: "tuple[Choice, ...]" = ()

    @property
    def keys(self) -> str:
        return " ".join(key for _, key in self.presses)


class DeskView(DecisionDraft):
    """A call as it is at a time, to be looked at. It decides nothing."""

    def __init__(self, call: Call, configuration: Configuration, at: datetime) -> None:
        super().__init__(as_of(call, at), TimerFired(at=at, name=Timer.HEARTBEAT), configuration)


# -- the menus of the lead


def in_room(view: DeskView, leg: Leg) -> Sequence[Choice]:
    """What star and a digit do here: the steps, or what goes on is stopped."""
    stage = view.call.stage
    if leg.id not in (view.call.lead, view.call.helper):
        return ()
    if found := IN_ROOM.get(stage):
        return found(view, leg)
    return steps(view, leg) if leg.id == view.call.lead else ()


def steps(view: DeskView, leg: Leg) -> Sequence[Choice]:
    """The menu of steps, whether it is being heard or not."""
    call, policy, at = view.call, view.policy, leg.place.name
    keys = policy.menu.keys
    said = _at(at, keys["time_out"])
    more = [("ask", "1"), ("attest", "2")]
    hold = tuple(Choice(id=f"time_out_{name}", presses=(*said, (P.ATTEST_MENU, key))) for name, key in more)
    refusals = {name: REFUSALS[name](call, policy) for name in STEPS}
    found = [
        _step(view, at, "time_out", refusals, hold if call.adjustments else ()),
        _step(view, at, "supervisor", refusals),
        _step(view, at, "civility", refusals, tuple(_warnings(view, _at(at, keys["civility"])))),
        *_ending(view, at, refusals["end_call"]),
        _step(view, at, "relief", refusals),
    ]
    if not refusals["skip"]:
        reasons = tuple(Choice(id=f"skip_{key}", name=name, presses=(*_at(at, keys["skip"]), (P.SKIP_MENU, key)))
                        for key, name in menu.SKIP_REASONS.items())  # fmt: skip
        found.append(Choice(id="skip", of=reasons))
    if not call.locks:
        twice = _at(P.OFFERS_MENU, no_answer.KEY) if offers.open_to(view) else ()
        found.append(Choice(id="no_answer", presses=(*_at(at, no_answer.KEY), *twice)))
    if view.configuration.recording.mode is not Recording.OFF and call.recording in RUNNING:
        found.append(Choice(id="card_data", presses=_at(at, keys["card_data"])))
    return [*found, *_lifting(view, leg), *([Choice(id="back", presses=_at(at, "*"))] if at is P.MENU else [])]


def _at(place: P, *keys: str) -> Keys:
    return tuple((place, key) for key in keys)


def _step(view: DeskView, at: P, name: str, refusals: Mapping[str, ladder.Refusal | None],
          of: tuple[Choice, ...] = ()) -> Choice:  # fmt: skip
    refusal = refusals[name]
    if refusal:
        return Choice(id=name, closed=view.refusal(refusal))
    return Choice(id=name, of=of) if of else Choice(id=name, presses=_at(at, view.policy.menu.keys[name]))


def _warnings(view: DeskView, before: Keys) -> Iterator[Choice]:
    for one in view.policy.draw_the_line.conduct:
        no = ladder.warn(view.call, view.policy, one)
        yield Choice(id=f"warn_{one.key}", name=one.name, presses=(*before, (P.CONDUCT_MENU, one.key)),
                     closed=view.refusal(no) if no else None)  # fmt: skip


def _ending(view: DeskView, at: P, refusal: ladder.Refusal | None) -> Iterator[Choice]:
    before = _at(at, view.policy.menu.keys["end_call"])
    if refusal and refusal.script == ladder.CO_SIGN:
        yield Choice(id="ask_co_signature", presses=before)
    elif refusal:
        yield Choice(id="end_call", closed=view.refusal(refusal))
    else:
        yield Choice(id="end_call", of=tuple(_warned_of(view, before)))


def _warned_of(view: DeskView, before: Keys) -> Iterator[Choice]:
    for one in view.policy.draw_the_line.conduct:
        if not ladder.closing_for(view.call, view.policy, one):
            yield Choice(id=f"end_{one.key}", name=one.name, presses=(*before, (P.END_CONDUCT, one.key)))


def _lifting(view: DeskView, leg: Leg) -> list[Choice]:
    """For a lead who is a supervisor. The key of a lock that is on asks for the reason."""
    if not locks.may_unlock(view, leg.id):
        return []
    before = _at(leg.place.name, view.policy.menu.keys[view.call.locks[0].value])
    return [Choice(id="unlock", of=tuple(
        Choice(id=f"unlock_{key}", name=why.value, presses=(*before, (P.UNLOCK_MENU, key)))
        for key, why in locks.UNLOCK_REASONS.items()
    ))]  # fmt: skip


REFUSALS: Final = MappingProxyType({
    "time_out": ladder.time_out, "supervisor": ladder.delegate_upwards, "civility": ladder.civility,
    "end_call": ladder.closing, "skip": ladder.skip, "relief": ladder.relief,
})  # fmt: skip


def busy(view: DeskView, leg: Leg) -> Sequence[Choice]:
    """Supervisors are rung, or the caller chooses."""
    call, at = view.call, leg.place.name
    if leg.id != call.lead:
        return ()
    first = _at(at, "*") if at is P.ROOM else ()
    stop = [] if call.locks else [Choice(id="stop_ringing", presses=(*first, (P.BUSY_MENU, "*")))]
    return [*stop, *_relief(view, at)]


def _relief(view: DeskView, at: P) -> list[Choice]:
    if ladder.relief(view.call, view.policy):
        return []
    return [Choice(id="relief", presses=_at(at, view.policy.menu.keys["relief"]))]


def consulting(view: DeskView, leg: Leg) -> Sequence[Choice]:
    at = leg.place.name
    more = [("more_time", "2")] if handing_over.longer_by(view) else []
    found = [Choice(id=name, presses=_at(at, key)) for name, key in (("bring_in", "1"), *more, ("give_back", "3"))]
    return [*found, *_agreeing(view, leg), *(_relief(view, at) if leg.id == view.call.lead else ())]


def introducing(view: DeskView, leg: Leg) -> Sequence[Choice]:
    at = leg.place.name
    if leg.id == view.call.lead:
        return _relief(view, at)
    left = handing_over.stay_left(view)
    take = Choice(
        id="take_over", presses=_at(at, "1"), closed=view.prompt("refuse_take_over", n=left) if left else None
    )
    return [take, Choice(id="give_back", presses=_at(at, "3")), *_agreeing(view, leg)]


def _agreeing(view: DeskView, leg: Leg) -> list[Choice]:
    needed = leg.id == view.call.helper and not adjustments.agreed(view.call)
    return [Choice(id="agree", presses=_at(leg.place.name, "4"))] if needed else []


# -- places with keys of their own


def _only(*named: tuple[str, str]) -> "Find":
    def find(view: DeskView, leg: Leg) -> Sequence[Choice]:
        return [Choice(id=name, presses=_at(leg.place.name, key)) for name, key in named]

    return find


def _star(name: str) -> "Find":
    """In a stage in which star stops what goes on: only the lead's."""

    def find(view: DeskView, leg: Leg) -> Sequence[Choice]:
        return [Choice(id=name, presses=_at(leg.place.name, "*"))] if leg.id == view.call.lead else ()

    return find


BACK: Final = ("back", "*")


def conduct(view: DeskView, leg: Leg) -> Sequence[Choice]:
    named = _warnings(view, ()) if leg.at(P.CONDUCT_MENU) else _warned_of(view, ())
    return [*named, Choice(id="back", presses=_at(leg.place.name, "*"))]


def _named(prefix: str, names: Mapping[str, str], *more: tuple[str, str]) -> "Find":
    def find(view: DeskView, leg: Leg) -> Sequence[Choice]:
        at = leg.place.name
        found = [Choice(id=f"{prefix}_{key}", name=name, presses=_at(at, key)) for key, name in names.items()]
        return [*found, *(Choice(id=name, presses=_at(at, key)) for name, key in more)]

    return find


def offers_menu(view: DeskView, leg: Leg) -> Sequence[Choice]:
    at = leg.place.name
    found = [Choice(id=f"offered_{one.number}", name=one.name, presses=_at(at, one.number))
             for one in offers.open_to(view)]  # fmt: skip
    silent = [] if view.call.locks else [Choice(id="no_answer", presses=_at(at, no_answer.KEY))]
    return [*found, *silent, Choice(id="back", presses=_at(at, "*"))]


def end_confirm(view: DeskView, leg: Leg) -> Sequence[Choice]:
    no = ladder.closing(view.call, view.policy)
    names = [("close", "1"), *([("close_read_aloud", "3")] if view.call.unplayed else [])]
    close = [Choice(id=name, presses=_at(leg.place.name, key), closed=view.refusal(no) if no else None)
             for name, key in names]  # fmt: skip
    return [*close, Choice(id="carry_on", presses=_at(leg.place.name, "2"))]


def standby(view: DeskView, leg: Leg) -> Sequence[Choice]:
    asking = view.call.stage in (S.ASKING_HOLD, S.OFFERING_SUPERVISOR)
    brief = view.call.stage is S.OFFERING_SUPERVISOR and view.policy.delegate_upwards.spoken_briefing
    named = [("withdraw", "*")] if asking else []
    return _only(*named, *([("speak_briefing", "1")] if brief else []))(view, leg)


def hold_desk(view: DeskView, leg: Leg) -> Sequence[Choice]:
    if view.call.stage is not S.HOLDING:
        return ()
    return _only(("bring_back", "1"), ("supervisor", "2"), ("ask_more_time", "3"))(view, leg)


def briefing(view: DeskView, leg: Leg) -> Sequence[Choice]:
    reasons = tuple(Choice(id=f"decline_{key}", name=why.value, presses=((P.BRIEFING, "2"), (P.DECLINE_MENU, key)))
                    for key, why in DECLINE_REASONS.items())  # fmt: skip
    return [*_only(("accept", "1"), ("hear_again", "3"))(view, leg), Choice(id="decline", of=reasons)]


def wrap_up(view: DeskView, leg: Leg) -> Sequence[Choice]:
    if asked(leg):
        return _only(("yes", "1"), ("no", "2"), ("unsure", "3"))(view, leg)
    needs = [("needs_time", "0")] if view.configuration.asks_needs else []
    breaks = [("shorter_break", "8"), ("longer_break", "9")]
    return _only(("resolved", "1"), ("call_back", "2"), ("unresolved", "3"), ("record_note", "4"), *needs, *breaks,
                 ("done", "#"))(view, leg)  # fmt: skip


Find = Callable[[DeskView, Leg], Sequence[Choice]]
IN_ROOM: Mapping[S, Find] = MappingProxyType({
    S.RINGING: busy, S.OFFERING_CALL_BACK: busy, S.CONSULTING: consulting, S.INTRODUCING: introducing,
    S.ASKING_HOLD: _star("withdraw"), S.OFFERING_SUPERVISOR: _star("withdraw"), S.HOLDING: _star("bring_back"),
    S.WARNING: _star("stop_warning"), S.CLOSING: _star("cancel_closing"), S.DIALLING: _star("stop_dialling"),
})  # fmt: skip
"""As ``menu.STAR``."""
PLACES: Mapping[P, Find] = MappingProxyType({
    P.ROOM: in_room,
    P.MENU: steps,
    P.CONDUCT_MENU: conduct,
    P.SKIP_MENU: _named("skip", menu.SKIP_REASONS, BACK),
    P.OFFERS_MENU: offers_menu,
    P.ATTEST_MENU: _only(("time_out_ask", "1"), ("time_out_attest", "2"), BACK),
    P.END_CONDUCT: conduct,
    P.END_CONFIRM: end_confirm,
    P.END_SILENT: _only(("let_go", "1"), BACK),
    P.UNLOCK_MENU: _named("unlock", {key: why.value for key, why in locks.UNLOCK_REASONS.items()}, BACK),
    P.BUSY_MENU: busy,
    P.STANDBY: standby,
    P.HOLD_DESK: hold_desk,
    P.CONSULT_MENU: consulting,
    P.INTRODUCTION_MENU: introducing,
    P.WARNING_ECHO: _only(("stop_warning", "*")),
    P.CLOSING_WATCH: _only(("cancel_closing", "*")),
    P.OFFER: _only(("accept", "1"), ("decline", "2")),
    P.BRIEFING: briefing,
    P.DECLINE_MENU: _named("decline", {key: why.value for key, why in DECLINE_REASONS.items()}),
    P.WRAP_UP: wrap_up,
    P.TOLD: _only(("heard", "1")),
    P.CO_SIGN: _only(("co_sign", "1"), ("not_co_sign", "2")),
})  # fmt: skip
"""As ``keys.KEYS``, for places of staff."""
