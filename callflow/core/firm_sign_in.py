"""The firm's own sign-in (OpenID Connect): who a person is there, and what that lets them do here."""

from collections.abc import Iterable, Mapping
from dataclasses import field

from callflow.core.records import record


@record
class FirmSignIn:
    """``secret`` is the name of the environment variable with the secret of this client, "" for a client without one.

    The claim ``person`` says who somebody is: a value of ``people``, or an id of people.yaml, with @ and ``domain``
    behind it unless that is "". ``roles``: value of the claim ``claim`` -> the role that it allows; without any,
    everything that people.yaml says.
    """

    name: str
    issuer: str
    client_id: str
    secret: str = ""
    person: str = "preferred_username"
    domain: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)

    def person_of(self, claims: Mapping[str, object]) -> str:
        """The id that these claims name, "" for none. An address that nobody has confirmed names none."""
        value = str(claims.get(self.person) or "").lower()
        if self.person == "email" and claims.get("email_verified") is False:
            return ""
        if found := next((id for known, id in self.people.items() if known.lower() == value), ""):
            return found
        name, _, domain = value.partition("@")
        return name if domain == self.domain.lower() else ""

    def allowed(self, claims: Mapping[str, object]) -> frozenset[str]:
        """The roles that these claims allow."""
        found = claims.get(self.claim)
        values = found if isinstance(found, Iterable) and not isinstance(found, str) else [found]
        return frozenset(self.roles[str(one)] for one in values if str(one) in self.roles)
