"""What every way of signing in needs: who asks from where, where to go afterwards, and the cookie."""

import ipaddress
from collections.abc import Mapping
from typing import Any, Final, cast

from flask import Response, current_app, g, jsonify, request, url_for

from callflow.core.configuration import Configuration
from callflow.core.records import immutable
from callflow.service.accounts import Way
from callflow.service.sign_in import LASTS, Sessions
from callflow.service.sign_in_tries import SignInTries, network_of
from callflow.service.viewers import roles_of
from callflow.web.dependencies import Dependencies
from callflow.web.pages import security, site

WALL_SECONDS: Final = 400 * 24 * 3600
"""The most that browsers keep a cookie (RFC 6265bis, 5.5)."""


@immutable
class SigningIn:
    dependencies: Dependencies

    @property
    def public(self) -> str:
        return self.dependencies.urls.public

    @property
    def configuration(self) -> Configuration:
        return self.dependencies.configurations.current

    @property
    def sessions(self) -> Sessions:
        return cast(Sessions, current_app.extensions["sessions"])

    def tries(self) -> SignInTries:
        ours = self.dependencies
        return SignInTries(ours.calls.store, ours.calls.clock, ours.metrics, ours.secret, address())

    def known(self, typed: str) -> str:
        """The id that was typed, "" if nobody here has it."""
        person = typed.strip().lower()
        return person if roles_of(person, self.configuration) else ""

    def begin(self, response: Response, person: str, way: Way, roles: frozenset[str] = frozenset()) -> Response:
        """Sign this person in, instead of whoever is signed in in this browser. Raises StoreUnavailable."""
        self.sessions.end(self.token())
        token = self.sessions.begin(person, way, network_of(address()), roles)
        self.dependencies.metrics.count("sign_ins", way.value, "done")
        security.set_cookie(response, self.public, token, int(LASTS.total_seconds()))
        return response

    def token(self) -> str:
        """That of this browser, "" without one."""
        return request.cookies.get(security.cookie_name(self.public), "")


def address() -> str:
    """From where the request came. A proxy of ours is near, and adds the address that it saw as the last one."""
    peer = request.remote_addr or ""
    before = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return before if before and _is_near(peer) else peer


def _is_near(peer: str) -> bool:
    try:
        return ipaddress.ip_address(peer).is_private
    except ValueError:
        return False


def wanted(next: str) -> str:
    """The page to go to after the sign-in: the one that was asked for if it is ours, else the sign-in's own page."""
    ours = next.startswith("/") and not next.startswith(("//", "/\\")) and next.isprintable()
    return request.script_root + next if ours else url_for("sign_in.page")


def first_page() -> str:
    """The first page that whoever is signed in has, "" without one."""
    pages = site.pages_for(g.viewer) if g.viewer else []
    return url_for(pages[0].endpoint) if pages else ""


def body() -> Mapping[str, Any]:
    """The JSON object that a script of ours has sent; {} for anything else."""
    found = request.get_json(silent=True)
    return found if isinstance(found, dict) else {}


def answer() -> Mapping[str, Any]:
    """That of the browser's device in ``body``; {} without one."""
    found = body().get("answer")
    return found if isinstance(found, dict) else {}


def refusal(why: str, status: int = 403) -> Response:
    """For a script of ours, in words for people."""
    response = jsonify(why=why)
    response.status_code = status
    return response
