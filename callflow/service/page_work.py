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


class PageWork(Protocol):
    """Each returns at once, the first time ``MAKING``; asking again begins nothing anew."""

    def checked(self, digest: str) -> Made:
        """What `callflow check --json` says of a configuration that was ever in force."""

    def sound(self, call: str) -> Made:
        """A past call (its id) as a stereo WAV file: what its documents had people hear (`callflow replay --wav`)."""


class NoPageWork:
    """Of a rehearsal, which has no database that another process could read."""

    def checked(self, digest: str) -> Made:
        return Made(problem="run `callflow check`: this server does not check while it runs")

    def sound(self, call: str) -> Made:
        return Made(problem="run `callflow replay --wav`: this server makes no sound of calls")
