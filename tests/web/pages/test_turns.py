"""However many pages ask at once, one of them at a time is answered, and none of them keeps anything else waiting."""

from collections.abc import Iterable
from threading import Event, Thread
from typing import Any

from callflow.web.pages import turns
from callflow.web.pages.turns import MOST_WAITING, Turns

POLL, OTHER = {"PATH_INFO": "/board/rows"}, {"PATH_INFO": "/healthz"}


class Slow:
    """An application that answers when the test lets it."""

    def __init__(self) -> None:
        self.begun, self.go_on, self.at_once, self.most = Event(), Event(), 0, 0

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ is POLL:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            self.begun.set()
            self.go_on.wait(10)
            self.at_once -= 1
        start_response("200 OK", [])
        return [b"answered"]


def ask(app: Turns, environ: dict[str, str]) -> str:
    told: list[str] = []
    b"".join(app(environ, lambda status, headers, *_: told.append(status)))
    return told[0]


def test_of_those_who_ask_at_once_one_is_answered_after_the_other() -> None:
    slow = Slow()
    app, answers = Turns(slow, frozenset({"/board/rows"})), []  # type: Turns, list[str]
    asking = [Thread(target=lambda: answers.append(ask(app, POLL))) for _ in range(5)]
    for one in asking:
        one.start()
    slow.begun.wait(10)
    slow.go_on.set()
    for one in asking:
        one.join()
    assert (slow.most, answers) == (1, ["200 OK"] * 5)


def test_nothing_else_waits_for_pages() -> None:
    slow = Slow()
    app = Turns(slow, frozenset({"/board/rows"}))
    asking = Thread(target=ask, args=(app, POLL))
    asking.start()
    slow.begun.wait(10)
    assert ask(app, OTHER) == "200 OK"
    slow.go_on.set()
    asking.join()


def test_with_too_many_waiting_a_page_is_told_to_ask_again(monkeypatch: Any) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)
    slow = Slow()
    app = Turns(slow, frozenset({"/board/rows"}))
    asking = Thread(target=ask, args=(app, POLL))
    asking.start()
    slow.begun.wait(10)
    assert {ask(app, POLL) for _ in range(MOST_WAITING + 1)} == {"503 Service Unavailable"}
    slow.go_on.set()
    asking.join()
    assert ask(app, POLL) == "200 OK"
