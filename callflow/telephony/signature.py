"""Verifies that a request is from the provider, and that a fallback URL is one of ours.

The provider signs the URL that it was given, plus the form (twilio.md 2). We check against our *configured* base URL
and the raw target, never against the Host header or a re-encoded URL. Twilio's own validator computes two signatures
and is slow (perf.md 1b); tests/telephony/test_signature.py compares the results of both.
"""

import hmac
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from time import monotonic
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

SIGNATURE = "X-Twilio-Signature"
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
DEFAULT_ACCOUNT = ""
PROBE = "?probe=1"
"""The end of the target of a request that we sign ourselves, to see whether it arrives: no sign of the provider."""

Pairs = Sequence[tuple[str, str]]


class Headers(Protocol):
    """Request headers, looked up in their usual spelling (a dict, or the type of a framework)."""

    def get(self, name: str, /) -> str | None: ...


class Verifier:
    """Verifies the signatures of requests.
    ``public_url`` and ``fallback_url`` are base URLs without a trailing slash, query or userinfo. ``tokens`` are auth
    tokens by account SID; those under ``""`` are for all other accounts. Sub-accounts have their own tokens, and during
    rotation an account has several. ``shared_keys`` are secrets by key id, for HMAC_SHA256 (public beta, twilio.md 2).
    """

    def __init__(
        self,
        public_url: str,
        tokens: Mapping[str, Sequence[str]],
        *,
        fallback_url: str = "",
        shared_keys: Mapping[str, str] | None = None,
    ) -> None:
        bases = [*_forms(public_url), *(_forms(fallback_url) if fallback_url else ())]
        self._bases: tuple[str, ...] = tuple(dict.fromkeys(bases))
        self._tokens = {sid: tuple(token.encode() for token in some) for sid, some in tokens.items()}
        self._default = self._tokens.get(DEFAULT_ACCOUNT, ())
        self._by_account = bool(self._tokens.keys() - {DEFAULT_ACCOUNT})
        self.last_signed: dict[str, float] = {}
        """When the provider's last request came, by the form of our base URL, on the clock of ``time.monotonic``."""
        self._shared = {name: (secret.encode(),) for name, secret in (shared_keys or {}).items()}

    def verify(self, raw_target: str, body_pairs: Pairs, headers: Headers) -> bool:
        """Whether the request is genuine. Never raises.

        ``raw_target`` is the path and query below the base URL, as received and not decoded; the order of the query's
        names may differ from the signed one. ``body_pairs`` is the decoded form with its empty values, untrimmed (empty
        for GET).
        """
        signature = headers.get(SIGNATURE)
        if not signature or not raw_target.startswith("/"):
            return False
        settings = headers.get(SIGNATURE_SETTINGS)
        algorithm, key_id = _algorithm(settings) if settings else ("sha1", "")
        keys = self._shared.get(key_id, ()) if algorithm == "sha256" else self._account_keys(raw_target, body_pairs)
        if not algorithm:
            return False
        base = self._matching(_signed(raw_target, body_pairs), keys, algorithm, signature)
        if not base and (ordered := _in_order(raw_target)) != raw_target:
            base = self._matching(_signed(ordered, body_pairs), keys, algorithm, signature)
        if base and not raw_target.endswith(PROBE):
            self.last_signed[base] = monotonic()
        return bool(base)

    def _account_keys(self, raw_target: str, body_pairs: Pairs) -> tuple[bytes, ...]:
        if not self._by_account:
            return self._default
        pairs: Iterable[tuple[str, str]] = body_pairs or parse_qsl(raw_target.partition("?")[2])
        account = next((value for name, value in pairs if name == "AccountSid"), DEFAULT_ACCOUNT)
        return self._tokens.get(account, self._default)

    def _matching(self, signed: str, keys: tuple[bytes, ...], algorithm: str, signature: str) -> str:
        """The form of our base URLs with which the signature is right, or ""."""
        expected = signature.encode("utf-8", "replace")
        try:
            for base in self._bases:
                text = (base + signed).encode()
                for key in keys:
                    if hmac.compare_digest(b64encode(_mac(key, text, algorithm)), expected):
                        return base
        except UnicodeEncodeError:  # a lone surrogate, which cannot have been sent as UTF-8
            return ""
        return ""


def _mac(key: bytes, text: bytes, algorithm: str) -> bytes:
    """HMAC. ``hmac.digest`` asks OpenSSL for the algorithm every time: 17 us in a busy server (1 us in a loop)."""
    found = _begun(key, algorithm).copy()
    found.update(text)
    return found.digest()


@lru_cache(maxsize=64)  # there are a few keys
def _begun(key: bytes, algorithm: str) -> hmac.HMAC:
    return hmac.new(key, digestmod=algorithm)


def _in_order(raw_target: str) -> str:
    """The target with its query in alphabetical order, as we write it.

    Two reports, independent of each other, say that requests arrive with the names of the query in another order than
    they were signed in.
    """
    path, mark, query = raw_target.partition("?")
    return f"{path}{mark}{'&'.join(sorted(query.split('&'), key=lambda field: field.partition('=')[0]))}"


def _signed(raw_target: str, body_pairs: Pairs) -> str:
    """What follows the base URL in the signed text. A repeated pair counts once, as in Twilio's validator."""
    if raw_target.endswith("?") and raw_target.count("?") == 1:  # an empty query is not signed
        raw_target = raw_target[:-1]
    form = dict(body_pairs)
    if len(form) < len(body_pairs):
        return raw_target + "".join([name + value for name, value in sorted(set(body_pairs))])
    return raw_target + "".join([name + form[name] for name in sorted(form)])  # the usual case: a third faster


def _forms(base: str) -> Iterator[str]:
    """The base URL as it may be signed, the likeliest first: https without the port, http with it (twilio.md 2)."""
    parts = urlsplit(base)
    host = parts.netloc.rpartition("@")[2]
    bare = host if parts.port is None else host.rpartition(":")[0]
    port = parts.port or (443 if parts.scheme == "https" else 80)
    without, explicit = (f"{parts.scheme}://{name}{parts.path}" for name in (bare, f"{bare}:{port}"))
    keeps = parts.scheme == "http" and parts.port is not None
    yield from (explicit, without) if keeps else (without, explicit)


def _algorithm(settings: str) -> tuple[str, str]:
    """(hash name, key id) of a header "key=<id>,algorithm=<name>". The hash name is "" if it is unknown."""
    fields = dict(part.strip().split("=", 1) for part in settings.split(",") if "=" in part)
    name = fields.get("algorithm", "").strip().upper() or "HMAC_SHA1"
    return {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}.get(name, ""), fields.get("key", "").strip()


def sign(url: str, form: Mapping[str, str], token: str) -> str:
    """The signature of a request as the provider makes it, with this auth token."""
    text = url + "".join(name + form[name] for name in sorted(form))
    return b64encode(_mac(token.encode(), text.encode(), "sha1")).decode()


def safe_room_token(secret: str, room: str, *, lead: bool = False) -> str:
    """The signature in a fallback URL (32 hex digits), for this room, with or without the star key.

    It lets any node answer the URL without a database, and prevents others from naming a room.
    """
    text = f"callflow fallback\n{room}\n{int(lead)}"
    return _mac(secret.encode(), text.encode(), "sha256").hex()[:32]


def is_safe_room_token(secrets: tuple[str, ...], room: str, token: str, *, lead: bool = False) -> bool:
    """Whether ``token`` is that of ``safe_room_token`` with one of the secrets. Compares in constant time."""
    wanted = [safe_room_token(secret, room, lead=lead).encode() for secret in secrets]
    return any([hmac.compare_digest(token.encode("utf-8", "replace"), one) for one in wanted])
