"""A small local Twilio Programmable Voice: REST API, TwiML runner, conferences, phones. Start at `Emulator`.

It imports nothing else of this project and talks to the app only over HTTP or through its WSGI callable.

    emu = Emulator(app_client=WsgiAppClient(app), clock=VirtualClock())
    emu.add_number("+15550100100", voice_url="https://app.example/voice")
    leg = emu.phone("+15550100111").call("+15550100100")
    emu.clock.run_for(10)
    leg.heard
"""

from callflow.emulator.app_clients import HttpAppClient, WsgiAppClient
from callflow.emulator.clock import Clock, RealClock, VirtualClock
from callflow.emulator.emulator import Emulator
from callflow.emulator.exchange import ErrorEntry, Person, RestEntry
from callflow.emulator.legs import Heard, Leg
from callflow.emulator.phones import (
    Answers,
    Busy,
    Manual,
    NoAnswer,
    NotOnACall,
    Phone,
    Reject,
    Unreachable,
    Voicemail,
)
from callflow.emulator.switches import Chaos, Switches
from callflow.emulator.voices import Voices

PhoneLeg = Leg

__all__ = [
    "Answers",
    "Busy",
    "Chaos",
    "Clock",
    "Emulator",
    "ErrorEntry",
    "Heard",
    "HttpAppClient",
    "Leg",
    "Manual",
    "NoAnswer",
    "NotOnACall",
    "Person",
    "Phone",
    "PhoneLeg",
    "RealClock",
    "Reject",
    "RestEntry",
    "Switches",
    "Unreachable",
    "VirtualClock",
    "Voicemail",
    "Voices",
    "WsgiAppClient",
]
