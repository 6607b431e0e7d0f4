"""What pages show that takes seconds to make: made elsewhere, asked for again, and never waited for."""

from typing import Final, Protocol

from callflow.core.records import record


@record
class Made:
    """``content`` once it is made; ``problem``: why it cannot be; neither while it is being made."""

    content: bytes = b""
    problem: str = ""

    @property
    def being_made(self) -> bool:
        return not self.content and not self.problem


MAKING: Final = Made()
NOT_BEGUN: Final = Made(problem="it is not being made: ask for it again")


class PageWork(Protocol):
    """Each returns at once, the first time ``MAKING``; asking again begins nothing anew."""

    def checked(self, digest: str) -> Made:
        """What `callflow check --json` says of a configuration that was ever in force."""

    def sound(self, call: str) -> Made:
        """A past call (its id) as a stereo WAV file: what its documents had people hear (`callflow replay --wav`)."""

    def own_file(self, call: str, person: str, *, begin: bool) -> Made:
        """The incident file of a call (its id) for a person who was on it (`callflow incident export --for agent`).

        Without ``begin`` only one that was begun is told of: making it is an entry in the journal.
        """


class NoPageWork:
    """Of a rehearsal, which has no database that another process could read."""

    def checked(self, digest: str) -> Made:
        return Made(problem="run `callflow check`: this server does not check while it runs")

    def sound(self, call: str) -> Made:
        return Made(problem="run `callflow replay --wav`: this server makes no sound of calls")

    def own_file(self, call: str, person: str, *, begin: bool) -> Made:
        return Made(problem="run `callflow incident export --for agent`: this server makes no files")
