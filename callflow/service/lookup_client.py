"""The port to other systems, which lookups of flows ask."""

from collections.abc import Callable, Mapping
from dataclasses import field
from typing import Protocol

from callflow.core.configuration import LookupRules
from callflow.core.records import record


@record
class LookupRequest:
    """A request to another system. ``name`` is that of flow and step, with a dot between them; ``headers`` are names of
    environment variables; ``seconds`` limits all ``tries``.
    """

    name: str = ""
    method: str
    url: str = field(repr=False)  # may hold what a caller typed
    headers: Mapping[str, str] = field(default_factory=dict)
    own_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Further headers, with their values. They replace ours of the same name."""
    body: bytes = field(default=b"", repr=False)
    seconds: float
    tries: int = 1


class LookupFailure(Exception):
    """There is no usable answer. The text is a few words for the journal; it never quotes the answer."""


Answered = Callable[[bytes | LookupFailure], None]
"""Takes the body of an answer, or the reason why there is none."""


class LookupClient(Protocol):
    def ask(self, question: LookupRequest, rules: LookupRules, answered: Answered) -> None:
        """Send the request, and pass on its answer: before this returns, or later on a virtual clock."""
