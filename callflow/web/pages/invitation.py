"""The page of an invitation: a new passkey, or a password. The token is behind the # of the link, which no proxy sees."""

from flask import Blueprint, Response, jsonify, render_template

from callflow.runtime.password_hashing import Busy, PasswordHashing
from callflow.service.accounts import Passkey, Way
from callflow.service.invitations import LEAST_CHARACTERS, Invitations, not_a_password
from callflow.service.sign_in import digest_of
from callflow.service.sign_in_tries import network_of
from callflow.web.dependencies import Dependencies
from callflow.web.pages import passkeys
from callflow.web.pages.passkeys import NotRight, Passkeys
from callflow.web.pages.sign_in import BUSY
from callflow.web.pages.signing_in import SigningIn, address, body, refusal, wanted

OVER = "This invitation is not good any more: each works once, and for a limited time. Ask for a new one."


def blueprint(dependencies: Dependencies, hashing: PasswordHashing) -> Blueprint:
    invitation, ours = Blueprint("invitation", __name__, template_folder="templates"), SigningIn(dependencies)
    calls = dependencies.calls
    keys = Passkeys(calls.store, ours.public, dependencies.secrets)
    invitations = Invitations(calls.store, calls.clock)

    def invited() -> tuple[str, str]:
        """The token and whom it invites, "" for nobody."""
        token = str(body().get("token", ""))
        person = invitations.person(token, ours.configuration) if token else ""
        if not person:
            ours.tries().refused("", Way.INVITATION)
        return token, person

    def accepted(token: str, person: str, passkey: Passkey | None = None, password: str = "") -> Response:
        if not invitations.accept(token, person, network_of(address()), passkey, password):
            return refusal(OVER)
        return ours.begin(jsonify(next=wanted("")), person, Way.INVITATION)

    @invitation.get("/sign-in/invitation")
    def page() -> str:
        return render_template("invitation.html", passkeys=passkeys.usable(ours.public), least=LEAST_CHARACTERS)

    @invitation.post("/sign-in/invitation/ask")
    def ask() -> Response:
        """Whom the link invites, and what the browser is asked for a passkey."""
        token, person = invited()
        if not person:
            return refusal(OVER)
        name, house = ours.configuration.name_of(person), ours.configuration.organisation.name
        made = (
            keys.to_make(person, name, house, digest_of(token), calls.clock()) if passkeys.usable(ours.public) else ""
        )
        return jsonify(name=name, person=person, options=made)

    @invitation.post("/sign-in/invitation/passkey")
    def passkey() -> Response:
        token, person = invited()
        if not person:
            return refusal(OVER)
        try:
            made = keys.made(body().get("answer") or {}, person, digest_of(token), calls.clock())
        except NotRight as error:
            return refusal(str(error))
        return accepted(token, person, passkey=made)

    @invitation.post("/sign-in/invitation/password")
    def password() -> Response:
        token, person = invited()
        typed = str(body().get("password", ""))
        if not person:
            return refusal(OVER)
        known = (person, ours.configuration.name_of(person), ours.configuration.organisation.name)
        if why := not_a_password(typed, *known):
            return refusal(why, 400)
        try:
            made = hashing.hashed(typed, address())
        except Busy:
            return refusal(BUSY, 503)
        return accepted(token, person, password=made)

    return invitation
