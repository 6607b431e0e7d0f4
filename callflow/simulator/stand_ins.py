"""Stand-ins for the other systems in a scenario: they answer lookups as it says, on the virtual clock.

Attempts, time limits and statuses follow the rules of the HTTP client.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from callflow.core.configuration import LookupRules
from callflow.lookups.attempts import IN_TIME, TryAgain, after_sending, attempts, check_status
from callflow.service.lookup_client import Answered, LookupFailure, LookupRequest
from callflow.simulator.scenario import NO_REQUEST, TIMEOUT, Answer

Later = Callable[[float, Callable[[], None]], None]
"""Does something after so many seconds (``World.later``)."""


@dataclass(slots=True)
class _Spent:
    """The seconds that one lookup has taken."""

    seconds: float = 0.0

    def now(self) -> float:
        return self.seconds

    def add(self, seconds: float) -> None:
        self.seconds += seconds


class StandIns:
    """Implements ``LookupClient``. A lookup without an answer here gets none, and its deadline passes."""

    def __init__(self, answers: Mapping[str, Sequence[Answer]], later: Later) -> None:
        self._answers = {name: list(some) for name, some in answers.items()}
        self._given: dict[str, list[Answer]] = {}
        self._later = later

    def answer(self, name: str, answers: Sequence[Answer]) -> None:
        """From now on the lookup of this name (flow and step) gets these, the last one repeated."""
        self._answers[name] = list(answers)

    def as_played(self) -> dict[str, list[Answer]]:
        """What was answered, and what is left: the answers with which the same call goes the same way again."""
        found = {name: [*self._given.get(name, ()), *some] for name, some in self._answers.items()}
        for answers in found.values():
            while len(answers) > 1 and answers[-1] == answers[-2]:
                answers.pop()
        return found

    def ask(self, question: LookupRequest, rules: LookupRules, answered: Answered) -> None:
        if question.name not in self._answers:
            return
        spent = _Spent()
        found: bytes | LookupFailure
        try:
            found = attempts(question, partial(self._once, question, spent), spent.now, spent.add)
        except LookupFailure as failure:
            found = failure
        self._later(spent.seconds, partial(answered, found))

    def _once(self, question: LookupRequest, spent: _Spent, until: float) -> bytes:
        answer = self._next(question.name)
        if answer.fails in NO_REQUEST:
            raise TryAgain(answer.fails)
        if answer.fails == TIMEOUT or spent.seconds + answer.after >= until:
            spent.seconds = until
            raise after_sending(question.method, IN_TIME)
        spent.add(answer.after)
        check_status(answer.status, question.method)
        if answer.status >= 300:
            raise LookupFailure("a redirect")
        return answer.body

    def _next(self, name: str) -> Answer:
        answers = self._answers[name]
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        self._given.setdefault(name, []).append(found)
        return found
