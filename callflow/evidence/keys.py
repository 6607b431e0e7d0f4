"""The keys that checkpoints are signed with. Their text is that of Go's note package."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from typing import Final, NamedTuple

from callflow.evidence.checkpoint import ED25519, KEY_BYTES, TIMED, NotACheckpoint, PublicKey, Sign, Verify

PREFIX: Final = "PRIVATE+KEY+"


class SigningKey(NamedTuple):
    """A secret. It signs as ``public`` of a log, or of a witness (which signs with the time)."""

    public: PublicKey
    sign: Sign


def new_key(name: str, random: Callable[[int], bytes], kind: bytes = ED25519) -> str:
    """The text of a new secret key."""
    seed = random(KEY_BYTES)
    public = _key(name, kind, seed).public
    return f"{PREFIX}{name}+{public.id.hex()}+{b64encode(kind + seed).decode()}"


def signing_key(text: str) -> SigningKey:
    """Raises NotACheckpoint, which does not quote the text."""
    try:
        name, id, encoded = text.strip().removeprefix(PREFIX).split("+", 2)
        raw = b64decode(encoded, validate=True)
    except ValueError:
        raise NotACheckpoint("is no secret key, as `callflow log key` prints it") from None
    if not text.strip().startswith(PREFIX) or raw[:1] not in (ED25519, TIMED) or len(raw) != KEY_BYTES + 1:
        raise NotACheckpoint("is no secret key, as `callflow log key` prints it")
    key = _key(name, raw[:1], raw[1:])
    if key.public.id.hex() != id:
        raise NotACheckpoint("is a secret key with a wrong id: it was not copied as a whole")
    return key


def _key(name: str, kind: bytes, seed: bytes) -> SigningKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # takes 10 ms to import

    private = Ed25519PrivateKey.from_private_bytes(seed)
    return SigningKey(PublicKey(name, private.public_key().public_bytes_raw(), kind), private.sign)


def verifier(key: PublicKey) -> Verify:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    public = Ed25519PublicKey.from_public_bytes(key.raw)

    def verify(signature: bytes, text: bytes) -> bool:
        try:
            public.verify(signature, text)
        except InvalidSignature:
            return False
        return True

    return verify


def log_keys(key: PublicKey) -> dict[PublicKey, Verify]:
    """What a log signs its checkpoints with: plain, and with the time."""
    verify = verifier(key)
    return {PublicKey(key.name, key.raw, kind): verify for kind in (ED25519, TIMED)}
