"""Other systems are asked by a crew of their own: a slow one holds up no order to a leg."""

from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import Any

from callflow.service.outlets import ASKERS, Background
from callflow.service.ports import Order


def order(kind: str, number: int) -> Order:
    return Order(id=f"c.{kind}.{number}", kind=kind, call="c", leg="caller", token=number)


def test_slow_systems_hold_up_no_order() -> None:
    sent, release, asked = Event(), Event(), Event()

    def send(one: Order, tries: int = 0) -> None:
        if one.kind == "lookup":
            asked.set()
            release.wait(5)
        else:
            sent.set()

    outlet: Any = Background(lambda: datetime.now(UTC))
    outlet.attach(SimpleNamespace(send=send, settle=list), SimpleNamespace())
    outlet._senders.start()
    outlet._askers.start()
    orders = [*(order("lookup", number) for number in range(ASKERS + 4)), order("redirect", 99)]
    outlet.hand_over(SimpleNamespace(orders=orders, freed=(), due=None))
    try:
        assert asked.wait(2)
        assert sent.wait(2)
    finally:
        release.set()
        outlet.stop()
