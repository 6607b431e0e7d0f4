"""Messages: create (a text message to a phone), fetch, list. Codes are those of twilio.com/docs/api/errors.

A phone's `refuses_messages` is the code with which messages to it are refused: 21610 after its person wrote STOP, 21614
for a number that is no mobile. A number of the account without `sms` cannot send any (21606).
"""

from __future__ import annotations

import re
from functools import partial

from callflow.emulator.messages import ARRIVES_SECONDS, Message
from callflow.emulator.phones import phone_of
from callflow.emulator.rest import render
from callflow.emulator.rest.pages import page_of
from callflow.emulator.rest.problems import invalid, not_found
from callflow.emulator.rest.request import Request, Response

MOST_CHARACTERS = 1600
_NUMBER = re.compile(r"^\+[1-9][0-9]{6,14}$")


def create(request: Request) -> Response:
    """201 with status queued; it arrives a second later."""
    exchange, to, sender, body = request.exchange, request.get("To"), request.get("From"), request.get("Body")
    if not to:
        raise invalid(21604, "A 'To' phone number is required.")
    if not sender:
        raise invalid(21603, "A 'From' phone number is required.")
    if not body:
        raise invalid(21602, "Message body is required.")
    if len(body) > MOST_CHARACTERS:
        raise invalid(21617, "The concatenated message body exceeds the 1600 character limit.")
    if not _NUMBER.match(to):
        raise invalid(21211, f"Invalid 'To' Phone Number: {to}")
    number = exchange.numbers.get(sender)
    if number is None or not number.sms:
        raise invalid(21606, f"The 'From' phone number provided ({sender}) is not a valid message-capable number")
    phone = phone_of(exchange, to)
    if phone.refuses_messages:
        raise invalid(phone.refuses_messages, f"The message to {to} cannot be sent")
    message = Message(exchange.sids.new("SM"), exchange.clock.now(), sender, to, body)
    exchange.messages[message.sid] = message
    exchange.clock.after(ARRIVES_SECONDS, partial(phone.messages.append, message))
    return Response(201, render.message(exchange, message))


def fetch(request: Request) -> Response:
    found = request.exchange.messages.get(request.ids[0])
    if found is None:
        raise not_found(request.path)
    return Response(200, render.message(request.exchange, found))


def list_all(request: Request) -> Response:
    to, sender = request.get("To"), request.get("From")
    wanted = [one for one in request.exchange.messages.values()
              if to in {"", one.to_number} and sender in {"", one.from_number}]  # fmt: skip
    return page_of(request, "messages", wanted, partial(render.message, request.exchange))
