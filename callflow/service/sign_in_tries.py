"""How often somebody may try to sign in: by person and address, with a pause that grows. Nobody is locked.

Whoever tries somebody else's password from elsewhere delays only themselves. A passkey cannot be guessed, so it is
always accepted.
"""

import hmac
import ipaddress
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from callflow.core.records import immutable
from callflow.service.accounts import AccessEntry, AccessKind, Way
from callflow.service.ports import Counters, Store

FREE: Final = 5
"""Wrong tries in a row without a pause: people mistype."""
FIRST_PAUSE: Final = timedelta(seconds=10)
LONGEST_PAUSE: Final = timedelta(minutes=15)
_ONE_HOUSEHOLD: Final = {4: 32, 6: 64}
"""The bits that one attacker cannot choose freely, by version of the protocol."""
_PART: Final = {4: 24, 6: 48}
"""What is kept of an address in clear."""


@immutable
class SignInTries:
    """Tries from one address. All methods raise StoreUnavailable."""

    store: Store
    clock: Callable[[], datetime]
    counters: Counters
    secret: str
    address: str

    def pause(self, person: str) -> timedelta:
        """How long to wait before the next try; zero if it may be made now."""
        tries = self.store.sign_in_tries(person, self._key)
        if tries.at is None or tries.wrong < FREE:
            return timedelta(0)
        wanted = min(FIRST_PAUSE * (1 << min(tries.wrong - FREE, 10)), LONGEST_PAUSE)
        return max(tries.at + wanted - self.clock(), timedelta(0))

    def wrong(self, person: str, way: Way) -> None:
        """``person``: "" for one who is not known: what was typed may be a password."""
        self._recorded(person, person, way)

    def refused(self, person: str, way: Way) -> None:
        """Something that cannot be guessed was not right. Strangers may send it as often as they like, so what is
        written down of it is as rare as tries of passwords."""
        if self.pause(""):
            self.counters.count("sign_ins", way.value, "refused")
        else:
            self._recorded("", person, way)

    def _recorded(self, counted: str, person: str, way: Way) -> None:
        self.store.wrong_try(counted, self._key, self.clock())
        self.store.add_access_entry(AccessEntry(at=self.clock(), kind=AccessKind.REFUSED, person=person, way=way,
                                                network=network_of(self.address)))  # fmt: skip
        self.counters.count("sign_ins", way.value, "refused")

    def right(self, person: str) -> None:
        self.store.right_try(person, self._key)

    @property
    def _key(self) -> str:
        """Of the address, a hash that only this installation can make."""
        household = _network(self.address, _ONE_HOUSEHOLD)
        return hmac.new(self.secret.encode(), f"address:{household}".encode(), sha256).hexdigest()[:32]


def network_of(address: str) -> str:
    """What the record of accesses keeps of an address: enough to tell houses apart, not people. "" if it is none."""
    return _network(address, _PART)


def _network(address: str, bits: dict[int, int]) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return ""
    plain = getattr(known, "ipv4_mapped", None) or known
    return str(ipaddress.ip_network((plain, bits[plain.version]), strict=False))
