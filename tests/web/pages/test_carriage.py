"""Pages that ask once a second: what is unchanged costs nothing, what changed is rendered once for all who see it."""

from threading import Thread

import pytest

from callflow.web.pages import carriage
from callflow.web.pages.carriage import MOST_KEPT, POLL_SECONDS, SLOW_POLL_SECONDS, Fragments


class Rendering:
    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> str:
        self.times += 1
        return f"rendering {self.times}"


def test_nothing_is_sent_while_nothing_changes() -> None:
    render = Rendering()
    answer = Fragments().answer("board", "7", "7", render)
    assert (answer.status_code, answer.data, render.times) == (204, b"", 0)


def test_all_who_see_the_same_share_one_rendering() -> None:
    fragments, render = Fragments(), Rendering()
    texts = [fragments.answer("board", "7", seen, render).get_data(as_text=True) for seen in ("", "6", "5")]
    assert texts == ["rendering 1"] * 3
    assert fragments.answer("board", "8", "7", render).get_data(as_text=True) == "rendering 2"
    assert fragments.answer("wall", "8", "7", render).get_data(as_text=True) == "rendering 3"


def test_a_hundred_who_ask_at_once_wait_for_one_rendering() -> None:
    fragments, render = Fragments(), Rendering()
    asking = [Thread(target=fragments.text, args=("board", "7", render)) for _ in range(100)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert render.times == 1


def test_what_nobody_asks_for_any_more_is_forgotten() -> None:
    fragments, render = Fragments(), Rendering()
    for audience in range(MOST_KEPT + 1):
        fragments.text(audience, "7", render)
    fragments.text(MOST_KEPT, "7", render)
    assert render.times == MOST_KEPT + 1
    fragments.text(0, "7", render)
    assert render.times == MOST_KEPT + 2


def test_a_page_that_takes_long_to_make_asks_less_often() -> None:
    fragments = Fragments()
    fragments.text("board", "7", Rendering())
    assert fragments.poll_seconds == POLL_SECONDS
    fragments.seconds = 0.2
    assert fragments.poll_seconds == SLOW_POLL_SECONDS


def test_one_slow_rendering_does_not_slow_a_page_down(monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = iter([0.0, 0.5, 1.0, 1.01, 2.0, 2.5, 3.0, 3.5])
    monkeypatch.setattr(carriage, "perf_counter", lambda: next(ticks))
    fragments = Fragments()
    for version, seconds in (("1", 1), ("2", 1), ("3", 1), ("4", 5)):
        fragments.text("board", version, Rendering())
        assert fragments.poll_seconds == seconds


def test_with_very_many_pages_open_each_asks_less_often_until_some_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(carriage, "perf_counter", lambda: now[0])
    fragments = Fragments()
    for session in range(carriage.MOST_OPEN + 1):
        fragments.asked_by(str(session))
    assert fragments.poll_seconds == SLOW_POLL_SECONDS
    now[0] = carriage.OPEN_SECONDS + 1
    fragments.asked_by("0")
    assert fragments.poll_seconds == POLL_SECONDS
