"""The version of what pages about live calls show, so that a page that asks every second is told cheaply that it is as
it was.

It is read from memory while nothing changes. On PostgreSQL nodes tell each other of changes by NOTIFY, a few times a
second each, and not in the transaction that decides: a commit with NOTIFY waits for every other one, which took two
thirds of the throughput of eight threads (store.page_versions).
"""

from typing import Final, Protocol

SHARE_SECONDS: Final = 0.25
"""How often a node tells others of its changes, and hears of theirs."""


class PageVersions(Protocol):
    def page_version(self) -> str:
        """A short text that is another one after every change of a live call or of what a person is doing.

        The same on every node that has heard of the same changes: at once of its own, within about half a second of
        those of others. Raises StoreUnavailable.
        """

    def share_changes(self) -> None:
        """Tell the other nodes of changes, and hear of theirs. To be called every ``SHARE_SECONDS``. Never raises."""
