"""A telephone in the browser: what it needs from the provider, which calls it as ``client:...``.

The browser speaks with the provider directly. It can only be called: it gets no right to call anybody.
"""

from collections.abc import Callable
from typing import Final

CLIENT: Final = "client:"
TOKEN_SECONDS: Final = 600
"""How long a token can be used to sign in to the provider; the page asks for the next one before (twilio.md 5.1)."""
CONTENT_POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self' wss://*.twilio.com https://*.twilio.com; media-src 'self' blob: https://sdk.twilio.com; "
    "worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
"""Of the page of this telephone only."""

IssueToken = Callable[[str], str]
"""A token (JWT) for the telephone with this address, such as ``client:ana``."""


def tokens(account: str, key: str, secret: str) -> IssueToken | None:
    """None without an API key of the provider: its password must not sign what a browser gets."""
    if not key:
        return None

    def issue(address: str) -> str:
        # Takes 100 ms to import.
        from twilio.jwt.access_token import AccessToken  # type: ignore[import-untyped]
        from twilio.jwt.access_token.grants import VoiceGrant  # type: ignore[import-untyped]

        token = AccessToken(account, key, secret, identity=address.removeprefix(CLIENT), ttl=TOKEN_SECONDS)
        token.add_grant(VoiceGrant(incoming_allow=True))
        return str(token.to_jwt())

    return issue
