"""Signs a vCon as a JSON Web Signature (General JSON), with a key and certificates that stand in one PEM file.

RS256 as the draft wants it, or Ed25519 for such a key: both sign the same way each time. The certificates go with it
(``x5c``).
"""

import json
from base64 import b64encode
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from callflow import extras
from callflow.incident_file.collecting import CannotExport

VARIABLE: Final = "CALLFLOW_VCON_PEM"
NO_JOSERFC: Final = f"the vCons are not signed; that needs joserfc: {extras.how('evidence')}"
NO_KEY: Final = f"the vCons are not signed: {VARIABLE} is not set"


class Signer:
    """Raises CannotExport if the file has no key that can be used, or no certificate of it."""

    def __init__(self, pem: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
        from cryptography.x509 import load_pem_x509_certificates

        try:
            key, chain = load_pem_private_key(pem, None), load_pem_x509_certificates(pem)
        except (ValueError, TypeError) as error:
            raise CannotExport(f"{VARIABLE} must be a PEM file with an unencrypted private key and its certificates "
                               f"({type(error).__name__})") from None  # fmt: skip
        if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
            raise CannotExport(f"{VARIABLE} has a key that signs differently each time: use RSA or Ed25519")
        if chain[0].public_key() != key.public_key():
            raise CannotExport(f"{VARIABLE}: its first certificate is not that of its key")
        self.algorithm = "RS256" if isinstance(key, RSAPrivateKey) else "Ed25519"
        self._chain = [b64encode(one.public_bytes(Encoding.DER)).decode() for one in chain]
        self._pem = pem

    def signed(self, payload: bytes, uuid: str) -> bytes:
        from joserfc import jws
        from joserfc.jwk import OKPKey, RSAKey
        from joserfc.jws import JWSRegistry
        from joserfc.registry import HeaderParameter

        kind: Any = RSAKey if self.algorithm == "RS256" else OKPKey
        registry = JWSRegistry(
            header_registry={"uuid": HeaderParameter("vCon uuid", "str")}, algorithms=[self.algorithm]
        )
        member: Any = {"protected": {"alg": self.algorithm}, "header": {"x5c": self._chain, "uuid": uuid}}
        found = jws.serialize_json([member], payload, kind.import_key(self._private()), registry=registry)
        return json.dumps(found, indent=1, sort_keys=True).encode() + b"\n"

    def _private(self) -> bytes:
        from cryptography.hazmat.primitives.serialization import (
            Encoding,
            NoEncryption,
            PrivateFormat,
            load_pem_private_key,
        )

        key = load_pem_private_key(self._pem, None)
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def signer_of(path: str) -> Signer | str:
    """What signs with the key in this file, or why nothing is signed. Raises CannotExport."""
    if not path:
        return NO_KEY
    if find_spec("joserfc") is None:
        return NO_JOSERFC
    try:
        return Signer(Path(path).read_bytes())
    except OSError as error:
        raise CannotExport(f"{VARIABLE} names a file that cannot be read: {error.strerror}") from None
