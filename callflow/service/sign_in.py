"""Sessions of people at the pages: they begin with a sign-in, are read at each request, and end by themselves.

A browser has a token, the store its hash. What a person may see is read from the configuration each time.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final

from callflow.core.configuration import Configuration
from callflow.core.records import immutable, record
from callflow.service.accounts import AccessEntry, AccessKind, Accounts, Session, Way
from callflow.service.configurations import Configurations
from callflow.service.ports import Store
from callflow.service.viewers import Viewer, ViewerRole, roles_of, teams_of

LASTS: Final = timedelta(hours=12)
"""A sign-in, at most: a shift."""
IDLE: Final = timedelta(minutes=30)
"""Without use. Not for those who see only their own calls: the desk of an agent waits as long as the next call does."""
NOTED_EVERY: Final = timedelta(minutes=1)
"""Uses are noted so often at most: each is a write."""
TOKEN_BYTES: Final = 32
WALL_NAME: Final = "Wallboard"


@record
class SignedIn:
    """``ends``: when the session ends if it is not used any more; None for one that ends only when it is revoked."""

    viewer: Viewer
    ends: datetime | None


def digest_of(token: str) -> str:
    """What is stored of a token. It has 256 random bits, so a fast hash will do."""
    return sha256(token.encode()).hexdigest()


def new_token() -> str:
    return token_urlsafe(TOKEN_BYTES)


@immutable
class Sessions:
    """All methods raise StoreUnavailable."""

    store: Store
    configurations: Configurations
    clock: Callable[[], datetime]

    def begin(self, person: str, way: Way, network: str = "", roles: frozenset[str] = frozenset()) -> str:
        """Sign this person in. Returns the token for the cookie. ``roles``: see ``accounts.Session``."""
        at, token = self.clock(), new_token()
        self.store.add_page_session(Session(digest=digest_of(token), person=person, way=way, at=at, used=at,
                                            until=at + LASTS, roles=roles))  # fmt: skip
        self.store.add_access_entry(AccessEntry(at=at, kind=AccessKind.SIGNED_IN, person=person, way=way,
                                                network=network))  # fmt: skip
        return token

    def read(self, token: str, poll: bool = False) -> SignedIn | None:
        """Who has this token, None if it opens nothing (any more). Unless it is a ``poll``, this is a use."""
        found, at = self.store.page_session(digest_of(token)), self.clock()
        viewer = found and viewer_of(found, self.configurations.current)
        if not found or not viewer:
            return None
        idles = found.until is not None and bool(viewer.roles - {ViewerRole.AGENT})
        if (found.until and found.until <= at) or (idles and found.used + IDLE <= at):
            self.store.end_page_session(found.digest)
            return None
        if not poll and found.used + NOTED_EVERY <= at:
            self.store.page_session_used(found.digest, at)
        used = found.used if poll else at
        return SignedIn(viewer=viewer, ends=min(found.until, used + IDLE) if idles and found.until else found.until)

    def end(self, token: str) -> None:
        """Sign out. A token that opens nothing is ignored."""
        digest = digest_of(token)
        found = self.store.page_session(digest)
        if found and self.store.end_page_session(digest):
            self.store.add_access_entry(AccessEntry(at=self.clock(), kind=AccessKind.SIGNED_OUT, person=found.person))


def begin_wall(store: Accounts, at: datetime) -> str:
    """A session for televisions, which lasts until it is revoked. Returns its token. Raises StoreUnavailable."""
    token = new_token()
    store.add_page_session(Session(digest=digest_of(token), person="", way=Way.WALL, at=at, used=at))
    store.add_access_entry(AccessEntry(at=at, kind=AccessKind.INVITED, person="", way=Way.WALL))
    return token


def viewer_of(session: Session, configuration: Configuration) -> Viewer | None:
    """None if the person is not in people.yaml (any more), or has none of the roles that the session may have."""
    if session.way is Way.WALL:
        return Viewer(person="", name=WALL_NAME, roles=frozenset({ViewerRole.WALL}),
                      teams=tuple(configuration.teams), session=session.id)  # fmt: skip
    roles = roles_of(session.person, configuration)
    if session.roles:
        roles = frozenset(role for role in roles if role.value in session.roles)
    if not roles:
        return None
    teams = teams_of(session.person, configuration) if ViewerRole.SUPERVISOR in roles else ()
    return Viewer(person=session.person, name=configuration.name_of(session.person), roles=roles, teams=teams,
                  session=session.id)  # fmt: skip
