"""Two bridged legs (Dial Number, Dial Queue): what both hear, and what ends the bridge."""

from __future__ import annotations

from callflow.emulator.legs import Leg
from callflow.emulator.program import Body, ChildGone, Key, Signal, Wait
from callflow.emulator.running import Run
from callflow.emulator.verbs.conference import Stay


def talk(run: Run, partner: Leg, stay: Stay) -> Body[str]:
    """Bridge `run.leg` and `partner`. Returns why the bridge ended: star, time-limit, over or redirected."""
    exchange, leg = run.exchange, run.leg
    sounds = [(one, exchange.begin_sound(one, "people", other.sid)) for one, other in ((leg, partner), (partner, leg))]
    leg.doing, partner.doing = f"talking {partner.person}", f"talking {leg.person}"
    try:
        return (yield from _until_it_ends(run, partner, stay))
    finally:
        for one, index in sounds:
            exchange.end_sound(one, index, True)


def _until_it_ends(run: Run, partner: Leg, stay: Stay) -> Body[str]:
    clock = run.exchange.clock
    deadline = clock.monotonic() + stay.time_limit
    hears: tuple[type[Signal], ...] = (ChildGone, Key) if stay.leaves_on_star else (ChildGone,)
    while True:
        signal: Signal | None = yield Wait(deadline - clock.monotonic(), hears, keeps_keys=False)
        if signal is None:
            return "time-limit"
        if isinstance(signal, ChildGone) and signal.sid == partner.sid:
            return "redirected" if signal.redirected else "over"
        if isinstance(signal, Key) and signal.key == "*":
            return "star"
