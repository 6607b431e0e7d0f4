"""A device with passkeys, as WebAuthn (level 3) describes it: makes key pairs, and signs what it is asked."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


@dataclass
class Device:
    """``verified``: whether it asks for a finger, a face or a code. ``origin``: the page that its browser shows."""

    origin: str = "https://app.test"
    verified: bool = True
    count: int = 0
    id: bytes = b"a passkey of ours"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def makes(self, options: str | bytes) -> dict[str, Any]:
        asked = json.loads(options)
        numbers = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)})
        credential = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(asked["rp"]["id"], ATTESTED) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": self._client("webauthn.create", asked),
                             "attestationObject": text(attestation)})  # fmt: skip

    def signs(self, options: str | bytes) -> dict[str, Any]:
        asked = json.loads(options)
        self.count += 1
        client, data = self._client("webauthn.get", asked), self._data(asked["rpId"], 0)
        signed = data + sha256(urlsafe_b64decode(client + "==")).digest()
        return self._answer({"clientDataJSON": client, "authenticatorData": text(data),
                             "signature": text(self.key.sign(signed, ec.ECDSA(hashes.SHA256())))})  # fmt: skip

    def _data(self, host: str, flags: int) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verified else 0)
        return sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, asked: dict[str, Any]) -> str:
        return text(json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode())

    def _answer(self, response: dict[str, str]) -> dict[str, Any]:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response,
                "clientExtensionResults": {}}  # fmt: skip
