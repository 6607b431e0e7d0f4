"""Calls from one number of the account to another: two legs with a line between them (twilio.md 5.0).

The called leg asks the number's voice URL, and the calling one is answered with it. Keys that a document plays on one
(<Play digits>) are pressed at the other, and when one ends the other does (`calls`).
"""

from __future__ import annotations

from functools import partial

from callflow.emulator.dialling import receive_call
from callflow.emulator.exchange import Exchange
from callflow.emulator.legs import Leg
from callflow.emulator.phones import phone_of


def between_numbers(exchange: Exchange) -> None:
    """From now on a call to a number of the account that has a voice URL rings that number, not a telephone."""
    exchange.connect_own = partial(_connect, exchange)


def _connect(exchange: Exchange, leg: Leg) -> bool:
    number = exchange.line_of(leg.to_number)
    if number is None or not number.voice_url:
        return False
    called = Leg(exchange.sids.new("CA"), exchange.account_sid, "inbound", leg.from_number, leg.to_number,
                 exchange.clock.now(), phone=phone_of(exchange, leg.from_number))  # fmt: skip
    leg.peer, called.peer = called, leg
    receive_call(exchange, called, number)
    return True
