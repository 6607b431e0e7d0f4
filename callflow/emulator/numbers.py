"""The account's telephone numbers and their settings (twilio.md 5.7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from callflow.emulator.legs import StatusCallback
from callflow.emulator.webhook import Target


@dataclass(eq=False)
class Number:
    """An IncomingPhoneNumber. An empty `voice_url` makes calls fail at once."""

    sid: str
    phone_number: str
    created: datetime
    updated: datetime
    friendly_name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    voice_caller_id_lookup: bool = False
    voice_receive_mode: str = "voice"
    voice_application_sid: str = ""
    sms: bool = True

    def fallback(self) -> Target | None:
        return Target(self.voice_fallback_url, self.voice_fallback_method) if self.voice_fallback_url else None

    def callback(self) -> StatusCallback:
        """The number's status callback, which is sent once, at the end of a call (twilio.md 1.6)."""
        target = Target(self.status_callback, self.status_callback_method) if self.status_callback else None
        return StatusCallback(target)


class SipDomain(Number):
    """A SIP domain; `phone_number` is its name, like example.sip.twilio.com. It answers calls to any of its users."""


@dataclass(frozen=True, eq=False)
class CallerId:
    """An OutgoingCallerId: a number that is not the account's, but may be shown because its owner confirmed it."""

    sid: str
    phone_number: str
    friendly_name: str
    created: datetime
