"""Passkeys (WebAuthn, level 3): what the browser is asked, and whether its answer is right. ``webauthn`` does the work.

It is imported with the first passkey: it takes as long as the rest of the server's start.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from callflow.base_urls import host_of
from callflow.core.records import immutable
from callflow.service import challenges
from callflow.service.accounts import Passkey
from callflow.service.ports import Store

SIGN_IN = "sign-in"
GONE = "This passkey is not known here any more. Ask for a new invitation."
Answer = Mapping[str, Any]
"""What a browser answers, as ``PublicKeyCredential.toJSON`` makes it."""


class NotRight(Exception):
    """The answer of the browser is not accepted. The text is for people."""


def usable(public_url: str) -> bool:
    """Whether browsers offer passkeys at this address: with https and a name, or on this machine."""
    host = host_of(public_url)
    try:
        return not ip_address(host)
    except ValueError:
        return public_url.startswith("https:") or host == "localhost"


@immutable
class Passkeys:
    """``secrets``: the current secret key and earlier ones; they sign challenges."""

    store: Store
    public_url: str
    secrets: tuple[str, ...]

    def to_make(self, person: str, name: str, house: str, purpose: str, at: datetime) -> str:
        """What the browser is asked for a new passkey, as JSON. ``purpose`` must come again with the answer."""
        from webauthn import base64url_to_bytes, generate_registration_options, options_to_json
        from webauthn.helpers.structs import (
            AuthenticatorSelectionCriteria,
            PublicKeyCredentialDescriptor,
            ResidentKeyRequirement,
            UserVerificationRequirement,
        )

        known = [PublicKeyCredentialDescriptor(base64url_to_bytes(one.id)) for one in self.store.passkeys_of(person)]
        return options_to_json(generate_registration_options(
            rp_id=host_of(self.public_url), rp_name=house, user_name=person, user_display_name=name,
            user_id=sha256(f"{host_of(self.public_url)} {person}".encode()).digest(),
            challenge=challenges.challenge(self.secrets[0], purpose, at), exclude_credentials=known,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        ))  # fmt: skip

    def made(self, answer: Answer, person: str, purpose: str, at: datetime) -> Passkey:
        """The new passkey. Raises NotRight, StoreUnavailable."""
        from webauthn import verify_registration_response

        challenge = _challenge(answer)
        found = _checked(lambda: verify_registration_response(
            credential=dict(answer), expected_challenge=challenge, expected_rp_id=host_of(self.public_url),
            expected_origin=self._origin, require_user_verification=True,
        ))  # fmt: skip
        self._first_answer(purpose, challenge, at)
        return Passkey(id=_text(found.credential_id), person=person, public_key=_text(found.credential_public_key),
                       at=at, count=found.sign_count)  # fmt: skip

    def to_sign_in(self, at: datetime) -> str:
        """What the browser is asked for any passkey of this server, as JSON. Nobody learns who has one."""
        from webauthn import generate_authentication_options, options_to_json
        from webauthn.helpers.structs import UserVerificationRequirement

        return options_to_json(generate_authentication_options(
            rp_id=host_of(self.public_url), challenge=challenges.challenge(self.secrets[0], SIGN_IN, at),
            user_verification=UserVerificationRequirement.REQUIRED,
        ))  # fmt: skip

    def signed_in(self, answer: Answer, at: datetime) -> Passkey:
        """The passkey that was used. Raises NotRight, StoreUnavailable."""
        from webauthn import verify_authentication_response

        known, challenge = self.store.passkey(str(answer.get("id", ""))), _challenge(answer)
        if known is None:
            raise NotRight(GONE)
        found = _checked(lambda: verify_authentication_response(
            credential=dict(answer), expected_challenge=challenge, expected_rp_id=host_of(self.public_url),
            expected_origin=self._origin, credential_public_key=_bytes(known.public_key),
            credential_current_sign_count=known.count, require_user_verification=True,
        ))  # fmt: skip
        self._first_answer(SIGN_IN, challenge, at)
        used = replace(known, count=found.new_sign_count, used=at)
        if not self.store.use_passkey(used):
            raise NotRight(GONE)
        return used

    def _first_answer(self, purpose: str, challenge: bytes, at: datetime) -> None:
        if not challenges.is_answered(self.store, self.secrets, purpose, challenge, at):
            raise NotRight("That took too long. Please try again.")

    @property
    def _origin(self) -> str:
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}"


def _checked(verify: Any) -> Any:
    from webauthn.helpers.exceptions import WebAuthnException

    try:
        return verify()
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:  # some are raised for malformed answers
        raise NotRight("The passkey was not accepted. Please try again.") from error


def _challenge(answer: Answer) -> bytes:
    """The challenge that was answered, as the browser says. The signature covers it."""
    try:
        return _bytes(json.loads(_bytes(answer["response"]["clientDataJSON"]))["challenge"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotRight("The passkey was not accepted. Please try again.") from error


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
