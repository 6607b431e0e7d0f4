"""The page of an invitation: a new passkey, or a password. The token is behind the # of the link: no proxy sees it."""

from flask import Blueprint, Response, jsonify, render_template

from callflow.core.records import immutable
from callflow.runtime.password_hashing import Busy, PasswordHashing
from callflow.service.accounts import Passkey, Way
from callflow.service.invitations import LEAST_CHARACTERS, Invitations, not_a_password
from callflow.service.sign_in import digest_of
from callflow.service.sign_in_tries import network_of
from callflow.web.dependencies import Dependencies
from callflow.web.pages import passkeys
from callflow.web.pages.passkeys import NotRight, Passkeys
from callflow.web.pages.sign_in import BUSY
from callflow.web.pages.signing_in import SigningIn, address, answer, body, refusal, wanted

OVER = "This invitation is not good any more: each works once, and for a limited time. Ask for a new one."


def blueprint(dependencies: Dependencies, hashing: PasswordHashing) -> Blueprint:
    invitation = Blueprint("invitation", __name__, template_folder="templates")
    handlers = Handlers(SigningIn(dependencies), hashing)

    @invitation.get("/sign-in/invitation")
    def page() -> str:
        usable = passkeys.usable(dependencies.urls.public)
        return render_template("invitation.html", passkeys=usable, least=LEAST_CHARACTERS)

    for name in ("ask", "passkey", "password"):
        invitation.add_url_rule(f"/sign-in/invitation/{name}", name, getattr(handlers, name), methods=["POST"])
    return invitation


@immutable
class Handlers:
    """What the script of the page asks, each time with the token of the link."""

    ours: SigningIn
    hashing: PasswordHashing

    def ask(self) -> Response:
        """Whom the link invites, and what the browser is asked for a passkey."""
        token, person = self._invited()
        if not person:
            return refusal(OVER)
        name, house = self.ours.configuration.name_of(person), self.ours.configuration.organisation.name
        options = ""
        if passkeys.usable(self.ours.public):
            options = self._keys.to_make(person, name, house, digest_of(token), self.ours.dependencies.calls.clock())
        return jsonify(name=name, person=person, options=options)

    def passkey(self) -> Response:
        token, person = self._invited()
        if not person:
            return refusal(OVER)
        try:
            made = self._keys.made(answer(), person, digest_of(token), self.ours.dependencies.calls.clock())
        except NotRight as error:
            return refusal(str(error))
        return self._accepted(token, person, passkey=made)

    def password(self) -> Response:
        token, person = self._invited()
        typed = str(body().get("password", ""))
        if not person:
            return refusal(OVER)
        found = self.ours.configuration
        if why := not_a_password(typed, person, found.name_of(person), found.organisation.name):
            return refusal(why, 400)
        try:
            made = self.hashing.hashed(typed, address())
        except Busy:
            return refusal(BUSY, 503)
        return self._accepted(token, person, password=made)

    def _invited(self) -> tuple[str, str]:
        """The token and whom it invites, "" for nobody."""
        token = str(body().get("token", ""))
        person = self._invitations.person(token, self.ours.configuration) if token else ""
        if not person:
            self.ours.tries().refused("", Way.INVITATION)
        return token, person

    def _accepted(self, token: str, person: str, passkey: Passkey | None = None, password: str = "") -> Response:
        if not self._invitations.accept(token, person, network_of(address()), passkey, password):
            return refusal(OVER)
        return self.ours.begin(jsonify(next=wanted("")), person, Way.INVITATION)

    @property
    def _invitations(self) -> Invitations:
        calls = self.ours.dependencies.calls
        return Invitations(calls.store, calls.clock)

    @property
    def _keys(self) -> Passkeys:
        return Passkeys(self.ours.dependencies.calls.store, self.ours.public, self.ours.dependencies.secrets)
