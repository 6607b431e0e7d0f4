"""Signing in with a passkey or a password, staying signed in, and signing out."""

from math import ceil

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.runtime.password_hashing import Busy, PasswordHashing
from callflow.service.accounts import Way
from callflow.service.viewers import ViewerRole
from callflow.web.dependencies import Dependencies
from callflow.web.pages import passkeys, security
from callflow.web.pages.passkeys import NotRight, Passkeys
from callflow.web.pages.signing_in import WALL_SECONDS, SigningIn, address, answer, body, first_page, refusal, wanted

WRONG = "The name or the password is not right."
BUSY = "Many people are signing in just now. Please try again in a few seconds."


def blueprint(dependencies: Dependencies, hashing: PasswordHashing) -> Blueprint:
    sign_in, ours = Blueprint("sign_in", __name__, template_folder="templates"), SigningIn(dependencies)

    @sign_in.get("/sign-in")
    def page() -> WerkzeugResponse:
        if g.viewer and (first := first_page()):
            return redirect(first, 303)
        return make_response(page_of(ours))

    @sign_in.get("/")
    def home() -> WerkzeugResponse:
        """Whoever knows only the address of the house."""
        return redirect(url_for("sign_in.page"), 303)

    @sign_in.post("/sign-in")
    def password() -> WerkzeugResponse:
        return _by_password(ours, hashing)

    @sign_in.post("/sign-out")
    def sign_out() -> WerkzeugResponse:
        ours.sessions.end(ours.token())
        response = make_response(redirect(url_for("sign_in.page"), 303))
        security.drop_cookie(response, ours.public)
        return response

    @sign_in.post("/sign-in/still-here")
    def still_here() -> Response:
        """Somebody is using a page, not only looking at it."""
        ends = g.session_ends
        return jsonify(ends=ends.isoformat() if ends else None)

    _with_passkey(sign_in, ours)
    _on_the_wall(sign_in, ours)
    return sign_in


def _with_passkey(sign_in: Blueprint, ours: SigningIn) -> None:
    calls = ours.dependencies.calls
    keys = Passkeys(calls.store, ours.public, ours.dependencies.secrets)

    @sign_in.post("/sign-in/passkey/ask")
    def passkey_ask() -> Response:
        return Response(keys.to_sign_in(calls.clock()), mimetype="application/json")

    @sign_in.post("/sign-in/passkey")
    def passkey() -> Response:
        try:
            used = keys.signed_in(answer(), calls.clock())
        except NotRight as error:
            ours.tries().refused("", Way.PASSKEY)
            return refusal(str(error))
        if not ours.known(used.person):
            ours.tries().refused(used.person, Way.PASSKEY)
            return refusal("You are not among the people of this house any more. Ask whoever looks after Callflow.")
        return ours.begin(jsonify(next=wanted(str(body().get("next", "")))), used.person, Way.PASSKEY)


def _on_the_wall(sign_in: Blueprint, ours: SigningIn) -> None:
    @sign_in.get("/sign-in/wall")
    def wall() -> str:
        return render_template("wall.html")

    @sign_in.post("/sign-in/wall")
    def wall_begin() -> Response:
        """The token of a link is that of the session, so one link serves several televisions."""
        token = str(body().get("token", ""))
        found = ours.sessions.read(token, poll=True)
        if not found or ViewerRole.WALL not in found.viewer.roles:
            return refusal("This link is not good any more. Ask for a new one: callflow people wall-link.")
        response = jsonify(next=request.script_root + "/board?wall=1")
        security.set_cookie(response, ours.public, token, WALL_SECONDS)
        return response


def _by_password(ours: SigningIn, hashing: PasswordHashing) -> WerkzeugResponse:
    typed, password = request.form.get("person", ""), request.form.get("password", "")
    person, tries = ours.known(typed), ours.tries()
    if pause := ceil(tries.pause(person).total_seconds()):
        again = f"After several wrong tries there is a pause. Try again in {_told(pause)}, or sign in with a passkey."
        return _said(ours, again, 429, typed, pause)
    store = ours.dependencies.calls.store
    stored = store.password_of(person) if person else ""
    try:
        kept = hashing.verified(stored, password, address())
    except Busy:
        return _said(ours, BUSY, 503, typed, 5)
    if not kept:
        tries.wrong(person, Way.PASSWORD)
        return _said(ours, WRONG, 403, typed)
    tries.right(person)
    if kept != stored:
        store.put_password(person, kept, ours.dependencies.calls.clock())
    response = make_response(redirect(wanted(request.form.get("next", "")), 303))
    return ours.begin(response, person, Way.PASSWORD)


def _said(ours: SigningIn, why: str, status: int, typed: str, again: int = 0) -> Response:
    response = make_response(page_of(ours, why, typed), status)
    if again:
        response.headers["Retry-After"] = str(again)
    return response


def page_of(ours: SigningIn, wrong: str = "", typed: str = "") -> str:
    return render_template("sign_in.html", wrong=wrong, typed=typed, next=request.values.get("next", ""),
                           passkeys=passkeys.usable(ours.public), host=ours.public,
                           firm=ours.configuration.firm)  # fmt: skip


def _told(seconds: int) -> str:
    minutes = ceil(seconds / 60)
    return f"{seconds} seconds" if seconds < 90 else f"{minutes} minutes"
