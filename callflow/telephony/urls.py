"""All URLs that we pass to the provider: in REST requests, in documents, and when numbers are provisioned.

The provider signs the URL (twilio.md 2), so it is built here, from the configured base URL and unreserved characters,
which nobody encodes differently, and the names of a query are in alphabetical order, because some requests arrive with
them sorted (``signature``). It never contains a phone number or a name, because the provider logs URLs (twilio.md
10).
"""

from collections.abc import Iterable
from dataclasses import field, replace
from urllib.parse import quote

from callflow.audio.sounds import VERSION
from callflow.core.recordings import recording_id
from callflow.core.records import immutable
from callflow.core.stages import PlaceName
from callflow.service.call_service import ANYONE
from callflow.telephony.signature import safe_room_token

OVERRIDES = "#rc=2&rp=ct,5xx&ct=2000&rt=6000&tt=14000"
"""How the provider fetches our documents: two retries, also after 5xx; 2 s to connect, 6 s to answer, 14 s in all.

The fragment is neither sent to us nor signed (twilio.md 1.4, unverified on a live account). Repeated requests do no
harm (floor F7). Set this to "" to use the provider's defaults.
"""

ENTER = "enter"
"""Used instead of a place: render the leg's current place."""
SHORT_DIGEST = 16
"""Characters of a content hash in the address of joined recordings: 64 bits of each."""
NAME_ONLY = 0
"""Used instead of a token, which begins at 1: the document knows the call by its name only."""


KINDS = frozenset({*PlaceName, ENTER, "inbound", "status", "room", "waiting", "fallback", "staff_line"})
"""The last parts of our addresses: a place, or a kind of webhook."""


def kind_of(address: str) -> str:
    """The last part of an address of ours, or "". Unlike the rest of it, it may be logged."""
    last = address.partition("#")[0].partition("?")[0].rpartition("/")[2]
    return last if last in KINDS else ""


def room_name(call: str) -> str:
    """The name of a call's conference, the same as ``core.call.Call.room``, from the call's id."""
    return f"call-{call}"


RECORDING, TAKE = "recording ", "take "
"""What is before the id of a recording in what signs its URL, so that no room has the same signature."""


@immutable
class Urls:
    """The URLs below ``public`` and ``fallback_base``, which have no trailing slash, query or userinfo.

    ``secret`` signs the fallback URLs (``signature.safe_room_token``). ``document`` is the address of the document that
    the provider hosts for when no server of ours answers (``hosted_document``), "" if there is none.
    """

    public: str
    fallback_base: str
    secret: str = field(repr=False)
    overrides: str = OVERRIDES
    document: str = ""

    def leg(self, call: str, leg: str, place: str, token: int) -> str:
        """For a leg's answer to the document ``token`` of ``place``: in Gather, Dial and Redirect. POST."""
        return f"{self.public}/voice/{_segment(call)}/{_segment(leg)}/{token}/{_segment(place)}{self.overrides}"

    def enter(self, call: str, leg: str, token: int) -> str:
        """For the document of the leg's current place: in outgoing calls and REST redirects. POST."""
        return self.leg(call, leg, ENTER, token)

    def leg_status(self, call: str, leg: str) -> str:
        """For the status callbacks of an outgoing leg. POST."""
        return f"{self.public}/voice/{_segment(call)}/{_segment(leg)}/status{self.overrides}"

    def room(self, call: str) -> str:
        """For the events of the call's conference. POST."""
        return f"{self.public}/voice/{_segment(call)}/room{self.overrides}"

    def fallback(self, call: str = "", *, staff: bool = False) -> str:
        """Requested by the provider if a document of ours could not be fetched. POST.

        A leg keeps this URL from its first ringing on, so that of ``staff`` asks for a key before it joins the call's
        room: the leg may have been answered by voicemail (F5). The fallback of a number has no call, because it may not
        exist yet: the room is found by the caller's provider id, as that of any caller in the hosted document.
        """
        if self.document:
            return f"{self.document}?ask={_segment(call)}" if staff else self.document
        return self.node_fallback(room_name(call), lead=staff) if call else self.node_fallback()

    def node_fallback(self, room: str = "", *, lead: bool = False) -> str:
        """The stateless fallback of a node of ours. POST, answered by any node without a database.

        ``room`` is the conference's name. ``lead`` is for legs of staff, which get the star key.
        """
        base = f"{self.fallback_base}/voice/fallback"
        if not room:
            return base + self.overrides
        signed = safe_room_token(self.secret, room, lead=lead)
        return f"{base}?lead={int(lead)}&room={_segment(room)}&sig={signed}{self.overrides}"

    def inbound(self, again: int = 0) -> str:
        """The voice URL of every number, or the one to request ``again`` for a call that could not begin. POST."""
        return f"{self.public}/voice/inbound{f'?again={again}' if again else ''}{self.overrides}"

    def star(self, call: str, node: str = "") -> str:
        """For the star key in a document that knows the call by its name only. POST. ``node``: another base URL."""
        return replace(self, public=node or self.public).leg(call, ANYONE, PlaceName.ROOM, NAME_ONLY)

    def waiting(self, call: str, leg: str, *, begun: bool = False) -> str:
        """For the announcement to a leg that is alone in the room, and its continuation. POST."""
        query = "?begun=1" if begun else ""
        return f"{self.public}/voice/{_segment(call)}/{_segment(leg)}/waiting{query}{self.overrides}"

    def staff_line(self, call: str, token: int) -> str:
        """For an answer to the document ``token`` of a call to the staff line. POST."""
        return f"{self.public}/voice/{_segment(call)}/staff_line?token={token}{self.overrides}"

    def practice(self, call: str, leg_token: int, place: str, token: int) -> str:
        """The same in a practice call, for an answer to the document ``leg_token`` of ``place``. POST."""
        where = f"leg={leg_token}&place={_segment(place)}&token={token}"
        return f"{self.public}/voice/{_segment(call)}/staff_line?{where}{self.overrides}"

    def status(self) -> str:
        """The status callback of every number: requested once, when an inbound call is over (twilio.md 1.6). POST."""
        return f"{self.public}/voice/status{self.overrides}"

    def audio(self, digest: str, path: str) -> str:
        """A recording, by the hash of its content and its path below the audio folder. GET, cached for ever."""
        parts = "/".join(_segment(part) for part in path.split("/"))
        return f"{self.public}/audio/{_segment(digest)}/{parts}"

    def joined(self, script: str, digests: Iterable[str]) -> str:
        """Recordings one after another in one file, by the beginnings of their hashes. GET, cached for ever.

        ``script`` tells people who read a log which line it is.
        """
        names = "-".join([one[:SHORT_DIGEST] for one in digests])
        return f"{self.public}/audio/joined/{_segment(script)}/{names}.wav"

    def spoken(self, call: str, number: int) -> str:
        """What somebody on a call has recorded. GET; only who has the URL can hear it, and only while it is needed."""
        id = recording_id(call, number)
        return f"{self.public}/audio/people/{_segment(id)}/{safe_room_token(self.secret, RECORDING + id)}.wav"

    def take(self, call: str, token: int) -> str:
        """What was just recorded on the staff line, in the document ``token``. GET, and only until it is left."""
        signature = safe_room_token(self.secret, f"{TAKE}{call} {token}")
        return f"{self.public}/audio/takes/{_segment(call)}/{token}/{signature}.wav"

    def music(self, digest: str, seconds: int) -> str:
        """Hold music of exactly ``seconds``. GET, cached for ever."""
        return f"{self.public}/audio/music/{_segment(digest)}/{seconds}.wav"

    def sound(self, name: str, seconds: int) -> str:
        """Exactly ``seconds`` of a sound of ``audio.sounds``. GET, cached for ever."""
        return f"{self.public}/audio/sounds/{VERSION}/{name}/{seconds}.wav"


def _segment(text: str) -> str:
    """Encode a path segment or query value. Only the names of audio files can have reserved characters."""
    if text.isascii() and text.replace("_", "").replace("-", "").isalnum():
        return text  # the usual case: three times as fast as ``quote``, and ten times in every document
    return quote(text, safe="")
