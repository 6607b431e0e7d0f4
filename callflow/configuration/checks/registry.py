"""The decorator for checks: ``@check("CF031", needs=("people",))`` on a function that yields ``Found``."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from callflow.configuration.codes import CODES, Severity
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import Problem
from callflow.configuration.reading.source import Loc, Source


@dataclass(frozen=True, slots=True)
class Found:
    """A problem without its code. With ``key`` the key itself is wrong, not its value."""

    source: Source
    loc: Loc
    message: str
    key: bool = False


CheckFunction = Callable[[ConfigurationDraft], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Check:
    code: str
    needs: tuple[str, ...]
    function: CheckFunction

    @property
    def severity(self) -> Severity:
        return CODES[self.code].severity

    def problems(self, draft: ConfigurationDraft) -> Iterator[Problem]:
        """Run the check. Yields nothing if a part of the draft that it needs is missing."""
        if any(getattr(draft, part) is None for part in self.needs):
            return
        for found in self.function(draft):
            yield found.source.problem(found.loc, self.code, found.message, key=found.key)


def collector(checks: list[Check]) -> Callable[..., Callable[[CheckFunction], CheckFunction]]:
    """A decorator that appends checks to this list."""

    def check(code: str, *, needs: tuple[str, ...] = ()) -> Callable[[CheckFunction], CheckFunction]:
        if code not in CODES:
            raise KeyError(f"{code} has no section in codes.md")

        def register(function: CheckFunction) -> CheckFunction:
            checks.append(Check(code, needs, function))
            return function

        return register

    return check
