"""Addresses of audio that one viewer may fetch for a few minutes, after the journal said so. Any node answers them."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from itsdangerous import BadSignature, URLSafeSerializer

from callflow.service.viewers import Viewer

SECONDS: Final = 900
"""A player fetches parts of a file as long as somebody listens."""


class AudioLinks:
    def __init__(self, secret: str, clock: Callable[[], datetime]) -> None:
        self._signer, self._clock = URLSafeSerializer(secret, salt="callflow audio of pages"), clock

    def made(self, what: str, viewer: Viewer) -> str:
        """A token for this viewer, in this session."""
        made: str = self._signer.dumps([what, viewer.person, viewer.session, int(self._clock().timestamp()) + SECONDS])
        return made

    def opened(self, token: str, viewer: Viewer) -> str | None:
        """What it is for; None for one of somebody else, of another session, or that is over."""
        try:
            what, person, session, until = self._signer.loads(token)
        except (BadSignature, ValueError):
            return None
        mine = [person, session] == [viewer.person, viewer.session] and self._clock().timestamp() < until
        return str(what) if mine else None
