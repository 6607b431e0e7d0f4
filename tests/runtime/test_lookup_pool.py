"""Lookups have a pool of their own, so that a slow system does not delay requests to the provider."""

from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import Any

from callflow.runtime.runners import LOOKUPS, ThreadRunner
from callflow.service.ports import LookupStepRequest, ProviderRequest, RedirectRequest


def order(kind: type[LookupStepRequest | RedirectRequest], number: int) -> ProviderRequest:
    return kind(id=f"c.{kind.kind}.{number}", call="c", leg="caller", token=number)


def test_slow_systems_hold_up_no_order() -> None:
    sent, release, asked = Event(), Event(), Event()

    def send(one: ProviderRequest, tries: int = 0) -> None:
        if one.kind == "lookup":
            asked.set()
            release.wait(5)
        else:
            sent.set()

    runner: Any = ThreadRunner(lambda: datetime.now(UTC))
    runner.attach(SimpleNamespace(send=send, settle=list), SimpleNamespace())
    runner._senders.start()
    runner._lookups.start()
    orders = [*(order(LookupStepRequest, number) for number in range(LOOKUPS + 4)), order(RedirectRequest, 99)]
    runner.hand_over(SimpleNamespace(notes=(), orders=orders, freed=(), due=None, away=()))
    try:
        assert asked.wait(2)
        assert sent.wait(2)
    finally:
        release.set()
        runner.stop()
