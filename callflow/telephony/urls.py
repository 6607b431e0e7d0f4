"""Every address we hand out: to the provider in REST requests and documents, and to ops when provisioning.

The provider signs the address text (twilio.md 2), so an address is built once, here, from the configured base, of
unreserved characters only: nothing on the way can encode it differently. No phone number and no name is ever in one,
because the provider logs addresses (twilio.md 10).
"""

from dataclasses import dataclass, field
from urllib.parse import quote

from callflow.telephony.signature import safe_room_token

OVERRIDES = "#rc=2&rp=ct,5xx&ct=2000&rt=6000&tt=14000"
"""How the provider shall fetch our documents: two retries, also on 5xx; 2 s to connect, 6 s to answer, 14 s in all.

A fragment is neither sent to us nor signed (twilio.md 1.4, unverified on a live account). It asks for repeats, which
floor F7 allows. The one switch: set it to "" and every address goes out bare.
"""

ENTER = "enter"
"""In the place of a place: render whatever is the leg's current place."""


def room_name(call: str) -> str:
    """The conference of a call, as ``core.call.Call.room`` names it: for those who only know the call's id."""
    return f"call-{call}"


@dataclass(frozen=True, slots=True)
class Urls:
    """The addresses under ``public`` and ``fallback_base``: base URLs without a trailing slash, query or userinfo.

    ``secret`` signs the fallback addresses (``signature.safe_room_token``).
    """

    public: str
    fallback_base: str
    secret: str = field(repr=False)
    overrides: str = OVERRIDES

    def leg(self, call: str, leg: str, place: str, token: int) -> str:
        """Where a leg's answer to the document ``token`` of ``place`` goes: Gather, Dial and Redirect. POST."""
        return f"{self.public}/voice/{_segment(call)}/{_segment(leg)}/{token}/{_segment(place)}{self.overrides}"

    def enter(self, call: str, leg: str, token: int) -> str:
        """The document of the leg's current place: for outgoing calls and REST redirects. POST."""
        return self.leg(call, leg, ENTER, token)

    def leg_status(self, call: str, leg: str) -> str:
        """Progress of an outgoing leg: ringing, answered, over. POST."""
        return f"{self.public}/voice/{_segment(call)}/{_segment(leg)}/status{self.overrides}"

    def room(self, call: str) -> str:
        """What happens in the call's conference. POST."""
        return f"{self.public}/voice/{_segment(call)}/room{self.overrides}"

    def fallback(self, room: str = "", *, lead: bool = False) -> str:
        """Fetched when one of our documents could not be had. POST, answered by any node without a database.

        ``room`` is the conference's name. ``lead`` marks a leg of the staff, which gets its star key back. A leg
        keeps this address for good, from its first ringing on, so the document for ``lead`` has to ask for a key
        before it joins: who answered may be a voicemail (F5). A number's own fallback has no room: the call may not
        exist yet.
        """
        base = f"{self.fallback_base}/voice/fallback"
        if not room:
            return base + self.overrides
        signed = safe_room_token(self.secret, room, lead=lead)
        return f"{base}?room={_segment(room)}&lead={int(lead)}&sig={signed}{self.overrides}"

    def inbound(self) -> str:
        """The voice address of every number. POST."""
        return f"{self.public}/voice/inbound{self.overrides}"

    def status(self) -> str:
        """The status address of every number: fires once, when an incoming call is over (twilio.md 1.6). POST."""
        return f"{self.public}/voice/status{self.overrides}"

    def audio(self, digest: str, path: str) -> str:
        """A recorded line, by the hash of its content and its path under the audio directory. GET, cached for ever."""
        parts = "/".join(_segment(part) for part in path.split("/"))
        return f"{self.public}/audio/{_segment(digest)}/{parts}"

    def music(self, digest: str, seconds: int) -> str:
        """Hold music cut to exactly so many seconds. GET, cached for ever."""
        return f"{self.public}/audio/music/{_segment(digest)}/{seconds}.wav"


def _segment(text: str) -> str:
    """One path segment or query value. Ours are unreserved already; an audio file's name may be anything."""
    if text.isascii() and text.replace("_", "").isalnum():
        return text  # ten in every document, and quote takes three times as long to find nothing
    return quote(text, safe="")
