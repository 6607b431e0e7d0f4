"""The caller hangs up at any moment of the demo's call: all legs end in time, and the call is ENDED."""

from collections.abc import Sequence
from functools import cache

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Chaos
from callflow.emulator.events import Event
from callflow.simulator import demo_script
from tests.e2e.configurations import demo_configuration
from tests.e2e.conversation import Conversation

PARTS, QUICK = 20, 4
"""Every fourth part of the instants is tried in `make test`, and all of them in `make test-long`."""
RINGING_ENDS_SECONDS = 3
EVERYBODY_FREE_SECONDS = 75


@cache
def instants() -> Sequence[int]:
    """The numbers of the events at which something new begins while the caller is there, one for each moment."""
    talk = Conversation(demo_configuration())
    found: dict[float, int] = {}

    def keep(event: Event) -> None:
        if talk.caller.phone.leg:
            found.setdefault(event.at.timestamp(), talk.emulator.exchange.event_count)

    talk.emulator.on_event(keep)
    demo_script.script().run(talk.emulator)
    return list(found.values())


def hang_up_at(number: int) -> Conversation:
    """The demo's call until the event with this number, at which the caller hangs up."""
    counted: list[Event] = []

    def there(event: object) -> bool:
        counted.append(event)  # type: ignore[arg-type]
        return len(counted) == number

    talk = Conversation(demo_configuration(), chaos=Chaos(hang_up_at=there))
    demo_script.script().start(talk.emulator)
    return talk.until(lambda: talk.emulator.exchange.chaos_hung_up, f"event {number}", 300).wait(0.1)


@pytest.mark.parametrize(
    "part", [pytest.param(part, marks=[pytest.mark.long] if part % QUICK else []) for part in range(PARTS)]
)
def test_the_caller_hangs_up_at_every_instant(part: int) -> None:
    """No phone goes on ringing, all legs end in time, the call is ENDED, and nothing has failed."""
    for number in instants()[part::PARTS]:
        talk = hang_up_at(number)
        legs = talk.emulator.legs.values()
        talk.until(lambda legs=legs: not any(leg.status in ("queued", "ringing") for leg in legs),
                   f"no phone rings, {number}", RINGING_ENDS_SECONDS)  # fmt: skip
        talk.until(lambda legs=legs: not any(leg.live for leg in legs), f"all free, {number}", EVERYBODY_FREE_SECONDS)
        if talk.callflow.store.calls(live=False):
            talk.stage(Stage.ENDED).noted("call_ended").clean()
