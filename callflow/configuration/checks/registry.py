"""How a check is written: ``@checks("CF031", needs=("people",))`` above a function that yields what it found."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from callflow.configuration.codes import CODES, Severity
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import Problem
from callflow.configuration.reading.source import Loc, Source


@dataclass(frozen=True, slots=True)
class Found:
    """A problem without its code. ``key``: the key itself is wrong, not its value."""

    source: Source
    loc: Loc
    message: str
    key: bool = False


Look = Callable[[ConfigurationDraft], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    needs: tuple[str, ...]
    look: Look

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    def problems(self, draft: ConfigurationDraft) -> Iterator[Problem]:
        """What this check finds; nothing when a part of the draft it needs is not there."""
        if any(getattr(draft, part) is None for part in self.needs):
            return
        for found in self.look(draft):
            yield found.source.problem(found.loc, self.code, found.message, key=found.key)


def collector(checks: list[Check]) -> Callable[..., Callable[[Look], Look]]:
    """A decorator that puts checks into this list, in the order in which they are written."""

    def check(code: str, *, needs: tuple[str, ...] = ()) -> Callable[[Look], Look]:
        if code not in CODES:
            raise KeyError(f"{code} has no section in codes.md")

        def keep(look: Look) -> Look:
            checks.append(Check(code, needs, look))
            return look

        return keep

    return check
