"""The provider's accounts and their secrets, as they stand in the environment. Pure; no secret is ever in a message."""

import re
from collections.abc import Iterable, Mapping, Sequence

ACCOUNT = re.compile(r"AC[0-9a-fA-F]{32}")
API_KEY = re.compile(r"SK[0-9a-fA-F]{32}")
QUOTES = "\"'"
MISTYPED = "has a blank, a quote or another character that is in no token: copy it again from the provider's console"

User = tuple[str, str]
"""User and password of a request."""


def is_mistyped(secret: str) -> bool:
    return any(one in QUOTES or not one.isascii() or not one.isprintable() or one == " " for one in secret)


def entries(text: str) -> list[tuple[str, str]] | None:
    """(owner or "", secret) for each entry of a comma-separated list like ``owner:secret``; None if one is not."""
    parts = [entry.strip() for entry in text.split(",") if entry.strip()]
    pairs = [entry.rpartition(":") for entry in parts]
    if any(not secret or bool(colon) != bool(owner) for owner, colon, secret in pairs):
        return None
    return [(owner, secret) for owner, _, secret in pairs]


def account_keys(found: Sequence[tuple[str, str]]) -> dict[str, User] | None:
    """The API keys by sub-account, of entries like ``ACxxx:SKxxx:secret``; None if one is not."""
    keys: dict[str, User] = {}
    for owner, secret in found:
        account, _, key = owner.partition(":")
        if not account or not key:
            return None
        keys[account] = key, secret
    return keys


def of_sub_account(account: str, keys: Mapping[str, User], tokens: Mapping[str, Sequence[str]], main: str) -> User:
    """Who asks for a sub-account: its own API key, else its own token, else the token of the main account ``main``.

    API keys of the main account are refused there (twilio.com/docs/iam/api/subaccounts, read 2026-11-30).
    """
    if account in keys:
        return keys[account]
    if tokens.get(account):
        return account, tokens[account][0]
    return main, next(iter(tokens.get("", ())), "")


def unverifiable(accounts: Iterable[str], tokens: Mapping[str, Sequence[str]], main: str) -> str:
    """What to do about sub-accounts whose token is not known; "" if all are. ``main``: the SID of the main account."""
    unknown = sorted(set(accounts) - {*tokens, main, ""})
    if not unknown:
        return ""
    entries = " and ".join(f"{account}:token" for account in unknown)
    return f"calls of a sub-account, which signs with its own token, are refused: add {entries} to TWILIO_AUTH_TOKEN"
