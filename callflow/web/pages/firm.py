"""Signing in with the account of the firm: OpenID Connect, with discovery, PKCE, state and nonce by Authlib.

It is imported with the first such sign-in. The firm's server is asked on the thread of the page, so only a few at once.
"""

import hmac
import logging
import os
from collections.abc import Mapping
from hashlib import sha256
from threading import BoundedSemaphore
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Flask, Response, make_response, redirect, request, session
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.core.firm_sign_in import FirmSignIn
from callflow.service.accounts import Way
from callflow.service.faults import described
from callflow.service.viewers import roles_of
from callflow.web.dependencies import Dependencies
from callflow.web.pages import sign_in
from callflow.web.pages.signing_in import SigningIn, wanted

if TYPE_CHECKING:
    from authlib.integrations.flask_client.apps import FlaskOAuth2App

log = logging.getLogger(__name__)
SECONDS: Final = 5
AT_ONCE: Final = 4
NOT_NOW = "The sign-in of your firm cannot be reached just now. Use a passkey or a password, or try again in a moment."
NOT_YOU = "Your firm's account is nobody here, or has no role here. Ask whoever looks after Callflow."
NOT_DONE = "The sign-in was not finished. Please try again."


class NotDone(Exception):
    """The text is for people."""


class Firm:
    """The client of the firm's sign-in as the configuration has it now."""

    def __init__(self, ours: SigningIn) -> None:
        self.ours = ours
        self._places = BoundedSemaphore(AT_ONCE)
        self._made: tuple[FirmSignIn, FlaskOAuth2App] | None = None

    def begin(self, firm: FirmSignIn) -> WerkzeugResponse:
        """To the firm's server. Raises NotDone."""
        session.clear()  # a cookie has room for a few tries only
        session["next"] = request.args.get("next", "")
        back = f"{self.ours.public}/sign-in/firm/back"
        response: WerkzeugResponse = self._asked(firm, lambda client: client.authorize_redirect(back))
        return response

    def back(self, firm: FirmSignIn) -> Mapping[str, object]:
        """The claims of whoever comes back from there. Raises NotDone."""
        found: Mapping[str, object] | None = self._asked(firm, _claims)
        if not found:
            raise NotDone(NOT_DONE)
        return found

    def _asked(self, firm: FirmSignIn, work: Any) -> Any:
        if not self._places.acquire(blocking=False):
            raise NotDone(NOT_NOW)
        try:
            client = self._client(firm)
            if client.load_server_metadata().get("issuer") != firm.issuer:
                raise ValueError("the discovery document is that of another issuer")
            return work(client)
        except _faults() as error:
            log.warning("the sign-in of the firm failed: %s", described(error))
            raise NotDone(NOT_DONE if _is_refusal(error) else NOT_NOW) from error
        finally:
            self._places.release()

    def _client(self, firm: FirmSignIn) -> "FlaskOAuth2App":
        if self._made and self._made[0] == firm:
            return self._made[1]
        from authlib.integrations.flask_client.apps import FlaskOAuth2App
        from authlib.integrations.flask_client.integration import FlaskIntegration

        client = FlaskOAuth2App(
            FlaskIntegration("firm"), name="firm", client_id=firm.client_id,
            client_secret=os.environ.get(firm.secret, "") if firm.secret else None,
            server_metadata_url=f"{firm.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_kwargs={"scope": "openid profile email", "code_challenge_method": "S256",
                           "default_timeout": SECONDS},
        )  # fmt: skip
        self._made = (firm, client)
        return client


def register(app: Flask, dependencies: Dependencies) -> None:
    """What is on its way to the firm and back stands in a signed cookie."""
    secure = dependencies.urls.public.startswith("https:")
    app.secret_key = hmac.new(dependencies.secret.encode(), b"cookie of the pages", sha256).digest()
    name = "__Host-callflow-firm" if secure else "callflow-firm"
    app.config.update(SESSION_COOKIE_NAME=name, SESSION_COOKIE_PATH="/", SESSION_COOKIE_SECURE=secure,
                      SESSION_COOKIE_SAMESITE="Lax")  # fmt: skip
    app.register_blueprint(_blueprint(SigningIn(dependencies)))


def _blueprint(ours: SigningIn) -> Blueprint:
    pages, firm = Blueprint("firm", __name__), Firm(ours)

    @pages.get("/sign-in/firm")
    def begin() -> WerkzeugResponse:
        wished = ours.configuration.firm
        try:
            return firm.begin(wished) if wished else _said(ours, NOT_NOW)
        except NotDone as error:
            return _said(ours, str(error))

    @pages.get("/sign-in/firm/back")
    def back() -> WerkzeugResponse:
        wished = ours.configuration.firm
        try:
            return _signed_in(ours, wished, firm.back(wished)) if wished else _said(ours, NOT_NOW)
        except NotDone as error:
            ours.tries().refused("", Way.OIDC)
            return _said(ours, str(error))

    return pages


def _signed_in(ours: SigningIn, firm: FirmSignIn, claims: Mapping[str, object]) -> WerkzeugResponse:
    person, allowed = firm.person_of(claims), firm.allowed(claims)
    roles = roles_of(person, ours.configuration)
    if not roles or (firm.roles and not allowed & roles):
        ours.tries().refused(person if roles else "", Way.OIDC)
        return _said(ours, NOT_YOU)
    response = make_response(redirect(wanted(str(session.pop("next", ""))), 303))
    return ours.begin(response, person, Way.OIDC, allowed if firm.roles else frozenset())


def _claims(client: "FlaskOAuth2App") -> Mapping[str, object] | None:
    found: Mapping[str, object] | None = client.authorize_access_token().get("userinfo")
    return found


def _faults() -> tuple[type[Exception], ...]:
    """What goes wrong on the way: no library, no network, an answer that is not right."""
    found: list[type[Exception]] = [OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError]
    try:
        from authlib.common.errors import AuthlibBaseError
        from joserfc.errors import JoseError
    except ImportError:
        return tuple(found)
    return (*found, AuthlibBaseError, JoseError)


def _is_refusal(error: Exception) -> bool:
    """Whether the firm's server has answered, and not as it should."""
    return not isinstance(error, OSError | ImportError)


def _said(ours: SigningIn, why: str) -> Response:
    return make_response(sign_in.page_of(ours, why), 403)
